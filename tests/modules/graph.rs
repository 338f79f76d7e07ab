//! The modules of a crate and their uses of each other.

use super::scan::{Import, Module, Names};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The files that each file uses, each with one of the paths in its text.
pub type Edges = BTreeMap<Names, BTreeMap<Names, String>>;

/// The target of a path.
enum Target {
    Module(Names),
    /// An item, by the module that defines it.
    Item(Names),
    /// Something in another crate.
    Foreign,
}

struct Node {
    /// The module of the file.
    file: Names,
    module: Module,
}

/// A crate's modules by path. The root's path is empty.
pub struct Crate(BTreeMap<Names, Node>);

impl Crate {
    /// Reads every file below a crate's `src`, except for `main.rs`, a crate of its own.
    pub fn read(src: &Path) -> Self {
        let mut files = Vec::new();
        let mut folders = vec![src.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") && path != src.join("main.rs") {
                    files.push((path.strip_prefix(src).unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
                }
            }
        }
        Self::new(files)
    }

    /// Takes files by their paths below `src`.
    pub fn new(files: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let mut modules = Self(BTreeMap::new());
        for (path, text) in files {
            let path = path.with_extension("");
            let mut names: Names = path.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
            names.pop_if(|last| last == "mod" || last == "lib");
            modules.add(&names.clone(), names, Module::parse(&text));
        }
        modules
    }

    fn add(&mut self, file: &Names, path: Names, mut module: Module) {
        for (name, inline) in std::mem::take(&mut module.inline) {
            self.add(file, join(&path, &name), inline);
        }
        self.0.insert(path, Node { file: file.clone(), module });
    }

    /// Returns every use of one file's items in another file.
    pub fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        for (path, node) in &self.0 {
            for (target, used) in self.uses(path, node) {
                let to = &self.0[&target].file;
                if *to != node.file {
                    edges.entry(node.file.clone()).or_default().entry(to.clone()).or_insert(used);
                }
            }
        }
        edges
    }

    /// Returns the modules that define the items that this module uses, each with the path in its text.
    fn uses(&self, from: &Names, node: &Node) -> Vec<(Names, String)> {
        let mut uses = Vec::new();
        for Import { path, alias, public } in &node.module.imports {
            let Some(Target::Item(target)) = self.resolve(from, path) else { continue };
            let re_exports_child = *public && target.starts_with(from);
            if alias != "*" && !re_exports_child {
                uses.push((target, path.join("::")));
            }
        }
        for path in &node.module.paths {
            if let Some(Target::Item(target)) = self.resolve(from, path) {
                uses.push((target, path.join("::")));
            }
        }
        uses
    }

    /// Returns the target of a path, or `None` for local names.
    fn resolve(&self, from: &Names, path: &[String]) -> Option<Target> {
        self.resolve_within(from, path, 0)
    }

    fn resolve_within(&self, from: &Names, path: &[String], depth: usize) -> Option<Target> {
        // Two modules that import each other's globs would otherwise be searched forever.
        if depth > 16 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.descend(&Vec::new(), rest, depth),
            "self" if !rest.is_empty() => self.descend(from, rest, depth),
            "super" => self.resolve_super(from, path, depth),
            _ => self.lookup(from, first, rest, depth),
        }
    }

    fn resolve_super(&self, from: &Names, path: &[String], depth: usize) -> Option<Target> {
        let ups = path.iter().take_while(|name| *name == "super").count();
        let ancestor = from[..from.len().checked_sub(ups)?].to_vec();
        self.descend(&ancestor, &path[ups..], depth)
    }

    /// Follows names from a module. A name that the module does not declare is one that a macro defines there.
    fn descend(&self, module: &Names, path: &[String], depth: usize) -> Option<Target> {
        let Some((first, rest)) = path.split_first() else { return Some(Target::Module(module.clone())) };
        let found = self.lookup(module, first, rest, depth);
        found.or_else(|| Some(Target::Item(module.clone())))
    }

    /// Finds a name among a module's children, items and imports.
    fn lookup(&self, module: &Names, name: &str, rest: &[String], depth: usize) -> Option<Target> {
        let declared = &self.0.get(module)?.module;
        let child = join(module, name);
        if self.0.contains_key(&child) && !rest.is_empty() {
            return self.descend(&child, rest, depth + 1);
        }
        if declared.items.contains(name) {
            return Some(Target::Item(module.clone()));
        }
        let imports = declared.imports.iter().filter(|import| import.alias == name);
        let imported: Vec<_> = imports.map(|import| self.imported(module, import, rest, depth + 1)).collect();
        let is_foreign = !imported.is_empty();
        if let Some(target) = imported.into_iter().flatten().next() {
            return Some(target);
        }
        if self.0.contains_key(&child) {
            return Some(Target::Module(child));
        }
        if is_foreign {
            return Some(Target::Foreign);
        }
        declared.imports.iter().filter(|import| import.alias == "*").find_map(|glob| {
            let Target::Module(target) = self.resolve_within(module, &glob.path, depth + 1)? else { return None };
            self.lookup(&target, name, rest, depth + 1)
        })
    }

    /// Follows an import of a module, and the names behind it.
    fn imported(&self, module: &Names, import: &Import, rest: &[String], depth: usize) -> Option<Target> {
        let path = [&import.path[..], rest].concat();
        if import.path[0] != import.alias {
            return self.resolve_within(module, &path, depth);
        }
        // The first name of `use check::check` is a child or another crate: as an imported name, it would lead to itself.
        let child = join(module, &path[0]);
        if self.0.contains_key(&child) { self.descend(&child, &path[1..], depth) } else { None }
    }
}

fn join(path: &Names, name: &str) -> Names {
    [&path[..], &[name.to_owned()]].concat()
}
