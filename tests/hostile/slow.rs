use crate::support::{App, app::call};
use async_graphql::{EmptyMutation, EmptySubscription, Object};
use dossier::graphql::{Executor, inline::InlineList};
use dossier_core::credentials::Credentials;
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// More rows than can be resolved within the test's time limit.
const ROWS: u32 = 100_000;

static RESOLVED: AtomicU32 = AtomicU32::new(0);

struct Row;

/// A row that takes some CPU time and does not yield.
#[Object]
impl Row {
    async fn busy_then_waits(&self) -> bool {
        let began = Instant::now();
        while began.elapsed() < Duration::from_millis(150) {}
        tokio::time::sleep(Duration::from_millis(1)).await;
        true
    }

    async fn busy(&self) -> bool {
        let began = Instant::now();
        while began.elapsed() < Duration::from_micros(500) {}
        RESOLVED.fetch_add(1, Ordering::Relaxed);
        true
    }
}

#[derive(Default)]
struct Query;

#[Object]
impl Query {
    async fn rows(&self) -> InlineList<Row> {
        (0..ROWS).map(|_| Row).collect()
    }

    async fn two_rows(&self) -> InlineList<Row> {
        (0..2).map(|_| Row).collect()
    }

    async fn wait(&self) -> bool {
        tokio::time::sleep(Duration::from_mins(1)).await;
        true
    }
}

/// No resolver waits this long on purpose. This one stands for a slow database.
#[tokio::test]
async fn an_operation_that_takes_too_long_is_ended() {
    let app = App::start().await;
    let executor = Executor::<Query, EmptyMutation, EmptySubscription>::new(app.parts.clone());
    let executor = executor.within(Duration::from_millis(200));
    let began = Instant::now();
    let answer = serde_json::to_value(executor.answer(call("{ wait }", Credentials::Anonymous)).await).unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_TIMEOUT", "{answer:#}");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("0.2 seconds"), "{answer:#}");
}

#[tokio::test]
async fn an_operation_that_never_yields_is_ended_too() {
    let app = App::start().await;
    let executor = Executor::<Query, EmptyMutation, EmptySubscription>::new(app.parts.clone());
    let executor = executor.within(Duration::from_millis(300));
    let answer =
        serde_json::to_value(executor.answer(call("{ rows { busy } }", Credentials::Anonymous)).await).unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_TIMEOUT", "{:.300}", answer.to_string());
    let resolved = RESOLVED.load(Ordering::Relaxed);
    assert!(resolved > 0 && resolved < ROWS, "{resolved}");
}

/// Rows may have waited long enough when a long turn ends.
#[tokio::test]
async fn an_operation_continues_after_a_long_turn() {
    let app = App::start().await;
    let executor = Executor::<Query, EmptyMutation, EmptySubscription>::new(app.parts.clone());
    // A turn lasts a thirtieth of this: less than one row.
    let executor = executor.within(Duration::from_secs(4));
    let query = call("{ twoRows { busyThenWaits } }", Credentials::Anonymous);
    let answer = serde_json::to_value(executor.answer(query).await).unwrap();
    let row = serde_json::json!({ "busyThenWaits": true });
    assert_eq!(answer["data"], serde_json::json!({ "twoRows": [row, row] }), "{answer:#}");
}
