//! Changes of the server's secret.

use crate::support::{
    Actor, Value, json,
    process::{Process, free_port, run},
};
use std::path::Path;

const ME: &str = "{ viewer { role cursor } }";

/// Restarts the server, and returns it.
async fn restart(data: &Path, server: Process) -> Process {
    server.end();
    Process::serve(data, free_port()).await
}

fn holder(server: &Process, payload: &Value) -> Actor {
    Actor::new(&server.url, "owner", payload["accessToken"].as_str().map(str::to_owned))
}

/// Completes a sign-in with a code.
async fn complete(server: &Process, challenge: &Value, code: &Value) -> Value {
    let input = json!({ "challenge": challenge["factorChallenge"]["token"], "code": code });
    Actor::new(&server.url, "anonymous", None).does("completeSignIn", input, "accessToken refreshToken").await
}

#[tokio::test]
async fn a_rotation_signs_nobody_out_and_the_old_secret_can_be_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data, &["member", "add", "owner@atelier.example", "--organization", "atelier", "--role", "owner"]);
    let password = run(data, &["password", "set", "owner@atelier.example", "--generate"]);
    let server = Process::serve(data, free_port()).await;
    let sign_in = async |server: &Process| {
        let input = json!({ "email": "owner@atelier.example", "password": password });
        Actor::new(&server.url, "anonymous", None)
            .does("signIn", input, "accessToken refreshToken factorChallenge { token }")
            .await
    };
    let one = sign_in(&server).await;
    let secret = crate::factor::begin(&holder(&server, &one)).await;
    let used_code = crate::factor::code(&secret);
    let confirmed = holder(&server, &one).does("confirmTotp", json!({ "code": used_code }), "recoveryCodes").await;
    let two = complete(&server, &sign_in(&server).await, &confirmed["recoveryCodes"][0]).await;
    let cursor = holder(&server, &one).query(ME, json!({})).await["viewer"]["cursor"].clone();
    run(data, &["secret", "rotate"]);
    let server = restart(data, server).await;
    let refresh = async |server: &Process, payload: &Value| {
        let input = json!({ "refreshToken": payload["refreshToken"] });
        Actor::new(&server.url, "anonymous", None).mutate("refreshSession", input, "accessToken refreshToken").await
    };
    holder(&server, &one).query(ME, json!({})).await;
    let query = "query($after: String) { events(after: $after) { events { type } } }";
    let missed = holder(&server, &one).query(query, json!({ "after": cursor })).await;
    assert_eq!(missed["events"]["events"], json!([]), "the cursor continues");
    let renewed = refresh(&server, &two).await;
    assert_eq!(renewed["userErrors"], json!([]));
    run(data, &["secret", "forget"]);
    let server = restart(data, server).await;
    assert_eq!(holder(&server, &one).code(ME, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(refresh(&server, &one).await["userErrors"][0]["code"], "FORBIDDEN");
    holder(&server, &renewed).query(ME, json!({})).await;
    // The second factor is encrypted with the new secret now.
    let challenge = sign_in(&server).await;
    let code = loop {
        let code = crate::factor::code(&secret);
        if code != used_code {
            break code;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    };
    holder(&server, &complete(&server, &challenge, &json!(code)).await).query(ME, json!({})).await;
}
