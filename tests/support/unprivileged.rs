//! Programs that refuse to run as root.

use std::{
    os::unix::{fs::chown, process::CommandExt},
    path::Path,
    process::Command,
};

/// Returns the program in a folder that it owns. If this process is root, it runs as the user `postgres`.
pub fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if id(&["--user"]) == 0 {
        let (user, group) = (id(&["--user", "postgres"]), id(&["--group", "postgres"]));
        chown(folder, Some(user), Some(group)).unwrap();
        command.uid(user).gid(group);
    }
    command
}

fn id(arguments: &[&str]) -> u32 {
    let output = Command::new("id").args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}
