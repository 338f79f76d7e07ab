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
    let (code, printed) = ask();
    assert!(code == Some(1) && printed.contains("Connection refused"), "{code:?}: {printed}");
    let server = Process::serve(data.path(), port).await;
    let (code, printed) = ask();
    assert!(code == Some(0) && printed.contains(r#""status":"ready""#), "{code:?}: {printed}");
    drop(server);
}
