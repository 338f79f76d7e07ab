//! An organization requires a second factor of some roles.

use super::{ME, OWNER, PASSWORD, actor, begin, code, enroll, sign_in};
use crate::{
    support::{Actor, World, json},
    viewer::set_password,
};

const ROWS: &str = "{ clients { totalCount } documents { totalCount } members { totalCount } }";
const REQUIRED: &str = "FACTOR_REQUIRED";

/// Requires a factor of these roles, as the owner.
async fn require(owner: &Actor, roles: &[&str]) {
    let selection = "organization { requiredFactorRoles }";
    let changed = owner.does("updateOrganization", json!({ "requiredFactorRoles": roles }), selection).await;
    assert_eq!(changed["organization"]["requiredFactorRoles"], json!(roles));
}

#[tokio::test]
async fn a_member_without_the_required_factor_can_only_enroll() {
    let world = World::new().await;
    let email = "operator@atelier.example";
    set_password(&world, email, PASSWORD).await;
    world.operator.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await;
    require(&world.owner, &["OPERATOR", "MANAGER"]).await;
    let operator = actor(&world, &sign_in(&world, email).await);
    for actor in [&operator, &world.operator, &world.manager] {
        let viewer = actor.query(ME, json!({})).await["viewer"].clone();
        assert_eq!((&viewer["factorRequired"], &viewer["totpEnabled"]), (&json!(true), &json!(false)));
        let answer = actor.send(ROWS, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], REQUIRED, "{answer:#}");
        assert_eq!(
            actor.code("query($id: ID!) { node(id: $id) { id } }", json!({ "id": world.martin_id })).await,
            REQUIRED
        );
        let document = crate::support::actors::mutation("createClient", "");
        assert_eq!(actor.code(&document, json!({ "input": { "name": "Neuf", "track": "LAB" } })).await, REQUIRED);
    }
    let mut socket = operator.subscribe("subscription { dossierEvents { type } }", json!({})).await;
    assert_eq!(socket.message().await["payload"][0]["extensions"]["code"], REQUIRED);
    // Another root field does not open the others.
    let both = operator.send("{ viewer { role } clients { totalCount } }", json!({})).await;
    assert_eq!(both["errors"][0]["extensions"]["code"], REQUIRED, "{both:#}");
    for other in [&world.owner, &world.staff, &world.martin] {
        assert!(other.query("{ clients { totalCount } }", json!({})).await["clients"]["totalCount"].as_i64() > Some(0));
        assert_eq!(other.query(ME, json!({})).await["viewer"]["factorRequired"], false);
    }
    let secret = begin(&operator).await;
    operator.does("confirmTotp", json!({ "code": code(&secret) }), "recoveryCodes").await;
    assert_eq!(operator.query(ROWS, json!({})).await["clients"]["totalCount"], 2);
    operator.does("createClient", json!({ "name": "Neuf", "track": "LAB" }), "").await;
    require(&world.owner, &[]).await;
    assert_eq!(world.manager.query(ROWS, json!({})).await["clients"]["totalCount"], 1);
}

#[tokio::test]
async fn an_api_key_needs_no_factor() {
    let world = World::new().await;
    let input = json!({ "name": "Export", "scopes": ["CLIENTS_READ"] });
    let token = world.owner.does("createApiKey", input, "token").await["token"].as_str().unwrap().to_owned();
    let script = Actor::new(&world.app.url, "script", Some(token));
    require(&world.owner, &["OPERATOR", "MANAGER"]).await;
    assert_eq!(script.query("{ clients { totalCount } }", json!({})).await["clients"]["totalCount"], 2);
}

/// The rows are hidden below the schema, too.
#[tokio::test]
async fn rows_are_hidden_from_a_member_without_the_required_factor() {
    let world = World::new().await;
    require(&world.owner, &["OPERATOR", "CLIENT"]).await;
    for actor in [&world.operator, &world.martin] {
        let tx = world.app.parts.database.read(&world.app.credentials(actor).unwrap()).await.unwrap();
        assert!(tx.member().unwrap().lacks_factor());
        assert!(tx.find::<entities::client::Entity>().all().await.unwrap().is_empty());
        assert!(tx.find::<entities::event::Entity>().all().await.unwrap().is_empty());
        drop(tx);
        let seen = actor.query("{ viewer { client { id } member { id } } }", json!({})).await;
        assert_eq!(seen["viewer"], json!({ "client": null, "member": null }));
    }
}

/// On PostgreSQL, the policies hide the rows from any statement of the member's transaction.
#[tokio::test]
async fn row_security_hides_the_rows_as_well() {
    use sea_orm::{ConnectionTrait, Statement};
    let world = World::new().await;
    let owner = world.app.owner().await;
    if owner.get_database_backend() == sea_orm::DbBackend::Sqlite {
        return;
    }
    let scopes = async |actor: &Actor| -> String {
        let tx = world.app.parts.database.read(&world.app.credentials(actor).unwrap()).await.unwrap();
        let session = tx.member().unwrap().session().unwrap();
        let sql = format!("SELECT current_setting('dossier.scopes') FROM dossier_enter('{session}')");
        let row = owner.query_one_raw(Statement::from_string(sea_orm::DbBackend::Postgres, sql)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    };
    assert_eq!(scopes(&world.operator).await, "*");
    require(&world.owner, &["OPERATOR"]).await;
    assert_eq!(scopes(&world.operator).await, "");
    assert_eq!(scopes(&world.manager).await, "*");
}

#[tokio::test]
async fn open_sockets_follow() {
    let world = World::new().await;
    let owner = enroll(&world, OWNER).await;
    let email = "operator@atelier.example";
    set_password(&world, email, PASSWORD).await;
    let operator = actor(&world, &sign_in(&world, email).await);
    let query = "subscription { dossierEvents { type } }";
    let mut events = operator.subscribe(query, json!({})).await;
    let create = async |name: &str| {
        owner.actor.does("createClient", json!({ "name": name, "track": "LAB" }), "").await;
    };
    create("Un").await;
    assert_eq!(events.next().await["dossierEvents"]["type"], "CLIENT_CREATED");
    require(&owner.actor, &["OPERATOR"]).await;
    let resync = tokio::time::timeout(std::time::Duration::from_secs(5), events.next()).await.expect("it follows");
    assert_eq!(resync["dossierEvents"]["type"], "RESYNC_REQUIRED");
    create("Deux").await;
    assert!(events.silent().await, "nothing is shown any more");
    let secret = begin(&operator).await;
    operator.does("confirmTotp", json!({ "code": code(&secret) }), "").await;
    let resync = tokio::time::timeout(std::time::Duration::from_secs(5), events.next()).await.expect("it follows");
    assert_eq!(resync["dossierEvents"]["type"], "RESYNC_REQUIRED");
    create("Trois").await;
    assert_eq!(events.next().await["dossierEvents"]["type"], "CLIENT_CREATED");
}

#[tokio::test]
async fn owners_do_not_lock_themselves_out() {
    let world = World::new().await;
    let roles = json!({ "requiredFactorRoles": ["OWNER", "STAFF"] });
    assert_eq!(world.owner.refused("updateOrganization", roles.clone()).await, "INVALID requiredFactorRoles");
    let owner = enroll(&world, OWNER).await;
    let before = owner.actor.query("{ viewer { organization { requiredFactorRoles revision } } }", json!({})).await;
    assert_eq!(before["viewer"]["organization"]["requiredFactorRoles"], json!([]));
    owner.actor.does("updateOrganization", roles.clone(), "").await;
    assert_eq!(world.operator.refused("updateOrganization", roles).await, "FORBIDDEN");
    let removed = owner.actor.query("mutation { removeTotp { removed } }", json!({})).await;
    assert_eq!(removed["removeTotp"]["removed"], true);
    assert_eq!(owner.actor.code("{ clients { totalCount } }", json!({})).await, REQUIRED, "the session goes on");
    let again = actor(&world, &sign_in(&world, OWNER).await);
    assert_eq!(again.code("{ clients { totalCount } }", json!({})).await, REQUIRED);
    again.does("endSession", json!({}), "endedId").await;
}
