//! The owners of an organization, of whom one must always be active.

use dossier_core::error::{Error, UserError};
use dossier_data::WriteTx;
use entities::membership::{Column, Entity, Model, Role};
use sea_orm::{ColumnTrait, sea_query::Order};
use uuid::Uuid;

/// Locks all owners if the member is one of them. Every change of owners locks all of them first, in the same order, so
/// that two changes cannot wait for each other forever.
pub(crate) async fn lock_if_owner(tx: &WriteTx, id: Uuid) -> Result<(), Error> {
    match tx.get::<Entity>(id).await? {
        Some(member) if member.role == Role::Owner => lock(tx).await.map(drop),
        _ => Ok(()),
    }
}

/// Returns the active owners, locked until the end.
pub(crate) async fn lock(tx: &WriteTx) -> Result<Vec<Model>, Error> {
    tx.find::<Entity>()
        .filter(Column::Role.eq(Role::Owner))
        .filter(Column::SuspendedAt.is_null())
        .order_by(Column::Id, Order::Asc)
        .for_update()
        .all()
        .await
}

/// Fails if the member is the last active owner.
pub(crate) async fn require_other(tx: &WriteTx, member: &Model) -> Result<(), Error> {
    if member.role != Role::Owner || member.suspended_at.is_some() {
        return Ok(());
    }
    if lock(tx).await?.iter().all(|owner| owner.id == member.id) {
        return Err(UserError::conflict("This is the last owner. Make somebody else an owner first.").into());
    }
    Ok(())
}
