//! The storage that documents take.

use super::{document::DocumentZone, guard::allows, request::ContextExt, scalar::ByteCount};
use async_graphql::{Context, SimpleObject};
use dossier_core::error::Error;
use dossier_domain::quota::{self, Holder};
use dossier_policy::fields;
use entities::document::Zone;
use futures::future::try_join_all;
use sea_orm::Iterable;

/// The storage that the documents of a zone take.
#[derive(SimpleObject)]
pub struct ZoneStorage {
    /// The zone.
    zone: DocumentZone,
    /// The size of all versions of its documents, with open uploads, in bytes.
    used: ByteCount,
}

/// Returns the used storage, if the viewer may know it.
pub async fn used(ctx: &Context<'_>, holder: Holder) -> Result<Option<ByteCount>, Error> {
    if !allows(ctx, fields::STORAGE_USED).await? {
        return Ok(None);
    }
    Ok(Some(ByteCount(quota::used(&*ctx.tx().await?, holder, None).await?)))
}

/// Returns the storage that open uploads reserve, if the viewer may know it.
pub async fn reserved(ctx: &Context<'_>, holder: Holder) -> Result<Option<ByteCount>, Error> {
    if !allows(ctx, fields::STORAGE_USED).await? {
        return Ok(None);
    }
    Ok(Some(ByteCount(quota::reserved(&*ctx.tx().await?, holder).await?)))
}

/// Returns the used storage of each zone, if the viewer may know it.
pub async fn by_zone(ctx: &Context<'_>, holder: Holder) -> Result<Option<Vec<ZoneStorage>>, Error> {
    if !allows(ctx, fields::STORAGE_USED).await? {
        return Ok(None);
    }
    let tx = ctx.tx().await?;
    let zones = Zone::iter().map(async |zone| {
        let used = quota::used(&tx, holder, Some(zone)).await?;
        Ok::<_, Error>(ZoneStorage { zone: zone.into(), used: ByteCount(used) })
    });
    try_join_all(zones).await.map(Some)
}
