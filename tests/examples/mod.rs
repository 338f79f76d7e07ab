//! The client examples and the README, run as their readers run them, against a live server.

mod curl;
mod python;
mod readme;
mod typescript;

/// Held by who uses the packages of the TypeScript example: the README installs them anew.
static PACKAGES: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What stands between the fences of a document's bash blocks.
pub fn blocks(document: &str) -> String {
    let fenced = document.split("```bash\n").skip(1);
    fenced.filter_map(|rest| rest.split_once("\n```")).map(|(block, _)| block.to_owned() + "\n").collect()
}
