//! The configuration of the scanner for malware.

use super::value;
use clap::Args;
use dossier_storage::{Scanner, ScannerAddress};

/// The scanner for malware.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Malware scan")]
pub struct ScannerSettings {
    /// Address of clamd, the daemon of ClamAV: `host:port`, or the path of its socket, such as
    /// /run/clamav/clamd.ctl. Each upload is scanned before it is complete. While clamd does not answer, uploads wait.
    /// Without it, nothing is scanned.
    #[arg(long, env = "CLAMD_ADDRESS", value_parser = address)]
    pub clamd_address: Option<ScannerAddress>,

    /// Number of MiB of each file that are scanned, from its start. It must not be greater than StreamMaxLength in
    /// clamd.conf.
    #[arg(long, env = "CLAMD_MAX_MIB", default_value_t = 100, value_parser = value::whole::<u16>(1..=4_000, " of MiB"))]
    pub clamd_max_mib: u16,
}

impl ScannerSettings {
    /// Returns the scanner, if one is configured.
    pub fn scanner(&self) -> Option<Scanner> {
        let address = self.clamd_address.clone()?;
        Some(Scanner { address, max_bytes: u64::from(self.clamd_max_mib) << 20 })
    }
}

fn address(value: &str) -> Result<ScannerAddress, String> {
    let path = value.strip_prefix("unix:").unwrap_or(value);
    if path.starts_with('/') {
        return Ok(ScannerAddress::Unix(path.into()));
    }
    let tcp = value.strip_prefix("tcp://").unwrap_or(value);
    match tcp.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0) => {
            Ok(ScannerAddress::Tcp(tcp.to_owned()))
        }
        _ => Err("must be a host and a port, such as 127.0.0.1:3310, or the path of a socket".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{ScannerAddress, address};

    #[test]
    fn addresses_are_parsed() {
        let socket = ScannerAddress::Unix("/run/clamav/clamd.ctl".into());
        assert_eq!(address("/run/clamav/clamd.ctl"), Ok(socket.clone()));
        assert_eq!(address("unix:/run/clamav/clamd.ctl"), Ok(socket));
        for tcp in ["clamav:3310", "[::1]:3310"] {
            assert_eq!(address(tcp), Ok(ScannerAddress::Tcp(tcp.to_owned())));
        }
        assert_eq!(address("tcp://clamav:3310"), Ok(ScannerAddress::Tcp("clamav:3310".to_owned())));
        for wrong in ["clamav", ":3310", "clamav:0", "clamav:x", ""] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
    }
}
