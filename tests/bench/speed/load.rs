//! One measurement of a server. Each connection sends its next request as soon as it has an answer.

use super::{
    line::{Line, request},
    operation::Operation,
    process::Running,
    same::id_in,
};
use crate::desk::Script;
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
        let (mut line, work) = (Line::open(server.port).await.unwrap(), works[place % works.len()].clone());
        line.ask(&work.first[place % work.first.len()]).await.unwrap();
        lines.push((line, work));
    }
    let (used, begun) = (server.processor(), Instant::now());
    let all = LocalSet::new();
    let asking: Vec<_> = (0..)
        .zip(lines)
        .map(|(place, (line, work))| all.spawn_local(async move { ask(line, &work, place, begun + lasts).await }))
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

async fn ask(mut line: Line, work: &Work, place: usize, until: Instant) -> io::Result<Vec<Duration>> {
    let mut times = Vec::new();
    // Connections start at different requests.
    let mut next = place * 7;
    loop {
        let begun = Instant::now();
        if begun >= until {
            return Ok(times);
        }
        let answer = line.ask(&work.first[next % work.first.len()]).await?;
        if work.script.operation == Operation::E {
            let then = work.script.then(&id_in(answer)?);
            line.ask(&request(&then)).await.and_then(id_in)?;
        }
        times.push(begun.elapsed());
        next += 1;
    }
}
