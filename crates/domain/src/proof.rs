//! Proofs of identity: a person who is signed in gives their password or a code again, before they do something sensitive.

use crate::{
    account, factor,
    passkey::{self, Assertion, RelyingParty},
    password, session,
};
use dossier_core::{
    credentials::Credentials,
    error::{Error, UserError, UserErrorCode},
};
use dossier_data::{Database, Sealer, WriteTx};
use entities::{
    audit_entry::Refusal,
    user::{Entity, Model},
};

/// The input of a proof.
pub struct Proof {
    /// The password. It is enough for people without a second factor.
    pub password: Option<String>,
    /// A code of the second factor.
    pub code: Option<String>,
    /// A passkey, instead of a code.
    pub passkey: Option<Assertion>,
}

/// The factor that a proof contains.
enum FactorProof {
    Code(String),
    Passkey(Assertion),
}

/// Proves who the person of the present session is. People with a second factor need it.
pub async fn confirm_identity(
    database: &Database,
    credentials: &Credentials,
    sealer: &Sealer,
    party: &RelyingParty,
    proof: Proof,
) -> Result<uuid::Uuid, Error> {
    let tx = database.read(credentials).await?;
    let user = tx.member()?.user;
    let account = tx.get::<Entity>(user).await?.ok_or_else(|| Error::internal("a member without an account"))?;
    drop(tx);
    let Proof { password, code, passkey } = proof;
    let factor = match (code, passkey) {
        (Some(_), Some(_)) => return Err(UserError::invalid("passkey", "must be absent with a code").into()),
        (Some(code), None) => Some(FactorProof::Code(code)),
        (None, Some(passkey)) => Some(FactorProof::Passkey(passkey)),
        (None, None) => None,
    };
    match (factor::is_enrolled(&account), &factor) {
        (true, None) => {
            return Err(UserError::invalid("code", "is required, because you have a second factor").into());
        }
        (false, Some(_)) => return Err(UserError::invalid("code", "must be absent without a second factor").into()),
        _ => {}
    }
    let of_factor = match factor {
        Some(FactorProof::Passkey(_)) => Refusal::WrongPasskey,
        Some(FactorProof::Code(_)) | None => Refusal::WrongCode,
    };
    let checked = check_password(password, &account, factor.is_none()).await;
    recorded(checked, database, credentials, Refusal::WrongPassword).await?;
    let tx = database.write(credentials).await?;
    let membership = tx.member()?.membership;
    let with_factor = use_factor(tx, sealer, party, &account, factor).await;
    let tx = recorded(with_factor, database, credentials, of_factor).await?;
    session::prove(&tx).await?;
    tx.commit().await?;
    Ok(membership)
}

/// Records a proof that was wrong in the audit log.
async fn recorded<T>(
    result: Result<T, Error>,
    database: &Database,
    credentials: &Credentials,
    refusal: Refusal,
) -> Result<T, Error> {
    let is_wrong = |error: &UserError| match error.code {
        UserErrorCode::Forbidden => true,
        UserErrorCode::Invalid => error.field.as_deref() == Some("code"),
        _ => false,
    };
    if matches!(&result, Err(Error::User(error)) if is_wrong(error)) {
        session::record_proof_refusal(database, credentials, refusal).await?;
    }
    result
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

/// Locks the account, and uses the factor. Fails if the password or the factors have changed since the account was read.
async fn use_factor(
    tx: WriteTx,
    sealer: &Sealer,
    party: &RelyingParty,
    read: &Model,
    proof: Option<FactorProof>,
) -> Result<WriteTx, Error> {
    let account = account::require_same_password(&tx, read).await?;
    if factor::is_enrolled(&account) != proof.is_some() {
        return Err(UserError::conflict("The second factor was just changed. Try again.").into());
    }
    match proof {
        Some(FactorProof::Code(code)) => Ok(factor::use_code(tx, sealer, account, &code).await?.0),
        Some(FactorProof::Passkey(assertion)) => {
            passkey::prove(&tx, sealer, party, &account, &assertion).await?;
            Ok(tx)
        }
        None => Ok(tx),
    }
}
