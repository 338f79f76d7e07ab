use crate::support::{
    Actor, Value, json,
    process::{Process, free_port, run},
    socket::Socket,
};

const EMAIL: &str = "olga.petrova@atelier.example";
const NAME: &str = "Olga Petrova";

/// Returns the log lines with this message.
fn lines(log: &str, message: &str) -> Vec<Value> {
    let all = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    all.filter(|line| line["message"] == message).collect()
}

/// Performs the requests of a usual day, with some errors. Returns texts that must not appear in the log.
async fn a_day(server: &Process, password: &str, token: &str) -> Vec<String> {
    let anonymous = Actor::new(&server.url, "anonymous", None);
    let sign_in = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { code } } }";
    let input = json!({ "email": EMAIL, "password": password });
    let signed = anonymous.query(sign_in, json!({ "input": input })).await;
    let wrong = json!({ "email": "stranger@nowhere.example", "password": "battery-staple" });
    anonymous.query(sign_in, json!({ "input": wrong })).await;
    let olga = server.actor("olga", token);
    let payload = olga.does("createClient", json!({ "name": "Dupont-Secret", "track": "LAB" }), "client { id }").await;
    let client = payload["client"]["id"].as_str().unwrap();
    let upload = olga.request_upload(client, "DOCUMENTS", "divorce.txt", b"bytes").await;
    olga.send_parts(&upload, b"bytes").await;
    let search = "query Search($after: String) { clients(after: $after) { nodes { name } } # un-commentaire\n }";
    olga.send_with(search, json!({ "after": "Variable-Secrete" }), &[("X-Request-Id", "day-1")]).await;
    olga.send("query Broken { \"texte-libre\" }", json!({})).await;
    let _ = olga.fetch(&format!("{}/chemin-secret?cle=requete-secrete", server.url)).await;
    let forged = Actor::new(&server.url, "forged", Some("jeton-invente".to_owned()));
    forged.send("{ viewer { displayName } }", json!({})).await;
    let mut stream = olga.subscribe("subscription Listen { dossierEvents { type } }", json!({})).await;
    olga.does("createClient", json!({ "name": "Durand-Secret", "track": "LAB" }), "").await;
    stream.next().await;
    let mut refused = Socket::connect(&server.url).await;
    refused.send(json!({ "type": "connection_init", "payload": { "Authorization": "Bearer jeton-invente" } })).await;
    let url = upload["parts"][0]["url"].as_str().unwrap();
    let signature = url.split_once("X-Amz-Signature=").unwrap().1.split('&').next().unwrap();
    let access = signed["signIn"]["accessToken"].as_str().unwrap();
    let written = [
        EMAIL,
        NAME,
        password,
        token,
        signature,
        access,
        "stranger@nowhere",
        "battery-staple",
        "Dupont-Secret",
        "Durand-Secret",
        "divorce",
        "Variable-Secrete",
        "un-commentaire",
        "texte-libre",
        "chemin-secret",
        "requete-secrete",
        "jeton-invente",
    ];
    written.map(str::to_owned).to_vec()
}

#[tokio::test]
async fn the_log_describes_requests_without_personal_data() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", EMAIL, "--organization", "atelier", "--role", "operator", "--name", NAME]);
    let password = run(data.path(), &["password", "set", EMAIL, "--generate"]);
    let token = run(data.path(), &["token", EMAIL]);
    let configuration = [("LOG_FORMAT", "json"), ("LOG", "info,dossier=trace")];
    let server = Process::serve_with(data.path(), free_port(), &configuration).await;
    let hidden = a_day(&server, &password, &token).await;
    let closed = async || {
        while lines(&server.log(), "socket closed").len() < 2 || lines(&server.log(), "operation").is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), closed()).await.expect("sockets that are told of");
    let log = server.log();
    for hidden in hidden {
        assert!(!log.contains(&hidden), "{hidden} is in the log:\n{log}");
    }
    let requests = lines(&log, "request");
    let search = requests.iter().find(|line| line["id"] == "day-1").unwrap_or_else(|| panic!("{log}"));
    let fields = ["method", "path", "status", "operation", "kind", "codes", "role"].map(|name| search[name].clone());
    assert_eq!(json!(fields), json!(["POST", "/graphql", 200, "Search", "query", "BAD_USER_INPUT", "OPERATOR"]));
    assert_eq!(search["organization"].as_str().unwrap().len(), 36);
    assert!(search["duration_ms"].as_f64().unwrap() > 0.0);
    assert!(requests.iter().any(|line| line["operation"] == "SignIn" && line["kind"] == "mutation"), "{log}");
    assert!(requests.iter().any(|line| line["path"] == "/dossier/{*key}" && line["method"] == "PUT"), "{log}");
    assert!(requests.iter().any(|line| line["path"] == "(no route)" && line["status"] == 404), "{log}");
    assert!(requests.iter().any(|line| line["status"] == 401 && line["codes"] == "UNAUTHENTICATED"), "{log}");
    let operation = &lines(&log, "operation")[0];
    let fields = ["operation", "kind", "answers", "role"].map(|name| operation[name].clone());
    assert_eq!(json!(fields), json!(["Listen", "subscription", 1, "OPERATOR"]));
    // The id of an operation is the id of its socket with a number.
    let (socket, _) = operation["id"].as_str().unwrap().rsplit_once('-').unwrap();
    assert!(lines(&log, "socket opened").iter().any(|line| line["id"] == socket), "{log}");
    assert_eq!(lines(&log, "refused on a socket")[0]["codes"], "UNAUTHENTICATED");
    assert_eq!(log.lines().filter(|line| line.starts_with('{')).count(), log.matches("{\"timestamp\"").count());
}

/// The server returns the caller's id, also in errors. Without one, it creates one.
#[tokio::test]
async fn a_request_keeps_its_id() {
    let app = crate::support::App::start().await;
    let client = reqwest::Client::new();
    let body = json!({ "query": "{ clients { totalCount } }" });
    let sent = client.post(format!("{}/graphql", app.url)).header("X-Request-Id", "mine-1").json(&body);
    let response = sent.send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"], "mine-1");
    assert_eq!(response.json::<Value>().await.unwrap()["errors"][0]["extensions"]["requestId"], "mine-1");
    let response = client.post(format!("{}/graphql", app.url)).json(&body).send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"].len(), 36);
}
