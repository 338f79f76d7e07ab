use super::support::{draft_credit_note, draft_invoice, draft_quote, issued_invoice, issued_quote, line, pay};
use crate::support::{World, json};

const FIGURES: &str = "query($id: ID!) { client(id: $id) { figures {
    currency quoted { amount } invoiced { amount } paid { amount } credited { amount } due { amount }
} } }";

#[tokio::test]
async fn lists_are_filtered() {
    let world = World::new().await;
    let draft = draft_quote(&world.operator, &world.martin_id).await;
    let issued = issued_quote(&world.operator, &world.durand_id).await;
    let query = "query($filter: QuoteFilter, $order: BillingOrder) { quotes(filter: $filter, orderBy: $order) { nodes { id } totalCount } }";
    let ids = async |variables| {
        let quotes = world.operator.query(query, variables).await["quotes"].clone();
        let nodes = quotes["nodes"].as_array().unwrap();
        assert_eq!(quotes["totalCount"], nodes.len());
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(json!({})).await, [issued.clone(), draft.clone()]);
    assert_eq!(ids(json!({ "order": "CREATED_AT_ASC" })).await, [draft.clone(), issued.clone()]);
    world.operator.does("updateQuote", json!({ "id": draft, "title": "Autre" }), "").await;
    assert_eq!(ids(json!({ "order": "UPDATED_AT_DESC" })).await, [draft.clone(), issued.clone()]);
    assert_eq!(ids(json!({ "filter": { "clientId": world.martin_id } })).await, std::slice::from_ref(&draft));
    assert_eq!(ids(json!({ "filter": { "status": ["ISSUED", "REFUSED"] } })).await, [issued]);
    assert_eq!(ids(json!({ "filter": { "status": [] } })).await, Vec::<String>::new());
    let query = "query($id: ID!) { client(id: $id) {
        quotes { nodes { id } } invoices { totalCount } creditNotes { totalCount }
    } }";
    let client = world.operator.query(query, json!({ "id": world.martin_id })).await["client"].clone();
    let expected = json!({ "quotes": { "nodes": [{ "id": draft }] }, "invoices": { "totalCount": 0 }, "creditNotes": { "totalCount": 0 } });
    assert_eq!(client, expected);
}

#[tokio::test]
async fn figures_sum_a_dossier_without_its_drafts() {
    let world = World::new().await;
    let empty = world.operator.query(FIGURES, json!({ "id": world.martin_id })).await;
    assert_eq!(empty["client"]["figures"], json!([]));
    let refused = issued_quote(&world.operator, &world.martin_id).await;
    world.martin.does("refuseQuote", json!({ "id": refused }), "").await;
    issued_quote(&world.operator, &world.martin_id).await;
    draft_quote(&world.operator, &world.martin_id).await;
    draft_invoice(&world.operator, &world.martin_id, "7").await;
    issued_invoice(&world.operator, &world.durand_id, "5").await;
    let first = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let second = issued_invoice(&world.operator, &world.martin_id, "10").await;
    pay(&world.operator, &first, "50").await;
    let credit = draft_credit_note(&world.operator, &second, json!([line("1")])).await;
    draft_credit_note(&world.operator, &second, json!([line("2")])).await;
    world.operator.does("issueCreditNote", json!({ "id": credit }), "").await;
    let amount = |amount: &str| json!({ "amount": amount });
    let expected = json!([{
        "currency": "EUR", "quoted": amount("1200.00"), "invoiced": amount("132.00"), "paid": amount("50.00"),
        "credited": amount("1.20"), "due": amount("80.80"),
    }]);
    for actor in [&world.owner, &world.operator, &world.manager] {
        let seen = actor.query(FIGURES, json!({ "id": world.martin_id })).await;
        assert_eq!(seen["client"]["figures"], expected, "{}", actor.name);
    }
    for actor in [&world.staff, &world.martin] {
        let answer = actor.send(FIGURES, json!({ "id": world.martin_id })).await;
        assert_eq!(answer["data"]["client"]["figures"], json!(null), "{}", actor.name);
        assert_eq!(answer["extensions"]["guarded"], json!([["client", "figures"]]));
    }
    let all = world.operator.query("{ clients { nodes { figures { due { amount } } } } }", json!({})).await;
    let due = |amount: &str| json!({ "figures": [{ "due": { "amount": amount } }] });
    assert_eq!(all["clients"]["nodes"], json!([due("6.00"), due("80.80")]));
}

#[tokio::test]
async fn lists_are_searched_by_number_title_and_client() {
    let world = World::new().await;
    let make = async |client: &str, title: &str, price: &str| {
        let input = json!({ "clientId": client, "title": title, "lines": [line(price)] });
        world.operator.does("createInvoice", input, "invoice { id }").await["invoice"]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let site = make(&world.martin_id, "Développement du site", "100").await;
    let logo = make(&world.durand_id, "Logo 100 %", "50").await;
    let draft = make(&world.durand_id, "Brouillon", "10").await;
    for id in [&site, &logo] {
        world.operator.does("issueInvoice", json!({ "id": id }), "").await;
    }
    let query = "query($filter: InvoiceFilter, $order: BillingOrder) {
        invoices(filter: $filter, orderBy: $order) { nodes { id } totalCount }
    }";
    let found = async |filter| {
        let answer = world.operator.query(query, json!({ "filter": filter, "order": "CREATED_AT_ASC" })).await;
        let ids =
            answer["invoices"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned());
        let ids = ids.collect::<Vec<_>>();
        assert_eq!(answer["invoices"]["totalCount"], ids.len());
        ids
    };
    let search = |text: &str| json!({ "search": text });
    assert_eq!(found(search("developpement")).await, std::slice::from_ref(&site));
    assert_eq!(found(search("DURAND")).await, [logo.clone(), draft.clone()]);
    assert_eq!(found(search("-0002")).await, std::slice::from_ref(&logo));
    assert_eq!(found(search("100 %")).await, std::slice::from_ref(&logo), "% stands for itself");
    assert_eq!(found(search("  ")).await.len(), 3);
    assert_eq!(found(search("nobody")).await, Vec::<String>::new());
    world.operator.does("updateInvoice", json!({ "id": draft, "title": "Élégance" }), "").await;
    assert_eq!(found(search("elegance")).await, std::slice::from_ref(&draft));
    let today =
        world.operator.query("query($id: ID!) { invoice(id: $id) { issuedOn dueOn } }", json!({ "id": site })).await;
    let (today, due) = (today["invoice"]["issuedOn"].clone(), today["invoice"]["dueOn"].clone());
    assert_eq!(found(json!({ "issuedOn": { "from": today, "to": today } })).await, [site.clone(), logo.clone()]);
    assert_eq!(found(json!({ "issuedOn": { "to": "2000-01-01" } })).await, Vec::<String>::new());
    assert_eq!(found(json!({ "dueOn": { "from": due } })).await, [site.clone(), logo.clone()]);
    assert_eq!(found(json!({ "total": { "from": "60", "to": "60.00" } })).await, std::slice::from_ref(&logo));
    assert_eq!(found(json!({ "total": { "to": "60" }, "search": "durand" })).await, [logo.clone(), draft.clone()]);
    let wrong = json!({ "filter": { "total": { "from": "1.234" } } });
    assert_eq!(world.operator.code(query, wrong).await, "BAD_USER_INPUT");
    let hidden = world.martin.query(query, json!({ "filter": search("durand") })).await;
    assert_eq!(hidden["invoices"]["totalCount"], 0, "a client finds only their own");
}

#[tokio::test]
async fn lists_are_sorted_by_day_number_and_total() {
    let world = World::new().await;
    let make = async |price: &str, due: Option<&str>| {
        let input = json!({ "clientId": world.martin_id, "title": "Site web", "dueOn": due, "lines": [line(price)] });
        world.operator.does("createInvoice", input, "invoice { id }").await["invoice"]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (late, early) = (make("3", Some("2099-12-31")).await, make("2", Some("2099-01-31")).await);
    let draft = make("1", None).await;
    for id in [&early, &late] {
        world.operator.does("issueInvoice", json!({ "id": id }), "").await;
    }
    let query = "query($order: BillingOrder, $after: String) {
        invoices(first: 1, orderBy: $order, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } }
    }";
    // Pages of one row also prove the cursors.
    let sorted = async |order: &str| {
        let (mut ids, mut after) = (Vec::new(), json!(null));
        loop {
            let page = world.operator.query(query, json!({ "order": order, "after": after })).await["invoices"].clone();
            ids.push(page["nodes"][0]["id"].as_str().unwrap().to_owned());
            if page["pageInfo"]["hasNextPage"] == false {
                return ids;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    let [early, late, draft] = [&early, &late, &draft].map(String::as_str);
    for (order, expected) in [
        ("DUE_ON_ASC", [early, late, draft]),
        ("DUE_ON_DESC", [draft, late, early]),
        ("NUMBER_ASC", [early, late, draft]),
        ("NUMBER_DESC", [draft, late, early]),
        ("TOTAL_ASC", [draft, early, late]),
        ("TOTAL_DESC", [late, early, draft]),
    ] {
        assert_eq!(sorted(order).await, expected, "{order}");
    }
}

#[tokio::test]
async fn totals_sum_what_a_filter_finds() {
    let world = World::new().await;
    let query = "query($filter: InvoiceFilter) { invoiceTotals(filter: $filter) {
        currency count net { amount } vat { amount } total { amount } paid { amount } credited { amount } due { amount }
        overdue { amount } overdueCount
    } quoteTotals { count total { amount } } creditNoteTotals { count total { amount } } }";
    let empty = world.operator.query(query, json!({})).await;
    assert_eq!(empty, json!({ "invoiceTotals": [], "quoteTotals": [], "creditNoteTotals": [] }));
    let late = issued_invoice(&world.operator, &world.martin_id, "100").await;
    let other = issued_invoice(&world.operator, &world.durand_id, "10").await;
    draft_invoice(&world.operator, &world.martin_id, "7").await;
    pay(&world.operator, &late, "20").await;
    let credit = draft_credit_note(&world.operator, &other, json!([line("1")])).await;
    world.operator.does("issueCreditNote", json!({ "id": credit }), "").await;
    super::support::age(&world, &late, "2020-01-31".parse().unwrap()).await;
    issued_quote(&world.operator, &world.martin_id).await;
    let amount = |amount: &str| json!({ "amount": amount });
    let all = world.operator.query(query, json!({})).await;
    let expected = json!([{
        "currency": "EUR", "count": 2, "net": amount("110.00"), "vat": amount("22.00"), "total": amount("132.00"),
        "paid": amount("20.00"), "credited": amount("1.20"), "due": amount("110.80"), "overdue": amount("100.00"),
        "overdueCount": 1,
    }]);
    assert_eq!(all["invoiceTotals"], expected);
    assert_eq!(all["quoteTotals"], json!([{ "count": 1, "total": amount("1200.00") }]));
    assert_eq!(all["creditNoteTotals"], json!([{ "count": 1, "total": amount("1.20") }]));
    let of = async |actor: &crate::support::Actor, filter| {
        actor.query(query, json!({ "filter": filter })).await["invoiceTotals"][0]["total"]["amount"].clone()
    };
    assert_eq!(of(&world.operator, json!({ "search": "durand" })).await, "12.00");
    assert_eq!(of(&world.operator, json!({ "overdue": true })).await, "120.00");
    assert_eq!(of(&world.operator, json!({ "status": ["DRAFT"] })).await, json!(null), "drafts are not summed");
    assert_eq!(of(&world.martin, json!({})).await, "120.00", "a client sums their own");
    assert_eq!(of(&world.staff, json!({})).await, json!(null));
}
