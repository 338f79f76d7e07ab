use crate::support::{
    json,
    live::{Live, output, repository},
};

fn imported(live: &Live) -> String {
    let [script, rows] =
        ["import_clients.py", "clients.csv"].map(|name| repository("client-examples/python").join(name));
    output(live.program("python3").arg("-B").args([script, rows]))
}

#[tokio::test]
async fn python_imports_each_row_once() {
    let live = Live::start(&[]).await;
    let first = imported(&live);
    assert_eq!(first.lines().count(), 4);
    assert_eq!(imported(&live), first);
    let clients = live.olga().query("{ clients { totalCount } }", json!({})).await;
    assert_eq!(clients["clients"]["totalCount"], 4);
}
