//! Reads the command line and the environment, and explains errors: the variable, the reason, and valid values.

use super::command::Cli;
use crate::config::env_file;
use clap::{
    Arg, ArgMatches, Command, CommandFactory, FromArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};
use std::{env, error::Error};

/// The maximum length of a value that a message repeats.
const MAX_SHOWN: usize = 60;

/// The arguments of the program.
pub struct Invocation {
    pub(super) cli: Cli,
    /// The innermost subcommand.
    command: Command,
}

/// An error in the arguments.
pub enum UsageError {
    /// `--help`, `--version`, or an error that the parser explains best.
    Parser(clap::Error),
    /// An explanation of the wrong value.
    Value(String),
}

/// Reads the `.env` file, the environment and the command line. Must be called before the process starts a thread.
pub fn read() -> Result<Invocation, UsageError> {
    let file = env_file::load();
    let mut command = command();
    let parsed = command.try_get_matches_from_mut(env::args_os());
    let parsed = parsed.and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    if let Err(error) = &parsed
        && !error.use_stderr()
    {
        return parsed.map_err(UsageError::Parser).map(|(cli, _)| Invocation { cli, command });
    }
    file.map_err(UsageError::Value)?;
    if let Some(name) = command.get_arguments().find_map(no_text) {
        return Err(UsageError::Value(format!("{name} is not UTF-8 text")));
    }
    let (cli, matches) =
        parsed.map_err(|error| explain(&command, &error).map_or(UsageError::Parser(error), UsageError::Value))?;
    cli.config.check().map_err(UsageError::Value)?;
    let command = innermost(&command, &matches).clone();
    Ok(Invocation { cli, command })
}

/// Returns the command with the configuration variables before and after every subcommand. The short help omits them.
fn command() -> Command {
    Cli::command().mut_args(|arg| arg.global(true).hide_short_help(true))
}

/// Returns the variable of an argument if its value is not text.
fn no_text(arg: &Arg) -> Option<&str> {
    let name = arg.get_env()?;
    env::var_os(name).filter(|value| value.to_str().is_none())?;
    name.to_str()
}

fn innermost<'a>(command: &'a Command, matches: &ArgMatches) -> &'a Command {
    match matches.subcommand() {
        Some((name, matches)) => command.find_subcommand(name).map_or(command, |inner| innermost(inner, matches)),
        None => command,
    }
}

/// Explains which variable is wrong, and which values are valid. `None` for other errors.
fn explain(command: &Command, error: &clap::Error) -> Option<String> {
    let (Some(ContextValue::String(named)), Some(ContextValue::String(value))) =
        (error.get(ContextKind::InvalidArg), error.get(ContextKind::InvalidValue))
    else {
        return None;
    };
    let arg = command.get_arguments().find(|arg| arg.to_string() == *named)?;
    let variable = arg.get_env()?.to_str()?;
    let why = match (error.kind(), error.get(ContextKind::ValidValue)) {
        (ErrorKind::InvalidValue, Some(ContextValue::Strings(valid))) => format!("must be one of {}", valid.join(", ")),
        (ErrorKind::ValueValidation, _) => error.source()?.to_string(),
        _ => return None,
    };
    let from_variable = env::var(variable).is_ok_and(|all| all == *value || all.split(',').any(|one| one == value));
    let (name, sign) = if from_variable { (variable.to_owned(), "=") } else { (format!("--{}", arg.get_long()?), " ") };
    // A URL may contain a password.
    let shown = value.len() <= MAX_SHOWN && !value.contains('@') && !value.chars().any(char::is_control);
    Some(if shown { format!("{name}{sign}{value}: {why}") } else { format!("{name}: {why}") })
}

impl Invocation {
    /// Returns the flag for this input field of the domain.
    pub fn name_of(&self, field: &str) -> String {
        let arg = self.command.get_arguments().find(|arg| arg.get_id() == field);
        match arg.map(|arg| (arg.get_long(), arg)) {
            Some((Some(long), _)) => format!("--{long}"),
            Some((None, _)) => field.to_uppercase(),
            None => field.replace('_', " "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn no_flag_is_given_twice() {
        command().debug_assert();
    }
}
