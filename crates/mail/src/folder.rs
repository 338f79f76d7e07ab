//! A folder of mails that were not sent, for development and for servers without SMTP.

use mail_parser::MessageParser;
use std::{
    fmt, fs, io,
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};
use uuid::Uuid;

/// A folder in which each mail is a file (`message/rfc822`) that only its owner can read.
#[derive(Clone, Debug)]
pub struct MailFolder(PathBuf);

/// A mail in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMail {
    /// Names the mail in the folder.
    pub name: String,
    /// When it was written.
    pub written_at: SystemTime,
    /// The address of the recipient.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text, for readers without HTML.
    pub text: String,
}

impl fmt::Display for StoredMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "To: {}\nSubject: {}\n\n{}", self.to, self.subject, self.text.trim_end())
    }
}

impl MailFolder {
    /// Names a folder. It is made with the first mail.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Returns the folder's path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a mail. A mail that is written again replaces itself.
    pub(crate) async fn keep(&self, id: Uuid, mail: &[u8]) -> io::Result<()> {
        let (folder, mail) = (self.0.clone(), mail.to_owned());
        let writing = tokio::task::spawn_blocking(move || write(&folder, id, &mail));
        writing.await.unwrap_or_else(|error| Err(io::Error::other(error)))
    }

    /// Returns the mails, newest first, at most this many.
    ///
    /// # Errors
    /// When the folder cannot be read. A folder that does not exist has no mails.
    pub fn list(&self, limit: usize) -> io::Result<Vec<StoredMail>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names: Vec<_> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(ENDING).map(str::to_owned))
            .collect();
        // The names are ids, which begin with the time.
        names.sort_unstable_by(|one, next| next.cmp(one));
        names.truncate(limit);
        names.into_iter().filter_map(|name| self.read(&name).transpose()).collect()
    }

    /// Returns a mail by its name, if there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, name: &str) -> io::Result<Option<StoredMail>> {
        if Uuid::try_parse(name).is_err() {
            return Ok(None);
        }
        let path = self.0.join(format!("{name}{ENDING}"));
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            bytes => bytes?,
        };
        let Some(mail) = MessageParser::default().parse(&bytes) else { return Ok(None) };
        let to = mail.to().and_then(|to| to.first()?.address().map(str::to_owned));
        Ok(Some(StoredMail {
            name: name.to_owned(),
            written_at: fs::metadata(&path)?.modified()?,
            to: to.unwrap_or_default(),
            subject: mail.subject().unwrap_or_default().to_owned(),
            text: mail.body_text(0).unwrap_or_default().replace("\r\n", "\n"),
        }))
    }
}

const ENDING: &str = ".eml";

fn write(folder: &Path, id: Uuid, mail: &[u8]) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        builder.mode(0o700);
        options.mode(0o600);
    }
    builder.recursive(true).create(folder)?;
    // A reader never sees half of a mail.
    let (draft, path) = (folder.join(format!("{id}.draft")), folder.join(format!("{id}{ENDING}")));
    let mut file = options.write(true).create(true).truncate(true).open(&draft)?;
    file.write_all(mail)?;
    file.sync_all()?;
    fs::rename(draft, path)
}
