//! Quotes, invoices and credit notes, their lines and payments: none for staff, no draft for the client.

use super::{Acts, Place, Rows, in_organization, none, of_seen, reach};
use crate::viewer::{Member, Standing, Viewer};
use entities::{
    invoice::{Column, Entity, Model, Status},
    invoice_line as line, payment,
};
use sea_orm::{ColumnTrait, Condition};

impl Rows for Entity {
    fn seen(viewer: &Viewer) -> Condition {
        in_organization(viewer, Column::OrganizationId, |member| match member.standing {
            Standing::Owner | Standing::Operator | Standing::Manager => reach(member, Column::ClientId),
            Standing::Staff => none(),
            Standing::Client { .. } => reach(member, Column::ClientId).add(Column::Status.ne(Status::Draft)),
        })
    }

    fn place(row: &Self::Model) -> Place {
        Place::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl Rows for line::Entity {
    fn seen(viewer: &Viewer) -> Condition {
        in_organization(viewer, line::Column::OrganizationId, |_| {
            of_seen::<Entity, _>(viewer, line::Column::InvoiceId, Column::Id)
        })
    }

    fn place(row: &Self::Model) -> Place {
        Place::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl Rows for payment::Entity {
    fn seen(viewer: &Viewer) -> Condition {
        in_organization(viewer, payment::Column::OrganizationId, |_| {
            of_seen::<Entity, _>(viewer, payment::Column::InvoiceId, Column::Id)
        })
    }

    fn place(row: &Self::Model) -> Place {
        Place::Dossier { organization: row.organization_id, client: row.client_id }
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

impl Acts for Entity {
    type Action = InvoiceAction;

    fn may(member: &Member, action: InvoiceAction, _row: &Model) -> bool {
        match member.standing {
            Standing::Owner | Standing::Operator | Standing::Manager => true,
            Standing::Staff => false,
            Standing::Client { .. } => action == InvoiceAction::Answer,
        }
    }

    fn denial(action: InvoiceAction) -> &'static str {
        match action {
            InvoiceAction::Bill => "Your role may not bill.",
            InvoiceAction::Answer => "Your role may not answer quotes.",
        }
    }
}
