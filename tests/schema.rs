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
    let sdl = dossier::graphql::sdl();
    // Descriptions of several lines become one line of quotes.
    let outside = sdl.split("\"\"\"").enumerate().map(|(n, part)| if n % 2 == 0 { part } else { "\"" });
    let mut undescribed = Vec::new();
    let mut previous = String::new();
    for line in outside.collect::<String>().lines() {
        let item = line.trim();
        let no_item = ["}", ")", "\"", "directive", "schema", "query:", "mutation:", "subscription:"];
        if !item.is_empty() && !no_item.iter().any(|start| item.starts_with(start)) && !previous.ends_with('"') {
            undescribed.push(item.to_owned());
        }
        item.clone_into(&mut previous);
    }
    assert_eq!(undescribed, Vec::<String>::new());
}
