//! The checked-in schema is the one that is served, and says something about everything.

#[test]
fn schema_graphql_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../schema.graphql");
    let checked_in = std::fs::read_to_string(path).unwrap();
    assert!(checked_in == dossier::graphql::sdl(), "run `cargo run -- schema > schema.graphql`");
}

/// In the printed schema a description stands on the line before what it describes.
#[test]
fn everything_is_described() {
    let mut undescribed = Vec::new();
    let mut previous = "";
    let sdl = dossier::graphql::sdl();
    for line in sdl.lines() {
        let item = line.trim();
        let opens_nothing = ["}", ")", "\"", "directive", "schema", "query:", "mutation:", "subscription:", "| "];
        let describable = !item.is_empty() && !opens_nothing.iter().any(|start| item.starts_with(start));
        if describable && !previous.ends_with('"') {
            undescribed.push(item.to_owned());
        }
        previous = item;
    }
    assert_eq!(undescribed, Vec::<String>::new());
}
