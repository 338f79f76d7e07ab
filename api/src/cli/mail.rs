//! Shows the mails that were written to a folder because no SMTP server is configured.

use super::output;
use crate::config::Config;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use dossier_core::error::BoxError;

/// `dossier mail …`
#[derive(Clone, Subcommand)]
pub enum MailCommand {
    /// List the mails under `DATA_DIR/mail`, newest first: name, time, recipient and subject, separated by tabs.
    List {
        /// Maximum number of mails.
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Print a mail.
    Show {
        /// Name of the mail. The default is the newest mail.
        name: Option<String>,
    },
}

/// Runs `dossier mail`.
pub fn mail(config: &Config, command: MailCommand) -> Result<(), BoxError> {
    let folder = config.mail_folder();
    match command {
        MailCommand::List { limit } => {
            for mail in folder.list(limit)? {
                let at = DateTime::<Utc>::from(mail.written_at).to_rfc3339_opts(SecondsFormat::Secs, true);
                output::line(format!("{}\t{at}\t{}\t{}", mail.name, mail.to, mail.subject))?;
            }
            Ok(())
        }
        MailCommand::Show { name } => {
            let mail = match &name {
                Some(name) => folder.read(name)?,
                None => folder.list(1)?.pop(),
            };
            Ok(output::line(mail.ok_or("there is no such mail")?)?)
        }
    }
}
