//! Cursors stay the same until there is something new to see, and they reveal nothing about hidden events.

use crate::support::{Actor, App, Value, World, json};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use dossier_core::{
    credentials::Credentials,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::{Purpose, Sealer};
use dossier_events::retention;
use entities::event;
use uuid::Uuid;

const EVENTS: &str = "subscription($after: String) { dossierEvents(after: $after) { cursor type reason subjectId } }";

/// The cursors that a polling client compares.
const POLL: &str = "query($after: String) { viewer { cursor } events(after: $after, first: 100) { cursor hasMore } }";

async fn cursor(actor: &Actor) -> Value {
    actor.query("{ viewer { cursor } }", json!({})).await["viewer"]["cursor"].clone()
}

/// Reads after the cursor until there is nothing more.
async fn poll(actor: &Actor, after: &Value) -> Value {
    let polled = actor.query(POLL, json!({ "after": after })).await;
    assert_eq!(polled["events"]["hasMore"], false);
    assert_eq!(polled["events"]["cursor"], polled["viewer"]["cursor"], "{}", actor.name);
    polled
}

async fn post(actor: &Actor, thread: &Value, internal: bool) -> Value {
    let input = json!({ "conversationId": thread, "body": "bonjour", "internal": internal });
    actor.does("postMessage", input, "message { id }").await["message"]["id"].clone()
}

async fn thread(actor: &Actor, client: &str) -> Value {
    let input = json!({ "clientId": client, "subject": "Essai" });
    actor.does("startConversation", input, "conversation { id }").await["conversation"]["id"].clone()
}

/// Makes a hundred changes that the client does not see, in their own dossier and in another.
async fn work_hidden(world: &World, threads: [&Value; 2]) {
    for _ in 0..25 {
        post(&world.operator, threads[0], true).await;
        post(&world.operator, threads[1], false).await;
        world.operator.request_upload(&world.martin_id, "PRIVATE", "essai.txt", b"essai").await;
        world.operator.does("createQuote", json!({ "clientId": world.martin_id, "title": "Essai" }), "").await;
    }
}

#[tokio::test]
async fn hidden_events_do_not_change_a_clients_cursor() {
    let world = World::new().await;
    let threads = [thread(&world.operator, &world.martin_id).await, thread(&world.operator, &world.durand_id).await];
    let (before, of_agency) = (cursor(&world.martin).await, cursor(&world.operator).await);
    let polled = poll(&world.martin, &before).await;
    work_hidden(&world, [&threads[0], &threads[1]]).await;
    assert_eq!(cursor(&world.martin).await, before);
    assert_eq!(poll(&world.martin, &before).await, polled);
    assert_ne!(cursor(&world.operator).await, of_agency, "the agency sees it");
    let mut from_before = world.martin.subscribe(EVENTS, json!({ "after": before })).await;
    let message = post(&world.operator, &threads[0], false).await;
    assert_ne!(cursor(&world.martin).await, before);
    let event = from_before.next().await["dossierEvents"].clone();
    assert_eq!((&event["type"], &event["subjectId"]), (&json!("MESSAGE_POSTED"), &message));
    assert_eq!(event["cursor"], cursor(&world.martin).await, "the newest event is where the events end");
    // The same holds for a new subscriber.
    let again = world.martin.subscribe(EVENTS, json!({ "after": before })).await.next().await["dossierEvents"].clone();
    assert_eq!(again, event);
}

/// The last page of events is full, and all later events are hidden.
#[tokio::test]
async fn has_more_is_false_if_all_later_events_are_hidden() {
    let world = World::new().await;
    let thread = thread(&world.operator, &world.martin_id).await;
    let before = cursor(&world.martin).await;
    post(&world.operator, &thread, false).await;
    post(&world.operator, &thread, true).await;
    let query = "query($after: String) { events(after: $after, first: 1) { events { type } cursor hasMore } }";
    let page = world.martin.query(query, json!({ "after": before })).await["events"].clone();
    assert_eq!(page["events"], json!([{ "type": "MESSAGE_POSTED" }]));
    assert_eq!((&page["hasMore"], &page["cursor"]), (&json!(false), &cursor(&world.martin).await));
}

/// Staff of the site see neither money nor private documents. A manager sees nothing of another site.
#[tokio::test]
async fn hidden_events_do_not_change_a_sites_cursors() {
    let world = World::new().await;
    let elsewhere = thread(&world.operator, &world.durand_id).await;
    let here = thread(&world.operator, &world.martin_id).await;
    let (staff, manager) = (cursor(&world.staff).await, cursor(&world.manager).await);
    post(&world.operator, &elsewhere, false).await;
    assert_eq!(cursor(&world.manager).await, manager);
    world.operator.does("createQuote", json!({ "clientId": world.martin_id, "title": "Essai" }), "").await;
    world.operator.request_upload(&world.martin_id, "PRIVATE", "essai.txt", b"essai").await;
    assert_eq!(poll(&world.staff, &staff).await["viewer"]["cursor"], staff);
    let quoted = cursor(&world.manager).await;
    assert_ne!(quoted, manager);
    post(&world.operator, &here, true).await;
    assert_ne!(cursor(&world.staff).await, staff, "staff read what is among the agency");
    assert_ne!(cursor(&world.manager).await, quoted);
}

/// After a cursor from before, subscribers get an event for each change that shows or hides a row.
#[tokio::test]
async fn subscribers_get_an_event_when_a_row_appears_or_disappears() {
    let world = World::new().await;
    let document = world.operator.uploads(&world.martin_id, "DOCUMENTS", "essai.txt", "essai").await;
    let site = |site: Uuid| json!({ "id": world.martin_id, "siteId": dossier_core::id::encode("site", site) });
    let own = json!({ "id": document });
    let moved = |zone: &str| json!({ "id": document, "zone": zone });
    for (who, mutation, input, expected) in [
        (&world.martin, "publishDocument", own.clone(), "DOCUMENT_PUBLISHED"),
        (&world.martin, "unpublishDocument", own.clone(), "REMOVED"),
        (&world.staff, "moveDocument", moved("PRIVATE"), "REMOVED"),
        (&world.staff, "moveDocument", moved("ASSETS"), "DOCUMENT_MOVED"),
        (&world.manager, "updateClient", site(world.lyon), "REMOVED"),
        (&world.staff, "updateClient", site(world.paris), "CLIENT_MOVED"),
        (&world.staff, "deleteDocument", own.clone(), "REMOVED"),
    ] {
        let before = cursor(who).await;
        let mut live = who.subscribe(EVENTS, json!({ "after": before })).await;
        world.operator.does(mutation, input, "").await;
        let event = live.next().await["dossierEvents"].clone();
        assert_eq!(event["type"], expected, "{} {mutation}", who.name);
        assert_eq!(event["cursor"], cursor(who).await, "{} {mutation}", who.name);
        // Its events from before it was shown are delivered now, too.
        let mut again = who.subscribe(EVENTS, json!({ "after": before })).await;
        while again.next().await["dossierEvents"] != event {}
    }
    // Only the uploader sees an incomplete upload.
    let before = cursor(&world.martin).await;
    world.martin.request_upload(&world.martin_id, "ASSETS", "logo.txt", b"logo").await;
    assert_ne!(cursor(&world.martin).await, before);
}

/// A cursor must not become invalid by time alone, soon after it was given.
#[tokio::test]
async fn a_cursor_stays_valid_after_its_event_is_deleted() {
    let world = World::new().await;
    let database = &world.app.parts.database;
    let aged = async |age: TimeDelta| {
        let tx = database.write_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
        for before in tx.find::<event::Entity>().all().await.unwrap() {
            tx.update_without_event(&before, event::Model { occurred_at: tx.now - age, ..before.clone() })
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        retention::clear(database, world.organization).await.unwrap();
    };
    aged(TimeDelta::days(7) - TimeDelta::minutes(1)).await;
    let old = cursor(&world.martin).await;
    assert_eq!(cursor(&world.martin).await, old);
    aged(TimeDelta::days(7) + TimeDelta::minutes(1)).await;
    let quiet = cursor(&world.martin).await;
    for after in [&old, &quiet] {
        let mut stream = world.martin.subscribe(EVENTS, json!({ "after": after })).await;
        let name = format!("Martin {after}");
        world.operator.does("updateClient", json!({ "id": world.martin_id, "name": name }), "").await;
        assert_eq!(stream.next().await["dossierEvents"]["type"], "CLIENT_UPDATED");
    }
    // This cursor is so old that later events may have been deleted.
    let (sealer, purpose) =
        (&world.app.parts.sealer, Purpose { kind: "event", organization: world.organization, scope: None });
    let mut inside: Value = sealer.open(&purpose, quiet.as_str().unwrap()).unwrap();
    inside["q"] = json!(1);
    let ancient = sealer.seal(&purpose, &inside).unwrap();
    let mut stream = world.martin.subscribe(EVENTS, json!({ "after": ancient })).await;
    assert_eq!(stream.next().await["dossierEvents"]["reason"], "TOO_OLD");
}

const LIST: &str = "query($after: String) { clients(first: 1, after: $after) {
    edges { cursor node { id } } pageInfo { startCursor endCursor }
} }";

#[tokio::test]
async fn a_list_has_the_same_cursors_for_one_access_scope() {
    let world = World::new().await;
    let second = async |actor: &Actor| {
        let all = actor.query("{ clients { edges { cursor node { name } } } }", json!({})).await;
        let edges = all["clients"]["edges"].as_array().unwrap().clone();
        edges.into_iter().find(|edge| edge["node"]["name"] == "Martin").unwrap()["cursor"].clone()
    };
    let first = world.operator.query(LIST, json!({})).await;
    assert_eq!(world.operator.query(LIST, json!({})).await, first);
    let colleague = crate::support::app::Member { email: "second@atelier.example", ..Default::default() };
    let colleague = world.app.member(world.organization, entities::membership::Role::Operator, colleague).await;
    assert_eq!(second(&colleague).await, second(&world.operator).await);
    let of_others = [second(&world.owner).await, second(&world.manager).await, second(&world.martin).await];
    for (index, one) in of_others.iter().enumerate() {
        assert_ne!(*one, second(&world.operator).await);
        assert!(!of_others[..index].contains(one));
        let answer = world.operator.send(LIST, json!({ "after": one })).await;
        assert_eq!(answer["errors"][0]["extensions"]["argument"], "after", "{answer:#}");
    }
    let end = &first["clients"]["pageInfo"]["endCursor"];
    let next = world.operator.query(LIST, json!({ "after": end })).await;
    assert_ne!(next["clients"]["edges"][0]["node"], first["clients"]["edges"][0]["node"]);
}

#[test]
fn a_cursor_reveals_only_equality() {
    let sealer = Sealer::new(&"a secret of at least 32 characters".into()).unwrap();
    let purpose = |scope| Purpose { kind: "page", organization: Uuid::nil(), scope };
    let seal = |scope, value: u64| sealer.seal(&purpose(scope), &value).unwrap();
    assert_eq!(seal(Some(1), 7), seal(Some(1), 7));
    assert_eq!(seal(Some(1), 7).len(), seal(Some(1), u64::MAX).len(), "neither how long the number is");
    let different = [seal(Some(1), 7), seal(Some(1), 8), seal(Some(2), 7), seal(None, 7)];
    for (index, one) in different.iter().enumerate() {
        let bytes = |cursor: &str| BASE64_URL_SAFE_NO_PAD.decode(cursor).unwrap();
        for other in &different[..index] {
            assert!(bytes(one).iter().zip(bytes(other)).filter(|(one, other)| *one == other).count() < 12);
        }
        assert_eq!(sealer.open(&purpose(Some(3)), one), None::<u64>);
    }
    assert_eq!(sealer.open(&purpose(Some(2)), &different[2]), Some(7));
    let other = Sealer::new(&"another secret of at least 32 characters".into()).unwrap();
    assert_ne!(other.seal(&purpose(None), &7).unwrap(), different[3]);
}

/// Creates a cursor as earlier versions did.
fn seal_as_before(secret: &[u8], kind: &[u8], organization: Uuid, value: &Value) -> String {
    let mut key = [0; 32];
    let prk = Salt::new(HKDF_SHA256, b"dossier").extract(secret);
    prk.expand(&[b"cursor"], &AES_256_GCM).unwrap().fill(&mut key).unwrap();
    let mut sealed = serde_json::to_vec(value).unwrap();
    let purpose = [kind, organization.as_bytes().as_slice()].concat();
    let key = RandomizedNonceKey::new(&AES_256_GCM, &key).unwrap();
    let nonce = key.seal_in_place_append_tag(Aad::from(purpose), &mut sealed).unwrap();
    sealed.extend_from_slice(nonce.as_ref());
    BASE64_URL_SAFE_NO_PAD.encode(sealed)
}

/// Clients may use old cursors after an update.
#[tokio::test]
async fn cursors_of_earlier_versions_stay_valid() {
    let secret = "a secret that all processes of a test share";
    let world = World::on(App::configured(&[format!("--jwt-secret={secret}")]).await).await;
    let read_tx =
        world.app.parts.database.read_as(Viewer::system(world.organization, SystemPurpose::Command)).await.unwrap();
    let events = read_tx.find::<event::Entity>().all().await.unwrap();
    let last = events.iter().map(|event| event.number).max().unwrap();
    drop(read_tx);
    let access_scope = async |actor: &Actor| {
        let (database, tokens) = (&world.app.parts.database, &world.app.parts.tokens);
        let claims = tokens.check(actor.token.as_deref().unwrap(), database.clock.now()).unwrap();
        let read_tx = database.read(&Credentials::Bearer(claims.into())).await.unwrap();
        read_tx.member().unwrap().access_scope().fingerprint()
    };
    for actor in [&world.martin, &world.operator] {
        let value = json!({ "n": last, "e": 0, "o": access_scope(actor).await });
        let before = seal_as_before(secret.as_bytes(), b"event", world.organization, &value);
        let mut stream = actor.subscribe(EVENTS, json!({ "after": before })).await;
        let name = format!("Martin de {}", actor.name);
        world.operator.does("updateClient", json!({ "id": world.martin_id, "name": name }), "").await;
        let event = stream.next().await["dossierEvents"].clone();
        assert_eq!((&event["type"], &event["reason"]), (&json!("CLIENT_UPDATED"), &json!(null)));
    }
    let value = json!({ "order": "+name_key", "key": { "Text": "durand" }, "id": crate::support::fixtures::uuid(&world.durand_id) });
    let before = seal_as_before(secret.as_bytes(), b"page", world.organization, &value);
    let page = world.operator.query(LIST, json!({ "after": before })).await;
    assert_eq!(page["clients"]["edges"][0]["node"]["id"], json!(world.martin_id));
}
