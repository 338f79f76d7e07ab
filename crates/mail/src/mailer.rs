//! Sending a mail.

use crate::{Mail, MailFolder};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    address::AddressError,
    message::{Mailbox, MultiPart},
    transport::smtp::AsyncSmtpTransportBuilder,
};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, io, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long a server may take for one step.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends mails. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Arc<Transport>,
}

enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(MailFolder),
}

/// Why mail is set up wrongly.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The sender is no address.
    #[error("the sender must be an address, such as Dossier <hello@example.org>")]
    Sender(#[source] AddressError),
    /// The server is no URL. The cause is left out, because it may repeat a password.
    #[error("the server must be a URL, such as smtps://user:password@mail.example.org")]
    Server,
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The mail can never be sent: its recipient or content is refused.
    #[error("the mail was refused")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The mail may be sent later.
    #[error("the mail could not be sent")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mailer {
    /// Checks the settings without a connection.
    ///
    /// # Errors
    /// As [`Mailer::smtp`] and [`Mailer::folder`].
    pub fn check(url: Option<&SecretString>, from: &str) -> Result<(), SettingsError> {
        sender(from)?;
        url.map_or(Ok(()), |url| transport(url).map(drop))
    }

    /// Sends over a server, such as `smtps://user:password@mail.example.org` or `smtp://localhost:25`.
    ///
    /// # Errors
    /// When the URL or the sender cannot be read.
    pub fn smtp(url: &SecretString, from: &str) -> Result<Self, SettingsError> {
        let transport = transport(url)?.timeout(Some(TIMEOUT)).build();
        Ok(Self { from: sender(from)?, transport: Arc::new(Transport::Smtp(transport)) })
    }

    /// Keeps mails in a folder instead of sending them.
    ///
    /// # Errors
    /// When the sender cannot be read.
    pub fn folder(folder: MailFolder, from: &str) -> Result<Self, SettingsError> {
        Ok(Self { from: sender(from)?, transport: Arc::new(Transport::Folder(folder)) })
    }

    /// Whether mails are sent to their recipients.
    pub fn sends(&self) -> bool {
        matches!(*self.transport, Transport::Smtp(_))
    }

    /// Sends a mail to an address. A mail that is sent twice has the same id both times, by which the programs of its
    /// reader may recognize it.
    ///
    /// # Errors
    /// [`SendError`]; sending again is safe, and may deliver the mail twice.
    pub async fn send(&self, to: &str, mail: Mail, id: Uuid) -> Result<(), SendError> {
        let to: Mailbox = to.parse().map_err(|error| SendError::Refused(Box::new(error)))?;
        let message_id = format!("<{id}@{}>", self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject)
            .message_id(Some(message_id))
            .multipart(MultiPart::alternative_plain_html(mail.text, mail.html))
            .map_err(|error| SendError::Refused(Box::new(error)))?;
        match &*self.transport {
            Transport::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(SendError::Refused(Box::new(error))),
                Err(error) => Err(SendError::Unavailable(Box::new(error))),
            },
            Transport::Folder(folder) => folder
                .keep(id, &message.formatted())
                .await
                .map_err(|error: io::Error| SendError::Unavailable(Box::new(error))),
        }
    }
}

fn transport(url: &SecretString) -> Result<AsyncSmtpTransportBuilder, SettingsError> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).map_err(|_| SettingsError::Server)
}

/// Returns whether a mail can be sent to an address.
pub fn can_address(address: &str) -> bool {
    address.parse::<Mailbox>().is_ok()
}

fn sender(from: &str) -> Result<Mailbox, SettingsError> {
    from.parse().map_err(SettingsError::Sender)
}

#[cfg(test)]
mod tests {
    use super::Mailer;
    use crate::{Mail, MailFolder};
    use uuid::Uuid;

    fn mail(subject: &str) -> Mail {
        Mail { subject: subject.to_owned(), text: "Bonjour à tous".to_owned(), html: "<p>Bonjour</p>".to_owned() }
    }

    #[tokio::test]
    async fn mails_are_kept_newest_first() {
        let parent = tempfile::tempdir().unwrap();
        let folder = MailFolder::new(parent.path().join("mail"));
        assert!(folder.list(10).unwrap().is_empty());
        let mailer = Mailer::folder(folder.clone(), "Dossier <hello@example.org>").unwrap();
        for (number, subject) in [(1, "Un"), (2, "À deux"), (2, "À deux")] {
            mailer.send("Martin <martin@example.org>", mail(subject), Uuid::from_u128(number)).await.unwrap();
        }
        let mails = folder.list(10).unwrap();
        let subjects: Vec<_> = mails.iter().map(|mail| mail.subject.as_str()).collect();
        assert_eq!(subjects, ["À deux", "Un"]);
        assert_eq!((mails[0].to.as_str(), mails[0].text.as_str()), ("martin@example.org", "Bonjour à tous"));
        assert_eq!(folder.read(&mails[0].name).unwrap().as_ref(), Some(&mails[0]));
        assert_eq!(folder.read("../mail").unwrap(), None);
        assert_eq!(folder.list(1).unwrap().len(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = folder.path().join(format!("{}.eml", mails[0].name));
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(std::fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let mailer = Mailer::folder(MailFolder::new(parent.path()), "Dossier <hello@example.org>").unwrap();
        for to in ["", "martin", "martin@example.org\r\nBcc: all@example.org"] {
            assert!(mailer.send(to, mail("Un"), Uuid::nil()).await.is_err(), "{to}");
        }
        assert!(MailFolder::new(parent.path()).list(1).unwrap().is_empty());
    }
}
