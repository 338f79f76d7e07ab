//! Proofs of identity: a person who is signed in gives their password or a code again, before they do something sensitive.

use crate::{account, factor, password, session};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError},
};
use dossier_data::{Database, Sealer, WriteTx};
use entities::user::{Entity, Model};

/// The input of a proof.
pub struct Proof {
    /// The password. It is enough for people without a second factor.
    pub password: Option<String>,
    /// A code of the second factor.
    pub code: Option<String>,
}

/// Proves who the person of the present session is. People with a second factor need a code of it.
pub async fn confirm_identity(
    database: &Database,
    credentials: &Credentials,
    sealer: &Sealer,
    proof: Proof,
) -> Result<uuid::Uuid, Error> {
    let tx = database.read(credentials).await?;
    let user = tx.member()?.user;
    let account = tx.get::<Entity>(user).await?.ok_or_else(|| Error::internal("a member without an account"))?;
    drop(tx);
    let Proof { password, code } = proof;
    let code = match (factor::is_enrolled(&account), code) {
        (true, None) => return Err(UserError::invalid("code", "is required, because you have a second factor").into()),
        (false, Some(_)) => return Err(UserError::invalid("code", "must be absent without a second factor").into()),
        (_, code) => code,
    };
    check_password(password, &account, code.is_none()).await?;
    let tx = database.write(credentials).await?;
    let membership = tx.member()?.membership;
    let tx = use_code(tx, sealer, &account, code.as_deref()).await?;
    session::prove(&tx).await?;
    tx.commit().await?;
    Ok(membership)
}

async fn check_password(password: Option<String>, account: &Model, is_required: bool) -> Result<(), Error> {
    let Some(password) = password else {
        return if is_required { Err(UserError::invalid("password", "is required").into()) } else { Ok(()) };
    };
    if password::verify(password, account.password_hash.clone()).await?.is_right {
        return Ok(());
    }
    Err(UserError::forbidden("The password is wrong.").into())
}

/// Locks the account, and uses the code. Fails if the password or the factor has changed since the account was read.
async fn use_code(tx: WriteTx, sealer: &Sealer, read: &Model, code: Option<&str>) -> Result<WriteTx, Error> {
    let account = account::require_same_password(&tx, read).await?;
    if factor::is_enrolled(&account) != code.is_some() {
        return Err(UserError::conflict("The second factor was just changed. Try again.").into());
    }
    match code {
        Some(code) => Ok(factor::use_code(tx, sealer, account, code).await?.0),
        None => Ok(tx),
    }
}
