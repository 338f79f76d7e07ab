//! The address of a caller, from the connection or from a trusted proxy.

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Once,
};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address by which callers are counted: an IPv4 address, or the first 64 bits of an IPv6 address. One household
/// controls the remaining bits, and could otherwise appear as many callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

/// The address of the connection that carries a request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        Self(match ip.to_canonical() {
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
            ip @ IpAddr::V4(_) => ip,
        })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Address {
    /// Returns its network: the part that says roughly where a caller is, and not who they are.
    pub fn network(self) -> String {
        match self.0 {
            IpAddr::V4(ip) => {
                let [a, b, c, _] = ip.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(ip) => format!("{}/48", Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 80))),
        }
    }

    /// Returns whether it is in a network.
    pub fn is_in(self, network: &IpNet) -> bool {
        network.contains(&self.0)
    }

    /// Returns the address of a request: the one that trusted proxies name, or that of the connection.
    ///
    /// A proxy writes `X-Forwarded-For` or `Forwarded` (RFC 7239), and may pass the other header on unchanged. If the
    /// two headers name different callers, the caller wrote one of them, and the proxy itself counts as the caller.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let peer = peer.to_canonical();
        let (forwarded, legacy) =
            (hops(headers, header::FORWARDED, for_whom), hops(headers, X_FORWARDED_FOR, |text| Some(text)));
        let caller = |hops: &[_]| Self::from(first_untrusted(peer, hops, trusted));
        if forwarded.is_empty() && legacy.is_empty() {
            return peer.into();
        }
        if !is_trusted(peer, trusted) {
            warn_of_stranger(peer);
            return peer.into();
        }
        match (forwarded.as_slice(), legacy.as_slice()) {
            ([], hops) | (hops, []) => caller(hops),
            (one, other) if caller(one) == caller(other) => caller(one),
            _ => {
                warn_of_contradiction(peer);
                peer.into()
            }
        }
    }
}

fn is_trusted(ip: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&ip))
}

/// Reads the hops from the right, because each proxy appends the address of its peer. The first untrusted hop is the
/// caller, who may have written everything to its left.
fn first_untrusted(peer: IpAddr, hops: &[Option<IpAddr>], trusted: &[IpNet]) -> IpAddr {
    let mut caller = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(caller, trusted) {
            break;
        }
        // If a trusted proxy does not know its peer, the proxy is the last known hop.
        let Some(ip) = hop else { break };
        caller = ip.to_canonical();
    }
    caller
}

/// Warns once, because each request would repeat the warning.
fn warn_of_stranger(peer: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %peer,
            "a request names its caller in X-Forwarded-For or Forwarded, but TRUSTED_PROXIES does not contain the \
             address that sent it; if this is your proxy, add it, because all its callers now share the limits of one \
             address"
        );
    });
}

/// Warns once, because each request would repeat the warning.
fn warn_of_contradiction(peer: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For and Forwarded name different callers, so both are ignored; configure the proxy to remove \
             the header that it does not write"
        );
    });
}

/// Returns the hops in a header. Each proxy appends its own.
fn hops(headers: &HeaderMap, name: HeaderName, address: fn(&str) -> Option<&str>) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(name).into_iter().flat_map(|value| value.to_str().unwrap_or_default().split(','));
    values.map(|element| ip(address(element.trim())?)).collect()
}

/// Returns the `for` parameter of an element of `Forwarded`.
fn for_whom(element: &str) -> Option<&str> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("for")).map(|(_, value)| value.trim_matches('"'))
}

/// Parses an address with or without a port, and IPv6 with or without brackets.
fn ip(text: &str) -> Option<IpAddr> {
    let bare = text.trim().trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.trim().parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(headers: &[(&'static str, &'static str)]) -> String {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), axum::http::HeaderValue::from_static(value)));
        let trusted = ["127.0.0.1/32", "10.0.0.0/8"].map(|network| network.parse().expect("a network"));
        Address::of(IpAddr::from([127, 0, 0, 1]), &headers.collect(), &trusted).to_string()
    }

    /// A proxy writes one of the headers, and the caller may have written the other.
    #[test]
    fn a_caller_gains_no_address_by_a_second_header() {
        let legacy = ("x-forwarded-for", "192.0.2.1");
        assert_eq!(caller(&[legacy]), "192.0.2.1");
        assert_eq!(caller(&[legacy, ("forwarded", "for=192.0.2.1")]), "192.0.2.1");
        assert_eq!(caller(&[legacy, ("forwarded", "for=198.51.100.7")]), "127.0.0.1");
        assert_eq!(caller(&[("x-forwarded-for", "198.51.100.7"), ("forwarded", "for=192.0.2.1")]), "127.0.0.1");
        assert_eq!(caller(&[("x-forwarded-for", "198.51.100.7, 192.0.2.1, 10.1.1.1")]), "192.0.2.1");
    }
}
