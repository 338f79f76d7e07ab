//! Reading facts: from a number on, those that the viewer may see now.

use crate::{
    access::{Sealer, Unit},
    failure::Failure,
};
use entities::event::{Column, Entity, Model, SubjectKind};
use sea_orm::{ColumnTrait, sea_query::Order};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many events one step reads.
const STEP: u64 = 100;

/// What a subscriber wants to hear of, besides being allowed to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interest {
    /// Only about this kind of subject.
    pub subject: Option<SubjectKind>,
    /// Only about this dossier.
    pub client: Option<Uuid>,
}

/// Where a subscriber stands in an organization's events: everything up to this number is done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark(pub i64);

impl Mark {
    /// Seals the mark into a cursor that only the same organization can use.
    pub fn seal(self, sealer: &Sealer, organization: Uuid) -> Result<String, Failure> {
        sealer.seal(&purpose(organization), &self)
    }

    /// Opens a cursor; none when it is not one of this organization's.
    pub fn open(sealer: &Sealer, organization: Uuid, cursor: &str) -> Option<Self> {
        sealer.open(&purpose(organization), cursor)
    }
}

fn purpose(organization: Uuid) -> Vec<u8> {
    [b"event", organization.as_bytes().as_slice()].concat()
}

/// Where the events end now.
pub async fn end(unit: &Unit) -> Result<Mark, Failure> {
    unit.last_event().await.map(Mark)
}

/// What one step has read.
pub struct Step {
    /// The next events, for this viewer.
    pub events: Vec<Model>,
    /// The mark behind them: events that are not for this viewer move it, too.
    pub mark: Mark,
    /// Where the events end now.
    pub end: Mark,
}

/// The next events after a mark.
pub async fn next(unit: &Unit, after: Mark, interest: Interest) -> Result<Step, Failure> {
    // Read first: an event that is committed after this has a greater number.
    let end = end(unit).await?;
    if end <= after {
        return Ok(Step { events: Vec::new(), mark: after, end: after });
    }
    let mut found = unit.find::<Entity>().filter(Column::Number.gt(after.0)).filter(Column::Number.lte(end.0));
    if let Some(subject) = interest.subject {
        found = found.filter(Column::SubjectKind.eq(subject));
    }
    if let Some(client) = interest.client {
        found = found.filter(Column::ClientId.eq(client));
    }
    let events = found.order_by(Column::Number, Order::Asc).limit(STEP).all().await?;
    let full = u64::try_from(events.len()).is_ok_and(|count| count == STEP);
    let mark = if full { events.last().map_or(end, |event| Mark(event.number)) } else { end };
    Ok(Step { events, mark, end })
}
