//! One measurement of a server. Each connection sends its next request as soon as it has an answer.

use super::{
    compare_answers::id_in,
    connection::{Connection, request},
    operation::Operation,
    process::Running,
};
use crate::callers::Script;
use std::{
    io,
    rc::Rc,
    time::{Duration, Instant},
};
use tokio::task::LocalSet;

/// The result of a measurement.
pub struct Turn {
    /// Answers per second.
    pub rate: f64,
    /// The server's CPU time per answer.
    pub processor: Duration,
    pub times: Vec<Duration>,
}

/// The prepared requests of one connection.
struct Work {
    first: Vec<Vec<u8>>,
    script: Script,
}

/// Runs a measurement. Connections use different people, as long as there are enough. Any failure is an error.
pub async fn turn(server: &Running, scripts: &[Script], connections: usize, lasts: Duration) -> Turn {
    let ready = |script: &Script| {
        let first = script.first.iter().map(request).collect();
        Rc::new(Work { first, script: script.clone() })
    };
    let works: Vec<_> = scripts.iter().map(ready).collect();
    let mut lines = Vec::new();
    for place in 0..connections {
        let (mut connection, work) = (Connection::open(server.port).await.unwrap(), works[place % works.len()].clone());
        connection.ask(&work.first[place % work.first.len()]).await.unwrap();
        lines.push((connection, work));
    }
    let (used, begun) = (server.processor(), Instant::now());
    let all = LocalSet::new();
    let asking: Vec<_> = (0..)
        .zip(lines)
        .map(|(place, (connection, work))| {
            all.spawn_local(async move { ask(connection, &work, place, begun + lasts).await })
        })
        .collect();
    all.await;
    let (took, used) = (begun.elapsed(), server.processor().saturating_sub(used));
    let mut times = Vec::new();
    for asked in asking {
        times.extend(asked.await.unwrap().unwrap());
    }
    let count = u32::try_from(times.len()).unwrap();
    Turn { rate: f64::from(count) / took.as_secs_f64(), processor: used / count.max(1), times }
}

async fn ask(mut connection: Connection, work: &Work, place: usize, until: Instant) -> io::Result<Vec<Duration>> {
    let mut times = Vec::new();
    // Connections start at different requests.
    let mut next = place * 7;
    loop {
        let begun = Instant::now();
        if begun >= until {
            return Ok(times);
        }
        let answer = connection.ask(&work.first[next % work.first.len()]).await?;
        if work.script.operation == Operation::E {
            let then = work.script.then(&id_in(answer)?);
            connection.ask(&request(&then)).await.and_then(id_in)?;
        }
        times.push(begun.elapsed());
        next += 1;
    }
}
