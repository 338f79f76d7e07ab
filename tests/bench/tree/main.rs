//! A model of the fan-out at sizes that no test machine holds: commit, wake-up over Redis, the read of an outbox reader
//! in each process, the read of a broadcast for each access scope, and the delivery to each socket. It is a
//! deterministic discrete-event simulation with the costs in `costs.rs`. `cargo bench --bench tree`.
//!
//! Not modelled: memory, the limit of a process's connections to the database, vacuum, replicas, lost packets. Loads
//! over 100 % would in reality be even slower, or refused.

#![allow(missing_docs, clippy::unwrap_used)]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod costs;
mod simulation;
mod topology;

use costs::{DELIVERY, MEASURED_P50, MEASURED_P99, PLANNING, SOCKET_MEMORY};
use simulation::{Outcome, Simulation};
use topology::{Placement, Topology};

/// The simulated time, in seconds.
const DURATION: f64 = 10.0;

fn main() {
    check();
    println!(
        "\n{:>7} {:>5} {:9} {:>8} {:>10} {:>11} {:>11} {:>9} {:>6} {:>9} {:>8} {:>8}  first",
        "sockets",
        "procs",
        "placed",
        "writes/s",
        "told/s",
        "core mean",
        "core max",
        "stmts/s",
        "pg",
        "redis/s",
        "p50",
        "p99"
    );
    for sockets in [10_000, 100_000, 300_000] {
        for processes in [4, 16, 64] {
            for placement in [Placement::Anywhere, Placement::Home] {
                report(sockets, processes, placement, 0.0);
            }
        }
    }
    println!("Where PostgreSQL plans each reading of events anew:");
    for placement in [Placement::Anywhere, Placement::Home] {
        report(100_000, 64, placement, PLANNING);
    }
    println!(
        "\nOne process with a core and 2 GiB for sockets: {:.0} deliveries a second, {:.0} idle sockets.",
        1.0 / DELIVERY,
        2.0 * f64::from(1 << 30) / SOCKET_MEMORY
    );
}

/// Simulates the measured case: one hub of 10,000 sockets in one process, with an event per second.
fn check() {
    let outcome = Simulation::new(Topology::one_hub(10_000), 1, 0.0).run(20.0);
    let (p50, p99) = (outcome.latency(0.50), outcome.latency(0.99));
    let off = |model: f64, measured: f64| (model / measured - 1.0) * 100.0;
    println!("10,000 sockets in one hub and process   model   measured   off");
    println!("p50 {:38.0} ms {:7.0} ms {:+5.0} %", p50 * 1e3, MEASURED_P50 * 1e3, off(p50, MEASURED_P50));
    println!("p99 {:38.0} ms {:7.0} ms {:+5.0} %", p99 * 1e3, MEASURED_P99 * 1e3, off(p99, MEASURED_P99));
}

fn report(sockets: usize, processes: usize, placement: Placement, planning: f64) {
    let outcome = Simulation::new(Topology::new(sockets, processes, placement), processes, planning).run(DURATION);
    let Outcome { mean, busiest, postgres, redis, .. } = outcome;
    println!(
        "{sockets:7} {processes:5} {:9} {:8.0} {:10.0} {:9.0} % {:9.0} % {:9.0} {:4.0} % {:9.0} {:>8} {:>8}  {}",
        format!("{placement:?}").to_lowercase(),
        outcome.writes,
        outcome.delivered,
        mean * 100.0,
        busiest * 100.0,
        outcome.statements,
        postgres * 100.0,
        outcome.passed_on,
        milliseconds(outcome.latency(0.50)),
        milliseconds(outcome.latency(0.99)),
        first(busiest, postgres, redis),
    );
}

/// Returns the latency, unless the system is overloaded, because it then only grows with the simulated time.
fn milliseconds(latency: f64) -> String {
    if latency > 2.0 { "> 2 s".to_owned() } else { format!("{:.0} ms", latency * 1e3) }
}

/// Returns the resource with the highest load.
fn first(busiest: f64, postgres: f64, redis: f64) -> String {
    let all = [(busiest, "a process"), (postgres, "PostgreSQL"), (redis, "Redis")];
    let (used, name) = all.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    if used > 1.0 { format!("{name}, overloaded") } else { name.to_owned() }
}
