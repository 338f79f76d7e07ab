//! Some pages name a test for each of their statements. These tests must exist.

use std::{fs, path::Path};

/// The pages, with the least number of tests that they name.
const PAGES: [(&str, usize); 2] = [("docs/realtime.md", 30), ("docs/security.md", 60)];

/// The sections of ASVS 5.0.0 on `docs/security.md`, with the number of their requirements of the levels 1 and 2.
const SECTIONS: [(&str, usize); 26] = [
    ("6.1", 3),
    ("6.2", 12),
    ("6.3", 4),
    ("6.4", 4),
    ("6.5", 5),
    ("6.6", 3),
    ("6.8", 4),
    ("7.1", 3),
    ("7.2", 4),
    ("7.3", 2),
    ("7.4", 5),
    ("7.5", 2),
    ("7.6", 2),
    ("8.1", 2),
    ("8.2", 3),
    ("8.3", 1),
    ("8.4", 1),
    ("9.1", 3),
    ("9.2", 4),
    ("10.1", 2),
    ("10.2", 2),
    ("10.3", 4),
    ("10.4", 11),
    ("10.5", 5),
    ("10.6", 2),
    ("10.7", 3),
];

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

/// Returns the paths of tests in a text, such as `event::cursor::a_cursor_that_is_too_old`.
fn tests(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split('`').skip(1).step_by(2);
    code.filter(|code| code.contains("::") && !code.contains(' ') && *code != "folder::file::test")
}

#[test]
fn every_named_test_exists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let mut missing = Vec::new();
    for (name, least) in PAGES {
        let page = page(name);
        let named: Vec<_> = tests(&page).collect();
        assert!(named.len() >= least, "{name} names only {named:?}");
        for test in named {
            let (file, function) = test.rsplit_once("::").unwrap();
            let path = file.replace("::", "/");
            let source = fs::read_to_string(folder.join(format!("{path}.rs")));
            let source = source.or_else(|_| fs::read_to_string(folder.join(path).join("mod.rs"))).unwrap_or_default();
            if !source.contains(&format!("fn {function}(")) {
                missing.push(format!("{name}: {test}"));
            }
        }
    }
    assert!(missing.is_empty(), "no such tests: {missing:#?}");
}

/// A row of the tables of `docs/security.md`.
struct Row<'p> {
    numbers: Vec<String>,
    state: &'p str,
    shown_by: &'p str,
}

impl<'p> Row<'p> {
    /// Reads `| 6.2.1 | level | requirement | state | tests or reason |`. The number may be a range: `10.1.1–10.1.2`.
    fn read(line: &'p str) -> Option<Self> {
        let cells: Vec<_> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let [numbers, _, _, state, shown_by] = cells[..] else { return None };
        let (first, last) = numbers.split_once('–').unwrap_or((numbers, numbers));
        let (section, first) = first.rsplit_once('.')?;
        let last = last.strip_prefix(section)?.strip_prefix('.')?;
        let numbers = first.parse::<usize>().ok()?..=last.parse().ok()?;
        Some(Self { numbers: numbers.map(|number| format!("{section}.{number}")).collect(), state, shown_by })
    }
}

#[test]
fn every_requirement_has_a_state_and_its_reason() {
    let page = page("docs/security.md");
    let rows: Vec<_> = page.lines().filter_map(Row::read).collect();
    let required = SECTIONS.iter().flat_map(|(section, count)| (1..=*count).map(move |n| format!("{section}.{n}")));
    let listed: Vec<_> = rows.iter().flat_map(|row| row.numbers.clone()).collect();
    assert_eq!(listed, required.collect::<Vec<_>>(), "each requirement once, in their order");
    for Row { numbers, state, shown_by } in rows {
        let is_shown = tests(shown_by).next().is_some() || shown_by.contains("](");
        assert!(["met", "open", "not applicable"].contains(&state), "{numbers:?}: {state}");
        assert!(if state == "met" { is_shown } else { shown_by.len() > 20 }, "{numbers:?}: {shown_by}");
    }
}
