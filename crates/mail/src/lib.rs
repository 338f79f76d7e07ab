//! Mail: rendered from templates, and sent over SMTP or, without a server for it, kept in a folder.

mod folder;
mod mailer;
mod template;

pub use folder::{MailFolder, StoredMail};
pub use mailer::{Mailer, SendError, SettingsError, can_address};
pub use template::{Language, Letter, Mail};
