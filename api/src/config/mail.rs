//! The configuration of mail.

use super::value;
use clap::Args;
use dossier_mail::{MailFolder, Mailer, SettingsError};
use secrecy::SecretString;
use url::Url;

/// The configuration of mail.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Mail")]
pub struct MailSettings {
    /// URL of the web app, without a path, which links in mails lead to. The default is PUBLIC_URL.
    #[arg(long, env = "APP_URL", value_parser = value::public_url)]
    pub app_url: Option<Url>,

    /// Server for mail, such as `smtps://user:password@mail.example.com` or `smtp://localhost:25`. Without it, mails are
    /// written to DATA_DIR/mail, where `dossier mail` shows them.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<SecretString>,

    /// Sender of mails, such as `Atelier Lumen <hello@atelier-lumen.example>`.
    #[arg(long, env = "MAIL_FROM", default_value = "Dossier <dossier@localhost>")]
    pub mail_from: String,
}

impl MailSettings {
    /// Checks the values, with the names of their variables.
    pub(super) fn check(&self) -> Result<(), String> {
        Mailer::check(self.smtp_url.as_ref(), &self.mail_from).map_err(|error| match &error {
            SettingsError::Sender(cause) => format!("MAIL_FROM: {error} ({cause})"),
            SettingsError::Server => format!("SMTP_URL: {error}"),
        })
    }

    /// Returns the sender of mails: over SMTP, or to this folder.
    pub(super) fn mailer(&self, folder: MailFolder) -> Result<Mailer, SettingsError> {
        match &self.smtp_url {
            Some(url) => Mailer::smtp(url, &self.mail_from),
            None => Mailer::folder(folder, &self.mail_from),
        }
    }
}
