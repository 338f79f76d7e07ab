use super::{ONCE_A_SECOND, ask_again, exhaust};
use crate::support::{
    Actor, Value, json,
    live::{Live, output, repository},
};
use std::{fs, process::Command};

/// Returns a script of the example. Relative paths are in its folder.
fn script(live: &Live, arguments: &[&str]) -> Command {
    let folder = repository("client-examples/python");
    let mut command = live.program("python3");
    command.arg("-B").args(arguments.iter().map(|name| folder.join(name)));
    command
}

fn python(live: &Live, arguments: &[&str]) -> String {
    output(&mut script(live, arguments))
}

#[tokio::test]
async fn python_imports_each_row_once() {
    let live = Live::start().await;
    let import = || python(&live, &["import_clients.py", "clients.csv"]);
    let first = import();
    assert_eq!(first.lines().count(), 4);
    assert_eq!(import(), first);
    let clients = live.olga().query("{ clients { totalCount } }", json!({})).await;
    assert_eq!(clients["clients"]["totalCount"], 4);
}

#[tokio::test]
async fn python_works_with_an_api_key() {
    let live = Live::start().await;
    let import = |scopes: &[&str]| {
        let key = live.api_key(scopes);
        let mut command = script(&live, &["import_clients.py", "clients.csv"]);
        command.env("API_KEY", key).env_remove("EMAIL").env_remove("PASSWORD").output().unwrap()
    };
    let imported = import(&["clients:read", "clients:write"]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
    let refused = import(&["clients:read"]);
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && message.contains("clients:write"), "{message}");
}

async fn drafts_invoice(actor: &Actor, client: &Value, price: &str) -> Value {
    let lines = json!([{ "description": "Conseil", "unitPrice": price, "vatRate": "20" }]);
    let input = json!({ "clientId": client, "title": "Conseil", "lines": lines });
    actor.does("createInvoice", input, "invoice { id }").await["invoice"]["id"].clone()
}

#[tokio::test]
async fn python_sums_issued_invoices() {
    let live = Live::start().await;
    let olga = live.olga();
    let opened = olga.does("createClient", json!({ "name": "Martin", "track": "LAB" }), "client { id }").await;
    let mut issued_on = Value::Null;
    for price in ["10.10", "0.07", "1000000"] {
        let id = drafts_invoice(&olga, &opened["client"]["id"], price).await;
        issued_on =
            olga.does("issueInvoice", json!({ "id": id }), "invoice { issuedOn }").await["invoice"]["issuedOn"].clone();
    }
    drafts_invoice(&olga, &opened["client"]["id"], "99").await;
    let month = &issued_on.as_str().unwrap()[..7];
    assert_eq!(python(&live, &["monthly_figures.py"]), format!("{month}\tEUR\t3\t1200012.20\n"));
}

/// The file has more rows than the limit of a minute. Refused rows are imported later.
#[tokio::test]
async fn python_imports_more_rows_than_a_minute_allows() {
    const ROWS: usize = 101;
    let live = Live::embedded(&[("RATE_OPERATIONS", "90")]).await;
    let csv = live.folder.path().join("many.csv");
    let rows: Vec<_> = (1..=ROWS).map(|number| format!("Client {number},LAB\n")).collect();
    fs::write(&csv, format!("name,track\n{}", rows.concat())).unwrap();
    let printed = python(&live, &["import_clients.py", csv.to_str().unwrap()]);
    assert_eq!(printed.lines().count(), ROWS);
    let data = ask_again(&live.olga(), "{ clients { totalCount } }", json!({})).await;
    assert_eq!(data["clients"]["totalCount"], ROWS);
}

/// The rate limit is used up: both the sign-in and the first row have to wait.
#[tokio::test]
async fn python_waits_as_long_as_the_server_asks() {
    let live = Live::embedded(&ONCE_A_SECOND).await;
    exhaust(&live.olga()).await;
    exhaust(&live.anonymous()).await;
    let done = script(&live, &["import_clients.py", "clients.csv"]).output().unwrap();
    let notes = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{notes}");
    assert_eq!(String::from_utf8(done.stdout).unwrap().lines().count(), 4);
    assert!(notes.contains("The server refuses with status 429; next attempt in 1 s.\n"), "{notes}");
}
