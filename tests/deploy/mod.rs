//! The files for operators: containers, the systemd unit, and the guide.

mod containers;
mod create;
mod doctor;
mod files;
mod guide;
mod health;
mod install;
mod proxy;
mod release;
mod terminal;
mod unit;

use crate::support::{live::repository, process::command};
use std::{collections::BTreeSet, fs};

/// Returns a file of this repository.
fn text(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap()
}

fn help() -> String {
    let data = tempfile::tempdir().unwrap();
    let database = command(data.path()).args(["database", "create", "--help"]).output().unwrap();
    let general = command(data.path()).arg("--help").output().unwrap();
    [general.stdout, database.stdout].map(|text| String::from_utf8(text).unwrap()).concat()
}

/// Returns all variables of the command, as its help lists them.
fn variables() -> BTreeSet<String> {
    let help = help();
    let named = help.split("[env: ").skip(1).filter_map(|rest| rest.split(['=', ']']).next());
    // The tracing library reads these. The text of the help names them.
    let of_traces = ["OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"];
    let variables: BTreeSet<_> = named.chain(of_traces).map(str::to_owned).collect();
    assert!(variables.len() > 20 && variables.contains("ADMIN_DATABASE_URL"), "{variables:?}");
    variables
}

/// Returns the time that the server may take to stop, in seconds. Its supervisor must wait longer.
fn stopping() -> u64 {
    let help = help();
    let (_, rest) = help.split_once("[env: SHUTDOWN_TIMEOUT=]").unwrap();
    let (_, default) = rest.split_once("[default: ").unwrap();
    default.split(']').next().unwrap().parse().unwrap()
}

/// Returns the words that look like a variable.
fn words_of_variables(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let shouted = |word: &&str| {
        word.contains('_') && word.starts_with(|c: char| c.is_ascii_uppercase()) && !word.contains(char::is_lowercase)
    };
    words.filter(shouted).filter(|word| !word.ends_with('_')).map(str::to_owned).collect()
}
