//! The layers: a crate depends only on those below it, and only the upper ones know GraphQL and HTTP.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The crates of the workspace with their allowed dependencies, from the bottom to the top.
const ALLOWED: [(&str, &[&str]); 13] = [
    ("entities", &[]),
    ("migration", &[]),
    ("dossier-core", &["entities"]),
    ("dossier-policy", &["dossier-core", "entities", "migration"]),
    ("dossier-jobs", &["dossier-core", "entities"]),
    ("dossier-data", &["dossier-core", "dossier-jobs", "dossier-policy", "entities", "migration"]),
    ("dossier-storage", &["dossier-core"]),
    ("dossier-mail", &[]),
    ("dossier-preview", &[]),
    ("dossier-events", &["dossier-core", "dossier-data", "dossier-jobs", "dossier-policy", "entities"]),
    (
        "dossier-domain",
        &[
            "dossier-core",
            "dossier-data",
            "dossier-jobs",
            "dossier-mail",
            "dossier-policy",
            "dossier-preview",
            "dossier-storage",
            "entities",
        ],
    ),
    (
        "dossier-seed",
        &["dossier-core", "dossier-data", "dossier-domain", "dossier-policy", "dossier-storage", "entities"],
    ),
    (
        "dossier",
        &[
            "dossier-core",
            "dossier-data",
            "dossier-domain",
            "dossier-events",
            "dossier-jobs",
            "dossier-mail",
            "dossier-policy",
            "dossier-preview",
            "dossier-seed",
            "dossier-storage",
            "entities",
            "migration",
        ],
    ),
];

/// The libraries for GraphQL and HTTP, by name prefix, with the crates that may use them.
const PROTOCOLS: [(&str, &[&str]); 5] = [
    ("async-graphql", &["dossier"]),
    // The local object store is an HTTP server.
    ("axum", &["dossier", "dossier-storage"]),
    ("hyper", &["dossier"]),
    ("tower", &["dossier"]),
    ("tungstenite", &["dossier"]),
];

/// The crates whose texts contain no names of GraphQL fields or mutations.
const WITHOUT_GRAPHQL: [&str; 6] = ["core", "data", "domain", "events", "jobs", "policy"];

/// Returns the dependencies of each crate of the workspace, of any kind and platform.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(ROOT);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &serde_json::Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|one| (name(one), one["dependencies"].as_array().unwrap().iter().map(name).collect())).collect()
}

#[test]
fn crates_depend_only_on_lower_layers() {
    let dependencies = dependencies();
    let known: BTreeSet<_> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let found: BTreeSet<_> = dependencies.keys().cloned().collect();
    assert_eq!(found, known, "give each crate its place in `ALLOWED`");
    for (name, allowed) in ALLOWED {
        for dependency in dependencies[name].intersection(&known) {
            assert!(allowed.contains(&dependency.as_str()), "`{name}` must not depend on `{dependency}`");
        }
    }
}

#[test]
fn only_the_upper_layers_know_graphql_and_http() {
    for (name, dependencies) in dependencies() {
        for dependency in dependencies {
            let protocol = PROTOCOLS.iter().find(|(protocol, _)| dependency.starts_with(protocol));
            let allowed = protocol.is_none_or(|(_, users)| users.contains(&name.as_str()));
            assert!(allowed, "`{name}` must not depend on `{dependency}`");
        }
    }
}

/// Fields of user errors have their domain names in `snake_case`, because `graphql/payload.rs` converts them. Messages
/// contain no names of GraphQL fields or mutations.
#[test]
fn the_lower_layers_write_no_graphql_names() {
    let mut wrong = Vec::new();
    for name in WITHOUT_GRAPHQL {
        for file in sources(&Path::new(ROOT).join("crates").join(name).join("src")) {
            let source = fs::read_to_string(&file).unwrap();
            let names = literals(&source).into_iter().flat_map(|literal| camel_case_names(&literal));
            wrong.extend(names.map(|name| format!("{}: {name}", file.display())));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn names_in_camel_case_are_found() {
    let source = r#"
        // "inComment"
        let quote = ('"', "\"", r"\%");
        invalid("lines.2.vatRate", format!("give {id} to\
            requestUpload, not to {MAX_SIZE} GiB of PRIVATE"))
    "#;
    let found: Vec<_> = literals(source).iter().flat_map(|literal| camel_case_names(literal)).collect();
    assert_eq!(found, ["vatRate", "requestUpload"]);
}

/// Returns the Rust files in a folder and its subfolders.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Returns the string literals of a source, without escaped characters.
fn literals(source: &str) -> Vec<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let code = code.replace("'\"'", "' '");
    let mut literals = Vec::new();
    let mut current: Option<String> = None;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match (character, &mut current) {
            ('"', None) => current = Some(String::new()),
            ('"', Some(_)) => literals.extend(current.take()),
            ('\\', Some(literal)) => {
                characters.next();
                literal.push(' ');
            }
            (other, Some(literal)) => literal.push(other),
            (_, None) => {}
        }
    }
    literals
}

/// Returns the words of a text that begin with a small letter and contain a capital letter.
fn camel_case_names(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let camel = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_lowercase()) && word.contains(|c: char| c.is_ascii_uppercase())
    };
    words.filter(camel).map(str::to_owned).collect()
}
