//! A process that runs jobs: this test program, started by another test.

use super::kinds::Effect;
use crate::support::app;
use chrono::{TimeDelta, Utc};
use dossier_core::clock::Clock;
use dossier_data::Database;
use dossier_jobs::{JobContext, JobError, Registry, Runner, RunnerSettings};
use serde::{Deserialize, Serialize};
use std::{
    io::Write,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::sleep,
};
use uuid::Uuid;

/// The variable with the process's settings.
const VARIABLE: &str = "TEST_JOBS_WORKER";

/// The test that becomes the process.
const TEST: &str = "jobs::worker::a_process_runs_jobs_if_another_test_starts_it";

/// The settings of a process that runs jobs.
#[derive(Clone, Serialize, Deserialize)]
pub struct Settings {
    /// The configuration, as arguments of the command.
    pub arguments: Vec<String>,
    /// The file to which jobs write lines.
    pub effects: PathBuf,
    pub workers: usize,
    pub lease: Duration,
    /// How far its clock is ahead.
    pub clock_ahead: Duration,
}

/// A process that runs jobs until it is dropped.
pub struct Worker(Child);

impl Worker {
    pub fn start(settings: &Settings) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([TEST, "--exact", "--nocapture"]).env(VARIABLE, serde_json::to_string(settings).unwrap());
        let log =
            std::fs::File::options().create(true).append(true).open(settings.effects.with_extension("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        Self(command.spawn().unwrap())
    }

    /// Sends a signal, such as `STOP`.
    pub fn signal(&self, name: &str) {
        crate::support::process::signal(&self.0, name);
    }

    /// Asks it to stop, and waits.
    pub fn end(mut self) {
        self.signal("TERM");
        assert!(self.0.wait().unwrap().success());
    }
}

/// Kills it with `kill -9`.
impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_runs_jobs_if_another_test_starts_it() {
    let Ok(settings) = std::env::var(VARIABLE) else { return };
    let settings: Settings = serde_json::from_str(&settings).unwrap();
    let database = open(&settings.arguments, settings.clock_ahead).await;
    let registry = Registry::default().with(&settings.effects, effect);
    let runner = RunnerSettings {
        workers: settings.workers,
        lease: settings.lease,
        poll: Duration::from_millis(50),
        ..RunnerSettings::default()
    };
    let mut terminated = signal(SignalKind::terminate()).unwrap();
    let handle = Runner::new(database, registry, runner, Uuid::now_v7()).start();
    terminated.recv().await;
    handle.shutdown(Duration::from_secs(1)).await;
}

/// Opens the database of a configuration, with a clock that is ahead.
pub async fn open(arguments: &[String], clock_ahead: Duration) -> Database {
    let config = app::config(arguments);
    let clock_ahead = TimeDelta::from_std(clock_ahead).unwrap();
    let clock = Clock::new(move || Utc::now() + clock_ahead);
    let source = dossier::database::current(&config).await.unwrap();
    Database::new(source, config.session_settings(), clock, Silent)
}

/// A notifier without listeners.
struct Silent;

impl dossier_data::Notifier for Silent {
    fn wake(&self, _: Uuid) {}
}

/// Causes an effect outside of the database: it writes a line with the job's id at once.
async fn effect(effects: PathBuf, job: Effect, context: JobContext) -> Result<(), JobError> {
    let mut file = std::fs::File::options().create(true).append(true).open(effects)?;
    file.write_all(format!("{} {}\n", context.id(), context.lease.number).as_bytes())?;
    sleep(Duration::from_millis(job.milliseconds)).await;
    Ok(())
}
