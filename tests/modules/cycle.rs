//! Finds cycles in a graph.

use super::{graph::Edges, scan::Names};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

/// A cycle: each module with the path by which it uses the next one.
pub struct Cycle(Vec<(Names, String)>);

impl Cycle {
    /// Returns `a → b → a`.
    pub fn path(&self) -> String {
        let mut names: Vec<_> = self.0.iter().map(|(module, _)| label(module)).collect();
        names.push(names[0].clone());
        names.join(" → ")
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path())?;
        self.0.iter().try_for_each(|(module, used)| write!(formatter, "\n    {} uses {used}", label(module)))
    }
}

fn label(module: &Names) -> String {
    if module.is_empty() { "crate".to_owned() } else { module.join("::") }
}

/// Returns one shortest cycle through each module that lies on one, without those already on a returned cycle.
pub fn shortest(edges: &Edges) -> Vec<Cycle> {
    let mut seen = BTreeSet::new();
    let mut cycles = Vec::new();
    for start in edges.keys() {
        if !seen.contains(start)
            && let Some(cycle) = shortest_through(edges, start)
        {
            seen.extend(cycle.0.iter().map(|(module, _)| module.clone()));
            cycles.push(cycle);
        }
    }
    cycles
}

/// Searches breadth-first from a module until it is reached again.
fn shortest_through(edges: &Edges, start: &Names) -> Option<Cycle> {
    let mut previous: BTreeMap<&Names, &Names> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for next in edges.get(module).into_iter().flat_map(BTreeMap::keys) {
            if next == start {
                let mut path = vec![(module.clone(), edges[module][start].clone())];
                while path[0].0 != *start {
                    let before = previous[&path[0].0];
                    path.insert(0, (before.clone(), edges[before][&path[0].0].clone()));
                }
                return Some(Cycle(path));
            }
            if !previous.contains_key(next) {
                previous.insert(next, module);
                queue.push_back(next);
            }
        }
    }
    None
}
