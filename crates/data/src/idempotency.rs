//! A mutation sent again with the same key has happened once and answers the same (for [`IDEMPOTENCY_KEPT_FOR`]).
//!
//! The record is written in the transaction of the effect, first thing: of two at once, the second waits for the
//! first's commit, and then finds its outcome.

use super::{Database, Outcome, ReadTx, WriteTx};
use chrono::TimeDelta;
use dossier_core::{credentials::Credentials, error::Error};
use entities::idempotency_record::{Column, Entity, Model};
use futures::future::BoxFuture;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, TryInsertResult, sea_query::Expr,
};
use uuid::Uuid;

/// How long the key of a request is remembered.
pub const IDEMPOTENCY_KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// What makes a request recognizable when it comes again.
#[derive(Clone, Debug)]
pub struct Repeatable {
    /// The caller's key and the response path of the mutation field.
    pub key: String,
    /// SHA-256 of the request.
    pub fingerprint: String,
}

impl Database {
    /// Runs a mutation in a unit of its own, and commits it; with a key, once. There may be a unit already in which what
    /// it did can be read.
    pub async fn mutate<F>(
        &self,
        credentials: &Credentials,
        repeatable: Option<Repeatable>,
        run: F,
    ) -> Result<(Outcome, Option<ReadTx>), Error>
    where
        F: for<'w> FnOnce(&'w WriteTx) -> BoxFuture<'w, Result<Uuid, Error>> + Send,
    {
        let write = self.write(credentials).await?;
        let membership = write.member()?.membership;
        let Some(repeatable) = repeatable else {
            let outcome = Outcome::try_from(run(&write).await)?;
            let read_tx = match outcome.user_error() {
                Some(_) => None,
                None => self.commit_and_read(write).await?,
            };
            return Ok((outcome, read_tx));
        };
        write.same_request(membership, &repeatable).await?;
        if let Some(outcome) = write.claim(membership, &repeatable).await? {
            return Ok((outcome, None));
        }
        let outcome = Outcome::try_from(run(&write).await)?;
        if outcome.user_error().is_none() {
            write.settle(membership, &repeatable, &outcome).await?;
            let read_tx = self.commit_and_read(write).await?;
            return Ok((outcome, read_tx));
        }
        // What the refused mutation may have written goes; its answer stays.
        drop(write);
        let write = self.write(credentials).await?;
        if let Some(faster) = write.claim(membership, &repeatable).await? {
            return Ok((faster, None));
        }
        write.settle(membership, &repeatable, &outcome).await?;
        write.commit().await?;
        Ok((outcome, None))
    }
}

impl WriteTx {
    /// All that was done with the key must have come by the same request, whichever of its fields did it.
    async fn same_request(&self, membership: Uuid, repeatable: &Repeatable) -> Result<(), Error> {
        // Before the first space stands the caller's key, which has none itself; `!` comes next after the space.
        let key = repeatable.key.split(' ').next().unwrap_or_default();
        let others = self
            .find::<Entity>()
            .filter(Column::MembershipId.eq(membership))
            .filter(Column::Key.gt(format!("{key} ")))
            .filter(Column::Key.lt(format!("{key}!")))
            .filter(Column::CreatedAt.gte(self.now - IDEMPOTENCY_KEPT_FOR))
            .filter(Column::Fingerprint.ne(&repeatable.fingerprint));
        if others.exists().await? {
            return Err(Error::bad_input(
                "Idempotency-Key",
                "this key was used for another request in the last 24 hours; use a new key for each new request",
            ));
        }
        Ok(())
    }

    /// Takes the key, or finds what became of the request that took it before.
    async fn claim(&self, membership: Uuid, repeatable: &Repeatable) -> Result<Option<Outcome>, Error> {
        self.delete_unrecorded::<Entity>(Column::CreatedAt.lt(self.now - IDEMPOTENCY_KEPT_FOR)).await?;
        let record = Model {
            membership_id: membership,
            key: repeatable.key.clone(),
            organization_id: self.organization()?,
            fingerprint: repeatable.fingerprint.clone(),
            outcome: String::new(),
            created_at: self.now,
        };
        let inserted = Entity::insert(record.into_active_model().reset_all())
            .on_conflict_do_nothing_on([Column::MembershipId, Column::Key])
            .exec_without_returning(&self.tx)
            .await?;
        if matches!(inserted, TryInsertResult::Inserted(1..)) {
            return Ok(None);
        }
        let before = self
            .find::<Entity>()
            .filter(Column::MembershipId.eq(membership))
            .filter(Column::Key.eq(&repeatable.key))
            .one()
            .await?
            .ok_or_else(|| Error::internal("an idempotency key was taken and is not there"))?;
        serde_json::from_str(&before.outcome).map(Some).map_err(Error::internal)
    }

    async fn settle(&self, membership: Uuid, repeatable: &Repeatable, outcome: &Outcome) -> Result<(), Error> {
        let outcome = serde_json::to_string(outcome).map_err(Error::internal)?;
        Entity::update_many()
            .col_expr(Column::Outcome, Expr::value(outcome))
            .filter(Column::MembershipId.eq(membership))
            .filter(Column::Key.eq(&repeatable.key))
            .exec(&self.tx)
            .await?;
        Ok(())
    }
}
