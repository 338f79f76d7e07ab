//! Access tokens are renewed by refresh tokens, each of which works once.

use super::set_password;
use crate::support::{Actor, Value, World, json};
use chrono::TimeDelta;
use dossier_core::viewer::{SystemPurpose, Viewer};
use entities::{membership::Role, session};

const ME: &str = "{ viewer { role } }";
pub const PASSWORD: &str = "sept pommes vertes";
const TOKENS: &str =
    "accessToken refreshToken expiresAt sessionExpiresAt viewer { role } memberships { id organizationSlug }";

/// Signs in as the owner.
async fn sign_in(world: &World) -> Value {
    let input = json!({ "email": "owner@atelier.example", "password": PASSWORD, "device": "Téléphone de Claire" });
    world.anonymous.does("signIn", input, TOKENS).await
}

async fn refresh(world: &World, token: &Value) -> Value {
    world.anonymous.mutate("refreshSession", json!({ "refreshToken": token }), TOKENS).await
}

fn actor(world: &World, payload: &Value) -> Actor {
    Actor::new(&world.app.url, "owner", payload["accessToken"].as_str().map(str::to_owned))
}

async fn start() -> World {
    let world = World::new().await;
    set_password(&world, "owner@atelier.example", PASSWORD).await;
    world
}

/// Changes the only session that began with signing in.
async fn change_session(world: &World, change: impl FnOnce(session::Model) -> session::Model) {
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(viewer).await.unwrap();
    let all = tx.find::<session::Entity>().all().await.unwrap();
    let before = all.into_iter().find(|session| session.refresh_number > 0).unwrap();
    let after = change(before.clone());
    tx.update_without_event(&before, after).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let world = start().await;
    let first = sign_in(&world).await;
    let second = refresh(&world, &first["refreshToken"]).await;
    assert_eq!(second["viewer"]["role"], "OWNER");
    assert_ne!(first["refreshToken"], second["refreshToken"]);
    let owner = actor(&world, &second);
    let mut socket = owner.socket().await;
    // The answer was lost, or two tabs asked at once.
    let again = refresh(&world, &first["refreshToken"]).await;
    assert_eq!(again["refreshToken"], second["refreshToken"]);
    let third = refresh(&world, &second["refreshToken"]).await;
    assert_eq!(third["userErrors"], json!([]));
    // The thief has the first token.
    let stolen = refresh(&world, &first["refreshToken"]).await;
    assert_eq!((&stolen["accessToken"], &stolen["userErrors"][0]["code"]), (&json!(null), &json!("FORBIDDEN")));
    assert_eq!(socket.closed().await, (4403, "session-ended".to_owned()));
    assert_eq!(owner.code(ME, json!({})).await, "UNAUTHENTICATED");
    for token in [&first, &second, &third].map(|payload| &payload["refreshToken"]) {
        assert_eq!(refresh(&world, token).await["userErrors"][0]["code"], "FORBIDDEN");
    }
}

#[tokio::test]
async fn the_same_successor_is_given_for_ten_seconds_only() {
    let world = start().await;
    let first = sign_in(&world).await;
    refresh(&world, &first["refreshToken"]).await;
    let earlier = |session: session::Model| {
        let refreshed_at = session.refreshed_at.map(|at| at - TimeDelta::seconds(11));
        session::Model { refreshed_at, ..session }
    };
    change_session(&world, earlier).await;
    assert_eq!(refresh(&world, &first["refreshToken"]).await["userErrors"][0]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_get_the_same_tokens() {
    let world = start().await;
    let first = sign_in(&world).await;
    let (one, other) = tokio::join!(refresh(&world, &first["refreshToken"]), refresh(&world, &first["refreshToken"]));
    assert_eq!(one["userErrors"], json!([]));
    assert_eq!(one["refreshToken"], other["refreshToken"]);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_after_ninety_days() {
    let world = start().await;
    let first = sign_in(&world).await;
    let until =
        |payload: &Value| payload["sessionExpiresAt"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>();
    let now = chrono::Utc::now();
    let days = |payload: &Value| (until(payload).unwrap() - now).num_hours();
    assert!((719..=720).contains(&days(&first)), "30 days: {}", days(&first));
    let minutes = first["expiresAt"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap() - now;
    assert!((14..=15).contains(&minutes.num_minutes()), "{minutes}");
    change_session(&world, |session| session::Model {
        created_at: session.created_at - TimeDelta::days(85),
        ..session
    })
    .await;
    let second = refresh(&world, &first["refreshToken"]).await;
    assert!((119..=120).contains(&days(&second)), "5 days are left: {}", days(&second));
    change_session(&world, |session| session::Model { expires_at: session.created_at, ..session }).await;
    assert_eq!(refresh(&world, &second["refreshToken"]).await["userErrors"][0]["code"], "FORBIDDEN");
    assert_eq!(actor(&world, &second).code(ME, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_forged_or_foreign_text_is_no_refresh_token() {
    let world = start().await;
    let tokens = sign_in(&world).await;
    let own = tokens["refreshToken"].as_str().unwrap();
    let cursor = world.owner.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    for forged in [json!(""), json!("x"), json!(format!("A{own}")), tokens["accessToken"].clone(), cursor] {
        assert_eq!(refresh(&world, &forged).await["userErrors"][0]["code"], "FORBIDDEN", "{forged}");
    }
    let answer = world.anonymous.mutate("refreshSession", json!({}), TOKENS).await;
    assert_eq!(answer["userErrors"][0]["field"], json!(["refreshToken"]));
    assert_eq!(refresh(&world, &tokens["refreshToken"]).await["userErrors"], json!([]), "no forgery ends the session");
}

/// A sealed text and an access token have different purposes.
#[tokio::test]
async fn no_other_token_is_an_access_token() {
    let world = start().await;
    let tokens = sign_in(&world).await;
    let cursor = world.owner.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone();
    world.anonymous.does("requestPasswordReset", json!({ "email": "staff@atelier.example" }), "").await;
    let reset = crate::member::token(&world.app.mail("staff@atelier.example", "nouveau mot de passe").await);
    world.owner.does("inviteMember", json!({ "email": "nadia@atelier.example", "role": "OPERATOR" }), "").await;
    let invitation = crate::member::token(&world.app.mail("nadia@atelier.example", "ATELIER").await);
    for other in [tokens["refreshToken"].clone(), cursor, json!(reset), json!(invitation)] {
        let holder = Actor::new(&world.app.url, "holder", other.as_str().map(str::to_owned));
        assert_eq!(holder.code(ME, json!({})).await, "UNAUTHENTICATED", "{other}");
    }
    assert_eq!(actor(&world, &tokens).query(ME, json!({})).await["viewer"]["role"], "OWNER");
}

#[tokio::test]
async fn a_person_has_a_hundred_open_sessions_at_most() {
    let world = start().await;
    let second = world.app.again(&world.owner, TimeDelta::days(1)).await;
    for _ in 0..98 {
        world.app.again(&world.owner, TimeDelta::days(1)).await;
    }
    let query = "{ viewer { role } sessions(first: 1) { totalCount } }";
    assert_eq!(world.owner.query(query, json!({})).await["sessions"]["totalCount"], 100);
    let newest = actor(&world, &sign_in(&world).await);
    assert_eq!(newest.query(query, json!({})).await["sessions"]["totalCount"], 100);
    assert_eq!(world.owner.code(ME, json!({})).await, "UNAUTHENTICATED", "the oldest has ended");
    assert_eq!(second.query(ME, json!({})).await["viewer"]["role"], "OWNER", "the next one goes on");
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions() {
    let world = start().await;
    let (phone, laptop) = (sign_in(&world).await, sign_in(&world).await);
    let owner = actor(&world, &phone);
    let query = "{ sessions(first: 10) { nodes { id device network current lastUsedAt organization { slug } } } }";
    let listed = owner.query(query, json!({})).await["sessions"]["nodes"].clone();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 3, "{listed:#?}");
    let (other, own) = (&listed[0], &listed[1]);
    assert_eq!((&other["current"], &own["current"]), (&json!(false), &json!(true)));
    assert_eq!((&own["device"], &own["network"]), (&json!("Téléphone de Claire"), &json!("127.0.0.0/24")));
    assert_eq!(own["organization"]["slug"], "atelier");
    owner.does("endSession", json!({ "id": other["id"] }), "endedId").await;
    assert_eq!(actor(&world, &laptop).code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(refresh(&world, &laptop["refreshToken"]).await["userErrors"][0]["code"], "FORBIDDEN");
    let another = sign_in(&world).await;
    let ended = owner.does("endAllSessions", json!({}), "count").await;
    assert_eq!(ended["count"], 2, "all but this one, also the script's");
    assert_eq!(actor(&world, &another).code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(owner.query(ME, json!({})).await["viewer"]["role"], "OWNER");
    world.anonymous.does("endSession", json!({ "refreshToken": phone["refreshToken"] }), "endedId").await;
    assert_eq!(owner.code(ME, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn only_owners_see_and_end_the_sessions_of_others() {
    let world = World::new().await;
    let query = "query($id: ID!) { node(id: $id) { ... on Member { sessions(first: 5) { nodes { id } } } } }";
    let manager = crate::support::fixtures::member(&world.owner, "manager").await;
    let seen = world.owner.query(query, json!({ "id": manager })).await["node"]["sessions"]["nodes"].clone();
    assert_eq!(seen.as_array().unwrap().len(), 1);
    assert_eq!(world.operator.query(query, json!({ "id": manager })).await["node"]["sessions"], json!(null));
    let session = json!({ "id": seen[0]["id"] });
    for actor in [&world.operator, &world.staff, &world.martin, &world.stranger] {
        assert_eq!(actor.refused("endSession", session.clone()).await, "NOT_FOUND id", "{}", actor.name);
    }
    let all = json!({ "memberId": manager });
    assert_eq!(world.operator.refused("endAllSessions", all.clone()).await, "FORBIDDEN");
    assert_eq!(world.stranger.refused("endAllSessions", all.clone()).await, "NOT_FOUND memberId");
    assert_eq!(world.owner.does("endAllSessions", all, "count").await["count"], 1);
    assert_eq!(world.manager.code(ME, json!({})).await, "UNAUTHENTICATED");
    let operator = crate::support::fixtures::member(&world.owner, "operator").await;
    let seen = world.owner.query(query, json!({ "id": operator })).await["node"]["sessions"]["nodes"][0].clone();
    world.owner.does("endSession", json!({ "id": seen["id"] }), "").await;
    assert_eq!(world.operator.code(ME, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn one_switches_to_another_membership_without_signing_in_again() {
    let world = start().await;
    let voisin = dossier_core::id::encode("membership", {
        let tx = world.app.parts.database.read(&world.app.credentials(&world.stranger).unwrap()).await.unwrap();
        tx.member().unwrap().membership
    });
    let email = "operator@voisin.example";
    set_password(&world, email, PASSWORD).await;
    let input = json!({ "email": email, "role": "STAFF", "siteIds": [dossier_core::id::encode("site", world.paris)] });
    world.owner.does("inviteMember", input, "").await;
    let token = crate::member::token(&world.app.mail(email, "").await);
    let input = json!({ "token": token, "password": PASSWORD });
    let joined = world.anonymous.does("acceptInvitation", input, TOKENS).await;
    let staff = actor(&world, &joined);
    assert_eq!(staff.query(ME, json!({})).await["viewer"]["role"], "STAFF");
    let slugs = joined["memberships"].as_array().unwrap().iter().map(|choice| choice["organizationSlug"].clone());
    assert_eq!(slugs.collect::<Vec<_>>(), ["voisin", "atelier"]);
    let input = |membership: &str, token: &Value| json!({ "membershipId": membership, "refreshToken": token });
    let refused = async |input: Value| world.anonymous.refused("switchMembership", input).await;
    assert_eq!(refused(json!({ "membershipId": voisin })).await, "INVALID refreshToken");
    let foreign = crate::support::fixtures::member(&world.owner, "manager").await;
    let present = dossier_core::id::encode("membership", {
        let tx = world.app.parts.database.read(&world.app.credentials(&staff).unwrap()).await.unwrap();
        tx.member().unwrap().membership
    });
    for other in [&foreign, &present] {
        assert_eq!(refused(input(other, &joined["refreshToken"])).await, "NOT_FOUND membershipId");
    }
    let switched = world.anonymous.does("switchMembership", input(&voisin, &joined["refreshToken"]), TOKENS).await;
    assert_eq!(switched["viewer"]["role"], "OPERATOR");
    assert_eq!(staff.query(ME, json!({})).await["viewer"]["role"], "STAFF", "the present session goes on");
    let next = refresh(&world, &switched["refreshToken"]).await;
    assert_eq!(next["viewer"]["role"], "OPERATOR");
    // Whoever switches to and fro ends the session from which they came.
    let again = world.anonymous.does("switchMembership", input(&voisin, &joined["refreshToken"]), TOKENS).await;
    assert_eq!(refresh(&world, &next["refreshToken"]).await["userErrors"][0]["code"], "FORBIDDEN");
    let next = refresh(&world, &again["refreshToken"]).await;
    assert_eq!(next["viewer"]["role"], "OPERATOR");
    // A stolen token of the first session ends both.
    refresh(&world, &joined["refreshToken"]).await;
    let second = refresh(&world, &joined["refreshToken"]).await;
    refresh(&world, &second["refreshToken"]).await;
    assert_eq!(refresh(&world, &joined["refreshToken"]).await["userErrors"][0]["code"], "FORBIDDEN");
    assert_eq!(refresh(&world, &next["refreshToken"]).await["userErrors"][0]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn a_copied_token_is_noticed_also_if_it_was_used_to_switch() {
    let world = start().await;
    let email = "owner@atelier.example";
    let atelier = dossier_core::id::encode("membership", membership(&world, &world.owner).await);
    let other = second_membership(&world, email).await;
    let input = |membership: &str, token: &Value| json!({ "membershipId": membership, "refreshToken": token });
    let switch = async |membership: &str, token: &Value| {
        world.anonymous.does("switchMembership", input(membership, token), TOKENS).await["refreshToken"].clone()
    };
    let begin = async || {
        let input = json!({ "email": email, "password": PASSWORD, "organization": "atelier" });
        world.anonymous.does("signIn", input, TOKENS).await["refreshToken"].clone()
    };
    let is_refused = async |token: &Value| refresh(&world, token).await["userErrors"][0]["code"] == json!("FORBIDDEN");

    // A thief switches once, and later the person renews their session with the same token.
    let copied = begin().await;
    let stolen = switch(&other, &copied).await;
    age_refreshes(&world, email).await;
    assert!(is_refused(&copied).await && is_refused(&stolen).await);

    // A thief switches to and fro, which ends the session of the person.
    let copied = begin().await;
    let stolen = switch(&other, &copied).await;
    let stolen = switch(&atelier, &stolen).await;
    age_refreshes(&world, email).await;
    assert!(is_refused(&copied).await && is_refused(&stolen).await);

    // Whoever signs out with one session of the family signs out of all.
    let first = begin().await;
    let second = switch(&other, &first).await;
    let first = refresh(&world, &first).await["refreshToken"].clone();
    world.anonymous.does("endSession", json!({ "refreshToken": second }), "endedId").await;
    assert!(is_refused(&first).await);
}

async fn membership(world: &World, actor: &Actor) -> uuid::Uuid {
    let tx = world.app.parts.database.read(&world.app.credentials(actor).unwrap()).await.unwrap();
    tx.member().unwrap().membership
}

/// Makes a person an operator of the other organization, too. Returns the id of this membership.
async fn second_membership(world: &World, email: &str) -> String {
    let tx = world.app.parts.database.read(&world.app.credentials(&world.stranger).unwrap()).await.unwrap();
    let voisin = tx.organization().unwrap();
    drop(tx);
    let member = crate::support::app::Member { email, ..Default::default() };
    let actor = world.app.member(voisin, Role::Operator, member).await;
    dossier_core::id::encode("membership", membership(world, &actor).await)
}

/// Moves the last renewals of a person's sessions into the past, so that their earlier tokens are no repetitions.
async fn age_refreshes(world: &World, email: &str) {
    let database = &world.app.parts.database;
    let user = database.account(email).await.unwrap().unwrap().id;
    let tx = database.write_as(Viewer::SigningIn { user }).await.unwrap();
    for before in tx.find::<session::Entity>().all().await.unwrap() {
        let refreshed_at = before.refreshed_at.map(|at| at - TimeDelta::minutes(1));
        tx.update_without_event(&before, session::Model { refreshed_at, ..before.clone() }).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn no_session_begins_with_an_old_password_while_it_is_changed() {
    let world = start().await;
    let owner = actor(&world, &sign_in(&world).await);
    let input = json!({ "email": "owner@atelier.example", "password": PASSWORD });
    let change = json!({ "currentPassword": PASSWORD, "newPassword": "huit cerises rouges" });
    let attempts = futures::future::join_all((0..8).map(|_| world.anonymous.mutate("signIn", input.clone(), TOKENS)));
    let (changed, attempts) = tokio::join!(owner.mutate("changePassword", change, "changed"), attempts);
    assert_eq!(changed["changed"], true);
    for attempt in attempts.iter().filter(|attempt| attempt["refreshToken"].is_string()) {
        assert_eq!(refresh(&world, &attempt["refreshToken"]).await["userErrors"][0]["code"], "FORBIDDEN");
    }
}
