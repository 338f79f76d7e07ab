//! The jobs of a server, and their schedules.

use crate::{app::App, config::Config};
use dossier_core::error::BoxError;
use dossier_domain::{
    expiry::DeleteExpired,
    mail::{MailContext, SendMail},
    preview::{FindMissingPreviews, MakePreviews},
    reclaim::ReclaimStorage,
    trash::PurgeTrash,
    validation::FollowVersion,
    verification::VerifyUpload,
};
use dossier_events::retention::ClearEvents;
use dossier_jobs::{DeleteFinishedJobs, Registry, Runner, RunnerHandle, RunnerSettings, Schedules};
use url::Url;

/// Starts to run jobs. `None` if the process is configured with no workers.
pub fn start(app: &App, config: &Config, public_url: &Url) -> Result<Option<RunnerHandle>, BoxError> {
    let settings = RunnerSettings { workers: config.job_workers.into(), ..RunnerSettings::default() };
    if settings.workers == 0 {
        return Ok(None);
    }
    let (registry, metrics) = (registry(app, &mail(app, config, public_url)?), app.metrics.clone());
    metrics.begin_jobs(registry.names());
    let worker = dossier_core::clock::new_id(app.database.clock.now());
    let runner = Runner::new(app.database.clone(), registry, settings, worker)
        .with_schedules(schedules())
        .with_wakeup(app.database.jobs.clone())
        .with_observer(move |kind, outcome, took| metrics.job_attempt(kind, outcome, took));
    Ok(Some(runner.start()))
}

/// Returns the parts that sending mail needs.
fn mail(app: &App, config: &Config, public_url: &Url) -> Result<MailContext, BoxError> {
    let mailer = config.mailer()?;
    if !mailer.sends() {
        let folder = config.mail_folder();
        tracing::info!(folder = %folder.path().display(), "SMTP_URL is not set, so mails are written to a folder");
    }
    let app_url = config.mail.app_url.as_ref().unwrap_or(public_url);
    let app_url = app_url.as_str().trim_end_matches('/').to_owned();
    Ok(MailContext { database: app.database.clone(), mailer, sealer: app.sealer.clone(), app_url })
}

/// Returns the handlers of all kinds.
fn registry(app: &App, mail: &MailContext) -> Registry {
    let database = &app.database;
    Registry::default()
        .with(database, ClearEvents::run)
        .with(&(database.clone(), app.objects.clone()), ReclaimStorage::run)
        .with(&(database.clone(), app.objects.clone(), app.scanner.clone()), VerifyUpload::run)
        .with(&(database.clone(), app.objects.clone(), app.renderer.clone()), MakePreviews::run)
        .with(database, FindMissingPreviews::run)
        .with(database, FollowVersion::run)
        .with(database, DeleteExpired::run)
        .with(database, PurgeTrash::run)
        .with(mail, SendMail::run)
        .with(database, DeleteFinishedJobs::run)
}

/// Returns the recurring jobs of each organization.
fn schedules() -> Schedules {
    Schedules::default()
        .with(ClearEvents::recurring())
        .with(ReclaimStorage::recurring())
        .with(FindMissingPreviews::recurring())
        .with(DeleteExpired::recurring())
        .with(PurgeTrash::recurring())
        .with(DeleteFinishedJobs::recurring())
}
