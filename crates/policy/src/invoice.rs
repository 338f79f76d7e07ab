//! Quotes, invoices and credit notes, their lines and payments: none for staff, no draft for the client.

use super::{ActionPolicy, Lookup, ResourceScope, RowPolicy, in_organization, none, parent_is_visible, reach};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{
    invoice::{Column, Entity, Model, Status},
    invoice_line as line, payment,
};
use sea_orm::{ColumnTrait, Condition};

fn rule(viewer: &Viewer, lookup: Lookup) -> Condition {
    in_organization(viewer, Column::OrganizationId, |member| {
        let rule = reach(member, Column::ClientId, lookup);
        match member.grant {
            Grant::Owner | Grant::Operator | Grant::Manager => rule,
            Grant::Staff => none(),
            Grant::Client { .. } => rule.add(Column::Status.ne(Status::Draft)),
        }
    })
}

impl RowPolicy for Entity {
    const READ: Option<Scope> = Some(Scope::BillingRead);
    const WRITE: &'static [Scope] = &[Scope::BillingWrite, Scope::BillingAnswer];

    fn row_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByRow)
    }

    fn list_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByDossier)
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }

    fn live() -> Option<Condition> {
        Some(Column::DeletedAt.is_null().into())
    }
}

impl RowPolicy for line::Entity {
    const READ: Option<Scope> = Some(Scope::BillingRead);
    const WRITE: &'static [Scope] = &[Scope::BillingWrite, Scope::BillingAnswer];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, line::Column::OrganizationId, |_| {
            parent_is_visible::<Entity, _>(viewer, line::Column::InvoiceId, Column::Id)
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl RowPolicy for payment::Entity {
    const READ: Option<Scope> = Some(Scope::BillingRead);
    const WRITE: &'static [Scope] = &[Scope::BillingWrite, Scope::BillingAnswer];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, payment::Column::OrganizationId, |_| {
            parent_is_visible::<Entity, _>(viewer, payment::Column::InvoiceId, Column::Id)
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

/// What is done with a quote, an invoice or a credit note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvoiceAction {
    /// Draft, change, issue, convert; record and reverse payments.
    Bill,
    /// Accept or refuse an issued quote.
    Answer,
}

impl ActionPolicy for Entity {
    type Action = InvoiceAction;

    fn scope(action: InvoiceAction) -> Scope {
        match action {
            InvoiceAction::Bill => Scope::BillingWrite,
            InvoiceAction::Answer => Scope::BillingAnswer,
        }
    }

    fn may(member: &Member, action: InvoiceAction, _row: &Model) -> bool {
        match member.grant {
            Grant::Owner | Grant::Operator | Grant::Manager => true,
            Grant::Staff => false,
            Grant::Client { .. } => action == InvoiceAction::Answer,
        }
    }

    fn denial(action: InvoiceAction) -> &'static str {
        match action {
            InvoiceAction::Bill => "Your role may not create or change quotes, invoices, credit notes and payments.",
            InvoiceAction::Answer => "Your role may not accept or refuse quotes.",
        }
    }
}
