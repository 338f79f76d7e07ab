use crate::support::App;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
use dossier::graphql::UnitOfWork;
use std::time::{Duration, Instant};

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
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .data(app.parts.clone())
        .extension(UnitOfWork::within(Duration::from_millis(200)))
        .finish();
    let began = Instant::now();
    let answer = serde_json::to_value(schema.execute("{ wait }").await).unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_TIMEOUT", "{answer:#}");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("0.2 seconds"), "{answer:#}");
}
