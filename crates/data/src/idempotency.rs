//! Idempotency keys. A mutation that is repeated with the same key happens once and returns the same outcome, for
//! [`IDEMPOTENCY_KEPT_FOR`].
//!
//! The transaction of the mutation writes the record first. If two run at once, the second waits for the commit of the
//! first, and then finds its outcome.

use super::{Database, Outcome, ReadTx, WriteTx};
use chrono::TimeDelta;
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserErrorCode},
};
use entities::idempotency_record::{Column, Entity, Model};
use futures::future::BoxFuture;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, TryInsertResult, sea_query::Expr,
};
use uuid::Uuid;

/// How long a key is remembered.
pub const IDEMPOTENCY_KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// The data by which a repeated request is recognized.
#[derive(Clone, Debug)]
pub struct Repeatable {
    /// The caller's key and the response path of the mutation field.
    pub key: String,
    /// The SHA-256 of the request.
    pub fingerprint: String,
}

impl Database {
    /// Runs a mutation in its own transaction, and commits it. With a key, the mutation happens once. Its events carry
    /// the id that the caller gave it. The result may include a transaction that can already read the change.
    pub async fn mutate<O, F>(
        &self,
        credentials: &Credentials,
        repeatable: Option<Repeatable>,
        client_mutation_id: Option<&str>,
        run: F,
    ) -> Result<(Outcome, Option<ReadTx>), Error>
    where
        O: Into<Outcome>,
        F: for<'w> FnOnce(&'w WriteTx) -> BoxFuture<'w, Result<O, Error>> + Send,
    {
        let write = self.write(credentials).await?.with_client_mutation_id(client_mutation_id);
        let membership = write.member()?.membership;
        let Some(repeatable) = repeatable else {
            let outcome = Outcome::of(run(&write).await)?;
            let read_tx = match outcome.user_error() {
                Some(_) => None,
                None => self.commit_and_read(write).await?,
            };
            return Ok((outcome, read_tx));
        };
        write.check_same_request(membership, &repeatable).await?;
        if let Some(outcome) = write.claim(membership, &repeatable).await? {
            return Ok((outcome, None));
        }
        let outcome = Outcome::of(run(&write).await)?;
        if outcome.user_error().is_some_and(|error| error.code == UserErrorCode::RecentProofRequired) {
            // The caller repeats the request after a proof, with the same key.
            return Ok((outcome, None));
        }
        if outcome.user_error().is_none() {
            write.store_outcome(membership, &repeatable, &outcome).await?;
            let read_tx = self.commit_and_read(write).await?;
            return Ok((outcome, read_tx));
        }
        // The refused mutation's writes are rolled back, but its outcome is stored.
        drop(write);
        let write = self.write(credentials).await?;
        if let Some(faster) = write.claim(membership, &repeatable).await? {
            return Ok((faster, None));
        }
        write.store_outcome(membership, &repeatable, &outcome).await?;
        write.commit().await?;
        Ok((outcome, None))
    }
}

impl WriteTx {
    /// Fails if another request used the key before, in any of its fields.
    async fn check_same_request(&self, membership: Uuid, repeatable: &Repeatable) -> Result<(), Error> {
        // The caller's key ends at the first space, because it contains none. `!` is the character after the space.
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

    /// Claims the key, or returns the outcome of the request that claimed it before.
    async fn claim(&self, membership: Uuid, repeatable: &Repeatable) -> Result<Option<Outcome>, Error> {
        self.delete_without_event::<Entity>(Column::CreatedAt.lt(self.now - IDEMPOTENCY_KEPT_FOR)).await?;
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

    async fn store_outcome(&self, membership: Uuid, repeatable: &Repeatable, outcome: &Outcome) -> Result<(), Error> {
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
