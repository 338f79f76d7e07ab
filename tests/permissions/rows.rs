use super::things;
use crate::support::{World, json};
use std::{collections::BTreeSet, fmt::Write};

#[tokio::test]
async fn who_sees_which_rows() {
    let world = World::new().await;
    let hidden = things::document(&world, "DOCUMENTS", false).await;
    let visible = things::document(&world, "DOCUMENTS", true).await;
    let message = things::message(&world, false).await;
    let pending = world.martin.request_upload(&world.martin_id, "ASSETS", "essai.txt", b"essai").await;
    let (internal, shared) = (things::request(&world, true).await, things::request(&world, false).await);
    let rows = [
        ("Client", world.martin_id.clone()),
        ("Client elsewhere", world.durand_id.clone()),
        ("Document hidden", hidden.clone()),
        ("Document visible", visible.clone()),
        ("Document in PRIVATE", things::document(&world, "PRIVATE", false).await),
        ("Document in INVOICES, hidden", things::document(&world, "INVOICES", false).await),
        ("Document in INVOICES, visible", things::document(&world, "INVOICES", true).await),
        ("Document of the client, pending", pending["document"]["id"].as_str().unwrap().to_owned()),
        ("DocumentVersion hidden", things::version(&world, &hidden).await),
        ("DocumentVersion visible", things::version(&world, &visible).await),
        ("DocumentVersion of the client, pending", pending["version"]["id"].as_str().unwrap().to_owned()),
        ("Conversation", things::conversation(&world).await),
        ("Message", message),
        ("Message internal", things::message(&world, true).await),
        ("ValidationStep internal", things::step(&world, &internal).await),
        ("ValidationStep", things::step(&world, &shared).await),
        ("ValidationRequest internal", internal),
        ("ValidationRequest", shared),
        ("Quote draft", things::quote(&world, false).await),
        ("Quote", things::quote(&world, true).await),
        ("Invoice draft", things::invoice(&world, false).await),
        ("Invoice", things::invoice(&world, true).await),
        ("CreditNote draft", things::credit_note(&world, false).await),
        ("CreditNote", things::credit_note(&world, true).await),
        ("Payment", things::payment(&world).await),
        ("Site", dossier_core::id::encode("site", world.paris)),
        ("Site elsewhere", dossier_core::id::encode("site", world.lyon)),
        ("Member", things::member(&world).await),
    ];
    let covered: BTreeSet<_> = rows.iter().map(|(name, _)| name.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(covered, node_types(), "every type with an id is covered");
    let mut matrix = String::new();
    for (name, id) in rows {
        let _ = write!(matrix, "{name}:");
        for (actor_name, actor) in world.actors() {
            let answer = actor.send("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
            let seen = match (&answer["data"]["node"], answer["errors"][0]["extensions"]["code"].as_str()) {
                (_, Some(code)) => code,
                (node, None) if node.is_null() => "-",
                (node, None) => {
                    assert_eq!(node, &json!({ "__typename": name.split(' ').next().unwrap(), "id": id }));
                    "sees"
                }
            };
            let _ = write!(matrix, " {actor_name}={seen}");
        }
        matrix.push('\n');
    }
    insta::assert_snapshot!(matrix);
}

/// Returns the types of the schema that implement `Node`.
fn node_types() -> BTreeSet<String> {
    let sdl = dossier::graphql::sdl();
    let types = sdl.lines().filter_map(|line| line.strip_prefix("type ")?.strip_suffix(" implements Node {"));
    types.map(str::to_owned).collect()
}
