//! What things cost: the one place of the figures that the capacity model is computed from. Times are in seconds.
//! `docs/performance.md` says the same in a table; a figure that is measured again is changed here and there.

/// Measured: `cargo bench --bench fanout -- --subscribers 10000`, a process's core for each delivered event.
pub const DELIVERY: f64 = 14.7e-6;
/// Measured, the same: memory of an idle socket, in bytes.
pub const SOCKET_MEMORY: f64 = 15.0 * 1024.0;
/// Measured, the same: 10,000 sockets in one hub.
pub const MEASURED_P50: f64 = 0.096;
/// Measured, the same.
pub const MEASURED_P99: f64 = 0.224;

/// Counted in the code: statements of `PostgreSQL` for one mutation with its event, and for reading its payload.
pub const MUTATION_STATEMENTS: u32 = 8;
/// Counted: a herald reads where the events end, what is new, and once more that there is nothing.
pub const HERALD_STATEMENTS: u32 = 5;
/// Counted: a herald that looks for nothing.
pub const LOOK_STATEMENTS: u32 = 3;
/// Counted: a channel reads one event, executes the subscription, and looks once more.
pub const CHANNEL_STATEMENTS: u32 = 8;
/// In the code (`LOOK_ANYWAY`): how often a herald looks without being woken.
pub const LOOK_EVERY: f64 = 15.0;

/// Assumed: a process's core for a mutation, a herald's reading, a channel's reading and execution, and a wake-up.
pub const MUTATION: f64 = 3e-3;
/// Assumed.
pub const HERALD: f64 = 0.5e-3;
/// Assumed.
pub const CHANNEL: f64 = 1.5e-3;
/// Assumed.
pub const HEAR: f64 = 5e-6;

/// Assumed: a core of `PostgreSQL` for a statement on warm pages, plans kept.
pub const STATEMENT: f64 = 0.15e-3;
/// Measured with `pgbench`: what a reading of events costs besides where `PostgreSQL` plans it each time, which it does
/// unless `plan_cache_mode` is `force_generic_plan`.
pub const PLANNING: f64 = 7e-3;
/// Assumed.
pub const POSTGRES_CORES: usize = 16;
/// Assumed: writing the log to disk; who commits meanwhile waits for the next.
pub const FLUSH: f64 = 1e-3;
/// Assumed: to another machine of the same room and back.
pub const ROUND_TRIP: f64 = 0.3e-3;
/// Assumed: the core of Redis for a `PUBLISH`, and for each process that it is passed on to.
pub const PUBLISH: f64 = 2e-6;
/// Assumed.
pub const PASS_ON: f64 = 1.5e-6;

/// Assumed: how people are. Organizations, and the exponent by which the next one is smaller (Zipf).
pub const ORGANIZATIONS: usize = 1_000;
/// Assumed.
pub const SKEW: f64 = 0.8;
/// The stage: 1,000,000 dossiers for 100,000 sockets.
pub const DOSSIERS_PER_SOCKET: f64 = 10.0;
/// Assumed: somebody at a socket changes something so often.
pub const SECONDS_PER_WRITE: f64 = 200.0;
/// Assumed: the part of the sockets that are the hub's; the others are portals, and hear of their own dossier.
pub const HUB: f64 = 0.2;
/// Assumed: who sees the same in a hub, the part of its sockets, and whether they hear of every dossier or of half.
pub const KINDS: [(f64, bool); 6] =
    [(0.05, true), (0.45, true), (0.10, false), (0.10, false), (0.15, false), (0.15, false)];
/// With sticky routing: an organization has a process of its own choice for each so many of its sockets.
pub const SOCKETS_PER_HOME: usize = 1_000;
