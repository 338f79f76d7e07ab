//! Changes the secret that signs and encrypts.

use super::output;
use crate::config::Config;
use clap::Subcommand;
use dossier_core::{error::BoxError, secret::random_text};

/// `dossier secret …`
#[derive(Clone, Copy, Subcommand)]
pub enum SecretCommand {
    /// Change JWT_SECRET without signing anybody out. A generated secret is replaced, and the present one stays accepted:
    /// restart the server afterwards. A configured secret is changed by you in three steps, which the command prints.
    Rotate,
    /// Stop accepting the generated secret from before the last rotation. Do this at once if it has leaked: everybody whose
    /// session was not renewed since then must sign in again. Restart the server afterwards.
    Forget,
}

const STEPS: &str = "\
Change the configuration of all processes in three steps. Restart the processes after each step, one after the other.
1. Add the new secret:  JWT_SECRET_FALLBACK={new}
2. Exchange the values of JWT_SECRET and JWT_SECRET_FALLBACK.
3. After 90 days, when all sessions are renewed, remove JWT_SECRET_FALLBACK. If the old secret has leaked, remove it at once.
   Everybody whose session was not renewed meanwhile must then sign in again.";

/// Runs `dossier secret`.
pub fn secret(config: &Config, command: SecretCommand) -> Result<(), BoxError> {
    let secrets = config.stored_secrets();
    let is_generated = config.jwt_if_set()?.is_none();
    match command {
        SecretCommand::Rotate if is_generated => {
            secrets.rotate_jwt()?;
            output::note("The secret was replaced. Restart the server.");
        }
        SecretCommand::Rotate => output::line(STEPS.replace("{new}", &random_text(48)?))?,
        SecretCommand::Forget if is_generated => {
            secrets.forget_previous_jwt()?;
            output::note("The previous secret was deleted. Restart the server.");
        }
        SecretCommand::Forget => return Err("JWT_SECRET is configured; remove JWT_SECRET_FALLBACK instead".into()),
    }
    Ok(())
}
