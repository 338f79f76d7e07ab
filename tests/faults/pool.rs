//! When all connections to the database are in use, callers are told when to try again, and do not hang.

use crate::support::{App, World, json, services::Services};
use dossier_core::credentials::Credentials;
use std::time::{Duration, Instant};

const SIZE: usize = 2;

async fn server() -> App {
    let data = tempfile::tempdir().unwrap();
    match Services::of_set(data.path()).await {
        Some(mut services) => {
            services.add("DATABASE_POOL_SIZE", "2");
            services.add("DATABASE_POOL_WAIT", "1");
            App::on(data, services).await
        }
        None => App::configured(&["--database-pool-size", "2", "--database-pool-wait", "1"].map(str::to_owned)).await,
    }
}

#[tokio::test]
async fn an_exhausted_pool_gives_a_time_to_retry() {
    let world = World::on(server().await).await;
    let mut taken = Vec::new();
    for _ in 0..SIZE {
        taken.push(world.app.parts.database.read(&Credentials::Anonymous).await.unwrap());
    }
    let begun = Instant::now();
    let answer = reqwest::Client::new()
        .post(format!("{}/graphql", world.app.url))
        .bearer_auth(world.operator.token.as_deref().unwrap())
        .json(&json!({ "query": "{ clients { totalCount } }" }))
        .send()
        .await
        .unwrap();
    assert!(begun.elapsed() < Duration::from_secs(8), "it hung");
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (503, &"1".parse().unwrap()));
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "SERVICE_UNAVAILABLE", "{body:#}");
    drop(taken);
    world.operator.query("{ clients { totalCount } }", json!({})).await;
}
