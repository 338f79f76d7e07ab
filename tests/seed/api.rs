use super::{database, plan, seed};
use crate::support::{Actor, App, Value, json};

/// A query with the maximum cost for a client.
const HUB: &str = "{ viewer { role } clients(first: 20) { totalCount nodes { name documents(first: 50) { totalCount } \
     conversations(first: 5) { nodes { messages(first: 10) { totalCount } } } invoices(first: 50) { nodes { status } } } } \
     documents { totalCount } validationRequests { totalCount } quotes { totalCount } creditNotes { totalCount } }";

pub async fn signed_in(app: &App, person: &Value) -> Actor {
    let input = json!({ "email": person["email"], "password": person["password"] });
    let payload = app.anonymous().does("signIn", input, "accessToken").await;
    Actor::new(&app.url, person["role"].as_str().unwrap(), payload["accessToken"].as_str().map(str::to_owned))
}

#[tokio::test]
async fn all_printed_people_can_sign_in_and_see_their_data() {
    let folder = tempfile::tempdir().unwrap();
    let people = seed(&database(folder.path()).await, &plan()).await.unwrap();
    let app = App::over(folder).await;
    for role in ["OWNER", "OPERATOR", "MANAGER", "STAFF", "CLIENT"] {
        let of_role = |person: &&Value| person["role"] == role && person["organization"] == "seed-42-1";
        let person = people.iter().find(of_role).unwrap();
        let hub = signed_in(&app, person).await.query(HUB, json!({})).await;
        assert_eq!(hub["viewer"]["role"], role);
        let clients = hub["clients"]["totalCount"].as_u64().unwrap();
        match role {
            // The archived dossier is listed only on request.
            "OWNER" | "OPERATOR" => assert_eq!(clients, 10),
            "CLIENT" => assert_eq!(clients, 1),
            _ => assert!((1..10).contains(&clients), "{role} sees {clients}"),
        }
        assert!(hub["documents"]["totalCount"].as_u64().unwrap() > 0, "{role}");
        assert!(hub["validationRequests"]["totalCount"].as_u64().unwrap() > 0, "{role}");
        assert_eq!(hub["quotes"]["totalCount"] == 0, role == "STAFF", "{role}");
    }
}
