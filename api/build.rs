//! How the program is linked, and the web app that a release contains.

use std::{
    env::var,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|found| found == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        // What has to be relocated takes a 20th of the room; glibc knows how to read it since 2.36.
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    embed_web_app()
}

/// Writes the list of the built web app's files, with their contents. Only a release contains them: during development,
/// the server reads the folder.
fn embed_web_app() -> io::Result<()> {
    let folder = |name| var(name).map(PathBuf::from).map_err(io::Error::other);
    let mut files = Vec::new();
    if var("PROFILE").is_ok_and(|profile| profile == "release") {
        let root = folder("CARGO_MANIFEST_DIR")?.join("../client-examples/web/dist");
        println!("cargo::rerun-if-changed={}", root.display());
        if root.is_dir() {
            find(&root, "", &mut files)?;
        }
    }
    let entry = |(name, path): &(String, String)| format!("({name:?}, include_bytes!({path:?})),");
    let entries: String = files.iter().map(entry).collect();
    let code = format!("static EMBEDDED: &[(&str, &[u8])] = &[{entries}];");
    fs::write(folder("OUT_DIR")?.join("web_app.rs"), code)
}

fn find(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), format!("{prefix}{}", entry.file_name().display()));
        if path.is_dir() {
            find(&path, &format!("{name}/"), files)?;
        } else {
            files.push((name, path.canonicalize()?.display().to_string()));
        }
    }
    Ok(())
}
