//! Where a caller is, as far as it can be told: what its connection says, or what a proxy says that is trusted to.

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

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
    /// Where a request comes from: what the proxies say, read from the right, for each wrote down whom it heard. The
    /// first whom nobody trusts is the caller; what stands further left it may have written itself.
    pub fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let is_trusted = |ip: IpAddr| trusted.iter().any(|network| network.contains(&ip));
        let mut caller = peer.to_canonical();
        for said in hops(headers).iter().rev() {
            if !is_trusted(caller) {
                break;
            }
            // A trusted proxy that does not know whom it heard is the last that is known.
            let Some(ip) = said else { break };
            caller = ip.to_canonical();
        }
        caller.into()
    }
}

/// What the proxies wrote, each behind what it was sent: `Forwarded` (RFC 7239), else `X-Forwarded-For`.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let list = |name: HeaderName| -> Vec<&str> {
        let values = headers.get_all(name).into_iter().flat_map(|value| value.to_str().unwrap_or_default().split(','));
        values.map(str::trim).collect()
    };
    let forwarded = list(header::FORWARDED);
    if forwarded.is_empty() {
        return list(HeaderName::from_static("x-forwarded-for")).into_iter().map(ip).collect();
    }
    forwarded.into_iter().map(|element| ip(for_whom(element)?)).collect()
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
