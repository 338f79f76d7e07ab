//! Changes the secret that signs and encrypts.

use super::{output, serve};
use crate::config::Config;
use clap::Subcommand;
use dossier_core::{
    error::BoxError,
    secret::random_text,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::Sealer;
use dossier_domain::factor;
use entities::organization;

/// `dossier secret …`
#[derive(Clone, Copy, Subcommand)]
pub enum SecretCommand {
    /// Change `JWT_SECRET` without signing anybody out. A generated secret is replaced, and the present one stays accepted:
    /// restart the server afterwards. A configured secret is changed by you in steps, which the command prints. With
    /// `JWT_SECRET_FALLBACK`, it encrypts the secrets of second factors with `JWT_SECRET`.
    Rotate,
    /// Stop accepting the generated secret from before the last rotation. Do this at once if it has leaked: everybody whose
    /// session was not renewed since then must sign in again. Restart the server afterwards.
    Forget,
}

const STEPS: &str = "\
Change the configuration of all processes. After steps 1 and 2, restart them one after the other.
1. Add the new secret:  JWT_SECRET_FALLBACK={new}
2. Exchange the values of JWT_SECRET and JWT_SECRET_FALLBACK.
3. Run `dossier secret rotate` again.
4. Remove JWT_SECRET_FALLBACK after 90 days, when all sessions are renewed. If the old secret has leaked, remove it at once.
   Everybody whose session was not renewed meanwhile must then sign in again.";

/// Runs `dossier secret`.
pub async fn secret(config: &Config, command: SecretCommand) -> Result<(), BoxError> {
    let is_generated = config.jwt_if_set()?.is_none();
    match command {
        SecretCommand::Rotate if is_generated => {
            // Nothing may depend on the previous secret any more, because the rotation deletes it.
            seal_again(config).await?;
            config.stored_secrets().rotate_jwt()?;
            seal_again(config).await.map_err(|error| {
                format!("the secret was replaced, but the second factors must still be encrypted; repeat the command: {error}")
            })?;
            output::note("The secret was replaced. Restart the server.");
        }
        SecretCommand::Rotate if config.jwt_secret_fallback.is_none() => {
            output::line(STEPS.replace("{new}", &random_text(48)?))?;
        }
        SecretCommand::Rotate => {
            let count = seal_again(config).await?;
            output::note(format!("Second factors that were encrypted with JWT_SECRET: {count}"));
        }
        SecretCommand::Forget if is_generated => {
            seal_again(config).await?;
            config.stored_secrets().forget_previous_jwt()?;
            output::note("The previous secret was deleted. Restart the server.");
        }
        SecretCommand::Forget => return Err("JWT_SECRET is configured; remove JWT_SECRET_FALLBACK instead".into()),
    }
    Ok(())
}

/// Encrypts the secrets of second factors with the present secret. Returns how many were encrypted with another one.
async fn seal_again(config: &Config) -> Result<usize, BoxError> {
    let (database, sealer) = (serve::database(config).await?, Sealer::new(&config.jwt()?)?);
    let organizations = {
        let tx = database.read_as(Viewer::platform(SystemPurpose::Command)).await?;
        tx.find::<organization::Entity>().all().await?
    };
    let mut count = 0;
    for organization in organizations {
        let tx = database.write_as(Viewer::system(organization.id, SystemPurpose::Command)).await?;
        count += factor::seal_again(&tx, &sealer).await?;
        tx.commit().await?;
    }
    Ok(count)
}
