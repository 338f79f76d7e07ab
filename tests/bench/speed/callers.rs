//! The callers, one pair per organization, and their requests.

use super::{
    connection::Post,
    database::PEOPLE,
    operation::{APPROVE, Operation},
    process::Running,
};
use dossier_core::id::decode;
use dossier_domain::check::sort_key;
use serde_json::{Value, json};
use std::path::Path;

/// The number of organizations with callers.
const MOST: usize = 10;

/// The number of clients per page, and the number of pages.
const PAGE: usize = 20;
const PAGES: usize = 10;

/// The filters of documents: zones, and a text in the name.
const FILTERS: [(&[&str], Option<&str>); 6] = [
    (&["DOCUMENTS"], None),
    (&["ASSETS", "VISIOS"], None),
    (&["CHAT"], Some("élio")),
    (&["INVOICES", "DOCUMENTS"], Some("charges")),
    (&["ASSETS"], Some("logo")),
    (&["PRIVATE"], None),
];

/// Two operators of an organization. One approves what the other submits, which four eyes may require.
pub struct Callers {
    tokens: [String; 2],
    points: Vec<Variant>,
    pages: Vec<Variant>,
    filters: Vec<Variant>,
    submits: Vec<Variant>,
}

/// The same request for Dossier and for the limit.
struct Variant {
    ours: Value,
    limit: Value,
}

/// The requests of one connection.
#[derive(Clone)]
pub struct Script {
    pub operation: Operation,
    /// The first requests, which are sent in turn.
    pub first: Vec<Post>,
    limit: bool,
    /// The token of the operator who approves.
    second: String,
}

impl Script {
    /// Returns the second request of E, for the result of the first.
    pub fn then(&self, id: &str) -> Post {
        let token = self.second.clone();
        if self.limit {
            return Post { path: "/approve", token, body: json!({ "id": id }).to_string() };
        }
        let variables = json!({ "input": { "id": id } });
        Post { path: "/graphql", token, body: json!({ "query": APPROVE, "variables": variables }).to_string() }
    }
}

impl Callers {
    pub async fn all(ours: &Running, data: &Path) -> Vec<Self> {
        let people = std::fs::read_to_string(data.join(PEOPLE)).unwrap();
        let people: Vec<Value> = people.lines().map(|connection| serde_json::from_str(connection).unwrap()).collect();
        let operators: Vec<_> = people.iter().filter(|person| person["role"] == "OPERATOR").collect();
        let mut callers_by_organization = Vec::new();
        for pair in operators.chunks(2).take(MOST) {
            assert_eq!(pair[0]["organization"], pair[1]["organization"]);
            let tokens = [sign_in(ours, pair[0]).await, sign_in(ours, pair[1]).await];
            callers_by_organization.push(Self::create(ours, tokens).await);
        }
        callers_by_organization
    }

    async fn create(ours: &Running, tokens: [String; 2]) -> Self {
        let mut callers = Self { tokens, points: vec![], pages: vec![], filters: vec![], submits: vec![] };
        let mut after = Value::Null;
        let mut last = json!({ "key": "", "id": uuid::Uuid::nil() });
        for _ in 0..PAGES {
            let query = "query($after: String, $first: Int) { clients(first: $first, after: $after) \
                         { nodes { id name } pageInfo { endCursor hasNextPage } } }";
            let answer = callers.ask(ours, query, &json!({ "after": after, "first": PAGE })).await;
            let page = &answer["clients"];
            callers.pages.push(Variant { ours: json!({ "after": after }), limit: last });
            let nodes = page["nodes"].as_array().unwrap();
            for id in nodes.iter().map(|node| &node["id"]) {
                let (limit, title) = (key(id), format!("Maquette de la page {}", callers.points.len() + 1));
                callers.points.push(Variant { ours: json!({ "id": id }), limit: json!({ "id": limit }) });
                let ours = json!({ "input": { "clientId": id, "title": title } });
                callers.submits.push(Variant { ours, limit: json!({ "client": limit, "title": title }) });
            }
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
            let end = &nodes[nodes.len() - 1];
            last = json!({ "key": sort_key(end["name"].as_str().unwrap()), "id": key(&end["id"]) });
        }
        callers.choose(ours).await;
        callers
    }

    /// Chooses the first and second page of each filter.
    async fn choose(&mut self, ours: &Running) {
        for (zones, search) in FILTERS {
            let mut filter = json!({ "zone": zones, "status": "READY" });
            if let Some(search) = search {
                filter["search"] = search.into();
            }
            let query = "query($filter: DocumentFilter) \
                { documents(first: 20, filter: $filter, orderBy: UPDATED_AT_DESC) \
                { nodes { id updatedAt } pageInfo { endCursor hasNextPage } } }";
            let page = self.ask(ours, query, &json!({ "filter": filter })).await;
            let page = &page["documents"];
            let pattern = search.map(|search| format!("%{}%", sort_key(search)));
            let limit = |after: Value| json!({ "zones": zones, "status": "READY", "search": pattern, "after": after });
            self.filters.push(Variant { ours: json!({ "filter": filter }), limit: limit(Value::Null) });
            if page["pageInfo"]["hasNextPage"] == true {
                let end = page["nodes"].as_array().unwrap().last().unwrap();
                let limit = limit(json!([end["updatedAt"], key(&end["id"])]));
                let ours = json!({ "filter": filter, "after": page["pageInfo"]["endCursor"] });
                self.filters.push(Variant { ours, limit });
            }
        }
    }

    async fn ask(&self, ours: &Running, query: &str, variables: &Value) -> Value {
        ask(ours, Some(&self.tokens[0]), query, variables).await
    }

    fn variants(&self, operation: Operation) -> &[Variant] {
        match operation {
            Operation::A => &self.points,
            Operation::B | Operation::C => &self.pages,
            Operation::D => &self.filters,
            Operation::E => &self.submits,
        }
    }

    pub fn script(&self, operation: Operation, limit: bool) -> Script {
        let [token, second] = self.tokens.clone();
        let post = |variant: &Variant| {
            let (path, body) = if limit {
                (operation.path(), variant.limit.to_string())
            } else {
                let body = json!({ "query": operation.query(), "variables": variant.ours });
                ("/graphql", body.to_string())
            };
            Post { path, token: token.clone(), body }
        };
        Script { operation, first: self.variants(operation).iter().map(post).collect(), limit, second }
    }
}

async fn sign_in(ours: &Running, person: &Value) -> String {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }";
    let input = json!({ "input": { "email": person["email"], "password": person["password"] } });
    ask(ours, None, query, &input).await["signIn"]["accessToken"].as_str().unwrap().to_owned()
}

async fn ask(ours: &Running, token: Option<&str>, query: &str, variables: &Value) -> Value {
    let request = reqwest::Client::new().post(ours.url());
    let request = if let Some(token) = token { request.bearer_auth(token) } else { request };
    let request = request.json(&json!({ "query": query, "variables": variables }));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert!(answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

fn key(id: &Value) -> String {
    decode(id.as_str().unwrap()).unwrap().1.to_string()
}
