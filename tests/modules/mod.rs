//! No import cycle between the modules of a crate.
//!
//! A node of the graph is the module of one file, with the inline modules in it. An edge leads to the file that defines
//! the used item, through any re-exports.

mod cycle;
mod graph;
mod scan;

use crate::support::live::repository;
use graph::{Crate, Edges};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Returns the folders of the workspace's crates.
fn crates() -> Vec<PathBuf> {
    let folders = ["", "crates"].map(|folder| fs::read_dir(repository(folder)).unwrap());
    let folders = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    folders.filter(|folder| folder.join("src/lib.rs").exists()).collect()
}

#[test]
fn no_crate_has_an_import_cycle() {
    let mut cycles = Vec::new();
    for folder in crates() {
        let edges = Crate::read(&folder.join("src")).edges();
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(name != "api" || edges.len() > 100, "the modules of api import next to nothing: {}", edges.len());
        let found = cycle::shortest(&edges).into_iter().chain(cycle::shortest(&top_level(&edges)));
        cycles.extend(found.map(|cycle| format!("{name}: {cycle}")));
    }
    assert!(cycles.is_empty(), "\n{}\n", cycles.join("\n"));
}

/// Returns the edges between the top-level modules of a crate, each with all modules below it.
fn top_level(edges: &Edges) -> Edges {
    let mut between = Edges::new();
    for (from, uses) in edges {
        for (to, used) in uses.iter().filter(|(to, _)| to.first() != from.first()) {
            let [from, to] = [from, to].map(|path| path.iter().take(1).cloned().collect());
            between.entry(from).or_default().entry(to).or_insert_with(|| used.clone());
        }
    }
    between
}

/// Returns the cycles of a crate of these files.
fn cycles(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter().map(|(path, text)| (Path::new(path).to_owned(), (*text).to_owned()));
    cycle::shortest(&Crate::new(files).edges()).into_iter().map(|cycle| cycle.path()).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn a_cycle_is_printed_as_its_path() {
    let files = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::b::B;"),
        ("b.rs", "pub struct B; impl B { fn f() -> impl Copy + use<> { crate::c::g() } }"),
        ("c.rs", "pub fn g() { vec![super::a::h()]; }"),
    ];
    assert_eq!(cycles(&files), ["a → b → c → a"]);
    assert_eq!(cycles(&files[..3]), NONE);
}

#[test]
fn a_re_exported_name_resolves_to_its_definition() {
    let [root, parent] =
        [("lib.rs", "mod a;"), ("a/mod.rs", "mod x; mod y; pub use x::X; pub(crate) use self::y::Y as Z;")];
    let x = ("a/x.rs", "pub struct X; use super::Z;");
    assert_eq!(cycles(&[root, parent, x, ("a/y.rs", "pub struct Y;")]), NONE);
    assert_eq!(cycles(&[root, parent, x, ("a/y.rs", "pub struct Y; fn f(_: crate::a::X) {}")]), ["a::x → a::y → a::x"]);
    let through_imported_module = [
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a.rs", "use crate::c; fn f() { c::C; }"),
        ("b.rs", "pub struct B; use crate::a::f;"),
        ("c.rs", "pub use crate::b::B as C;"),
    ];
    assert_eq!(cycles(&through_imported_module), ["a → b → a"]);
}

#[test]
fn a_name_of_another_crate_is_ignored() {
    let files = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod id; mod x; fn f() { x::g() }"),
        ("a/id.rs", "pub use other::id::{decode, Id as OtherId};"),
        ("a/x.rs", "use super::id; use ::id::Id; pub fn g() { id::decode(); ::a::f() }"),
    ];
    assert_eq!(cycles(&files), NONE);
}

#[test]
fn a_parent_and_its_child_are_two_nodes() {
    let [root, child] = [("lib.rs", "mod a;"), ("a/x.rs", "use super::A; pub struct X;")];
    assert_eq!(cycles(&[root, ("a.rs", "mod x; pub use x::X; pub struct A;"), child]), NONE);
    for parent in [
        "mod x; use x::X; pub struct A;",
        "mod x; pub use x::X; pub struct A(X);",
        "mod x; pub struct A; fn f() { x::g() }",
        "mod x; pub struct A; mod tests { use super::x::X; }",
        "mod x; #[serde(with = \"x::module\")] pub struct A;",
    ] {
        assert_eq!(cycles(&[root, ("a.rs", parent), child]), ["a → a::x → a"], "{parent}");
    }
}

#[test]
fn macros_and_globs_count() {
    let macros = [
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "macro_rules! make { () => { $crate::b::B } } pub(crate) use make;"),
        ("b.rs", "pub struct B; crate::a::make!();"),
    ];
    assert_eq!(cycles(&macros), ["a → b → a"]);
    let globs = [
        ("lib.rs", "mod a; mod b; mod prelude;"),
        ("a.rs", "use crate::prelude::*; fn f(_: B) {} pub struct A;"),
        ("b.rs", "pub struct B; use crate::a::A;"),
        ("prelude.rs", "pub use crate::b::B;"),
    ];
    assert_eq!(cycles(&globs), ["a → b → a"]);
}
