//! Events. A viewer sees an event if they see its subject now. An event that hides its subject (a deletion, a move) is
//! also visible to viewers who could see the subject before, so that they learn that it is gone.

use super::{ResourceScope, RowPolicy, document::hidden_zones, in_organization, in_sites, is_one_of, none};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{
    client, conversation, document,
    event::{Column, Entity, Kind, SubjectKind},
    invoice, message, validation_request,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr};
use uuid::Uuid;

impl RowPolicy for Entity {
    const READ: Option<Scope> = Some(Scope::ClientsRead);
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, Column::OrganizationId, |member| {
            let seen = Condition::any()
                .add(subject_seen(viewer).add(without_internal(member)))
                .add(hides_subject_from(member));
            let seen = of_readable_kinds(member, Condition::all().add(seen));
            match member.grant {
                // The rest implies it. It lets the database use an index, because an organization has many events.
                Grant::Client { client } => Condition::all().add(Column::ClientId.eq(client)).add(seen),
                Grant::Owner | Grant::Operator | Grant::Manager | Grant::Staff => seen,
            }
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

/// Limits events to subjects that the member has the scope to read.
fn of_readable_kinds(member: &Member, events: Condition) -> Condition {
    let unreadable: Vec<_> = SubjectKind::iter().filter(|kind| !member.limit().contains(scope_of(*kind))).collect();
    if unreadable.is_empty() { events } else { events.add(Column::SubjectKind.is_not_in(unreadable)) }
}

/// Returns the scope for reading subjects of this kind.
fn scope_of(kind: SubjectKind) -> Scope {
    match kind {
        SubjectKind::Client => Scope::ClientsRead,
        SubjectKind::Document => Scope::DocumentsRead,
        SubjectKind::Conversation | SubjectKind::Message => Scope::ConversationsRead,
        SubjectKind::ValidationRequest => Scope::ValidationRead,
        SubjectKind::Invoice => Scope::BillingRead,
    }
}

/// Hides internal changes of a client or a document, and internal comments, from the client.
fn without_internal(member: &Member) -> Condition {
    let agency_only = Condition::all()
        .add(
            Condition::any()
                .add(Column::SubjectKind.is_in([SubjectKind::Client, SubjectKind::Document]))
                .add(Column::Kind.eq(Kind::ValidationCommented)),
        )
        .add(Column::AfterInternal.is_not_null())
        .add(Column::AfterInternal.eq(true));
    if member.grant.is_client() { agency_only.not() } else { Condition::all() }
}

/// The events whose subject the viewer sees now.
fn subject_seen(viewer: &Viewer) -> Condition {
    let any = SubjectKind::iter().fold(Condition::any(), |any, kind| {
        any.add(match kind {
            SubjectKind::Client => about::<client::Entity>(viewer, kind, client::Column::Id),
            SubjectKind::Document => about::<document::Entity>(viewer, kind, document::Column::Id),
            SubjectKind::Conversation => about::<conversation::Entity>(viewer, kind, conversation::Column::Id),
            SubjectKind::Message => about::<message::Entity>(viewer, kind, message::Column::Id),
            SubjectKind::ValidationRequest => {
                about::<validation_request::Entity>(viewer, kind, validation_request::Column::Id)
            }
            SubjectKind::Invoice => about::<invoice::Entity>(viewer, kind, invoice::Column::Id),
        })
    });
    Condition::all().add(any)
}

/// The events about something of this kind that is there and seen.
fn about<S: RowPolicy>(viewer: &Viewer, kind: SubjectKind, id: S::Column) -> Condition {
    let mut seen = S::find().filter(S::visible_to(viewer));
    if let Some(live) = S::live() {
        seen = seen.filter(live);
    }
    Condition::all().add(Column::SubjectKind.eq(kind)).add(is_one_of(Column::SubjectId, seen, id))
}

/// The events that hid their subject from the viewer.
pub fn hiding_events(viewer: &Viewer) -> Condition {
    viewer.member().map_or_else(none, |member| of_readable_kinds(member, hides_subject_from(member)))
}

/// The events about a conversation of this organization, and its messages.
pub fn in_conversation(organization: Uuid, id: Uuid) -> Condition {
    let messages = message::Entity::find().select_only().column(message::Column::Id);
    let messages = messages.filter(message::Column::OrganizationId.eq(organization));
    let messages = messages.filter(message::Column::ConversationId.eq(id)).into_query();
    Condition::all()
        .add(Column::SubjectKind.is_in([SubjectKind::Conversation, SubjectKind::Message]))
        .add(Condition::any().add(Column::SubjectId.eq(id)).add(Column::SubjectId.in_subquery(messages)))
}

/// The events about requests that are assigned to this member.
pub fn about_assigned_to(membership: Uuid) -> Condition {
    let requests = validation_request::Entity::find().select_only().column(validation_request::Column::Id);
    let assigned = requests.filter(validation_request::Column::AssigneeId.eq(membership)).into_query();
    Condition::all()
        .add(Column::SubjectKind.eq(SubjectKind::ValidationRequest))
        .add(Column::SubjectId.in_subquery(assigned))
}

/// A query for the newest event that a member can see.
pub struct Lookup {
    /// The column of the dossier, the site or the organization.
    pub of: Column,
    /// The condition on the events.
    pub condition: Condition,
}

/// Returns queries for the events whose subject the member could see before or after, as it was recorded. Every change of
/// what a member can see is such an event, so that the newest of them is the newest that the member sees. Each condition
/// matches an index that contains no other events.
pub fn newest_visible_lookups(member: &Member) -> Vec<Lookup> {
    let visible = || {
        let uploads = Column::Kind.is_in([Kind::DocumentUploadRequested, Kind::DocumentUploadFailed]);
        let own = Condition::all().add(uploads).add(Column::ActorId.eq(member.user));
        let seen = Condition::any().add(BEFORE.seen_by(member)).add(AFTER.seen_by(member));
        let visible = if member.grant.is_client() { seen.add(own) } else { seen };
        of_readable_kinds(member, Condition::all().add(visible))
    };
    let by = |of, index| Lookup { of, condition: Condition::all().add(Expr::cust(index)).add(visible()) };
    match member.grant {
        Grant::Owner | Grant::Operator => vec![Lookup { of: Column::OrganizationId, condition: visible() }],
        Grant::Manager => {
            vec![by(Column::AfterSiteId, migration::AT_SITE), by(Column::BeforeSiteId, migration::LEFT_SITE)]
        }
        Grant::Staff => {
            vec![by(Column::AfterSiteId, migration::TOLD_TO_STAFF), by(Column::BeforeSiteId, migration::LEFT_SITE)]
        }
        Grant::Client { .. } => vec![by(Column::ClientId, migration::TOLD_TO_CLIENT)],
    }
}

fn hides_subject_from(member: &Member) -> Condition {
    Condition::all().add(BEFORE.seen_by(member)).add(AFTER.seen_by(member).not())
}

/// The recorded audience on one side of an event.
struct Side {
    present: Column,
    site: Column,
    zone: Column,
    visible: Column,
    internal: Column,
    draft: Column,
}

const BEFORE: Side = Side {
    present: Column::BeforePresent,
    site: Column::BeforeSiteId,
    zone: Column::BeforeZone,
    visible: Column::BeforeVisible,
    internal: Column::BeforeInternal,
    draft: Column::BeforeDraft,
};

const AFTER: Side = Side {
    present: Column::AfterPresent,
    site: Column::AfterSiteId,
    zone: Column::AfterZone,
    visible: Column::AfterVisible,
    internal: Column::AfterInternal,
    draft: Column::AfterDraft,
};

impl Side {
    /// The row rules again, on what was recorded instead of the rows; never null, so that it can be negated.
    fn seen_by(&self, member: &Member) -> Condition {
        let present = Condition::all().add(self.present.eq(true));
        let is = |column: Column, value: bool| Condition::any().add(column.is_null()).add(column.eq(value));
        let outside = || Condition::any().add(self.zone.is_null()).add(self.zone.is_not_in(hidden_zones(member.grant)));
        let in_site = || Condition::all().add(self.site.is_not_null()).add(in_sites(member, self.site));
        match member.grant {
            Grant::Owner | Grant::Operator => present,
            Grant::Manager => present.add(in_site()),
            Grant::Staff => present.add(in_site()).add(outside()).add(Column::SubjectKind.ne(SubjectKind::Invoice)),
            Grant::Client { client } => present
                .add(Column::ClientId.eq(client))
                .add(outside())
                .add(is(self.visible, true))
                .add(is(self.internal, false))
                .add(is(self.draft, false)),
        }
    }
}
