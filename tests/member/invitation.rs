use crate::support::{Actor, Value, World, app::Member, fixtures::member, json};
use chrono::TimeDelta;
use dossier::graphql::id;
use dossier_core::viewer::{SystemPurpose, Viewer};
use entities::{invitation, membership::Role};

const PASSWORD: &str = "sept pommes vertes";
const SESSION: &str =
    "accessToken refreshToken viewer { displayName email role } memberships { organizationSlug role }";

/// Returns the token in the link of a mail.
pub fn token(mail: &str) -> String {
    let link = mail.lines().find(|line| line.starts_with("http")).unwrap_or_else(|| panic!("no link in {mail}"));
    link.split_once('#').unwrap().1.to_owned()
}

async fn invite(actor: &Actor, input: Value) -> String {
    let made = actor.does("inviteMember", input, "invitation { id }").await;
    made["invitation"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_invited_person_joins_with_the_link_of_the_mail() {
    let world = World::new().await;
    let email = "nadia@atelier.example";
    let paris = id::encode("site", world.paris);
    let input =
        json!({ "email": "Nadia@Atelier.example", "displayName": "Nadia", "role": "STAFF", "siteIds": [paris] });
    let selection = "invitation { id email status sites { name } inviter { displayName } }";
    let made = world.owner.does("inviteMember", input.clone(), selection).await["invitation"].clone();
    let expected = json!({
        "id": made["id"], "email": email, "status": "PENDING", "sites": [{ "name": "Paris" }],
        "inviter": { "displayName": "owner" },
    });
    assert_eq!(made, expected);
    assert_eq!(world.owner.refused("inviteMember", input).await, "CONFLICT", "the address is invited already");
    let mail = world.app.mail(email, "ATELIER").await;
    assert!(mail.contains("owner vous invite"), "in the organization's language: {mail}");
    let token = token(&mail);
    let selection = "invitation { organizationName inviterName email role hasAccount }";
    let opened = world.anonymous.does("openInvitation", json!({ "token": token }), selection).await;
    let expected = json!({
        "organizationName": "ATELIER", "inviterName": "owner", "email": email, "role": "STAFF", "hasAccount": false,
    });
    assert_eq!(opened["invitation"], expected);
    let accept = |password: &str| json!({ "token": token, "password": password });
    assert_eq!(world.anonymous.refused("acceptInvitation", accept("court")).await, "INVALID password");
    assert_eq!(world.anonymous.refused("acceptInvitation", json!({ "token": token })).await, "INVALID password");
    let joined = world.anonymous.does("acceptInvitation", accept(PASSWORD), SESSION).await;
    assert_eq!(joined["viewer"], json!({ "displayName": "Nadia", "email": email, "role": "STAFF" }));
    let nadia = Actor::new(&world.app.url, "nadia", joined["accessToken"].as_str().map(str::to_owned));
    let seen = nadia.query("{ clients(first: 5) { nodes { name } } }", json!({})).await;
    assert_eq!(seen["clients"]["nodes"], json!([{ "name": "Martin" }]));
    assert_eq!(world.anonymous.refused("acceptInvitation", accept(PASSWORD)).await, "CONFLICT", "it works once");
    world.anonymous.does("signIn", json!({ "email": email, "password": PASSWORD }), "").await;
    let query = "{ invitations(first: 5) { nodes { status acceptedAt } totalCount } }";
    let listed = world.owner.query(query, json!({})).await["invitations"].clone();
    assert_eq!((&listed["totalCount"], &listed["nodes"][0]["status"]), (&json!(1), &json!("ACCEPTED")));
    assert!(listed["nodes"][0]["acceptedAt"].is_string());
}

#[tokio::test]
async fn one_of_two_who_accept_at_once_joins() {
    let world = World::new().await;
    invite(&world.owner, json!({ "email": "nadia@atelier.example", "displayName": "Nadia", "role": "OPERATOR" })).await;
    let token = token(&world.app.mail("nadia@atelier.example", "").await);
    let accept = async || {
        let input = json!({ "token": token, "password": PASSWORD });
        let answer = world
            .anonymous
            .send(&crate::support::actors::mutation("acceptInvitation", "accessToken"), json!({ "input": input }))
            .await;
        answer["data"]["acceptInvitation"]["accessToken"].is_string()
    };
    let (one, other) = tokio::join!(accept(), accept());
    assert!(one != other, "{one} {other}");
    let members = world.owner.query("{ members(first: 50) { nodes { email } } }", json!({})).await;
    assert_eq!(members.to_string().matches("nadia@").count(), 1);
}

/// Moves the invitation into the past, and changes its language to English.
pub async fn expire(world: &World) {
    let viewer = Viewer::system(world.organization, SystemPurpose::Command);
    let tx = world.app.parts.database.write_as(viewer).await.unwrap();
    let before = tx.find::<invitation::Entity>().one().await.unwrap().unwrap();
    let sent_at = before.sent_at - TimeDelta::days(8);
    let after = invitation::Model { sent_at, expires_at: tx.now, locale: "en-GB".into(), ..before.clone() };
    tx.update_without_event(&before, after).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_invitation_is_resent_and_revoked() {
    let world = World::new().await;
    let email = "nadia@atelier.example";
    let id = invite(&world.owner, json!({ "email": email, "displayName": "Nadia", "role": "OPERATOR" })).await;
    let first = token(&world.app.mail(email, "").await);
    assert_eq!(world.owner.refused("resendInvitation", json!({ "id": id })).await, "CONFLICT", "at once");
    expire(&world).await;
    assert_eq!(world.anonymous.refused("openInvitation", json!({ "token": first })).await, "CONFLICT", "expired");
    world.owner.does("resendInvitation", json!({ "id": id }), "invitation { status }").await;
    let second = token(&world.app.mail(email, "invites you").await);
    assert_eq!(world.anonymous.refused("openInvitation", json!({ "token": first })).await, "INVALID token");
    world.anonymous.does("openInvitation", json!({ "token": second }), "").await;
    let revoked = world.owner.does("revokeInvitation", json!({ "id": id }), "invitation { status }").await;
    assert_eq!(revoked["invitation"]["status"], "REVOKED");
    let accept = json!({ "token": second, "password": PASSWORD });
    assert_eq!(world.anonymous.refused("acceptInvitation", accept).await, "CONFLICT");
    assert_eq!(world.owner.refused("revokeInvitation", json!({ "id": id })).await, "CONFLICT");
    for forged in ["", "x", &second[1..], &format!("{second}A"), &"A".repeat(100_000)] {
        let refused = world.anonymous.refused("openInvitation", json!({ "token": forged })).await;
        assert_eq!(refused, "INVALID token");
    }
}

#[tokio::test]
async fn the_account_of_the_address_is_needed() {
    let world = World::new().await;
    let email = "operator@voisin.example";
    crate::viewer::set_password(&world, email, PASSWORD).await;
    invite(&world.owner, json!({ "email": email, "role": "OPERATOR" })).await;
    let token = token(&world.app.mail(email, "").await);
    let accept = |password: Value| json!({ "token": token, "password": password });
    let other = accept(json!("un autre mot de passe"));
    assert_eq!(world.anonymous.refused("acceptInvitation", other).await, "FORBIDDEN");
    let refused = world.operator.refused("acceptInvitation", accept(json!(null))).await;
    assert_eq!(refused, "INVALID password", "somebody else is signed in");
    let refused = world.stranger.refused("acceptInvitation", accept(json!(null))).await;
    assert_eq!(refused, "INVALID password", "a token of the command line");
    let signed = world.anonymous.does("signIn", json!({ "email": email, "password": PASSWORD }), "accessToken").await;
    let signed = Actor::new(&world.app.url, "stranger", signed["accessToken"].as_str().map(str::to_owned));
    let joined = signed.does("acceptInvitation", accept(json!(null)), SESSION).await;
    assert_eq!(joined["viewer"]["role"], "OPERATOR");
    assert_eq!(joined["memberships"].as_array().unwrap().len(), 2);
    let again = json!({ "email": email, "role": "OWNER" });
    assert_eq!(world.owner.refused("inviteMember", again).await, "CONFLICT", "a member already");
}

#[tokio::test]
async fn whoever_may_invite_to_a_role_sends_its_invitations() {
    let world = World::new().await;
    let to_dossier = |email: &str, id: &str| json!({ "email": email, "role": "CLIENT", "clientId": id });
    let agency = json!({ "email": "nadia@atelier.example", "role": "OPERATOR" });
    for actor in [&world.operator, &world.manager, &world.staff, &world.martin] {
        assert_eq!(actor.refused("inviteMember", agency.clone()).await, "FORBIDDEN", "{}", actor.name);
    }
    for actor in [&world.staff, &world.martin] {
        let input = to_dossier("ami@client.example", &world.martin_id);
        assert_eq!(actor.refused("inviteMember", input).await, "FORBIDDEN", "{}", actor.name);
    }
    invite(&world.manager, to_dossier("ami@client.example", &world.martin_id)).await;
    let elsewhere = to_dossier("ami@client.example", &world.durand_id);
    assert_eq!(world.manager.refused("inviteMember", elsewhere.clone()).await, "NOT_FOUND clientId");
    let of_lyon = invite(&world.operator, elsewhere).await;
    let of_agency = invite(&world.owner, agency).await;
    let seen = async |actor: &Actor| {
        let query = "{ invitations(first: 5) { totalCount } }";
        actor.query(query, json!({})).await["invitations"]["totalCount"].clone()
    };
    let counts = [&world.owner, &world.operator, &world.manager, &world.staff, &world.martin, &world.stranger];
    let mut found = Vec::new();
    for actor in counts {
        found.push(seen(actor).await);
    }
    assert_eq!(found, [3, 2, 1, 0, 0, 0].map(|count| json!(count)));
    assert_eq!(world.manager.refused("revokeInvitation", json!({ "id": of_lyon })).await, "NOT_FOUND id");
    assert_eq!(world.operator.refused("revokeInvitation", json!({ "id": of_agency })).await, "NOT_FOUND id");
    world.operator.does("revokeInvitation", json!({ "id": of_lyon }), "").await;
    let wrong = json!({ "email": "x@y.example", "role": "CLIENT" });
    assert_eq!(world.owner.refused("inviteMember", wrong).await, "INVALID clientId");
}

#[tokio::test]
async fn a_removed_member_can_come_back_and_old_sessions_stay_ended() {
    let world = World::new().await;
    let operator = member(&world.owner, "operator").await;
    crate::viewer::set_password(&world, "operator@atelier.example", PASSWORD).await;
    let before = world.app.again(&world.operator, TimeDelta::days(1)).await;
    world.owner.does("removeMember", json!({ "id": operator }), "").await;
    invite(&world.owner, json!({ "email": "operator@atelier.example", "role": "OPERATOR" })).await;
    let token = token(&world.app.mail("operator@atelier.example", "").await);
    let input = json!({ "token": token, "password": PASSWORD });
    let joined = world.anonymous.does("acceptInvitation", input, SESSION).await;
    assert_eq!(joined["viewer"]["role"], "OPERATOR");
    assert_eq!(before.code("{ viewer { role } }", json!({})).await, "UNAUTHENTICATED");
    assert_eq!(member(&world.owner, "operator").await, operator, "the same membership");
}

#[tokio::test]
async fn a_person_may_be_the_client_of_several_dossiers() {
    let world = World::new().await;
    let of = Member {
        email: "durand@client.example",
        client: Some(crate::support::fixtures::uuid(&world.martin_id)),
        ..Member::default()
    };
    let both = world.app.member(world.organization, Role::Client, of).await;
    let seen = both.query("{ clients(first: 5) { nodes { name } } }", json!({})).await;
    assert_eq!(seen["clients"]["nodes"], json!([{ "name": "Martin" }]));
}

#[tokio::test]
async fn nobody_floods_an_address_with_invitations() {
    let world = World::new().await;
    let input = json!({ "email": "nadia@atelier.example", "role": "OPERATOR" });
    for _ in 0..5 {
        let id = invite(&world.owner, input.clone()).await;
        world.owner.does("revokeInvitation", json!({ "id": id }), "").await;
    }
    assert_eq!(world.owner.refused("inviteMember", input).await, "CONFLICT");
    invite(&world.owner, json!({ "email": "ami@atelier.example", "role": "OPERATOR" })).await;
}

#[tokio::test]
async fn the_invitations_of_somebody_who_loses_rights_are_revoked() {
    let world = World::new().await;
    let second = Member { email: "second@atelier.example", ..Member::default() };
    let second = world.app.member(world.organization, Role::Owner, second).await;
    invite(&second, json!({ "email": "nadia@atelier.example", "displayName": "Nadia", "role": "OWNER" })).await;
    let token = token(&world.app.mail("nadia@atelier.example", "").await);
    world.owner.does("removeMember", json!({ "id": member(&world.owner, "second").await }), "").await;
    let accept = json!({ "token": token, "password": PASSWORD });
    assert_eq!(world.anonymous.refused("acceptInvitation", accept).await, "CONFLICT");
}

#[tokio::test]
async fn nobody_joins_an_archived_dossier() {
    let world = World::new().await;
    let input =
        json!({ "email": "ami@client.example", "displayName": "Ami", "role": "CLIENT", "clientId": world.martin_id });
    invite(&world.operator, input.clone()).await;
    let token = token(&world.app.mail("ami@client.example", "").await);
    world.operator.does("archiveClient", json!({ "id": world.martin_id }), "").await;
    let accept = json!({ "token": token, "password": PASSWORD });
    assert_eq!(world.anonymous.refused("acceptInvitation", accept).await, "CONFLICT");
    let other = json!({ "email": "autre@client.example", "role": "CLIENT", "clientId": world.martin_id });
    assert_eq!(world.operator.refused("inviteMember", other).await, "CONFLICT");
}
