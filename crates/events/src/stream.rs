//! A stream of an organization's events, in order, for one viewer or for several with the same access scope.

use crate::{
    cursor::{EventCursor, Resync},
    feed::{self, EventFilter, Read},
    sequence::Sequence,
};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::outbox::Ends;
use dossier_data::{ReadTx, Sealer};
use entities::event::Model;

/// The number of events of one step.
const STEP_SIZE: u64 = 100;

/// The content of a delivery.
#[derive(Clone, Debug)]
pub enum Content {
    /// An event.
    Event(Box<Model>),
    /// The subscriber must read its data again.
    Resync(Resync),
}

/// One delivery to a subscriber.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The cursor to continue after it.
    pub cursor: String,
    /// The time of the event.
    pub occurred_at: DateTime<Utc>,
    /// The content.
    pub content: Content,
    /// The position after it.
    position: EventCursor,
}

/// The position and the filter of a subscriber.
#[derive(Clone, Debug)]
pub struct EventStream {
    /// The filter.
    pub event_filter: EventFilter,
    /// The number of access changes at the last check that the position's access scope is still the viewer's.
    pub access: i64,
    /// The end of the events when the stream began. Later events are live.
    pub live: Sequence,
    at: EventCursor,
    /// The reason, if the stream cannot continue from its position.
    resync: Option<Resync>,
    /// Whether there may be events after the position.
    is_behind: bool,
}

/// The result of a step.
pub struct Step {
    /// The deliveries, in order. If there are none, the stream is at the end.
    pub deliveries: Vec<Delivery>,
    /// The number of events after those that were read.
    pub unread: i64,
    end: Sequence,
}

impl EventStream {
    /// Starts after a cursor, or at the end of the events.
    pub async fn begin(
        tx: &ReadTx,
        sealer: &Sealer,
        event_filter: EventFilter,
        after: Option<&str>,
    ) -> Result<Self, Error> {
        Self::from(tx, sealer, event_filter, after, EventCursor::at_end).await
    }

    /// Starts after a cursor, or at the oldest stored event.
    pub async fn from_the_first(
        tx: &ReadTx,
        sealer: &Sealer,
        event_filter: EventFilter,
        after: Option<&str>,
    ) -> Result<Self, Error> {
        Self::from(tx, sealer, event_filter, after, EventCursor::at_beginning).await
    }

    async fn from(
        tx: &ReadTx,
        sealer: &Sealer,
        event_filter: EventFilter,
        after: Option<&str>,
        otherwise: fn(dossier_core::viewer::AccessScope, &Ends) -> EventCursor,
    ) -> Result<Self, Error> {
        let (access_scope, ends) = (tx.member()?.access_scope(), tx.ends().await?);
        let opened = after.map(|cursor| EventCursor::open(sealer, access_scope.clone(), &ends, cursor));
        let (mut at, resync) = match opened {
            None => (otherwise(access_scope, &ends), None),
            Some(Ok(position)) => (position, None),
            Some(Err(reason)) => (EventCursor::at_end(access_scope, &ends), Some(reason)),
        };
        let mut is_behind = resync.is_some();
        if at.sequence.0 < ends.last {
            is_behind |= is_after(feed::newest(tx).await?.as_ref(), at.sequence);
            if !is_behind {
                at.sequence = Sequence(ends.last);
            }
        }
        Ok(Self { event_filter, access: ends.access, live: Sequence(ends.last), at, resync, is_behind })
    }

    /// Returns at most `limit` of the events before a cursor, or of the newest ones, newest first. Fails if the cursor
    /// cannot be used any more.
    pub async fn before(
        tx: &ReadTx,
        sealer: &Sealer,
        event_filter: &EventFilter,
        before: Option<&str>,
        limit: u64,
    ) -> Result<Result<Vec<Delivery>, Resync>, Error> {
        let (access_scope, ends) = (tx.member()?.access_scope(), tx.ends().await?);
        let at = match before.map(|cursor| EventCursor::open(sealer, access_scope.clone(), &ends, cursor)) {
            None => EventCursor::at_end(access_scope, &ends).moved(Sequence(ends.last + 1)),
            Some(Ok(position)) => position,
            Some(Err(reason)) => return Ok(Err(reason)),
        };
        let events = feed::previous(tx, at.sequence, event_filter, limit).await?;
        let deliveries = events.into_iter().map(|event| at.delivery(sealer, event));
        deliveries.collect::<Result<_, _>>().map(Ok)
    }

    /// Returns whether there may be events after the position.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Returns a cursor for the position, and whether there are more events that the viewer may see.
    pub async fn cursor(&self, tx: &ReadTx, sealer: &Sealer) -> Result<(String, bool), Error> {
        let newest = feed::newest(tx).await?;
        let more = is_after(newest.as_ref(), self.at.sequence);
        let cursor = if more { self.at.seal(sealer)? } else { self.at.clone().seal_end(tx, sealer, newest).await? };
        Ok((cursor, more))
    }

    /// Returns the position.
    pub fn position(&self) -> &EventCursor {
        &self.at
    }

    /// Reads at most `limit` of the next events, or as many as one step reads. The stream moves on only as they are
    /// delivered.
    pub async fn step(&mut self, tx: &ReadTx, sealer: &Sealer, limit: Option<u64>) -> Result<Step, Error> {
        let (access_scope, ends) = (tx.member()?.access_scope(), tx.ends().await?);
        self.access = ends.access;
        let changed = (access_scope != self.at.access_scope).then_some(Resync::AccessChanged);
        if let Some(reason) = self.resync.or(self.at.leads_on(&ends).err()).or(changed) {
            let position = EventCursor::at_end(access_scope, &ends);
            let cursor = position.clone().seal_end(tx, sealer, feed::newest(tx).await?).await?;
            let delivery = Delivery { cursor, occurred_at: tx.now, content: Content::Resync(reason), position };
            return Ok(Step { deliveries: vec![delivery], unread: 0, end: Sequence(ends.last) });
        }
        let Read { events, sequence } =
            feed::next(tx, self.at.sequence, &ends, &self.event_filter, limit.unwrap_or(STEP_SIZE)).await?;
        let deliveries = events.into_iter().map(|event| self.at.delivery(sealer, event));
        let deliveries = deliveries.collect::<Result<_, Error>>()?;
        Ok(Step { deliveries, unread: ends.last - sequence.0, end: sequence })
    }

    /// Returns whether the deliveries that were read are still valid in this later transaction.
    pub async fn holds(&mut self, tx: &ReadTx) -> Result<bool, Error> {
        let ends = tx.ends().await?;
        self.access = ends.access;
        Ok(tx.member()?.access_scope() == self.at.access_scope && self.at.leads_on(&ends).is_ok())
    }

    /// Moves on after a delivery.
    pub fn pass(&mut self, delivery: &Delivery) {
        self.at = delivery.position.clone();
        self.resync = None;
    }

    /// Moves on after all deliveries of a step.
    pub fn complete(&mut self, step: &Step) {
        self.pass_over(step.end);
        self.is_behind = !step.deliveries.is_empty();
    }

    /// Moves on to this sequence, because nothing up to it concerns the subscriber.
    pub fn pass_over(&mut self, sequence: Sequence) {
        self.at.sequence = self.at.sequence.max(sequence);
    }
}

impl EventCursor {
    /// Returns the delivery of an event to the owner of this cursor.
    fn delivery(&self, sealer: &Sealer, event: Model) -> Result<Delivery, Error> {
        let position = self.moved(Sequence(event.number));
        let cursor = position.seal(sealer)?;
        Ok(Delivery { cursor, occurred_at: event.occurred_at, content: Content::Event(event.into()), position })
    }
}

/// Returns whether the event is after the sequence.
fn is_after(newest: Option<&Model>, sequence: Sequence) -> bool {
    newest.is_some_and(|event| event.number > sequence.0)
}

impl Delivery {
    /// Returns the sequence up to which the subscriber has read with this delivery.
    pub fn sequence(&self) -> Sequence {
        self.position.sequence
    }
}
