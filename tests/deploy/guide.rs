//! Everything that `docs/operate.md` names must exist.

use super::{text, variables, words_of_variables};
use crate::support::{
    Actor, json,
    process::{Process, free_port},
};
use std::collections::BTreeSet;

const GUIDE: &str = "docs/operate.md";

/// Words of the guide that are not variables of the server: those of `.env`, and error codes.
const OTHER_WORDS: &[&str] = &[
    "FILES_URL",
    "GARAGE_RPC_SECRET",
    "INTERNAL_SERVER_ERROR",
    "OWNER_PASSWORD",
    "POSTGRES_PASSWORD",
    "S3_KEY_ID",
    "S3_SECRET",
    "SCANNER_UNAVAILABLE",
    "SERVER_PASSWORD",
    "SERVICE_UNAVAILABLE",
    "TYPE_MISMATCH",
];

#[test]
fn every_variable_exists() {
    let known = variables();
    for document in [GUIDE, "README.md"] {
        let words = words_of_variables(&text(document));
        let strange = words.iter().filter(|word| !known.contains(*word) && !OTHER_WORDS.contains(&word.as_str()));
        let codes = [
            "BAD_USER_INPUT",
            "GRAPHQL_PARSE_FAILED",
            "GRAPHQL_VALIDATION_FAILED",
            "NOT_FOUND",
            "RATE_LIMITED",
            "TOO_MANY_OPERATIONS",
            "VALIDATION_SUBMITTED",
        ];
        let strange: Vec<_> = strange.filter(|word| !codes.contains(&word.as_str())).collect();
        assert!(strange.is_empty(), "{document}: {strange:?}");
    }
}

#[tokio::test]
async fn every_metric_exists() {
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    // Nothing listens there. The metric exists only if a Redis is configured.
    let configuration = [("METRICS_LISTEN", listen.as_str()), ("REDIS_URL", "redis://127.0.0.1:1")];
    let server = Process::serve_with(data.path(), free_port(), &configuration).await;
    // Requests that are counted, and requests that are refused.
    let somebody = Actor::new(&server.url, "somebody", None);
    somebody.send("{ __typename }", json!({})).await;
    somebody.send("{ nothing }", json!({})).await;
    let metrics = reqwest::get(format!("http://{listen}/metrics")).await.unwrap().text().await.unwrap();
    let families: BTreeSet<_> =
        metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let guide = text(GUIDE);
    let words = guide.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
    let named: BTreeSet<_> = words.filter(|word| word.starts_with("dossier_")).collect();
    let roles = ["dossier_owner", "dossier_server"];
    let named: Vec<_> = named.into_iter().filter(|word| !roles.contains(word)).collect();
    assert!(named.len() >= 10, "{named:?}");
    for name in named {
        // The family of a counter has no suffix.
        assert!(families.contains(name.trim_end_matches("_total")), "{name} is not in\n{metrics}");
    }
}

#[test]
fn every_referenced_section_exists() {
    let guide = text(GUIDE);
    let sections: BTreeSet<_> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|title| title.to_lowercase().replace(' ', "-"))
        .collect();
    for target in guide.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(sections.contains(target), "#{target}");
    }
    assert!(text("README.md").contains("](docs/operate.md)"));
}
