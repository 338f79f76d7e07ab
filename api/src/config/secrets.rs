//! Secrets that are generated and stored under `DATA_DIR`.

use super::{Misconfigured, private};
use dossier_core::secret::random_text;
use secrecy::SecretString;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The number of random bytes of the secret that signs and encrypts.
const JWT_BYTES: usize = 48;

const JWT: &str = "jwt-secret";
const PREVIOUS_JWT: &str = "previous-jwt-secret";

/// The folder of the secrets.
pub struct StoredSecrets<'c> {
    data_dir: &'c Path,
}

impl<'c> StoredSecrets<'c> {
    pub(super) fn new(data_dir: &'c Path) -> Self {
        Self { data_dir }
    }

    /// Returns the secret that signs and encrypts. It is generated if there is none.
    pub(super) fn jwt(&self) -> Result<SecretString, Misconfigured> {
        self.generated(JWT, JWT_BYTES)
    }

    /// Returns the secret from before the last rotation.
    pub(super) fn previous_jwt(&self) -> Result<Option<SecretString>, Misconfigured> {
        let path = self.path(PREVIOUS_JWT);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned().into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault(&path, &error)),
        }
    }

    /// Returns a secret that is generated once and stored.
    pub(super) fn generated(&self, name: &str, bytes: usize) -> Result<SecretString, Misconfigured> {
        private::make_folder(self.data_dir, &self.data_dir.join("secrets"))?;
        let path = self.path(name);
        let read = || {
            if !path.exists() {
                private::write_once(&path, &random_text(bytes).map_err(io::Error::other)?)?;
            }
            fs::read_to_string(&path)
        };
        let text = read().map_err(|error| fault(&path, &error))?;
        Ok(text.trim().to_owned().into())
    }

    /// Generates another secret. The present one becomes the previous one.
    pub fn rotate_jwt(&self) -> Result<(), Misconfigured> {
        self.jwt()?;
        let (present, previous) = (self.path(JWT), self.path(PREVIOUS_JWT));
        // Until the present secret is replaced, both files contain it, so that it is never lost.
        let rotate = || {
            self.forget_previous()?;
            private::write_once(&previous, &fs::read_to_string(&present)?)?;
            private::replace(&present, &random_text(JWT_BYTES).map_err(io::Error::other)?)
        };
        rotate().map_err(|error| fault(&present, &error))
    }

    /// Deletes the previous secret.
    pub fn forget_previous_jwt(&self) -> Result<(), Misconfigured> {
        self.forget_previous().map_err(|error| fault(&self.path(PREVIOUS_JWT), &error))
    }

    fn forget_previous(&self) -> io::Result<()> {
        match fs::remove_file(self.path(PREVIOUS_JWT)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.data_dir.join("secrets").join(name)
    }
}

fn fault(path: &Path, error: &io::Error) -> Misconfigured {
    Misconfigured(format!("DATA_DIR: {}: {error}", path.display()))
}
