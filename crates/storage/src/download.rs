//! Short-lived URLs that download an object.

use super::{Error, Objects, objects::window};
use chrono::{DateTime, Utc};
use std::{fmt, time::Duration};

/// How long a URL is valid.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// The maximum length of the file's name in a URL, in bytes. It fits 200 Latin, Greek or Cyrillic letters.
const MAX_NAME: usize = 450;

/// The maximum length of its ASCII version, in bytes.
const MAX_LIKENESS: usize = 200;

/// The maximum length of the extension that a shortened name keeps, in bytes.
const MAX_EXTENSION: usize = 20;

/// A URL with which anybody can download one object. Its `Debug` leaves out the signature.
#[derive(Clone)]
pub struct SignedUrl {
    /// The URL for a GET request.
    pub url: String,
    /// The time from which the store refuses it.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedUrl").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Objects {
    /// Returns a URL that downloads the object as a file of this name and type. It does not check the object.
    ///
    /// The file is an attachment. Otherwise, an uploaded page would run in the browser on our address.
    ///
    /// # Errors
    /// Returns [`Error::Store`] if the key cannot sign.
    pub async fn sign_download(&self, key: &str, file_name: &str, content_type: &str) -> Result<SignedUrl, Error> {
        self.sign(key, &disposition("attachment", file_name), content_type).await
    }

    /// Returns a URL with which a browser shows the object, if it runs nothing of files of this type. Other files are
    /// attachments.
    ///
    /// # Errors
    /// The same as [`Objects::sign_download`].
    pub async fn sign_view(&self, key: &str, file_name: &str, content_type: &str) -> Result<SignedUrl, Error> {
        let kind = if can_be_shown(content_type) { "inline" } else { "attachment" };
        self.sign(key, &disposition(kind, file_name), content_type).await
    }

    async fn sign(&self, key: &str, disposition: &str, content_type: &str) -> Result<SignedUrl, Error> {
        let (window, expires_at) = window(GOOD_FOR)?;
        let essence = || content_type.split(';').next().unwrap_or_default().trim();
        // A header holds only ASCII, but a parameter of the type may hold any text.
        let content_type = if content_type.is_ascii() { content_type } else { essence() };
        let request = self.signer.get_object().bucket(self.bucket()).key(key);
        let request = request.response_content_disposition(disposition).response_content_type(content_type);
        let signed = request.presigned(window).await;
        let signed = signed.map_err(|cause| Error::store("sign a download", key, &cause))?;
        Ok(SignedUrl { url: signed.uri().to_owned(), expires_at })
    }
}

/// The media types of files that browsers show without running anything of them.
const SHOWN: [&str; 8] =
    ["application/pdf", "image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"];

/// Returns whether a browser may show a file of this type, instead of storing it.
fn can_be_shown(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    SHOWN.contains(&essence.as_str()) || essence.starts_with("audio/") || essence.starts_with("video/")
}

/// Returns `Content-Disposition` as of RFC 6266: an ASCII version of the name for old clients, then the full name as of
/// RFC 8187. A very long name is shortened, because each of its bytes takes up to five characters of the URL.
fn disposition(kind: &str, file_name: &str) -> String {
    let likeness = shortened(&deunicode::deunicode(file_name), MAX_LIKENESS).replace(|c: char| !is_plain(c), "_");
    let spell = |byte| if is_attr(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let full: String = shortened(file_name, MAX_NAME).bytes().map(spell).collect();
    format!("{kind}; filename=\"{likeness}\"; filename*=UTF-8''{full}")
}

/// Shortens a name to this many bytes, but keeps its extension.
fn shortened(name: &str, max: usize) -> String {
    if name.len() <= max {
        return name.to_owned();
    }
    let extension = name.rfind('.').map(|dot| &name[dot..]).filter(|extension| extension.len() <= MAX_EXTENSION);
    let extension = extension.unwrap_or_default();
    let stem = &name[..name.floor_char_boundary(max - extension.len())];
    format!("{stem}{extension}")
}

/// Returns whether all browsers take the character literally between quotes.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '/' | '%')
}

/// Returns whether the byte is an `attr-char` of RFC 8187.
fn is_attr(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte)
}
