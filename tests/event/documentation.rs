//! `docs/realtime.md` names a test for each guarantee. These tests must exist.

use std::path::Path;

#[test]
fn every_guarantee_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/realtime.md")).unwrap();
    let named: Vec<_> = page.split('`').skip(1).step_by(2).filter(|code| code.contains("::")).collect();
    let named: Vec<_> = named.into_iter().filter(|name| !name.contains(' ') && *name != "folder::file::test").collect();
    assert!(named.len() > 30, "{named:?}");
    for name in named {
        let (file, test) = name.rsplit_once("::").unwrap();
        let file = root.join("tests").join(format!("{}.rs", file.replace("::", "/")));
        let source = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(source.contains(&format!("fn {test}(")), "{name} is no test");
    }
}
