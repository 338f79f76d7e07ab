use super::subjects;
use crate::support::{World, json};
use entities::membership::Role;
use sea_orm::{ActiveEnum, Iterable};

/// A field of the schema with `@visibleTo`.
struct Guarded {
    parent: String,
    field: String,
    roles: Vec<String>,
}

/// Reads all directives from the schema's text.
fn guarded_fields() -> Vec<Guarded> {
    let sdl = dossier::graphql::sdl();
    let (mut parent, mut field) = (String::new(), String::new());
    let mut found = Vec::new();
    for line in sdl.lines().filter(|line| !line.starts_with("directive")) {
        if let Some(name) = line.strip_prefix("type ") {
            name.split(' ').next().unwrap().clone_into(&mut parent);
        }
        // A field with arguments begins some lines above its directive.
        if let Some(name) = line.strip_prefix('\t').filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            name.split(['(', ':']).next().unwrap().clone_into(&mut field);
        }
        if let Some((_, roles)) = line.trim().split_once("@visibleTo(roles: [") {
            found.push(Guarded {
                parent: parent.clone(),
                field: field.clone(),
                roles: roles.split(']').next().unwrap().split(", ").map(str::to_owned).collect(),
            });
        }
    }
    found
}

#[tokio::test]
async fn every_directive_holds_for_every_role() {
    let world = World::new().await;
    let fields = guarded_fields();
    assert!(fields.len() >= 8, "the schema's directives were not found");
    let visible = subjects::document(&world, "DOCUMENTS", true).await;
    let request = subjects::request(&world, false).await;
    let assign = json!({ "id": request, "assigneeId": subjects::member(&world).await });
    world.operator.does("assignValidationRequest", assign, "").await;
    let approve = json!({ "id": request, "internalNote": "entre nous" });
    world.operator.does("approveValidationRequest", approve, "").await;
    let conversation = subjects::conversation(&world).await;
    analyse(&world, &conversation).await;
    world.owner.does("setLegalHold", json!({ "id": world.martin_id, "reason": "essai" }), "").await;
    // A document in the trash is no node. The tests of the trash try its field.
    for guarded in fields.into_iter().filter(|guarded| guarded.field != "purgeBlockedBy") {
        let Guarded { parent, field, roles } = &guarded;
        let id = match parent.as_str() {
            "Client" => world.martin_id.clone(),
            "Document" => visible.clone(),
            "DocumentVersion" => subjects::version(&world, &visible).await,
            "ValidationRequest" => request.clone(),
            "Conversation" => conversation.clone(),
            "Member" => subjects::member(&world).await,
            "Organization" => String::new(),
            other => panic!("no {other} to try {field} on"),
        };
        let selection = match field.as_str() {
            "figures" => "figures { __typename }",
            "legalHold" => "legalHold { reason }",
            "assignee" => "assignee { id }",
            "storageByZone" => "storageByZone { zone used }",
            "sessions" => "sessions(first: 1) { totalCount }",
            scalar => scalar,
        };
        let of_node = format!("query($id: ID!) {{ node(id: $id) {{ ... on {parent} {{ {selection} }} }} }}");
        let (query, variables, path) = match parent.as_str() {
            "Organization" => {
                let query = format!("{{ node: viewer {{ organization {{ {selection} }} }} }}");
                (query, json!({}), json!(["node", "organization", field]))
            }
            _ => (of_node, json!({ "id": id }), json!(["node", field])),
        };
        for role in Role::iter() {
            let answer = world.actor(role).send(&query, variables.clone()).await;
            let steps = path.as_array().unwrap().iter().map(|step| step.as_str().unwrap());
            let value = steps.fold(&answer["data"], |value, step| &value[step]);
            let role = role.to_value();
            let what = format!("{parent}.{field} as {role}: {answer:#}");
            assert!(answer.get("errors").is_none(), "{what}");
            if parent == "Member" && ["STAFF", "CLIENT"].contains(&role.as_str()) {
                assert!(answer["data"]["node"].is_null(), "{what}");
                continue;
            }
            if roles.contains(&role) {
                assert!(!value.is_null(), "{what}");
                assert!(answer["extensions"].get("guarded").is_none(), "{what}");
            } else {
                assert!(answer["data"]["node"].is_object() && value.is_null(), "{what}");
                assert_eq!(answer["extensions"]["guarded"], json!([path]), "{what}");
            }
        }
    }
}

/// There is no mutation for the assistant's analysis, so this writes it directly.
async fn analyse(world: &World, conversation: &str) {
    use dossier_core::viewer::{SystemPurpose, Viewer};
    use entities::conversation::{Column, Entity, Model};
    use sea_orm::ColumnTrait;
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(viewer).await.unwrap();
    let id = crate::support::fixtures::uuid(conversation);
    let before = tx.find::<Entity>().filter(Column::Id.eq(id)).one().await.unwrap().unwrap();
    let dossier = tx.find::<entities::client::Entity>().all().await.unwrap().swap_remove(0);
    let after = Model { analysis: Some("satisfait".into()), ..before.clone() };
    let event =
        dossier_data::DomainEvent::changed(entities::event::Kind::ConversationStarted, &dossier, &before, &after);
    let before = tx.authorize_row::<Entity>(dossier_policy::ConversationAction::Post, before).unwrap();
    tx.update(&before, after, event.agency_only()).await.unwrap();
    tx.commit().await.unwrap();
}
