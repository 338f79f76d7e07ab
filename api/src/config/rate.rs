//! The rate limits of callers.

use super::value;
use clap::Args;
use ipnet::IpNet;

/// The heading of the limits in `--help`.
pub(super) const LIMITS: &str = "Limits";

/// The limits of a minute. 0 means no limit.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = LIMITS)]
pub struct RateLimits {
    /// Maximum number of operations in a minute for a user, or for an address of anonymous callers; 0 means no limit.
    #[arg(long = "rate-operations", env = "RATE_OPERATIONS", default_value_t = 100, value_parser = amount())]
    pub operations: u32,

    /// Maximum cost in points in a minute (see `extensions.cost`), and the same again for delivered events; 0 means no
    /// limit.
    #[arg(long = "rate-points", env = "RATE_POINTS", default_value_t = 6_000, value_parser = amount())]
    pub points: u32,

    /// Maximum number of attempts to sign in from an address in a minute; 0 means no limit. For one account, ten times
    /// as many are allowed from all addresses together that have not signed in to it before.
    #[arg(long = "rate-sign-in", env = "RATE_SIGN_IN", default_value_t = 10, value_parser = amount())]
    pub sign_in: u32,

    /// Addresses or networks of trusted proxies, separated by commas, such as 127.0.0.1,10.0.0.0/8. Only these may name
    /// the caller in X-Forwarded-For or Forwarded. Behind any other proxy, all callers count as one address and share
    /// its limits.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
}

fn amount() -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync + 'static {
    value::whole(0..=1_000_000, "")
}

/// Parses a network or an address.
fn network(value: &str) -> Result<IpNet, String> {
    let value = value.trim();
    let network = value.parse::<IpNet>().ok().or_else(|| value.parse::<std::net::IpAddr>().ok().map(IpNet::from));
    network.ok_or_else(|| "must be a network such as 10.0.0.0/8 or fd00::/8, or an IP address".to_owned())
}
