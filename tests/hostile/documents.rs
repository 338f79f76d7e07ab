use crate::support::{World, json};
use std::fmt::Write;

/// Each fragment spreads the next one twice: a few of them would be more fields than there are atoms.
#[tokio::test]
async fn spreads_of_spreads_are_refused_at_once() {
    let world = World::new().await;
    let mut query = "query { ...f0 }".to_owned();
    for n in 0..25 {
        let _ = write!(query, " fragment f{n} on Query {{ ...f{} ...f{} }}", n + 1, n + 1);
    }
    query.push_str(" fragment f25 on Query { viewer { role } }");
    let answer = world.anonymous.send(&query, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("more than 2000 fields"), "{answer:#}");
}

#[tokio::test]
async fn aliases_do_not_multiply_an_operation() {
    let world = World::new().await;
    let fields = (0..26).map(|n| format!("f{n}: viewer {{ role }} ")).collect::<Vec<_>>().concat();
    assert_eq!(world.operator.code(&format!("{{ {fields} }}"), json!({})).await, "GRAPHQL_VALIDATION_FAILED");
    let guesses = (0..26)
        .map(|n| format!("g{n}: signIn(input: {{ email: \"a@b.example\", password: \"{n}\" }}) {{ accessToken }} "))
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(
        world.anonymous.code(&format!("mutation {{ {guesses} }}"), json!({})).await,
        "GRAPHQL_VALIDATION_FAILED"
    );
}
