//! The costs for the capacity model, in seconds. No other file contains such figures, except for the table in
//! `docs/performance.md`. Both must change together.

/// Measured with `cargo bench --bench fanout -- --subscribers 10000`: CPU time of a process for a delivered event.
pub const DELIVERY: f64 = 14.7e-6;
/// Measured in the same way: memory of an idle socket, in bytes.
pub const SOCKET_MEMORY: f64 = 15.0 * 1024.0;
/// Measured in the same way: 10,000 sockets in one hub.
pub const MEASURED_P50: f64 = 0.096;
/// Measured in the same way.
pub const MEASURED_P99: f64 = 0.224;

/// Counted in the code: statements of `PostgreSQL` for one mutation with its event, and for reading its payload.
pub const MUTATION_STATEMENTS: u32 = 8;
/// Counted: statements of an outbox reader, which reads the end of the events, then new events, and the end again.
pub const OUTBOX_READER_STATEMENTS: u32 = 5;
/// Counted: statements of an outbox reader that finds nothing.
pub const LOOK_STATEMENTS: u32 = 3;
/// Counted: statements of a broadcast, which reads one event, executes the subscription, and reads once more.
pub const BROADCAST_STATEMENTS: u32 = 8;
/// In the code (`READ_AFTER`): how often an outbox reader reads without a wake-up.
pub const LOOK_EVERY: f64 = 15.0;

/// Assumed: CPU time of a process for a mutation, a read of the outbox reader, a read and execution of a broadcast, and
/// a wake-up.
pub const MUTATION: f64 = 3e-3;
/// Assumed.
pub const OUTBOX_READER: f64 = 0.5e-3;
/// Assumed.
pub const BROADCAST: f64 = 1.5e-3;
/// Assumed.
pub const HEAR: f64 = 5e-6;

/// Assumed: CPU time of `PostgreSQL` for a statement with cached pages and plans.
pub const STATEMENT: f64 = 0.15e-3;
/// Measured with `pgbench`: the additional cost of reading events if `PostgreSQL` plans each time. It does so unless
/// `plan_cache_mode` is `force_generic_plan`.
pub const PLANNING: f64 = 7e-3;
/// Assumed.
pub const POSTGRES_CORES: usize = 16;
/// Assumed: writing the log to disk. Commits that arrive meanwhile wait for the next write.
pub const FLUSH: f64 = 1e-3;
/// Assumed: the round trip to another machine in the same data center.
pub const ROUND_TRIP: f64 = 0.3e-3;
/// Assumed: CPU time of Redis for a `PUBLISH`, and for each process that receives it.
pub const PUBLISH: f64 = 2e-6;
/// Assumed.
pub const PASS_ON: f64 = 1.5e-6;

/// Assumed: the number of organizations, and the exponent by which their sizes decrease (Zipf).
pub const ORGANIZATIONS: usize = 1_000;
/// Assumed.
pub const SKEW: f64 = 0.8;
/// 1,000,000 dossiers for 100,000 sockets.
pub const DOSSIERS_PER_SOCKET: f64 = 10.0;
/// Assumed: the time between two changes by a person with a socket.
pub const SECONDS_PER_WRITE: f64 = 200.0;
/// Assumed: the share of sockets in hubs. The others are portals, which only get the events of their own dossier.
pub const HUB: f64 = 0.2;
/// Assumed: the access scopes of a hub: their share of its sockets, and whether they see all dossiers or half of them.
pub const KINDS: [(f64, bool); 6] =
    [(0.05, true), (0.45, true), (0.10, false), (0.10, false), (0.15, false), (0.15, false)];
/// With sticky routing: an organization has one process for each so many of its sockets.
pub const SOCKETS_PER_HOME: usize = 1_000;
