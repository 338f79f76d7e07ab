//! Deliveries count for the rate limit of their subscriber. Deliveries over the limit come later.

use crate::support::{
    App, World,
    app::{Member, PLENTY},
    fixtures::client,
    json,
    socket::Stream,
};
use dossier::rate::Subject;
use entities::membership::Role;

/// A subscription that costs 203 points per event: the event, its subject, and two nested pages.
const COSTLY: &str = "subscription($after: String) { dossierEvents(after: $after) { subject { ... on Client {
    name documents(first: 100) { nodes { id } } conversations(first: 100) { nodes { id } } } } } }";

/// The cost of one event.
const COST: usize = 203;

async fn world(points: &str) -> World {
    let limits = [PLENTY[0], ("RATE_POINTS", points)];
    let limits = limits.map(|(name, value)| format!("--{}={value}", name.to_lowercase().replace('_', "-")));
    World::on(App::configured(&limits).await).await
}

async fn next_name(stream: &mut Stream) -> String {
    stream.next().await["dossierEvents"]["subject"]["name"].as_str().unwrap().to_owned()
}

/// Returns the actor as the rate limiter identifies them.
fn subject(world: &World, actor: &crate::support::Actor) -> Subject {
    let token = actor.token.as_deref().unwrap();
    let claims = world.app.parts.tokens.check(token, world.app.parts.database.clock.now()).unwrap();
    Subject::User(claims.user)
}

#[tokio::test]
async fn deliveries_over_the_rate_limit_arrive_later() {
    let world = world("3000").await;
    let owner = subject(&world, &world.owner);
    let mut stream = world.owner.subscribe(COSTLY, json!({})).await;
    // 14 events fit. Later ones wait until the budget recovers.
    let names: Vec<_> = (0..16).map(|number| format!("Client {number}")).collect();
    for name in &names {
        client(&world.operator, name, None).await;
    }
    for name in &names[..14] {
        assert_eq!(next_name(&mut stream).await, *name);
    }
    assert!(world.app.parts.rate.delivery(&owner, 14 * COST).await.is_err(), "they were charged for it");
    // Other people's events do not use up the caller's budget.
    assert_eq!(world.owner.query("{ viewer { role } }", json!({})).await["viewer"]["role"], "OWNER");
    for name in &names[14..] {
        assert_eq!(next_name(&mut stream).await, *name, "nothing is lost");
    }
}

#[tokio::test]
async fn a_shared_delivery_is_charged_to_all_its_subscribers() {
    let world = world("3000").await;
    let colleague = Member { email: "colleague@atelier.example", ..Member::default() };
    let colleague = world.app.member(world.organization, Role::Operator, colleague).await;
    let mut streams = Vec::new();
    for actor in [&colleague, &world.operator] {
        streams.push(actor.subscribe(COSTLY, json!({})).await);
    }
    for number in 0..10 {
        client(&world.operator, &format!("Client {number}"), None).await;
    }
    for stream in &mut streams {
        for number in 0..10 {
            assert_eq!(next_name(stream).await, format!("Client {number}"));
        }
    }
    // Each pays half: about 1,000 of 3,000.
    for actor in [&colleague, &world.operator] {
        let subject = subject(&world, actor);
        assert!(world.app.parts.rate.delivery(&subject, 2_500).await.is_err());
        assert!(world.app.parts.rate.delivery(&subject, 1_500).await.is_ok());
    }
}

#[tokio::test]
async fn subscriptions_whose_total_cost_is_too_high_are_refused() {
    let world = World::new().await;
    let costly = "subscription { dossierEvents { subject { ... on Client {
        documents(first: 40) { nodes { versions(first: 100) { nodes { id } } } } } } } }";
    let mut socket = world.operator.socket().await;
    let subscribe = |id: &str, query: &str| json!({ "id": id, "type": "subscribe", "payload": { "query": query } });
    socket.send(subscribe("1", costly)).await;
    socket.send(subscribe("2", &costly.replace("first: 40", "first: 39"))).await;
    let refused = socket.receive().await;
    assert_eq!((&refused["id"], &refused["type"]), (&json!("2"), &json!("error")), "{refused:#}");
    let error = &refused["payload"][0];
    assert_eq!(error["extensions"]["code"], "TOO_MANY_OPERATIONS", "{refused:#}");
    assert!(error["message"].as_str().unwrap().contains("The limit is 5000"), "{refused:#}");
    // The limit applies to all sockets of a member, and not to other members.
    let mut other = world.operator.socket().await;
    other.send(subscribe("1", costly)).await;
    assert_eq!(other.receive().await["type"], "error");
    let _theirs = world.owner.subscribe(costly, json!({})).await;
    // After the end of the first one, a new one is allowed.
    socket.send(json!({ "id": "1", "type": "complete" })).await;
    loop {
        other.send(subscribe("2", costly)).await;
        other.send(json!({ "type": "ping" })).await;
        if other.receive().await["type"] == "pong" {
            break;
        }
        assert_eq!(other.receive().await["type"], "pong");
    }
}
