//! Only members may read the schema, except in development.

use crate::support::{
    Actor, App, json,
    process::{Process, command, free_port},
};

const SCHEMA: &str = "{ __schema { queryType { name } } }";
const FRAGMENT: &str = "{ ...F } fragment F on Query { __type(name: \"Client\") { name } }";
const MISSPELT: &str = "{ client { nme } }";

#[tokio::test]
async fn in_production_only_members_read_the_schema() {
    let data = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}?mode=rwc", data.path().join("own.db").display());
    let configuration = [("DATABASE_URL", database.as_str()), ("JWT_SECRET", "0123456789abcdef0123456789abcdef")];
    let run = |arguments: &[&str]| {
        let output = command(data.path()).envs(configuration).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    run(&["migrate"]);
    run(&["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(&["member", "add", "olga@atelier.example", "--organization", "atelier", "--role", "operator"]);
    let token = run(&["token", "olga@atelier.example"]);
    let server = Process::serve_with(data.path(), free_port(), &configuration).await;
    let stranger = Actor::new(&server.url, "stranger", None);
    let olga = server.actor("olga", &token);
    for query in [SCHEMA, FRAGMENT] {
        assert_eq!(stranger.code(query, json!({})).await, "GRAPHQL_VALIDATION_FAILED", "{query}");
        assert!(olga.send(query, json!({})).await["errors"].is_null(), "{query}");
    }
    assert!(olga.send(MISSPELT, json!({})).await.to_string().contains("Did you mean"));
    let answer = stranger.send(MISSPELT, json!({})).await.to_string();
    assert!(answer.contains("nme") && !answer.contains("Did you mean"), "{answer}");
    assert_eq!(stranger.query("{ __typename }", json!({})).await["__typename"], "Query");
}

#[tokio::test]
async fn in_development_everybody_reads_the_schema() {
    let app = App::over(tempfile::tempdir().unwrap()).await;
    assert_eq!(app.anonymous().query(SCHEMA, json!({})).await["__schema"]["queryType"]["name"], "Query");
}
