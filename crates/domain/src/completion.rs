//! Completing uploads whose bytes have arrived.

use super::{
    upload::complete,
    upload_status::{lock_uploads, uploaded},
    verification::begin_verification,
};
use dossier_core::error::{Error, UserError, separate};
use dossier_data::WriteTx;
use uuid::Uuid;

/// How an upload whose bytes have arrived is completed.
pub enum Verified {
    /// It is complete already.
    Before,
    /// Its bytes were verified now.
    Now {
        /// The media type, which may be another one than announced.
        content_type: String,
        /// Of the bytes.
        sha256: String,
    },
    /// A job verifies it.
    Later {
        /// The media type, which may be another one than announced.
        content_type: String,
    },
}

/// Completes an upload whose bytes have arrived; returns its document.
pub async fn finish(tx: &WriteTx, id: Uuid, verified: Verified) -> Result<Uuid, Error> {
    match verified {
        Verified::Before => Ok(uploaded(tx, id).await?.0.id),
        Verified::Now { content_type, sha256 } => complete(tx, id, content_type, sha256).await,
        Verified::Later { content_type } => begin_verification(tx, id, content_type).await,
    }
}

/// Completes several uploads. Those that are refused already stay refused.
pub async fn finish_all(
    tx: &WriteTx,
    uploads: Vec<(Uuid, Result<Verified, UserError>)>,
) -> Result<Vec<Result<Uuid, UserError>>, Error> {
    let versions: Vec<_> = uploads.iter().map(|(id, _)| *id).collect();
    lock_uploads(tx, &versions).await?;
    let mut results = Vec::with_capacity(uploads.len());
    for (id, verified) in uploads {
        results.push(match verified {
            Ok(verified) => separate(finish(tx, id, verified).await)?,
            Err(user_error) => Err(user_error),
        });
    }
    Ok(results)
}
