//! The used storage is readable, and owners limit it.

use crate::support::{Value, World, json};

#[tokio::test]
async fn usage_is_readable_by_organization_dossier_and_zone() {
    let world = World::new().await;
    world.operator.uploads(&world.martin_id, "PRIVATE", "a.txt", "12345").await;
    let moved = world.operator.uploads(&world.martin_id, "DOCUMENTS", "b.txt", "1234567").await;
    world.operator.does("moveDocument", json!({ "id": moved, "zone": "CHAT" }), "").await;
    world.operator.uploads(&world.durand_id, "ASSETS", "c.txt", "1").await;
    world.operator.request_upload(&world.durand_id, "ASSETS", "d.txt", b"123").await;
    let query = "query($martin: ID!) {
        viewer { organization { storageUsed storageReserved } }
        client(id: $martin) { storageUsed storageByZone { zone used } }
    }";
    let variables = json!({ "martin": world.martin_id });
    let seen = world.owner.query(query, variables.clone()).await;
    let (organization, dossier) = (&seen["viewer"]["organization"], &seen["client"]);
    assert_eq!((&organization["storageUsed"], &organization["storageReserved"]), (&json!(16), &json!(3)));
    let zones = |of: &Value| {
        let zones = of["storageByZone"].as_array().unwrap().iter();
        zones
            .map(|zone| (zone["zone"].as_str().unwrap().to_owned(), zone["used"].as_i64().unwrap()))
            .collect::<Vec<_>>()
    };
    let expected = |bytes: [i64; 6]| {
        let names = ["PRIVATE", "DOCUMENTS", "VISIOS", "CHAT", "INVOICES", "ASSETS"].map(str::to_owned);
        names.into_iter().zip(bytes).collect::<Vec<_>>()
    };
    assert_eq!((&dossier["storageUsed"], zones(dossier)), (&json!(12), expected([5, 0, 0, 7, 0, 0])));
    // A deletion does not free the bytes, and a purge does.
    world.operator.does("deleteDocument", json!({ "id": moved }), "").await;
    let seen = world.manager.query(query, variables.clone()).await;
    assert_eq!(seen["client"]["storageUsed"], 12);
    world.owner.does("purgeDocument", json!({ "id": moved }), "").await;
    let seen = world.manager.query(query, variables).await;
    assert_eq!(
        (&seen["viewer"]["organization"]["storageUsed"], &seen["client"]["storageUsed"]),
        (&json!(9), &json!(5))
    );
}

#[tokio::test]
async fn owners_set_a_limit_below_that_of_the_platform() {
    let world = World::new().await;
    let limits = async || {
        let query = "{ viewer { organization { storageLimit maxStorageLimit } } }";
        let seen = world.martin.query(query, json!({})).await["viewer"]["organization"].clone();
        (seen["storageLimit"].as_i64().unwrap(), seen["maxStorageLimit"].as_i64().unwrap())
    };
    let most = 100_i64 << 30;
    assert_eq!(limits().await, (most, most));
    let limit = |bytes: Value| json!({ "storageLimit": bytes });
    assert_eq!(world.operator.refused("updateOrganization", limit(json!(1))).await, "FORBIDDEN");
    assert_eq!(world.owner.refused("updateOrganization", limit(json!(most + 1))).await, "INVALID storageLimit");
    world.owner.does("updateOrganization", limit(json!(10)), "").await;
    assert_eq!(limits().await, (10, most));
    let full = world.martin.request_upload(&world.martin_id, "ASSETS", "a.txt", b"12345678901").await;
    assert_eq!(full["userErrors"][0]["code"], "CONFLICT");
    world.martin.uploads(&world.martin_id, "ASSETS", "a.txt", "1234567890").await;
    world.owner.does("updateOrganization", limit(Value::Null), "").await;
    assert_eq!(limits().await, (most, most));
}
