//! Renders the reference of the API, and reads the page.

use crate::support::live::{output, repository};
use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
};

/// Returns the values of an attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let parts = page.split(attribute).skip(1);
    parts.map(|part| part.split_once('"').unwrap().0).collect()
}

/// The page describes each type of the schema once, with its guards and deprecations. Its links lead somewhere. The build
/// itself fails if an example is not valid.
#[test]
fn the_reference_describes_the_whole_schema() {
    let folder = tempfile::tempdir().unwrap();
    repository("docs/reference/node_modules");
    output(Command::new("node").arg(repository("docs/reference/build.js")).arg(folder.path()).stdin(Stdio::null()));
    let page = fs::read_to_string(folder.path().join("index.html")).unwrap();
    let schema = fs::read_to_string(repository("schema.graphql")).unwrap();

    let ids = values(&page, " id=\"");
    let places: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(places.len(), ids.len(), "an id is used twice");
    let built_in = ["Boolean", "Float", "ID", "Int", "String"];
    let declared = schema.lines().filter_map(|line| {
        let (kind, rest) = line.split_once(' ')?;
        let kinds = ["type", "input", "enum", "interface", "union", "scalar"];
        kinds.contains(&kind).then(|| rest.split(' ').next().unwrap())
    });
    let declared: Vec<_> = declared.filter(|name| !["Query", "Mutation", "Subscription"].contains(name)).collect();
    assert!(declared.len() > 200, "{declared:?}");
    for name in declared.into_iter().chain(["requestUpload", "dossierEvents", "Client.internalNotes", "@visibleTo"]) {
        assert!(places.contains(name), "{name} is missing");
    }
    for target in values(&page, "href=\"#") {
        assert!(places.contains(target) || built_in.contains(&target), "a link leads to #{target}");
    }
    let used =
        |directive: &str| schema.lines().filter(|line| line.contains(directive) && line.starts_with('\t')).count();
    let guard = "href=\"#@visibleTo\">@visibleTo(roles: [";
    assert_eq!(page.matches(guard).count(), used(" @visibleTo("));
    assert!(page.matches("<strong>Deprecated.</strong>").count() >= used(" @deprecated("));
}
