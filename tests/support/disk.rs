//! A small disk that tests fill and resize.

use super::process::{self, BINARY, Process, free_port};
use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// Mounts a file system in memory, and keeps it until its input ends.
const MOUNT: &str = r#"mount -t tmpfs -o "size=$1,mode=700" tmpfs "$2" && cd "$2" && echo mounted && exec cat"#;

/// A disk for the processes that are started on it. It is mounted in their own namespaces. Ordinary users can therefore
/// create it, and it ends with the last process.
pub struct Disk {
    holder: Child,
    folder: TempDir,
}

impl Disk {
    /// Creates a disk of this size, such as `6m` or `300k`.
    pub fn of(size: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mounted = folder.path().join("disk");
        std::fs::create_dir(&mounted).unwrap();
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "sh", "-c", MOUNT, "sh", size]).arg(&mounted);
        let mut holder = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut printed = String::new();
        BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut printed).unwrap();
        assert_eq!(printed, "mounted\n", "this machine allows no user namespaces");
        Self { holder, folder }
    }

    /// Changes its size.
    pub fn resize(&self, size: &str) {
        let options = format!("remount,size={size}");
        let done = self.enter().args(["mount", "-o", &options, "tmpfs"]).arg(self.path()).status().unwrap();
        assert!(done.success());
    }

    /// Returns the command with the embedded services on this disk.
    pub fn command(&self) -> Command {
        let mut command = self.enter();
        command.arg(BINARY);
        process::configured(command, &self.path())
    }

    /// Starts a server on this disk. Its log is elsewhere.
    pub async fn serve(&self) -> Process {
        Process::start(self.command(), &self.folder.path().join("log"), free_port()).await
    }

    /// Returns the files in a folder of the disk and its subfolders.
    pub fn files(&self, folder: &str) -> Vec<String> {
        let found = self.enter().arg("find").arg(self.path().join(folder)).args(["-type", "f"]).output().unwrap();
        assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
        String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn enter(&self) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.holder.id().to_string()]);
        command.args(["--user", "--mount", "--wd", "--preserve-credentials"]);
        command
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
