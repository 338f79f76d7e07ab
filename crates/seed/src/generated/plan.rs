//! How much is made up.

use clap::{Args, value_parser};

/// About how many rows are made up before they are written.
const ROWS_IN_MEMORY: u64 = 200_000;

/// How much is made up.
#[derive(Args, Clone, Debug)]
pub struct Plan {
    /// How many organizations; each has two sites, an owner, two operators, two managers and four staff.
    #[arg(long, default_value_t = 2, value_parser = value_parser!(u32).range(1..=1_000_000))]
    pub organizations: u32,
    /// How many clients an organization has; one in three can sign in.
    #[arg(long, default_value_t = 20, value_parser = value_parser!(u32).range(0..=10_000_000))]
    pub clients: u32,
    /// How many documents a client has. Their bytes are not made: they are listed, and cannot be downloaded.
    #[arg(long, default_value_t = 12, value_parser = value_parser!(u32).range(0..=100_000))]
    pub documents: u32,
    /// How many conversations a client has.
    #[arg(long, default_value_t = 2, value_parser = value_parser!(u32).range(0..=100_000))]
    pub conversations: u32,
    /// How many messages a conversation has.
    #[arg(long, default_value_t = 15, value_parser = value_parser!(u32).range(0..=100_000))]
    pub messages: u32,
    /// How many validation requests a client has.
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u32).range(0..=100_000))]
    pub requests: u32,
    /// How many invoices a client has, besides the quotes, credit notes and payments that go with them.
    #[arg(long, default_value_t = 4, value_parser = value_parser!(u32).range(0..=100_000))]
    pub invoices: u32,
    /// Decides everything that the other flags leave open, the passwords, too: whoever knows it can sign in.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

impl Plan {
    /// How many dossiers are made up before they are written.
    pub(super) fn dossiers_in_memory(&self) -> u32 {
        let [documents, conversations, messages, requests, invoices] =
            [self.documents, self.conversations, self.messages, self.requests, self.invoices].map(u64::from);
        let rows = 2 + documents * 5 + conversations * (2 + messages * 2) + requests * 6 + invoices * 16;
        u32::try_from((ROWS_IN_MEMORY / rows).clamp(1, 1_000)).unwrap_or(1)
    }
}
