//! The log of the process, on standard error.

use clap::ValueEnum;
use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{IsTerminal, stderr},
    panic,
    time::Duration,
};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt,
    registry,
    util::SubscriberInitExt,
};

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people.
    Text,
    /// One JSON object per line, for programs.
    Json,
}

/// The library of the embedded object store logs every refused request as an error, with its signed URL.
const QUIETER: &str = "s3s=off,sea_orm_migration=warn,sqlx::postgres::notice=warn";

/// Parses a level, or levels by module. A module without a level is refused, because it usually is a misspelt level.
pub fn filter(levels: &str) -> Result<Targets, String> {
    let levels = levels.replace(' ', "");
    let is_level = |level: &str| !level.is_empty() && level.parse::<LevelFilter>().is_ok();
    let is_module =
        |module: &str| !module.is_empty() && module.chars().all(|c| c.is_alphanumeric() || "_:".contains(c));
    let known = |directive: &str| match directive.split_once('=') {
        Some((module, level)) => is_module(module) && is_level(level),
        None => is_level(directive),
    };
    if levels.split(',').all(known)
        && let Ok(filter) = format!("{QUIETER},{levels}").parse()
    {
        return Ok(filter);
    }
    Err("must be one of off, error, warn, info, debug, trace, or directives such as info,dossier=debug".to_owned())
}

/// Starts the log. May be called once in a process.
pub fn begin(filter: &Targets, format: Format) {
    let (begun, lines) = (registry().with(filter.clone()), fmt::layer().with_writer(stderr));
    match format {
        Format::Text => begun.with(lines.with_ansi(stderr().is_terminal())).init(),
        Format::Json => begun.with(lines.json().flatten_event(true).with_span_list(false)).init(),
    }
    panic::set_hook(Box::new(panicked));
}

/// Logs a panic as an ordinary line. Only messages that are literals in the program are shown, because a formatted
/// message may contain anything.
fn panicked(panic: &panic::PanicHookInfo<'_>) {
    let location = panic.location().map(tracing::field::display);
    let message = panic.payload().downcast_ref::<&'static str>();
    let trace = Backtrace::capture();
    let backtrace = (trace.status() == BacktraceStatus::Captured).then(|| tracing::field::display(trace));
    tracing::error!(location, message, backtrace, "panicked");
}

/// Returns a duration as log lines show it.
pub(super) fn milliseconds(took: Duration) -> f64 {
    let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
    f64::from(micros) / 1_000.0
}

/// Joins words for one field. `None` without words.
pub(super) fn list(words: &[String]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(","))
}
