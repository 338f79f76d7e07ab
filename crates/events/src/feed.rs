//! Reads events from a sequence on, if the viewer may see them now.

use crate::sequence::Sequence;
use chrono::{DateTime, Utc};
use dossier_core::{
    error::Error,
    viewer::{AccessScope, Grant},
};
use dossier_data::outbox::Ends;
use dossier_data::{Arguments, Order, ReadTx, Slice};
use dossier_policy::event::{Lookup, about_assigned_to, hiding_events, in_conversation, newest_visible_lookups};
use entities::event::{Column, Entity, Kind, Model, SubjectKind};
use futures::future::try_join_all;
use sea_orm::{ColumnTrait, Condition, Iterable, sea_query::Order as Direction};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The filter of a subscriber.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EventFilter {
    /// Only events about this kind of subject.
    pub subject: Option<SubjectKind>,
    /// Only events about this dossier.
    pub client: Option<Uuid>,
    /// Only these kinds, and events that hide a subject of these kinds from the viewer.
    pub kinds: Option<BTreeSet<Kind>>,
    /// Only events about this conversation and its messages.
    pub conversation: Option<Uuid>,
    /// Only events about requests of this assignee, and all assignments, because an assignment may have taken a request
    /// from them.
    pub assignee: Option<Uuid>,
}

impl EventFilter {
    /// Converts the filter to a condition on events.
    fn condition(&self, tx: &ReadTx) -> Condition {
        let mut condition = Condition::all();
        if let Some(subject) = self.subject {
            condition = condition.add(Column::SubjectKind.eq(subject));
        }
        if let Some(client) = self.client {
            condition = condition.add(Column::ClientId.eq(client));
        }
        if let Some(kinds) = &self.kinds {
            let lost = Condition::all().add(Column::SubjectKind.is_in(subjects(kinds))).add(hiding_events(&tx.viewer));
            condition = condition.add(Condition::any().add(Column::Kind.is_in(kinds.iter().copied())).add(lost));
        }
        if let Some((conversation, organization)) = self.conversation.zip(tx.viewer.organization()) {
            condition = condition.add(in_conversation(organization, conversation));
        }
        if let Some(assignee) = self.assignee {
            condition = condition
                .add(Condition::any().add(Column::Kind.eq(Kind::ValidationAssigned)).add(about_assigned_to(assignee)));
        }
        condition
    }

    /// Returns whether an event may concern members of this access scope, judged by the event alone. If not, nothing
    /// needs to be read.
    pub fn may_concern(&self, access_scope: &AccessScope, event: &Model) -> bool {
        let at = |site: Option<Uuid>| site.is_some_and(|site| access_scope.sites.contains(&site));
        let within = match access_scope.grant {
            Grant::Owner | Grant::Operator => true,
            Grant::Manager | Grant::Staff => at(event.before_site_id) || at(event.after_site_id),
            Grant::Client { client } => event.client_id == client,
        };
        let of = |wanted: Option<SubjectKind>| wanted.is_none_or(|kind| kind == event.subject_kind);
        let wanted =
            |kinds: &BTreeSet<Kind>| kinds.contains(&event.kind) || subjects(kinds).contains(&event.subject_kind);
        within
            && of(self.subject)
            && self.client.is_none_or(|client| client == event.client_id)
            && self.kinds.as_ref().is_none_or(wanted)
    }
}

/// Returns the kinds of subjects of these events. For removals alone, it returns all of them.
fn subjects(kinds: &BTreeSet<Kind>) -> Vec<SubjectKind> {
    if kinds.contains(&Kind::Removed) {
        return SubjectKind::iter().collect();
    }
    let mut subjects: Vec<_> = kinds.iter().filter_map(|kind| subject(*kind)).collect();
    subjects.dedup();
    subjects
}

/// Returns the kind of subject of an event, or `None` for events that are delivered but not stored.
fn subject(kind: Kind) -> Option<SubjectKind> {
    match kind {
        Kind::ClientCreated | Kind::ClientUpdated | Kind::ClientMoved | Kind::ClientArchived | Kind::ClientRestored => {
            Some(SubjectKind::Client)
        }
        Kind::DocumentUploadRequested
        | Kind::DocumentUploaded
        | Kind::DocumentUploadFailed
        | Kind::DocumentPublished
        | Kind::DocumentUnpublished
        | Kind::DocumentMoved
        | Kind::DocumentRenamed
        | Kind::DocumentDeleted
        | Kind::DocumentRestored
        | Kind::DocumentVersionRestored => Some(SubjectKind::Document),
        Kind::ConversationStarted | Kind::ConversationClosed => Some(SubjectKind::Conversation),
        Kind::MessagePosted | Kind::MessageEdited | Kind::MessageDeleted => Some(SubjectKind::Message),
        Kind::ValidationSubmitted
        | Kind::ValidationResubmitted
        | Kind::ValidationShared
        | Kind::ValidationAssigned
        | Kind::ValidationDueDateSet
        | Kind::ValidationVersionReplaced
        | Kind::ValidationCommented
        | Kind::ValidationApproved
        | Kind::ValidationRejected
        | Kind::ValidationChangesRequested
        | Kind::ValidationCancelled => Some(SubjectKind::ValidationRequest),
        Kind::QuoteCreated
        | Kind::QuoteUpdated
        | Kind::QuoteDeleted
        | Kind::QuoteIssued
        | Kind::QuoteAccepted
        | Kind::QuoteRefused
        | Kind::InvoiceCreated
        | Kind::InvoiceUpdated
        | Kind::InvoiceDeleted
        | Kind::InvoiceIssued
        | Kind::PaymentRecorded
        | Kind::PaymentReversed
        | Kind::CreditNoteCreated
        | Kind::CreditNoteUpdated
        | Kind::CreditNoteDeleted
        | Kind::CreditNoteIssued => Some(SubjectKind::Invoice),
        Kind::Removed | Kind::ResyncRequired => None,
    }
}

/// The result of a read.
pub struct Read {
    /// The next events that this viewer may see.
    pub events: Vec<Model>,
    /// The sequence after them. Events that the viewer may not see count, too.
    pub sequence: Sequence,
}

/// Returns at most `limit` of the next events after a sequence.
pub async fn next(
    tx: &ReadTx,
    after: Sequence,
    ends: &Ends,
    event_filter: &EventFilter,
    limit: u64,
) -> Result<Read, Error> {
    let end = Sequence(ends.last);
    if end <= after {
        return Ok(Read { events: Vec::new(), sequence: after });
    }
    let found = tx
        .find::<Entity>()
        .filter(Column::Number.gt(after.0))
        .filter(Column::Number.lte(end.0))
        .filter(event_filter.condition(tx));
    let events = found.order_by(Column::Number, Direction::Asc).limit(limit).all().await?;
    let full = u64::try_from(events.len()).is_ok_and(|count| count == limit);
    let sequence = if full { events.last().map_or(end, |event| Sequence(event.number)) } else { end };
    Ok(Read { events, sequence })
}

/// Returns at most `limit` of the events before a sequence, newest first.
pub async fn previous(
    tx: &ReadTx,
    before: Sequence,
    event_filter: &EventFilter,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let found = tx.find::<Entity>().filter(Column::Number.lt(before.0)).filter(event_filter.condition(tx));
    found.order_by(Column::Number, Direction::Desc).limit(limit).all().await
}

/// Returns when the last event happened in a dossier that the viewer may see. One statement reads those of many dossiers.
pub async fn last_activity(tx: &ReadTx, client: Uuid) -> Result<Option<DateTime<Utc>>, Error> {
    let order = Order { column: Some(Column::Number), id: Column::Id, descending: true };
    let slice = Slice::new(order, Arguments { first: Some(1), ..Arguments::default() })?;
    let page = tx.find::<Entity>().page_of(Column::ClientId, client, slice).await?;
    Ok(page.rows.first().map(|event| event.occurred_at))
}

/// Returns the newest event that the viewer may see. It is for cursors and must not be shown. An index finds it for
/// each visible dossier or site, as it was recorded. The number of hidden events or subjects does not matter, because
/// none of them is read.
pub async fn newest(tx: &ReadTx) -> Result<Option<Model>, Error> {
    let member = tx.member()?;
    let within: Vec<Uuid> = match member.grant {
        Grant::Owner | Grant::Operator => vec![member.organization],
        Grant::Manager | Grant::Staff => member.sites.to_vec(),
        Grant::Client { client } => vec![client],
    };
    let order = Order { column: Some(Column::Number), id: Column::Id, descending: true };
    let slice = Slice::new(order, Arguments { first: Some(1), ..Arguments::default() })?;
    let mut pages = Vec::new();
    for Lookup { of, condition } in newest_visible_lookups(member) {
        for parent in &within {
            let found = tx.find_whole::<Entity>()?.filter(condition.clone());
            pages.push(found.page_of(of, *parent, slice.clone()));
        }
    }
    let pages = try_join_all(pages).await?;
    Ok(pages.into_iter().flat_map(|page| page.rows).max_by_key(|event| event.number))
}

/// Returns the next events after a sequence, for all viewers. Only Dossier itself may use it.
pub(super) async fn all(tx: &ReadTx, after: i64, limit: u64) -> Result<Vec<Model>, Error> {
    tx.find::<Entity>()
        .filter(Column::Number.gt(after))
        .order_by(Column::Number, Direction::Asc)
        .limit(limit)
        .all()
        .await
}
