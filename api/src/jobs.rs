//! The jobs of a server, and their schedules.

use crate::{app::App, config::Config};
use dossier_domain::{expiry::DeleteExpired, reclaim::ReclaimStorage, verification::VerifyUpload};
use dossier_events::retention::ClearEvents;
use dossier_jobs::{DeleteFinishedJobs, Registry, Runner, RunnerHandle, RunnerSettings, Schedules};

/// Starts to run jobs. `None` if the process is configured with no workers.
pub fn start(app: &App, config: &Config) -> Option<RunnerHandle> {
    let settings = RunnerSettings { workers: config.job_workers.into(), ..RunnerSettings::default() };
    if settings.workers == 0 {
        return None;
    }
    let (registry, metrics) = (registry(app), app.metrics.clone());
    metrics.begin_jobs(registry.names());
    let worker = dossier_core::clock::new_id(app.database.clock.now());
    let runner = Runner::new(app.database.clone(), registry, settings, worker)
        .with_schedules(schedules())
        .with_wakeup(app.database.jobs.clone())
        .with_observer(move |kind, outcome, took| metrics.job_attempt(kind, outcome, took));
    Some(runner.start())
}

/// Returns the handlers of all kinds.
fn registry(app: &App) -> Registry {
    let database = &app.database;
    Registry::default()
        .with(database, ClearEvents::run)
        .with(&(database.clone(), app.objects.clone()), ReclaimStorage::run)
        .with(&(database.clone(), app.objects.clone()), VerifyUpload::run)
        .with(database, DeleteExpired::run)
        .with(database, DeleteFinishedJobs::run)
}

/// Returns the recurring jobs of each organization.
fn schedules() -> Schedules {
    Schedules::default()
        .with(ClearEvents::recurring())
        .with(ReclaimStorage::recurring())
        .with(DeleteExpired::recurring())
        .with(DeleteFinishedJobs::recurring())
}
