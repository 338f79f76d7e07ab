//! The files of the built web app: those of a folder, or those that a release build contains.

use crate::config::Config;
use axum::body::Bytes;
use std::{
    io,
    path::{Path, PathBuf},
};

/// The built app in a checkout of this repository, relative to its root.
const CHECKOUT: &str = "client-examples/web/dist";

// `EMBEDDED`: the files that the build script found, by their path.
include!(concat!(env!("OUT_DIR"), "/web_app.rs"));

/// The content of a file.
pub struct File(pub Bytes);

/// The source of the files.
pub struct Files {
    /// The folder. It is read for each request, because the app may be built while the server runs.
    folder: PathBuf,
    /// Whether the embedded files, if there are any, take precedence over the folder.
    is_default: bool,
}

impl Files {
    /// Returns the configured folder, or the usual ones.
    pub fn of(config: &Config) -> Self {
        match &config.web_app {
            Some(folder) => Self { folder: folder.clone(), is_default: false },
            None => Self { folder: CHECKOUT.into(), is_default: true },
        }
    }

    /// Returns the file with this path.
    pub async fn get(&self, path: &str) -> Option<File> {
        if !is_plain(path) {
            return None;
        }
        if self.is_default && !EMBEDDED.is_empty() {
            return embedded(path);
        }
        let path = self.folder.join(path);
        match self.read(&path).await {
            Ok(bytes) => Some(File(bytes.into())),
            Err(error) => {
                warn_unless_missing(&path, &error);
                None
            }
        }
    }

    /// Reads a file of the folder. A symbolic link must not lead out of it.
    async fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = tokio::fs::canonicalize(path).await?;
        if path.starts_with(tokio::fs::canonicalize(&self.folder).await?) {
            return tokio::fs::read(&path).await;
        }
        Err(io::Error::other("the file is outside of the folder"))
    }
}

fn embedded(path: &str) -> Option<File> {
    let found = EMBEDDED.iter().find(|(embedded, _)| *embedded == path);
    found.map(|(_, bytes)| File(Bytes::from_static(bytes)))
}

fn warn_unless_missing(path: &Path, error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory) {
        tracing::warn!(path = %path.display(), %error, "cannot read a file of the web app");
    }
}

/// Returns whether a path has only plain names, so that it cannot lead out of the folder.
fn is_plain(path: &str) -> bool {
    let is_name = |name: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
        !name.is_empty() && !name.starts_with('.') && name.bytes().all(allowed)
    };
    path.split('/').all(is_name)
}

/// The media type of pages.
pub const HTML: &str = "text/html; charset=utf-8";

/// Returns the media type of a file of the app.
pub fn media_type(path: &str) -> &'static str {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    match extension.unwrap_or_default() {
        "html" => HTML,
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for plain in ["index.html", "assets/index-B3xq_9-z.js", "a/b/c.css"] {
            assert!(is_plain(plain), "{plain}");
        }
        for other in ["", "/etc/passwd", "../x", "a/../b", "a//b", ".env", "a/.git/b", "a%2fb", "a\\b", "a\0b", "é"] {
            assert!(!is_plain(other), "{other}");
        }
    }
}
