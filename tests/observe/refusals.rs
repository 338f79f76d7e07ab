//! Refused attempts to authenticate leave a log line and a metric.

use super::metrics::number;
use crate::support::{
    Actor, App, World, json,
    process::{Process, free_port, run},
};
use std::path::Path;

#[tokio::test]
async fn refused_attempts_are_counted_by_way_and_reason() {
    let world = World::on(App::configured(&["--rate-sign-in=4".to_owned()]).await).await;
    let refused = async |name: &str, input| world.anonymous.mutate(name, input, "").await;
    for _ in 0..2 {
        refused("signIn", json!({ "email": "olga@atelier.example", "password": "wrong" })).await;
    }
    refused("completeSignIn", json!({ "challenge": "forged", "code": "123456" })).await;
    refused("resetPassword", json!({ "token": "forged", "newPassword": "huit cerises rouges" })).await;
    refused("refreshSession", json!({ "refreshToken": "forged" })).await;
    refused("acceptInvitation", json!({ "token": "forged" })).await;
    let forged = dossier_core::api_token::ApiToken::derive("a guess").to_string();
    Actor::new(&world.app.url, "guess", Some(forged)).code("{ viewer { role } }", json!({})).await;
    let input = json!({ "input": { "email": "olga@atelier.example", "password": "wrong" } });
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }";
    assert_eq!(world.anonymous.code(query, input).await, "RATE_LIMITED");
    for (way, reason, expected) in [
        ("password", "refused", 2),
        ("password", "rate-limited", 1),
        ("code", "invalid", 1),
        ("password-reset", "invalid", 1),
        ("refresh-token", "refused", 1),
        ("invitation", "invalid", 1),
        ("api-key", "invalid", 1),
    ] {
        let series = format!("dossier_refused_attempts_total{{way=\"{way}\",reason=\"{reason}\"}}");
        assert_eq!(number(&world.app.parts.metrics, &series), expected, "{series}");
    }
}

/// Returns the log of a server after two refused sign-ins.
async fn log_after_refusals(data: &Path, configuration: &[(&str, &str)]) -> Vec<String> {
    let server = Process::serve_with(data, free_port(), configuration).await;
    let anonymous = Actor::new(&server.url, "anonymous", None);
    for _ in 0..2 {
        anonymous.mutate("signIn", json!({ "email": "olga@atelier.example", "password": "wrong" }), "").await;
    }
    let log = server.log();
    assert!(!log.contains("olga@atelier.example") && !log.contains("wrong"), "{log}");
    log.lines().filter(|line| line.contains("attempt to authenticate was refused")).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_log_has_pseudonyms_unless_the_operator_wants_addresses() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let field = |line: &str, name: &str| {
        let value = line.split(&format!("{name}=")).nth(1).unwrap_or_else(|| panic!("no {name} in {line}"));
        value.split_whitespace().next().unwrap().trim_matches('"').to_owned()
    };
    let lines = log_after_refusals(folder.path(), &[]).await;
    assert_eq!(lines.len(), 2, "{lines:?}");
    for name in ["account", "address"] {
        let [one, other] = [0, 1].map(|line: usize| field(&lines[line], name));
        assert!(one == other && one.len() == 32, "{lines:?}");
    }
    assert!(!lines[0].contains("127.0.0.1"));
    // The log goes on in the same file.
    let lines = log_after_refusals(folder.path(), &[("LOG_ADDRESSES", "true")]).await;
    let last = lines.last().unwrap();
    assert_eq!((field(last, "address").as_str(), field(last, "way").as_str()), ("127.0.0.1", "password"));
}
