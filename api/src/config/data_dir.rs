//! The folder `DATA_DIR`, and what only the server's user may access.

use super::{Config, Misconfigured, private, sqlite};
use std::{fs, path::PathBuf};

impl Config {
    /// Returns whether anything is stored under `DATA_DIR`.
    pub fn uses_data_dir(&self) -> bool {
        self.is_embedded() || !self.object_store.is_remote()
    }

    /// Creates `DATA_DIR`.
    pub fn make_data_dir(&self) -> Result<(), Misconfigured> {
        private::make_folder(&self.data_dir, &self.data_dir)
    }

    /// Returns the files and folders that only the server's user may access, whether or not they exist.
    pub fn private_paths(&self) -> Vec<PathBuf> {
        let mut paths: Vec<_> = self.sqlite_file().iter().flat_map(|file| sqlite::files(file)).collect();
        if self.uses_data_dir() {
            let secrets = self.data_dir.join("secrets");
            let generated = fs::read_dir(&secrets).into_iter().flatten().flatten().map(|entry| entry.path());
            paths.extend(generated);
            paths.extend([secrets, self.data_dir.join("objects"), self.data_dir.join("mail")]);
        }
        paths
    }
}
