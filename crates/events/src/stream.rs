//! Going along an organization's events, in order, with the eyes of one viewer or of several who see the same.

use crate::{
    cursor::{EventCursor, Resync},
    feed::{self, Interest, Read},
    sequence::Sequence,
};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_data::outbox::Ends;
use dossier_data::{ReadTx, Sealer};
use entities::event::Model;

/// How many events one step reads.
const STEP: u64 = 100;

/// What somebody is told.
#[derive(Clone, Debug)]
pub enum Content {
    /// Something happened.
    Event(Box<Model>),
    /// What they show must be read again.
    Resync(Resync),
}

/// One thing to be told.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Where to go on behind it.
    pub cursor: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What is told.
    pub content: Content,
    /// Behind it.
    position: EventCursor,
}

/// Where somebody stands, and what they want to hear.
#[derive(Clone, Debug)]
pub struct EventStream {
    /// What they want to hear.
    pub interest: Interest,
    /// How often access had changed when it was last looked whether the position's outlook is still the viewer's.
    pub access: i64,
    /// Where the events ended when it began: what comes behind it happens while somebody listens.
    pub live: Sequence,
    at: EventCursor,
    /// The position leads nowhere.
    lost: Option<Resync>,
    /// Something may be behind the position.
    behind: bool,
}

/// What comes next.
pub struct Step {
    /// In order; none: there is nothing behind the walk.
    pub deliveries: Vec<Delivery>,
    /// How many events are behind what was read.
    pub unread: i64,
    end: Sequence,
}

impl EventStream {
    /// From a cursor on, or from now.
    pub async fn begin(tx: &ReadTx, sealer: &Sealer, interest: Interest, after: Option<&str>) -> Result<Self, Error> {
        Self::from(tx, sealer, interest, after, EventCursor::at_end).await
    }

    /// From a cursor on, or from the oldest event that is kept.
    pub async fn from_the_first(
        tx: &ReadTx,
        sealer: &Sealer,
        interest: Interest,
        after: Option<&str>,
    ) -> Result<Self, Error> {
        Self::from(tx, sealer, interest, after, EventCursor::at_beginning).await
    }

    async fn from(
        tx: &ReadTx,
        sealer: &Sealer,
        interest: Interest,
        after: Option<&str>,
        otherwise: fn(dossier_core::viewer::AccessScope, &Ends) -> EventCursor,
    ) -> Result<Self, Error> {
        let (access_scope, ends) = (tx.member()?.access_scope(), tx.ends().await?);
        let opened = after.map(|cursor| EventCursor::open(sealer, access_scope.clone(), &ends, cursor));
        let (mut at, lost) = match opened {
            None => (otherwise(access_scope, &ends), None),
            Some(Ok(position)) => (position, None),
            Some(Err(reason)) => (EventCursor::at_end(access_scope, &ends), Some(reason)),
        };
        let mut behind = lost.is_some();
        if at.sequence.0 < ends.last {
            behind |= is_behind(feed::newest(tx).await?.as_ref(), at.sequence);
            if !behind {
                at.sequence = Sequence(ends.last);
            }
        }
        Ok(Self { interest, access: ends.access, live: Sequence(ends.last), at, lost, behind })
    }

    /// Whether something may be behind the position.
    pub fn is_behind(&self) -> bool {
        self.behind
    }

    /// Where to go on, as a cursor, and whether there is more that the viewer may see.
    pub async fn cursor(&self, tx: &ReadTx, sealer: &Sealer) -> Result<(String, bool), Error> {
        let newest = feed::newest(tx).await?;
        let more = is_behind(newest.as_ref(), self.at.sequence);
        let cursor = if more { self.at.seal(sealer)? } else { self.at.clone().seal_end(tx, sealer, newest).await? };
        Ok((cursor, more))
    }

    /// Where it stands.
    pub fn position(&self) -> &EventCursor {
        &self.at
    }

    /// Reads what comes next, at most `limit` events, or as many as one step takes. The walk moves on as they are told.
    pub async fn step(&mut self, tx: &ReadTx, sealer: &Sealer, limit: Option<u64>) -> Result<Step, Error> {
        let (access_scope, ends) = (tx.member()?.access_scope(), tx.ends().await?);
        self.access = ends.access;
        let changed = (access_scope != self.at.access_scope).then_some(Resync::AccessChanged);
        if let Some(reason) = self.lost.or(self.at.leads_on(&ends).err()).or(changed) {
            let position = EventCursor::at_end(access_scope, &ends);
            let cursor = position.clone().seal_end(tx, sealer, feed::newest(tx).await?).await?;
            let delivery = Delivery { cursor, occurred_at: tx.now, content: Content::Resync(reason), position };
            return Ok(Step { deliveries: vec![delivery], unread: 0, end: Sequence(ends.last) });
        }
        let Read { events, sequence } =
            feed::next(tx, self.at.sequence, &ends, &self.interest, limit.unwrap_or(STEP)).await?;
        let deliveries = events.into_iter().map(|event| {
            let position = self.at.moved(Sequence(event.number));
            let cursor = position.seal(sealer)?;
            Ok(Delivery { cursor, occurred_at: event.occurred_at, content: Content::Event(event.into()), position })
        });
        let deliveries = deliveries.collect::<Result<_, Error>>()?;
        Ok(Step { deliveries, unread: ends.last - sequence.0, end: sequence })
    }

    /// Whether what was read is still to be told, in this later unit.
    pub async fn holds(&mut self, tx: &ReadTx) -> Result<bool, Error> {
        let ends = tx.ends().await?;
        self.access = ends.access;
        Ok(tx.member()?.access_scope() == self.at.access_scope && self.at.leads_on(&ends).is_ok())
    }

    /// The delivery was told.
    pub fn pass(&mut self, delivery: &Delivery) {
        self.at = delivery.position.clone();
        self.lost = None;
    }

    /// All of a step was told.
    pub fn complete(&mut self, step: &Step) {
        self.pass_over(step.end);
        self.behind = !step.deliveries.is_empty();
    }

    /// Nothing up to here is of interest.
    pub fn pass_over(&mut self, sequence: Sequence) {
        self.at.sequence = self.at.sequence.max(sequence);
    }
}

/// Whether the event is behind the mark.
fn is_behind(newest: Option<&Model>, sequence: Sequence) -> bool {
    newest.is_some_and(|event| event.number > sequence.0)
}

impl Delivery {
    /// Its number; none for what is no event.
    pub fn sequence(&self) -> Sequence {
        self.position.sequence
    }
}
