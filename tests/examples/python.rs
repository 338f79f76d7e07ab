use crate::support::{
    Actor, Value, json,
    live::{Live, output, repository},
};

fn python(live: &Live, arguments: &[&str]) -> String {
    let folder = repository("client-examples/python");
    output(live.program("python3").arg("-B").args(arguments.iter().map(|name| folder.join(name))))
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

async fn drafts_invoice(actor: &Actor, client: &Value, price: &str) -> Value {
    let lines = json!([{ "description": "Conseil", "unitPrice": price, "vatRate": "20" }]);
    let input = json!({ "clientId": client, "title": "Conseil", "lines": lines });
    actor.does("createInvoice", input, "invoice { id }").await["invoice"]["id"].clone()
}

#[tokio::test]
async fn python_sums_what_was_issued() {
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
