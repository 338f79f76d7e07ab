use crate::support::{App, app::call};
use async_graphql::{EmptyMutation, EmptySubscription, Object};
use dossier::graphql::Executor;
use dossier_core::credentials::Credentials;

#[derive(Default)]
struct Query;

#[Object]
impl Query {
    async fn boom(&self) -> i32 {
        let found: Option<i32> = std::hint::black_box(None);
        found.expect("the password is hunter2")
    }
}

/// No resolver panics on purpose. This one stands for a bug.
#[tokio::test]
async fn a_panic_is_an_internal_error_without_detail() {
    let app = App::start().await;
    let executor = Executor::<Query, EmptyMutation, EmptySubscription>::new(app.parts.clone());
    let answer = serde_json::to_value(executor.answer(call("{ boom }", Credentials::Anonymous)).await).unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR", "{answer:#}");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert!(!answer.to_string().contains("hunter2"), "{answer:#}");
}
