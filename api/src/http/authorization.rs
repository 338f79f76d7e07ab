//! Reads the `Authorization` of a caller.

use crate::{address::Address, app::App, observe::Way, refusal::refused_attempt};
use dossier_core::{api_token::ApiToken, credentials::Credentials, error::Error};
use std::sync::Arc;

/// Returns the verified bearer token in the value of a header or payload: an access token, the token of an API key, or
/// an access token of an external issuer.
/// Without a value, the caller is anonymous.
pub async fn credentials(app: &App, authorization: Option<&str>, address: Address) -> Result<Credentials, Error> {
    let Some(value) = authorization else { return Ok(Credentials::Anonymous) };
    let token =
        value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    let token = token.ok_or(Error::Unauthenticated("`Authorization` must be `Bearer` and an access token."))?.trim();
    let claims = if ApiToken::is_meant(token) {
        let checked = app.api_keys.check(token, address).await;
        checked.inspect_err(|error| refused_attempt(app, Way::ApiKey, None, Some(address), error))?
    } else if let Some(external) = app.external_tokens.as_ref().filter(|external| external.is_meant(token)) {
        let checked = Box::pin(external.check(&app.database, token, address)).await;
        checked.inspect_err(|error| refused_attempt(app, Way::ExternalToken, None, Some(address), error))?
    } else {
        app.tokens.check(token, app.database.clock.now())?
    };
    Ok(Credentials::Bearer(Arc::new(claims)))
}
