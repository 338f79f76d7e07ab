//! Short-lived links to an object.

use super::{Error, Objects, window};
use chrono::{DateTime, Utc};
use std::{fmt, time::Duration};

/// For how long a link to download is good.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// A link that lets whoever holds it download one object. Its `Debug` leaves out the signature.
#[derive(Clone)]
pub struct SignedUrl {
    /// For a GET, as it is.
    pub url: String,
    /// From then on the store refuses it.
    pub expires_at: DateTime<Utc>,
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedUrl").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Objects {
    /// A link that downloads the object as a file of this name and type. The object is not looked at.
    ///
    /// It is always an attachment: shown in place, a page that somebody uploaded would run on our address.
    ///
    /// # Errors
    /// [`Error::Store`] when the settings' key cannot sign.
    pub async fn sign_download(&self, key: &str, file_name: &str, content_type: &str) -> Result<SignedUrl, Error> {
        let (window, expires_at) = window(GOOD_FOR)?;
        let request = self.signer.get_object().bucket(self.bucket()).key(key);
        let request = request.response_content_disposition(attachment(file_name)).response_content_type(content_type);
        let signed = request.presigned(window).await;
        let signed = signed.map_err(|cause| Error::store("sign a download", key, &cause))?;
        Ok(SignedUrl { url: signed.uri().to_owned(), expires_at })
    }
}

/// `Content-Disposition` as of RFC 6266: the name in full as of RFC 8187, and an ASCII likeness before it for what
/// does not read that.
fn attachment(file_name: &str) -> String {
    let likeness = deunicode::deunicode(file_name).replace(|c: char| !is_plain(c), "_");
    let spell = |byte| if is_attr(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    let full: String = file_name.bytes().map(spell).collect();
    format!("attachment; filename=\"{likeness}\"; filename*=UTF-8''{full}")
}

/// What every browser takes literally between quotes.
fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && !matches!(c, '"' | '\\' | '/' | '%')
}

/// `attr-char` of RFC 8187.
fn is_attr(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte)
}
