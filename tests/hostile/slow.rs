use crate::support::{App, app::call};
use async_graphql::{EmptyMutation, EmptySubscription, Object};
use dossier::{auth::Credentials, graphql::Executor};
use std::time::{Duration, Instant};

#[derive(Default)]
struct Query;

#[Object]
impl Query {
    async fn wait(&self) -> bool {
        tokio::time::sleep(Duration::from_mins(1)).await;
        true
    }
}

/// No resolver of ours waits so long on purpose: this one stands for a database that does.
#[tokio::test]
async fn an_operation_that_takes_too_long_is_broken_off() {
    let app = App::start().await;
    let executor = Executor::<Query, EmptyMutation, EmptySubscription>::new(app.parts.clone());
    let executor = executor.within(Duration::from_millis(200));
    let began = Instant::now();
    let answer = serde_json::to_value(executor.answer(call("{ wait }", Credentials::Anonymous)).await).unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_TIMEOUT", "{answer:#}");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("0.2 seconds"), "{answer:#}");
}
