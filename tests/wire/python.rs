use crate::support::live::{Live, output, repository};

/// The client assumes an older protocol unless the handshake is spelled as in RFC 6455.
#[tokio::test]
async fn gql_of_python_queries_and_subscribes() {
    let live = Live::start().await;
    let python = repository("tests/wire/.venv").join("bin/python");
    let script = repository("tests/wire/client.py");
    let mut program = live.program(python.to_str().unwrap());
    let printed = tokio::task::spawn_blocking(move || output(program.arg(script)));
    assert_eq!(printed.await.unwrap(), "payload Olga CLIENT_CREATED\nheader Olga CLIENT_CREATED\n");
}
