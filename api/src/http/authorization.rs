//! Reads the `Authorization` of a caller.

use crate::auth::Tokens;
use dossier_core::{clock::Clock, credentials::Credentials, error::Error};
use std::sync::Arc;

/// Returns the verified bearer token in the value of a header or payload. Without a value, the caller is anonymous.
pub fn credentials(tokens: &Tokens, clock: &Clock, authorization: Option<&str>) -> Result<Credentials, Error> {
    let Some(value) = authorization else { return Ok(Credentials::Anonymous) };
    let token =
        value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    let token = token.ok_or(Error::Unauthenticated("`Authorization` must be `Bearer` and an access token."))?;
    tokens.check(token.trim(), clock.now()).map(|claims| Credentials::Bearer(Arc::new(claims)))
}
