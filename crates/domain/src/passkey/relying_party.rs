//! The relying party of `WebAuthn`: the site that people sign in to with passkeys.

use dossier_core::error::{BoxError, UserError};
use std::sync::Arc;
use url::{Host, Url};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The name that browsers show.
const NAME: &str = "Dossier";

/// The host name of a server on the person's own machine. Browsers accept no IP address.
const LOCALHOST: &str = "localhost";

/// The relying party, or the reason why the server has none. Cheap to clone.
#[derive(Clone)]
pub struct RelyingParty(Result<Arc<Webauthn>, &'static str>);

impl RelyingParty {
    /// Creates the relying party of a server. Its id is the host of the public URL. Without a public URL, or with one of
    /// this machine, it is `localhost` with any port. Pages of the other origins may use passkeys if their host is the
    /// same, or below it.
    pub fn new<'o>(public: Option<&Url>, origins: impl Iterator<Item = &'o str>) -> Result<Self, BoxError> {
        let (id, origin) = match id_and_origin(public) {
            Ok(found) => found,
            Err(reason) => return Ok(Self(Err(reason))),
        };
        let mut builder = WebauthnBuilder::new(&id, &origin)?.rp_name(NAME).allow_any_port(id == LOCALHOST);
        for other in origins.filter_map(|other| Url::parse(other).ok()).filter(|other| is_below(other, &id)) {
            builder = builder.append_allowed_origin(&other);
        }
        Ok(Self(Ok(builder.build()?.into())))
    }

    pub(super) fn webauthn(&self) -> Result<&Webauthn, UserError> {
        self.0.as_deref().map_err(|reason| UserError::conflict(*reason))
    }
}

fn id_and_origin(public: Option<&Url>) -> Result<(String, Url), &'static str> {
    let localhost = || Ok((LOCALHOST.to_owned(), Url::parse("http://localhost").expect("a valid URL")));
    let Some(url) = public else { return localhost() };
    match url.host() {
        Some(Host::Domain(LOCALHOST)) => localhost(),
        Some(Host::Ipv4(ip)) if ip.is_loopback() => localhost(),
        Some(Host::Ipv6(ip)) if ip.is_loopback() => localhost(),
        Some(Host::Domain(_)) if url.scheme() != "https" => {
            Err("Passkeys are not available, because the address of the server begins with http, not with https.")
        }
        Some(Host::Domain(name)) => Ok((name.to_owned(), url.clone())),
        _ => Err("Passkeys are not available, because the address of the server is an IP address, not a host name."),
    }
}

fn is_below(origin: &Url, id: &str) -> bool {
    let host = origin.host_str().unwrap_or_default();
    let is_secure = origin.scheme() == "https" || id == LOCALHOST;
    is_secure && (host == id || host.strip_suffix(id).is_some_and(|rest| rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::RelyingParty;
    use url::Url;

    fn origins(public: Option<&str>, others: &[&str]) -> Result<Vec<String>, String> {
        let public = public.map(|url| Url::parse(url).unwrap());
        let party = RelyingParty::new(public.as_ref(), others.iter().copied()).unwrap();
        let origins = party.webauthn().map(|webauthn| webauthn.get_allowed_origins().to_vec());
        origins
            .map(|origins| origins.iter().map(|url| url.origin().ascii_serialization()).collect())
            .map_err(|error| error.message)
    }

    #[test]
    fn pages_of_the_host_and_below_it_may_use_passkeys() {
        let others =
            ["https://app.example.com", "https://notexample.com", "http://app.example.com", "*", "https://evil.org"];
        let allowed = origins(Some("https://example.com/api"), &others).unwrap();
        assert_eq!(allowed, ["https://example.com", "https://app.example.com"]);
    }

    #[test]
    fn the_own_machine_is_localhost() {
        for public in [None, Some("http://127.0.0.1:4000"), Some("http://[::1]:4000"), Some("http://localhost:4000")] {
            assert_eq!(origins(public, &[]).unwrap(), ["http://localhost"]);
        }
    }

    #[test]
    fn other_addresses_have_no_passkeys() {
        assert!(origins(Some("https://192.0.2.1"), &[]).unwrap_err().contains("IP address"));
        assert!(origins(Some("http://example.com"), &[]).unwrap_err().contains("https"));
    }
}
