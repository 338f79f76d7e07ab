//! Measures one server with all its subscribers: their cost, and the latency of events.

use super::{
    crowd::{Subscribers, Subscription},
    process::Running,
};
use reqwest::RequestBuilder;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// The pause between events.
const PACE: Duration = Duration::from_secs(1);

/// Deliveries that take longer count as lost.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// The time without events, to measure idle subscribers.
const REST: Duration = Duration::from_secs(5);

/// A request that causes an event, and the number of its subscribers.
#[derive(Clone)]
pub struct Cause {
    pub token: String,
    pub body: String,
    pub receivers: usize,
}

pub struct Side {
    pub subscribers: Vec<Subscription>,
    pub causes: Vec<Cause>,
}

pub struct Figures {
    pub sockets: usize,
    /// The maximum number of subscribers of an event.
    pub receivers: usize,
    /// The resident memory of an idle socket, in KiB.
    pub idle: f64,
    /// The median time from the request to the first delivery.
    pub first: Duration,
    pub p50: Duration,
    pub p99: Duration,
    /// The server's CPU time per delivery.
    pub processor: Duration,
    /// Deliveries that are missing, or that arrive twice.
    pub lost: usize,
    /// An event as delivered.
    pub text: String,
}

impl Side {
    /// Returns the same numbers of subscribers and events, for a server that sends this text.
    pub fn bare(other: &Self, text: &str) -> Self {
        let receivers = other.receivers();
        let cause = Cause { token: String::new(), body: text.to_owned(), receivers };
        Self { subscribers: vec![Subscription::default(); receivers], causes: vec![cause; other.causes.len()] }
    }

    fn receivers(&self) -> usize {
        self.causes.iter().map(|cause| cause.receivers).max().unwrap()
    }

    pub async fn measure(&self, server: &Running) -> Figures {
        let before = server.memory("VmRSS");
        let crowd = Subscribers::gather(server.port, &self.subscribers).await;
        sleep(REST).await;
        let idle = (server.memory("VmRSS") - before) / count(self.subscribers.len());
        let (rest, begun) = (server.processor(), Instant::now());
        sleep(REST).await;
        let resting = server.processor().saturating_sub(rest).div_f64(begun.elapsed().as_secs_f64());
        let (used, begun) = (server.processor(), Instant::now());
        let mut latencies = Latencies::default();
        for cause in &self.causes {
            latencies.measure(server, &crowd, cause).await;
        }
        let processor =
            server.processor().saturating_sub(used).saturating_sub(resting.mul_f64(begun.elapsed().as_secs_f64()));
        let arrived = crowd.arrived.lock().unwrap();
        assert!(arrived.wrong.is_empty(), "{} things went wrong: {}", arrived.wrong.len(), arrived.wrong[0]);
        latencies.times.sort_unstable();
        latencies.firsts.sort_unstable();
        Figures {
            sockets: self.subscribers.len(),
            receivers: self.receivers(),
            idle,
            first: latencies.firsts[latencies.firsts.len() / 2],
            p50: latencies.times[latencies.times.len() / 2],
            p99: latencies.times[latencies.times.len() * 99 / 100],
            processor: processor.div_f64(count(latencies.times.len())),
            lost: latencies.lost,
            text: arrived.text.clone(),
        }
    }
}

#[derive(Default)]
struct Latencies {
    times: Vec<Duration>,
    firsts: Vec<Duration>,
    lost: usize,
}

impl Latencies {
    /// Causes one event, and waits until all have it.
    async fn measure(&mut self, server: &Running, crowd: &Subscribers, cause: &Cause) {
        crowd.arrived.lock().unwrap().times.clear();
        let begun = Instant::now();
        let sent = tokio::spawn(cause.request(&server.url()).send());
        while crowd.arrived.lock().unwrap().times.len() < cause.receivers && begun.elapsed() < MAX_WAIT {
            sleep(Duration::from_millis(20)).await;
        }
        let answer = sent.await.unwrap().unwrap().error_for_status().unwrap().text().await.unwrap();
        assert!(!answer.contains("\"errors\""), "{answer}");
        sleep(PACE.saturating_sub(begun.elapsed())).await;
        let times: Vec<_> = std::mem::take(&mut crowd.arrived.lock().unwrap().times);
        self.lost += times.len().abs_diff(cause.receivers);
        self.firsts.extend(times.iter().min().map(|time| time.duration_since(begun)));
        self.times.extend(times.iter().map(|time| time.duration_since(begun)));
    }
}

impl Cause {
    fn request(&self, url: &str) -> RequestBuilder {
        let request = reqwest::Client::new().post(url).header("Content-Type", "application/json");
        request.bearer_auth(&self.token).body(self.body.clone())
    }
}

fn count(things: usize) -> f64 {
    f64::from(u32::try_from(things).unwrap())
}
