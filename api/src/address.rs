//! Where a caller is: what its connection says, or a trusted proxy.

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Once,
};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A caller's address, as callers are counted: IPv4 as it is, of IPv6 the first 64 bits. One household has all the
/// others, and could be as many callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(IpAddr);

/// Of the connection that a request came by.
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
    /// Where a request comes from: what the trusted proxies say, or where its connection comes from.
    ///
    /// A proxy writes `X-Forwarded-For` or `Forwarded` (RFC 7239), and may pass on the other one as it came. Where the two
    /// name different callers, one of them was written by the caller, and the proxy itself counts as the caller.
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

/// Reads the hops from the right, because each proxy wrote down whom it heard. The first that nobody trusts is the
/// caller; the caller may have written what stands further left.
fn first_untrusted(peer: IpAddr, hops: &[Option<IpAddr>], trusted: &[IpNet]) -> IpAddr {
    let mut caller = peer;
    for hop in hops.iter().rev() {
        if !is_trusted(caller, trusted) {
            break;
        }
        // A trusted proxy that does not know whom it heard is the last that is known.
        let Some(ip) = hop else { break };
        caller = ip.to_canonical();
    }
    caller
}

/// Once: each request would repeat it.
fn warn_of_stranger(peer: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %peer,
            "a request names its caller in X-Forwarded-For or Forwarded, and TRUSTED_PROXIES does not contain where it \
             comes from; if that is your proxy, add it: until then, all its callers share the limits of one address"
        );
    });
}

/// Once: each request would repeat it.
fn warn_of_contradiction(peer: IpAddr) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For and Forwarded name different callers, and neither is believed; have the proxy remove the one \
             that it does not write"
        );
    });
}

/// The hops that a header names, each proxy's behind what it was sent.
fn hops(headers: &HeaderMap, name: HeaderName, address: fn(&str) -> Option<&str>) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(name).into_iter().flat_map(|value| value.to_str().unwrap_or_default().split(','));
    values.map(|element| ip(address(element.trim())?)).collect()
}

/// The `for` of one element of `Forwarded`.
fn for_whom(element: &str) -> Option<&str> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("for")).map(|(_, value)| value.trim_matches('"'))
}

/// An address with or without a port, IPv6 with or without brackets.
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
