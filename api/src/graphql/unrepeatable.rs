//! Mutations that return secrets. They ignore idempotency keys, because no secret is stored for a repetition.

use super::{payload::separate, request::Request};
use dossier_core::error::{Error, UserError};
use dossier_data::WriteTx;

/// Begins a transaction that writes as the member of the request.
pub async fn write(request: &Request) -> Result<WriteTx, Error> {
    request.end_tx().await;
    let tx = request.app().database.write(&request.credentials()).await?;
    tx.member()?;
    Ok(tx)
}

/// Commits, unless the result is a user error.
pub async fn commit_unless_refused<T>(tx: WriteTx, result: Result<T, Error>) -> Result<Result<T, UserError>, Error> {
    let result = separate(result)?;
    if result.is_ok() {
        tx.commit().await?;
    }
    Ok(result)
}
