//! Refused attempts to authenticate, for the operator who watches for attacks: a log line and a metric for each.

use crate::{
    address::Address,
    app::App,
    observe::{self, Way},
    rate::Subject,
};
use dossier_core::error::{Error, UserErrorCode};

/// Returns the reason of a refusal. `None` for failures of the server, and for input that the caller must only complete.
fn reason(error: &Error) -> Option<&'static str> {
    match error {
        Error::Exceeded(_) => Some("rate-limited"),
        Error::WrongCodes { .. } => Some("too-many-codes"),
        Error::Unauthenticated(_) => Some("invalid"),
        Error::User(user_error) => match user_error.code {
            UserErrorCode::Forbidden => Some("refused"),
            UserErrorCode::Invalid => Some("invalid"),
            UserErrorCode::NotFound | UserErrorCode::Conflict | UserErrorCode::RecentProofRequired => None,
        },
        _ => None,
    }
}

/// Records the error of an attempt, if it is a refusal. The account and the address are pseudonyms that only this server
/// can compute, unless the configuration asks for the address.
pub fn refused_attempt(app: &App, way: Way, account: Option<&str>, address: Option<Address>, error: &Error) {
    let Some(reason) = reason(error) else { return };
    let account = account.map(|account| app.rate.pseudonym(&Subject::Account(account.to_owned())));
    let address = address.map(|address| {
        if app.logs_addresses { address.to_string() } else { app.rate.pseudonym(&Subject::Address(address)) }
    });
    let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
    let (account, address, request_id) = (text(account), text(address), observe::id());
    tracing::warn!(way = way.name(), reason, account, address, request_id, "an attempt to authenticate was refused");
    app.metrics.refused_attempt(way, reason);
}
