use crate::support::{Actor, World, json};
use argon2::{Argon2, password_hash::PasswordHasher};
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::account;
use entities::user;

const ME: &str = "{ viewer { displayName role } }";

/// Gives a person a password. Their sessions go on, unlike after a change of a password.
pub async fn set_password(world: &World, email: &str, password: &str) {
    let hash = account::hash_password("password", password.into(), Vec::new()).await.unwrap();
    store_hash(world, email, hash).await;
}

pub async fn store_hash(world: &World, email: &str, hash: String) {
    let database = &world.app.parts.database;
    let before = database.account(email).await.unwrap().unwrap();
    let tx = database.write_as(Viewer::SigningIn { user: before.id }).await.unwrap();
    tx.update_without_event(&before, user::Model { password_hash: Some(hash), ..before.clone() }).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn signing_in_gives_a_token_and_signing_out_ends_it() {
    let world = World::new().await;
    set_password(&world, "owner@atelier.example", "un long mot de passe").await;
    let sign_in = |password: &str| {
        let input = json!({ "email": "Owner@Atelier.example ", "password": password });
        let anonymous = world.anonymous.clone();
        async move { anonymous.mutate("signIn", input, "accessToken viewer { displayName role }").await }
    };
    let wrong = sign_in("un autre mot de passe").await;
    assert_eq!((&wrong["accessToken"], &wrong["userErrors"][0]["code"]), (&json!(null), &json!("FORBIDDEN")));
    let right = sign_in("un long mot de passe").await;
    assert_eq!(right["viewer"], json!({ "displayName": "owner", "role": "OWNER" }));
    let token = right["accessToken"].as_str().unwrap().to_owned();
    let owner = Actor::new(&world.app.url, "owner", Some(token));
    assert_eq!(owner.query(ME, json!({})).await["viewer"]["role"], "OWNER");
    let input = json!({ "clientId": world.martin_id, "subject": "Essai" });
    let thread = owner.does("startConversation", input, "conversation { id }").await;
    let leave = "mutation($id: ID!) { signOut { signedOut userErrors { code } } \
                 signalPresence(input: { conversationId: $id, activity: TYPING }) { userErrors { code } } }";
    let left = owner.send(leave, json!({ "id": thread["conversation"]["id"] })).await;
    assert_eq!(
        left["errors"][0]["extensions"]["code"], "UNAUTHENTICATED",
        "whoever has left does nothing more: {left}"
    );
    let (status, answer) = owner.send_with(ME, json!({}), &[]).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")));
    assert_eq!(world.owner.query(ME, json!({})).await["viewer"]["role"], "OWNER", "other sessions go on");
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_give_the_same_answer() {
    let world = World::new().await;
    set_password(&world, "owner@atelier.example", "un long mot de passe").await;
    let answer = async |email: &str| {
        world.anonymous.mutate("signIn", json!({ "email": email, "password": "faux" }), "accessToken").await
    };
    assert_eq!(answer("owner@atelier.example").await, answer("personne@atelier.example").await);
    assert_eq!(
        answer("owner@atelier.example").await,
        answer("operator@atelier.example").await,
        "nor one without a password"
    );
}

#[tokio::test]
async fn a_suspended_organization_sees_and_does_nothing() {
    let world = World::new().await;
    let tx = world.app.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
    dossier_domain::organization::suspend(&tx, "atelier", true).await.unwrap();
    tx.commit().await.unwrap();
    for (name, actor) in world.actors() {
        let (status, _) = actor.send_with(ME, json!({}), &[]).await;
        assert_eq!(status, if ["stranger", "anonymous"].contains(&name) { 200 } else { 401 }, "{name}");
    }
}

#[tokio::test]
async fn a_foreign_token_is_refused() {
    let world = World::new().await;
    let real = world.owner.token.clone().unwrap();
    let none =
        "eyJhbGciOiJub25lIn0.eyJzaWQiOiIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiLCJleHAiOjk5OTk5OTk5OTl9.";
    for token in ["", "x", none, &format!("{real}x"), &real[..real.len() - 2]] {
        let actor = Actor::new(&world.app.url, "forger", Some(token.to_owned()));
        let (status, answer) = actor.send_with(ME, json!({}), &[]).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")), "{token}");
        assert!(answer["errors"][0]["extensions"]["requestId"].as_str().is_some_and(|id| !id.is_empty()));
    }
}

/// Keyboards send `é` as one code point or as two (NIST SP 800-63B-4, 3.1.1.2).
#[tokio::test]
async fn passwords_are_normalized() {
    let world = World::new().await;
    let sign_in = async |password: &str| {
        let input = json!({ "email": "owner@atelier.example", "password": password });
        let token = world.anonymous.mutate("signIn", input, "accessToken").await["accessToken"].clone();
        token.is_string()
    };
    let (composed, decomposed, wide) =
        ("été à la plage Å", "e\u{301}te\u{301} a\u{300} la plage A\u{30a}", "été à la plage \u{212b}");
    for chosen in [composed, decomposed, wide] {
        set_password(&world, "owner@atelier.example", chosen).await;
        for typed in [composed, decomposed, wide] {
            assert!(sign_in(typed).await, "{chosen:?} {typed:?}");
        }
        assert!(!sign_in("ete a la plage A").await);
    }
    // Older hashes are of passwords as typed, without normalization.
    let hash = Argon2::default().hash_password(decomposed.as_bytes()).unwrap().to_string();
    store_hash(&world, "owner@atelier.example", hash).await;
    assert!(sign_in(decomposed).await);
    assert!(!sign_in("un autre mot de passe").await);
}

#[tokio::test]
async fn a_password_is_neither_cut_nor_changed_in_case() {
    let world = World::new().await;
    let squares: Vec<_> = (1_000..1_200).map(|number: u32| number.pow(2).to_string()).collect();
    let password: String = squares.join("Ŵx").chars().take(999).chain(['?']).collect();
    set_password(&world, "owner@atelier.example", &password).await;
    let sign_in = async |password: &str| {
        let input = json!({ "email": "owner@atelier.example", "password": password });
        world.anonymous.mutate("signIn", input, "accessToken").await["accessToken"].is_string()
    };
    assert!(sign_in(&password).await);
    let cut = password.strip_suffix('?').unwrap();
    for other in [cut, &format!("{cut}!"), &password.to_lowercase(), &password.to_uppercase(), &format!(" {password}")]
    {
        assert!(!sign_in(other).await, "{other}");
    }
}

/// Both the typed and the hashed form count: `ﷺ` alone is hashed as 18 characters.
#[tokio::test]
async fn the_length_of_a_password_is_checked_in_every_form() {
    let hash = async |password: String| account::hash_password("password", password, Vec::new()).await;
    for refused in ["onze lettr.".to_owned(), "ﷺ".to_owned(), "e\u{301}".repeat(6), "xéŵ?".repeat(251)] {
        let error = hash(refused.clone()).await.unwrap_err().to_string();
        assert!(error.contains("12 to 1000 characters"), "{refused}: {error}");
    }
    assert!(hash("douze lettre".to_owned()).await.is_ok());
}

#[tokio::test]
async fn a_password_that_is_easy_to_guess_is_refused() {
    let known = || vec!["claire@atelier-lumen.example".to_owned(), "Claire Fontaine".to_owned()];
    for common in ["motdepassemotdepasse", "azertyuiop12", "password1234", "aaaaaaaaaaaaaaaa", "Claire Fontaine1"] {
        let error = account::hash_password("password", common.to_owned(), known()).await.unwrap_err();
        assert!(error.to_string().contains("too easy to guess"), "{common}: {error}");
    }
    assert!(account::hash_password("password", "sept pommes vertes".to_owned(), known()).await.is_ok());
}
