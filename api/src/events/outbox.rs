//! Writing facts. Their numbers come from a row that stays locked until the commit, so that the order of numbers is
//! the order of commits and no reader can ever skip one that commits late.

#![expect(clippy::disallowed_methods, reason = "the write door calls this at its commit: the outbox is part of it")]

use super::{Audience, Witnessed};
use crate::{access::Transaction, clock::new_id, failure::Failure, viewer::Actor};
use chrono::{DateTime, Utc};
use entities::{client, counter, event};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

/// The version of the format in which events are written now.
const FORMAT: i32 = 1;

/// The series that events are numbered in.
pub(crate) const SERIES: &str = "EVENT";

/// Something that happened, before it is numbered and signed.
pub struct Fact {
    kind: event::Kind,
    client: Uuid,
    subject_kind: event::SubjectKind,
    subject: Uuid,
    before: Option<Audience>,
    after: Option<Audience>,
}

impl Fact {
    /// The subject came to be.
    pub fn added<S: Witnessed>(kind: event::Kind, dossier: &client::Model, subject: &S) -> Self {
        Self::new(kind, dossier, subject.id(), S::KIND, None, Some(subject.audience(dossier)))
    }

    /// The subject changed.
    pub fn changed<S: Witnessed>(kind: event::Kind, dossier: &client::Model, before: &S, after: &S) -> Self {
        let (was, is) = (before.audience(dossier), after.audience(dossier));
        Self::new(kind, dossier, after.id(), S::KIND, Some(was), Some(is))
    }

    /// The subject changed in what only the agency sees of it: the client hears nothing.
    #[must_use]
    pub fn among_agency(mut self) -> Self {
        for audience in [&mut self.before, &mut self.after].into_iter().flatten() {
            audience.internal = Some(true);
        }
        self
    }

    /// The subject is gone.
    pub fn removed<S: Witnessed>(kind: event::Kind, dossier: &client::Model, subject: &S) -> Self {
        Self::new(kind, dossier, subject.id(), S::KIND, Some(subject.audience(dossier)), None)
    }

    fn new(
        kind: event::Kind,
        dossier: &client::Model,
        subject: Uuid,
        subject_kind: event::SubjectKind,
        before: Option<Audience>,
        after: Option<Audience>,
    ) -> Self {
        Self { kind, client: dossier.id, subject_kind, subject, before, after }
    }

    /// As a row: numbered and signed.
    pub(crate) fn numbered(
        self,
        organization: Uuid,
        number: i64,
        id: Uuid,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> event::Model {
        let (before_present, after_present) = (self.before.is_some(), self.after.is_some());
        let (before, after) = (self.before.unwrap_or_default(), self.after.unwrap_or_default());
        event::Model {
            organization_id: organization,
            number,
            id,
            format: FORMAT,
            client_id: self.client,
            kind: self.kind,
            subject_kind: self.subject_kind,
            subject_id: self.subject,
            actor_kind: actor.kind,
            actor_id: actor.user,
            actor_name: actor.name.clone(),
            occurred_at: now,
            before_present,
            before_site_id: before.site,
            before_zone: before.zone,
            before_visible: before.visible,
            before_internal: before.internal,
            before_draft: before.draft,
            after_present,
            after_site_id: after.site,
            after_zone: after.zone,
            after_visible: after.visible,
            after_internal: after.internal,
            after_draft: after.draft,
        }
    }
}

/// Numbers the facts and writes them.
pub async fn append(
    tx: &Transaction,
    organization: Uuid,
    actor: &Actor,
    now: DateTime<Utc>,
    facts: Vec<Fact>,
) -> Result<(), Failure> {
    let count = i64::try_from(facts.len()).map_err(Failure::internal)?;
    let last = count_up(tx, organization, SERIES, count).await?;
    let rows = (last - count + 1..).zip(facts).map(|(number, fact)| {
        fact.numbered(organization, number, new_id(now), actor, now).into_active_model().reset_all()
    });
    event::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Counts a series up and returns its new last number.
pub(crate) async fn count_up(tx: &Transaction, organization: Uuid, series: &str, by: i64) -> Result<i64, Failure> {
    use counter::{Column, Entity, Model};
    let first = Model { organization_id: organization, name: series.to_owned(), value: by };
    Entity::insert(first.into_active_model().reset_all())
        .on_conflict(
            OnConflict::columns([Column::OrganizationId, Column::Name])
                .value(Column::Value, Expr::col((Entity, Column::Value)).add(by))
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    last(tx, organization, series).await
}

/// The number of the last event that is committed, as this transaction sees it; 0 before the first.
pub(crate) async fn last_event(tx: &Transaction, organization: Uuid) -> Result<i64, Failure> {
    last(tx, organization, SERIES).await
}

async fn last(tx: &Transaction, organization: Uuid, series: &str) -> Result<i64, Failure> {
    use counter::{Column, Entity};
    let row =
        Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::Name.eq(series)).one(tx).await?;
    Ok(row.map_or(0, |row| row.value))
}
