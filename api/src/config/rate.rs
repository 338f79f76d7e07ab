//! How much callers may ask for.

use super::value;
use clap::Args;
use ipnet::IpNet;

/// The heading of the limits in `--help`.
pub(super) const LIMITS: &str = "Limits";

/// Limits of a minute; 0 is none.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = LIMITS)]
pub struct RateLimits {
    /// How many operations a user, or an address of anonymous callers, may ask for in a minute; 0: any number.
    #[arg(long = "rate-operations", env = "RATE_OPERATIONS", default_value_t = 100, value_parser = amount())]
    pub operations: u32,

    /// How many points of cost they may use in a minute, see `extensions.cost`, and as many for the events that are
    /// delivered to them; 0: any number.
    #[arg(long = "rate-points", env = "RATE_POINTS", default_value_t = 6_000, value_parser = amount())]
    pub points: u32,

    /// How many attempts to sign in an address may make in a minute; 0: any number. Ten times as many may come from all
    /// addresses that have not signed in to the account before.
    #[arg(long = "rate-sign-in", env = "RATE_SIGN_IN", default_value_t = 10, value_parser = amount())]
    pub sign_in: u32,

    /// Networks or addresses of proxies, separated by commas, such as 127.0.0.1,10.0.0.0/8. Only these are believed when
    /// they name the caller, in X-Forwarded-For or Forwarded. Behind a proxy that is not named here, all callers count as
    /// one address and share its limits.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
}

fn amount() -> impl Fn(&str) -> Result<u32, String> + Clone + Send + Sync + 'static {
    value::whole(0..=1_000_000, "")
}

/// A network, or one address.
fn network(value: &str) -> Result<IpNet, String> {
    let value = value.trim();
    let network = value.parse::<IpNet>().ok().or_else(|| value.parse::<std::net::IpAddr>().ok().map(IpNet::from));
    network.ok_or_else(|| "must be a network such as 10.0.0.0/8 or fd00::/8, or an IP address".to_owned())
}
