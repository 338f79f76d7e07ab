//! A key does and sees what an operator with a session of the same scopes does and sees, on every field of the schema.

use super::{ALL_SCOPES, script};
use crate::{
    data::{
        seeded::Seeded,
        statements::{Caller, paths::field_paths, plan},
    },
    permissions::actions::{CASES, attempt_by},
    support::{Actor, World, json, schema::Schema},
};
use dossier_core::scope::{Scope, Scopes};

/// Returns the scopes of the schema that remain without one of them.
fn without(missing: Scope) -> Scopes {
    let all: Scopes = Scope::ALL.iter().copied().filter(|scope| ALL_SCOPES.contains(&name(*scope).as_str())).collect();
    all.without(missing)
}

/// Returns the name of a scope in the schema.
fn name(scope: Scope) -> String {
    scope.name().replace(':', "_").to_uppercase()
}

fn names(scopes: Scopes) -> Vec<String> {
    scopes.iter().map(name).collect()
}

#[tokio::test]
async fn beyond_its_scopes_a_key_does_nothing() {
    let world = World::new().await;
    for missing in [Scope::ClientsRead, Scope::DocumentsWrite, Scope::BillingRead, Scope::ValidationDecide] {
        let scopes = without(missing);
        let key = script(&world, json!({ "name": "Import", "scopes": names(scopes) })).await;
        let limited = world.app.limited(&world.operator, scopes).await;
        for case in CASES {
            let [of_key, of_operator] = [
                attempt_by(&world, &world.operator, &key, case).await,
                attempt_by(&world, &world.operator, &limited, case).await,
            ];
            // A key has no rows of its operator.
            if !case.contains("one's own") {
                assert_eq!(of_key, of_operator, "{case} without {missing}");
            }
        }
    }
}

/// Fields that another account, or another request, has other values for.
const OWN: [&str; 6] = ["{ viewer", "{ sessions", "{ download", "{ preview", "{ unreadCount", "{ lastReadMessage"];

#[tokio::test]
async fn beyond_its_scopes_a_key_reads_no_field() {
    let (schema, server) = (Schema::read(), Box::pin(Seeded::start(&plan())).await);
    let owner = Box::pin(server.signed_in("OWNER")).await;
    let caller = Box::pin(Caller::begin(&schema, &server, "OPERATOR")).await;
    let mut compared = 0;
    for missing in Scope::ALL.iter().filter(|scope| ALL_SCOPES.contains(&name(**scope).as_str())) {
        let scopes = without(*missing);
        let input = json!({ "name": "Import", "scopes": names(scopes) });
        let token = owner.does("createApiKey", input, "token").await["token"].as_str().unwrap().to_owned();
        let key = Actor::new(&server.app.url, "script", Some(token));
        let limited = server.app.limited(&caller.actor, scopes).await;
        for (kind, path) in field_paths(&schema, "Query") {
            for field in schema.fields(&kind) {
                let Ok(query) = caller.query(&path, &field.node, 3) else { continue };
                let query = format!("{{ {query} }}");
                if OWN.iter().any(|own| query.contains(own)) {
                    continue;
                }
                let [of_key, of_operator] = [key.send(&query, json!({})).await, limited.send(&query, json!({})).await];
                assert_eq!(of_key["data"], of_operator["data"], "{query} without {missing}");
                compared += usize::from(!of_key["data"].is_null());
            }
        }
    }
    assert!(compared > 1_000, "only {compared} fields were compared");
}
