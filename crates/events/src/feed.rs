//! Reading facts: from a number on, those that the viewer may see now.

use crate::sequence::Sequence;
use dossier_core::{
    error::Error,
    viewer::{AccessScope, Grant},
};
use dossier_data::outbox::Ends;
use dossier_data::{Arguments, Order, ReadTx, Slice};
use dossier_policy::event::{Lookup, about_assigned_to, in_conversation, takes_from_sight, told_to};
use entities::event::{Column, Entity, Kind, Model, SubjectKind};
use futures::future::try_join_all;
use sea_orm::{ColumnTrait, Condition, Iterable, sea_query::Order as Direction};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a subscriber wants to hear of, besides being allowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interest {
    /// Only about this kind of subject.
    pub subject: Option<SubjectKind>,
    /// Only about this dossier.
    pub client: Option<Uuid>,
    /// Only these, and what takes something from sight of which these tell.
    pub kinds: Option<BTreeSet<Kind>>,
    /// Only about this conversation and its messages.
    pub conversation: Option<Uuid>,
    /// Only about what is assigned to this member, and about every assignment: one may have taken it from them.
    pub assignee: Option<Uuid>,
}

impl Interest {
    /// The same as a condition on events.
    fn condition(&self, tx: &ReadTx) -> Condition {
        let mut condition = Condition::all();
        if let Some(subject) = self.subject {
            condition = condition.add(Column::SubjectKind.eq(subject));
        }
        if let Some(client) = self.client {
            condition = condition.add(Column::ClientId.eq(client));
        }
        if let Some(kinds) = &self.kinds {
            let lost =
                Condition::all().add(Column::SubjectKind.is_in(subjects(kinds))).add(takes_from_sight(&tx.viewer));
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

    /// Whether an event may be of interest to who has this outlook, as far as the event alone tells: if not, nothing
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

/// What events of these kinds are about; whoever asks for losses alone asks for all of them.
fn subjects(kinds: &BTreeSet<Kind>) -> Vec<SubjectKind> {
    if kinds.contains(&Kind::Removed) {
        return SubjectKind::iter().collect();
    }
    let mut subjects: Vec<_> = kinds.iter().filter_map(|kind| subject(*kind)).collect();
    subjects.dedup();
    subjects
}

/// What events of a kind are about; none where it is told, and not stored.
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
        | Kind::DocumentDeleted => Some(SubjectKind::Document),
        Kind::ConversationStarted | Kind::ConversationClosed => Some(SubjectKind::Conversation),
        Kind::MessagePosted => Some(SubjectKind::Message),
        Kind::ValidationSubmitted
        | Kind::ValidationResubmitted
        | Kind::ValidationShared
        | Kind::ValidationAssigned
        | Kind::ValidationApproved
        | Kind::ValidationRejected
        | Kind::ValidationChangesRequested
        | Kind::ValidationCancelled => Some(SubjectKind::ValidationRequest),
        Kind::QuoteCreated
        | Kind::QuoteUpdated
        | Kind::QuoteIssued
        | Kind::QuoteAccepted
        | Kind::QuoteRefused
        | Kind::InvoiceCreated
        | Kind::InvoiceUpdated
        | Kind::InvoiceIssued
        | Kind::PaymentRecorded
        | Kind::PaymentReversed
        | Kind::CreditNoteCreated
        | Kind::CreditNoteIssued => Some(SubjectKind::Invoice),
        Kind::Removed | Kind::ResyncRequired => None,
    }
}

/// What was read.
pub struct Read {
    /// The next events, for this viewer.
    pub events: Vec<Model>,
    /// The mark behind them: events that are not for this viewer move it, too.
    pub sequence: Sequence,
}

/// At most `limit` of the next events after a mark.
pub async fn next(tx: &ReadTx, after: Sequence, ends: &Ends, interest: &Interest, limit: u64) -> Result<Read, Error> {
    let end = Sequence(ends.last);
    if end <= after {
        return Ok(Read { events: Vec::new(), sequence: after });
    }
    let found = tx
        .find::<Entity>()
        .filter(Column::Number.gt(after.0))
        .filter(Column::Number.lte(end.0))
        .filter(interest.condition(tx));
    let events = found.order_by(Column::Number, Direction::Asc).limit(limit).all().await?;
    let full = u64::try_from(events.len()).is_ok_and(|count| count == limit);
    let sequence = if full { events.last().map_or(end, |event| Sequence(event.number)) } else { end };
    Ok(Read { events, sequence })
}

/// The newest event that the viewer may see: for cursors, and not to be shown. It is looked up in an index for each
/// dossier or site within reach, as it was recorded: neither hidden events nor subjects are read, however many there are.
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
    for Lookup { of, condition } in told_to(member) {
        for parent in &within {
            let found = tx.find_whole::<Entity>()?.filter(condition.clone());
            pages.push(found.page_of(of, *parent, slice.clone()));
        }
    }
    let pages = try_join_all(pages).await?;
    Ok(pages.into_iter().flat_map(|page| page.rows).max_by_key(|event| event.number))
}

/// The next events after a number, whoever they are for: for Dossier itself.
pub(super) async fn all(tx: &ReadTx, after: i64, limit: u64) -> Result<Vec<Model>, Error> {
    tx.find::<Entity>()
        .filter(Column::Number.gt(after))
        .order_by(Column::Number, Direction::Asc)
        .limit(limit)
        .all()
        .await
}
