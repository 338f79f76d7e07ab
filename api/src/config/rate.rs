//! How much callers may ask for.

use clap::Args;
use ipnet::IpNet;

/// Limits of a minute; 0 is none.
#[derive(Args, Clone, Debug)]
pub struct RateLimits {
    /// How many operations a user, or an address of anonymous callers, may ask for in a minute; 0: any number.
    #[arg(long = "rate-operations", env = "RATE_OPERATIONS", default_value_t = 100, value_parser = amount())]
    pub operations: u32,

    /// How many points of cost they may use in a minute, see `extensions.cost`; 0: any number.
    #[arg(long = "rate-points", env = "RATE_POINTS", default_value_t = 6_000, value_parser = amount())]
    pub points: u32,

    /// How many attempts to sign in there may be in a minute, from an address and to an account; 0: any number.
    #[arg(long = "rate-sign-in", env = "RATE_SIGN_IN", default_value_t = 10, value_parser = amount())]
    pub sign_in: u32,

    /// Networks of proxies, separated by commas, such as 10.0.0.0/8,fd00::/8. Only they are believed when they say, in
    /// Forwarded or X-Forwarded-For, for whom they ask.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
}

fn amount() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(0..=1_000_000)
}

/// A network, or one address.
fn network(value: &str) -> Result<IpNet, String> {
    let value = value.trim();
    let network = value.parse::<IpNet>().ok().or_else(|| value.parse::<std::net::IpAddr>().ok().map(IpNet::from));
    network.ok_or_else(|| "must be a network such as 10.0.0.0/8 or fd00::/8, or an address".to_owned())
}
