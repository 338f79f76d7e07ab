use super::subjects;
use crate::support::{World, json};
use std::{collections::BTreeSet, fmt::Write};

#[tokio::test]
async fn who_sees_which_rows() {
    let world = World::new().await;
    let rows = rows(&world).await;
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

/// Adds rows of each type, in each state that the row rules distinguish.
pub async fn rows(world: &World) -> Vec<(&'static str, String)> {
    let hidden = subjects::document(world, "DOCUMENTS", false).await;
    let visible = subjects::document(world, "DOCUMENTS", true).await;
    let message = subjects::message(world, false).await;
    let pending = world.martin.request_upload(&world.martin_id, "ASSETS", "essai.txt", b"essai").await;
    let (internal, shared) = (subjects::request(world, true).await, subjects::request(world, false).await);
    vec![
        ("Client", world.martin_id.clone()),
        ("Client elsewhere", world.durand_id.clone()),
        ("Document hidden", hidden.clone()),
        ("Document visible", visible.clone()),
        ("Document in PRIVATE", subjects::document(world, "PRIVATE", false).await),
        ("Document in INVOICES, hidden", subjects::document(world, "INVOICES", false).await),
        ("Document in INVOICES, visible", subjects::document(world, "INVOICES", true).await),
        ("Document of the client, pending", pending["document"]["id"].as_str().unwrap().to_owned()),
        ("DocumentVersion hidden", subjects::version(world, &hidden).await),
        ("DocumentVersion visible", subjects::version(world, &visible).await),
        ("DocumentVersion of the client, pending", pending["version"]["id"].as_str().unwrap().to_owned()),
        ("Conversation", subjects::conversation(world).await),
        ("Message", message),
        ("Message internal", subjects::message(world, true).await),
        ("ValidationStep internal", subjects::step(world, &internal).await),
        ("ValidationStep", subjects::step(world, &shared).await),
        ("ValidationComment on an internal request", subjects::comment(world, &internal, false).await),
        ("ValidationComment internal", subjects::comment(world, &shared, true).await),
        ("ValidationComment", subjects::comment(world, &shared, false).await),
        ("ValidationRequest internal", internal),
        ("ValidationRequest", shared),
        ("Quote draft", subjects::quote(world, false).await),
        ("Quote", subjects::quote(world, true).await),
        ("Invoice draft", subjects::invoice(world, false).await),
        ("Invoice", subjects::invoice(world, true).await),
        ("CreditNote draft", subjects::credit_note(world, false).await),
        ("CreditNote", subjects::credit_note(world, true).await),
        ("Payment", subjects::payment(world).await),
        ("Site", dossier_core::id::encode("site", world.paris)),
        ("Site elsewhere", dossier_core::id::encode("site", world.lyon)),
        ("Member", subjects::member(world).await),
        ("Invitation to the agency", subjects::invitation(world, false).await),
        ("Invitation to a dossier", subjects::invitation(world, true).await),
        ("ApiKey", subjects::api_key(world).await),
        ("AuditEntry", subjects::audit_entry(world).await),
        ("ExternalIdentity of the manager", subjects::external_identity(world).await),
        ("Session of the manager", subjects::session(world).await),
    ]
}

/// Returns the types of the schema that implement `Node`.
fn node_types() -> BTreeSet<String> {
    let sdl = dossier::graphql::sdl();
    let types = sdl.lines().filter_map(|line| line.strip_prefix("type ")?.strip_suffix(" implements Node {"));
    types.map(str::to_owned).collect()
}
