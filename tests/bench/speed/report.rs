//! Prints the results.

use super::{
    allocations::Allocated, callers::Callers, database::owner, load::Turn, operation::Operation, process::BINARY,
};
use std::{path::Path, time::Duration};

/// The results of all operations with this number of connections.
pub struct Level {
    pub connections: usize,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub operation: Operation,
    /// The median ratio to the limit's throughput.
    pub ratio: f64,
}

/// One side of a row.
struct Side {
    rate: f64,
    processor: f64,
    p50: f64,
    p99: f64,
}

pub fn introduce(data: &Path, callers_by_organization: &[Callers]) {
    let database = if owner(data).starts_with("postgres") { "PostgreSQL" } else { "SQLite" };
    let binary = std::fs::metadata(BINARY).unwrap().len();
    println!(
        "{database}; {} organizations are asked for; both answer with the same rows",
        callers_by_organization.len()
    );
    println!("binary: {binary} bytes");
}

pub fn started(mut times: Vec<Duration>) {
    times.sort_unstable();
    println!("start, to the first answer: {:.1} ms (median of {})", milliseconds(times[times.len() / 2]), times.len());
}

pub fn allocated(operation: Operation, each: &Allocated) {
    println!("{operation:11} {:>6} allocations, {:>8} bytes a request", each.calls, each.bytes);
}

pub fn head(turns: usize, turn: Duration) {
    println!("Medians of {turns} turns of {turn:?}; times in ms, CPU of the server in µs for one");
    println!(
        "{:11} {:>5} {:>9} {:>9} {:>6} {:>8} {:>8} {:>8} {:>8} {:>6} {:>9} {:>9}",
        "operation",
        "conn.",
        "limit/s",
        "dossier/s",
        "ratio",
        "p50 lim.",
        "p50 dos.",
        "p99 lim.",
        "p99 dos.",
        "ratio",
        "CPU lim.",
        "CPU dos."
    );
}

/// Prints a row of the table.
pub fn row(operation: Operation, connections: usize, turns: Vec<(Turn, Turn)>) -> Row {
    let ratio = median(turns.iter().map(|(limit, ours)| ours.rate / limit.rate));
    let (limit, ours): (Vec<_>, Vec<_>) = turns.into_iter().unzip();
    let (limit, ours) = (Side::of(limit), Side::of(ours));
    println!(
        "{operation:11} {connections:>5} {:>9.0} {:>9.0} {ratio:>6.2} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>6.2} \
         {:>9.0} {:>9.0}",
        limit.rate,
        ours.rate,
        limit.p50,
        ours.p50,
        limit.p99,
        ours.p99,
        ours.p99 / limit.p99,
        limit.processor,
        ours.processor
    );
    Row { operation, ratio }
}

impl Side {
    fn of(turns: Vec<Turn>) -> Self {
        let rate = median(turns.iter().map(|turn| turn.rate));
        let processor = median(turns.iter().map(|turn| milliseconds(turn.processor) * 1_000.0));
        let mut times: Vec<_> = turns.into_iter().flat_map(|turn| turn.times).collect();
        times.sort_unstable();
        let [p50, p99] = [50, 99].map(|percent| milliseconds(times[times.len() * percent / 100]));
        Self { rate, processor, p50, p99 }
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
