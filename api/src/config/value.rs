//! Parsers for single values. Each error says what is valid, and never contains the value, which may be a secret.

use std::{
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
};
use url::{Host, Url};

/// Parses a whole number in a range. `of` is its unit, such as ` of seconds`.
pub(super) fn whole<T>(
    range: RangeInclusive<u64>,
    of: &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static
where
    T: TryFrom<u64> + 'static,
{
    move |value| {
        let number = value.parse().ok().filter(|number| range.contains(number)).map(T::try_from);
        let (first, last) = (range.start(), range.end());
        number
            .and_then(Result::ok)
            .ok_or_else(|| format!("must be a whole number{of} from {first} to {last}, without a unit or separators"))
    }
}

/// Parses a duration of a day at most.
pub(super) fn seconds() -> impl Fn(&str) -> Result<u64, String> + Clone + Send + Sync + 'static {
    whole(1..=86_400, " of seconds")
}

/// Parses an address to listen on.
pub(super) fn listen(value: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| {
        "must be an IP address and a port, such as 127.0.0.1:4000, 0.0.0.0:4000 for all addresses, or [::1]:4000"
            .to_owned()
    })
}

/// Returns whether two addresses conflict.
pub(super) fn overlap(one: SocketAddr, other: SocketAddr) -> bool {
    let covers = |wide: IpAddr, narrow: IpAddr| wide.is_unspecified() && (wide.is_ipv6() || narrow.is_ipv4());
    let (a, b) = (one.ip(), other.ip());
    one.port() == other.port() && one.port() != 0 && (a == b || covers(a, b) || covers(b, a))
}

/// Parses the URL of a server, without a path.
pub(super) fn public_url(value: &str) -> Result<Url, String> {
    let bare = |url: &Url| url.path() == "/" && url.username().is_empty() && url.password().is_none();
    http_url(value).filter(bare).ok_or_else(|| {
        "must be an http or https URL without a path or user, such as https://api.example.com".to_owned()
    })
}

/// Parses the folder of a built web app.
pub(super) fn web_app(value: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(value);
    if folder.join("index.html").is_file() {
        Ok(folder)
    } else {
        Err("must be a folder with the file index.html; `npm run build` makes it".to_owned())
    }
}

/// Parses the URL of a receiver of traces.
pub(super) fn otlp_endpoint(value: &str) -> Result<Url, String> {
    http_url(value).ok_or_else(|| "must be an http or https URL, such as http://127.0.0.1:4318".to_owned())
}

/// Parses the name of an issuer. It is compared as it is written, so it is not normalized.
pub(super) fn issuer(value: &str) -> Result<String, String> {
    provider_url(value).map(|_| value.to_owned())
}

/// Parses a URL of an identity provider.
pub(super) fn provider_url(value: &str) -> Result<Url, String> {
    let is_private = |url: &Url| url.scheme() == "https" || is_loopback(url);
    let bare = |url: &Url| url.username().is_empty() && url.password().is_none() && is_private(url);
    http_url(value).filter(bare).ok_or_else(|| {
        "must be an https URL without a user, such as https://login.example.com; http is accepted only for this machine"
            .to_owned()
    })
}

/// Parses a page to which an identity provider sends people back. Apps on phones have schemes of their own.
pub(super) fn redirect_url(value: &str) -> Result<Url, String> {
    let url = Url::parse(value.trim()).ok().filter(|url| url.fragment().is_none());
    let is_safe = |url: &Url| match url.scheme() {
        "https" => true,
        "http" => is_loopback(url),
        // A private scheme is a reversed domain (RFC 8252, section 7.1).
        scheme => scheme.contains('.'),
    };
    url.filter(is_safe).ok_or_else(|| {
        "must be an https URL without a fragment, such as https://hub.example.com/sign-in/external, an http URL of this \
         machine, or a URL of an app such as com.example.app:/sign-in"
            .to_owned()
    })
}

/// Parses the domain of addresses.
pub(super) fn domain(value: &str) -> Result<String, String> {
    let domain = value.trim().to_lowercase();
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-') && !label.starts_with('-')
    };
    if domain.split('.').all(is_label) { Ok(domain) } else { Err("must be a domain such as example.com".to_owned()) }
}

/// Parses the URL of an object store. A key in it is refused later, with the reason.
pub(super) fn store_endpoint(value: &str) -> Result<Url, String> {
    http_url(value).ok_or_else(|| "must be an http or https URL, such as https://s3.example.com".to_owned())
}

/// Parses the origin of web pages, or `*`.
pub(super) fn origin(value: &str) -> Result<String, String> {
    let value = value.trim();
    let same = Url::parse(value).is_ok_and(|url| url.origin().ascii_serialization() == value);
    if value == "*" || same {
        Ok(value.to_owned())
    } else {
        Err("must be an origin without a final slash, such as https://hub.example.com, or *".to_owned())
    }
}

/// Parses a name that is sent in headers, which must be visible ASCII.
pub(super) fn word(value: &str) -> Result<String, String> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(value.to_owned())
    } else {
        Err("must have at least one character and only visible ASCII characters; remove the variable to use the default"
            .to_owned())
    }
}

fn http_url(value: &str) -> Option<Url> {
    let url = Url::parse(value).ok()?;
    let plain = ["http", "https"].contains(&url.scheme()) && url.query().is_none() && url.fragment().is_none();
    (plain && url.has_host()).then_some(url)
}

/// Returns whether a URL leads to this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_within_their_range() {
        let port = whole::<u16>(1..=300, " of seconds");
        assert_eq!(["1", "300"].map(&port), [Ok(1), Ok(300)]);
        for wrong in ["", "0", "301", "8s", "1e2", "-1", "1_000", "18446744073709551616", " 8"] {
            let why = port(wrong).expect_err(wrong);
            assert!(why.starts_with("must be a whole number of seconds from 1 to 300"), "{why}");
        }
    }

    #[test]
    fn urls_hold_no_more_than_they_may() {
        assert!(public_url("https://api.example.com").is_ok() && public_url("http://[::1]:4000/").is_ok());
        for wrong in ["", "api.example.com", "https://a/b", "https://u:p@a", "https://a?b", "https://a#b", "ftp://a"] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
        assert!(otlp_endpoint("http://127.0.0.1:4318/path").is_ok() && otlp_endpoint("127.0.0.1:4318").is_err());
        assert!(issuer("https://a/realms/b").is_ok() && issuer("http://127.0.0.1:9").is_ok());
        assert!(["http://a", "https://u:p@a", "https://a?b", "a"].iter().all(|wrong| issuer(wrong).is_err()));
        let redirects = ["https://a/b?c", "http://[::1]/b", "com.example.app:/b"];
        assert!(redirects.iter().all(|url| redirect_url(url).is_ok()));
        assert!(["http://a/b", "https://a/b#c", "javascript:x", "/b"].iter().all(|wrong| redirect_url(wrong).is_err()));
        assert_eq!(domain(" Example.COM"), Ok("example.com".to_owned()));
        assert!(["", "a@b", "*.example.com", ".example.com"].iter().all(|wrong| domain(wrong).is_err()));
        assert_eq!(origin(" https://a.example"), Ok("https://a.example".to_owned()));
        assert!(origin("https://a.example/").is_err() && origin("").is_err());
        assert!(word("eu-west-3").is_ok() && ["", "a b", "ü", "a\n"].iter().all(|wrong| word(wrong).is_err()));
    }
}
