//! Sets passwords, prints tokens, lists and ends sessions, and links accounts at identity providers.

use super::output;
use crate::{auth::Tokens, graphql::id};
use chrono::TimeDelta;
use clap::Subcommand;
use dossier_core::{error::BoxError, scope::Scope, secret::random_text, viewer::Viewer};
use dossier_data::Database;
use dossier_domain::{account, check, email_change, external_identity, factor, session, sign_in};
use entities::{session as sessions, user};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use sea_orm::{ColumnTrait, sea_query::Order};
use std::io::{BufRead, IsTerminal};

/// `dossier password …`
#[derive(Clone, Subcommand)]
pub enum PasswordCommand {
    /// Set a person's password: the first line of standard input, or a generated one, which is printed. All sessions of
    /// the person end.
    Set {
        /// Email address of the person.
        email: String,
        /// Generate a password.
        #[arg(long)]
        generate: bool,
    },
}

/// `dossier factor …`
#[derive(Clone, Subcommand)]
pub enum FactorCommand {
    /// Remove the second factor of a person who has lost it. All sessions of the person end, and a mail tells them.
    Remove {
        /// Email address of the person.
        email: String,
    },
}

/// `dossier identity …`
#[derive(Clone, Subcommand)]
pub enum IdentityCommand {
    /// List the accounts at identity providers with which a person can sign in: id, issuer, subject, and when it was last
    /// used, separated by tabs.
    List {
        /// Email address of the person.
        email: String,
    },
    /// Link an account at an identity provider to a person. Access tokens of the issuer then act as the person, if
    /// `EXTERNAL_TOKENS_ISSUER` accepts them. A mail tells the person.
    Add {
        /// Email address of the person.
        email: String,
        /// Issuer, exactly as its tokens name it.
        #[arg(long)]
        issuer: String,
        /// Account at the issuer: the claim `sub` of its tokens.
        #[arg(long)]
        subject: String,
    },
    /// Remove the link to an account at an identity provider. Its sessions end, and a mail tells the person. The person can
    /// link it again after signing in another way.
    Remove {
        /// Email address of the person.
        email: String,
        /// Id of the link: `externalidentity_…`
        id: String,
    },
}

/// `dossier session …`
#[derive(Clone, Subcommand)]
pub enum SessionCommand {
    /// List the open sessions of a person: id, device, network, and when it was last used, separated by tabs.
    List {
        /// Email address of the person.
        email: String,
    },
    /// End all sessions of a person.
    End {
        /// Email address of the person.
        email: String,
        /// End only this session: `session_…`
        #[arg(long)]
        id: Option<String>,
    },
}

/// Runs `dossier password`.
pub async fn password(database: &Database, command: PasswordCommand) -> Result<(), BoxError> {
    let PasswordCommand::Set { email, generate } = command;
    let user = account(database, &email).await?;
    let password = if generate { random_text(12)? } else { first_line()? };
    let hash = account::hash_password("password", password.clone(), vec![user.email, user.display_name]).await?;
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    account::set_password(&tx, user.id, hash, None).await?;
    tx.commit().await?;
    if generate {
        output::line(password)?;
    }
    Ok(())
}

/// Runs `dossier factor`.
pub async fn factor(database: &Database, command: FactorCommand) -> Result<(), BoxError> {
    let FactorCommand::Remove { email } = command;
    let user = account(database, &email).await?;
    Ok(factor::reset(database, user.id, None).await?)
}

/// Runs `dossier identity`.
pub async fn identity(database: &Database, command: IdentityCommand) -> Result<(), BoxError> {
    match command {
        IdentityCommand::List { email } => {
            let user = account(database, &email).await?;
            let tx = database.read_as(Viewer::SigningIn { user: user.id }).await?;
            for row in external_identity::list(&tx).await? {
                let last_use = row.last_used_at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
                let (id, last_use) =
                    (id::encode("externalidentity", row.id), last_use.unwrap_or_else(|| "-".to_owned()));
                output::line(format!("{id}\t{}\t{}\t{last_use}", row.issuer, row.subject))?;
            }
            Ok(())
        }
        IdentityCommand::Add { email, issuer, subject } => {
            let user = account(database, &email).await?;
            let linked = external_identity::add(database, &user, &issuer, &subject).await?;
            Ok(output::line(id::encode("externalidentity", linked))?)
        }
        IdentityCommand::Remove { email, id } => {
            let user = account(database, &email).await?;
            match id::decode(&id) {
                Some(("externalidentity", id)) => Ok(external_identity::remove_of(database, &user, id).await?),
                _ => Err("ID: is not the id of a link (`externalidentity_…`)".into()),
            }
        }
    }
}

/// Runs `dossier address`.
pub async fn address(database: &Database, email: &str, new_email: &str) -> Result<(), BoxError> {
    let user = account(database, email).await?;
    let new_email = check::email("new_email", new_email)?;
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    email_change::change(&tx, &user, new_email).await?;
    Ok(tx.commit().await?)
}

/// Runs `dossier token`.
pub async fn token(
    database: &Database,
    tokens: &Tokens,
    email: &str,
    organization: Option<&str>,
    lasts: TimeDelta,
    scopes: &[Scope],
) -> Result<(), BoxError> {
    let user = account(database, email).await?;
    let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
    let choices = session::choices(&tx).await?;
    let membership = sign_in::choose(&choices, organization, None)?;
    let limit = (!scopes.is_empty()).then(|| scopes.iter().copied().collect());
    let session = session::open_for_token(&tx, membership, lasts, limit).await?;
    tx.commit().await?;
    Ok(output::line(tokens.issue(&session::claims(&session, user.id, session.expires_at))?)?)
}

/// Runs `dossier session`.
pub async fn session(database: &Database, command: SessionCommand) -> Result<(), BoxError> {
    match command {
        SessionCommand::List { email } => {
            let user = account(database, &email).await?;
            let tx = database.read_as(Viewer::SigningIn { user: user.id }).await?;
            let open = tx
                .find::<sessions::Entity>()
                .filter(sessions::Column::EndedAt.is_null())
                .filter(sessions::Column::ExpiresAt.gt(tx.now))
                .order_by(sessions::Column::Id, Order::Desc);
            for row in open.all().await? {
                let last_use = row.refreshed_at.unwrap_or(row.created_at).format("%Y-%m-%dT%H:%M:%SZ");
                let text = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
                let id = id::encode("session", row.id);
                output::line(format!("{id}\t{}\t{}\t{last_use}", text(row.device), text(row.network)))?;
            }
            Ok(())
        }
        SessionCommand::End { email, id } => {
            let user = account(database, &email).await?;
            let tx = database.write_as(Viewer::SigningIn { user: user.id }).await?;
            match id.as_deref().map(id::decode) {
                None => {
                    session::end_all(&tx, user.id, None).await?;
                }
                Some(Some(("session", id))) => {
                    session::end(&tx, id).await?;
                }
                Some(_) => return Err("--id: is not the id of a session (`session_…`)".into()),
            }
            Ok(tx.commit().await?)
        }
    }
}

/// Returns the account of an address.
pub(super) async fn account(database: &Database, email: &str) -> Result<user::Model, BoxError> {
    // The accounts of API keys have no address.
    let account = database.account(&sign_in::account_name(email)).await?.filter(|account| account.email.contains('@'));
    Ok(account.ok_or_else(|| format!("no person has the email address {email}"))?)
}

fn first_line() -> Result<String, BoxError> {
    let input = std::io::stdin();
    let _hidden = if input.is_terminal() {
        output::note("New password (it is not shown):");
        Some(HiddenInput::begin()?)
    } else {
        None
    };
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A terminal that does not show what is typed, until it is dropped.
struct HiddenInput(Termios);

impl HiddenInput {
    fn begin() -> std::io::Result<Self> {
        let before = tcgetattr(std::io::stdin())?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(std::io::stdin(), OptionalActions::Flush, &hidden)?;
        Ok(Self(before))
    }
}

impl Drop for HiddenInput {
    fn drop(&mut self) {
        // If the terminal is gone, there is nothing to restore.
        let _ = tcsetattr(std::io::stdin(), OptionalActions::Flush, &self.0);
    }
}
