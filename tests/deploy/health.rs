//! `dossier health`

use crate::support::process::{Process, command, free_port};

#[tokio::test]
async fn the_local_server_is_checked() {
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let ask = || {
        // As in a container, where the server listens on all addresses.
        let asked = command(data.path()).env("LISTEN", format!("0.0.0.0:{port}")).arg("health").output().unwrap();
        (asked.status.code(), [asked.stdout, asked.stderr].map(|text| String::from_utf8(text).unwrap()).concat())
    };
    let (code, said) = ask();
    assert!(code == Some(1) && said.contains("Connection refused"), "{code:?}: {said}");
    let server = Process::serve(data.path(), port).await;
    let (code, said) = ask();
    assert!(code == Some(0) && said.contains(r#""status":"ready""#), "{code:?}: {said}");
    drop(server);
}
