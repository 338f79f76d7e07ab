//! The content security policy of the web app.

use crate::config::Config;
use axum::http::HeaderValue;
use url::Url;

/// Returns the policy: the page runs only its own scripts, and connects only to this server and to the object store.
pub fn of(config: &Config) -> HeaderValue {
    let store = store(config);
    let sockets = config.public_url.as_ref().map(socket).unwrap_or_default();
    // The component library sets inline styles. Browsers count a socket to this server as 'self'.
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; manifest-src 'self'; \
         worker-src 'self'; img-src 'self' blob: data:{store}; media-src 'self' blob:{store}; \
         frame-src 'self' blob:{store}; connect-src 'self'{sockets}{store}; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("a policy is ASCII")
}

/// Returns the origins of the object store in the syntax of a policy.
fn store(config: &Config) -> String {
    match config.object_store.origins() {
        Some(origins) => format!(" {origins}"),
        // The files are on this server. Without a public URL, their links name one of its addresses on this machine.
        None if config.public_url.is_none() => " http://127.0.0.1:* http://localhost:*".to_owned(),
        None => String::new(),
    }
}

fn socket(public_url: &Url) -> String {
    let origin = public_url.origin().ascii_serialization();
    format!(" {}", origin.replacen("http", "ws", 1))
}
