//! One-click sign-in as the people of the sample, only on the machine on which it was just created.

use crate::support::{
    Actor, Value,
    actors::http_client,
    json,
    process::{Process, command, free_port, run},
};
use reqwest::{Method, Response, Version};

const OLIVIER: &str = "olivier@atelier-lumen.example";
const CLAIRE: &str = "claire@atelier-lumen.example";

/// A request to a server, as a page of that server sends it.
struct Click<'s> {
    server: &'s Process,
    headers: Vec<(&'static str, String)>,
}

impl<'s> Click<'s> {
    fn at(server: &'s Process) -> Self {
        Self { server, headers: vec![("origin", server.url.clone())] }
    }

    /// Sets a header, or replaces it.
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.into()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self
    }

    async fn send(self, method: Method, path: &str, body: Option<Value>) -> Response {
        self.send_with(Version::HTTP_11, method, path, body).await
    }

    async fn send_with(self, version: Version, method: Method, path: &str, body: Option<Value>) -> Response {
        let mut request = http_client().request(method, format!("{}{path}", self.server.url)).version(version);
        if let Some(body) = body {
            request = request.json(&body);
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.send().await.unwrap()
    }

    async fn sign_in(self) -> Response {
        self.sign_in_as(OLIVIER).await
    }

    async fn sign_in_as(self, email: &str) -> Response {
        self.send(Method::POST, "/sample/sign-in", Some(json!({ "email": email }))).await
    }

    async fn people(self) -> Response {
        self.send(Method::GET, "/sample/people", None).await
    }
}

#[tokio::test]
async fn one_click_signs_in_as_a_person_of_the_sample() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::serve(data.path(), free_port()).await;
    let people: Value = Click::at(&server).without("origin").people().await.json().await.unwrap();
    let people = people.as_array().unwrap();
    let olivier = people.iter().find(|person| person["email"] == OLIVIER).unwrap();
    assert_eq!((&olivier["name"], &olivier["role"]), (&json!("Olivier Marchand"), &json!("OPERATOR")), "{olivier}");
    assert!(people.iter().any(|person| person["role"] == "CLIENT"));

    let answer = Click::at(&server).sign_in().await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-dossier-refresh=") && cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
    let session: Value = answer.json().await.unwrap();
    let olivier = server.actor("olivier", session["accessToken"].as_str().unwrap());
    assert_eq!(olivier.query("{ viewer { role } }", json!({})).await["viewer"]["role"], "OPERATOR");
    let refresh = json!({ "query": "mutation { refreshSession { accessToken userErrors { message } } }" });
    let request = http_client().post(format!("{}/graphql", server.url)).json(&refresh);
    let request = request.header("cookie", cookie.split(';').next().unwrap()).header("dossier-session", "1");
    let refreshed: Value = request.header("origin", &server.url).send().await.unwrap().json().await.unwrap();
    assert!(refreshed["data"]["refreshSession"]["accessToken"].is_string(), "{refreshed:#}");
}

#[tokio::test]
async fn nobody_else_can_click() {
    let data = tempfile::tempdir().unwrap();
    let port = free_port();
    let server = Process::serve(data.path(), port).await;
    let evil = format!("evil.example:{port}");
    let refused = [
        // A proxy on this machine passes requests of others on.
        Click::at(&server).with("x-forwarded-for", "192.0.2.1"),
        Click::at(&server).with("forwarded", "for=192.0.2.1"),
        Click::at(&server).with("via", "1.1 proxy"),
        Click::at(&server).with("x-real-ip", "192.0.2.1"),
        Click::at(&server).with("x-forwarded-proto", "https"),
        Click::at(&server).with("cf-connecting-ip", "192.0.2.1"),
        // A name of somebody else's site resolves to this machine.
        Click::at(&server).with("host", &evil).with("origin", format!("http://{evil}")),
        Click::at(&server).with("host", &evil),
        // A page of another site sends a form or a request.
        Click::at(&server).with("origin", "https://evil.example"),
        Click::at(&server).with("origin", "null"),
        Click::at(&server).with("origin", format!("http://127.0.0.1:{}", port - 1)),
        Click::at(&server).with("origin", format!("http://localhost:{port}")),
        Click::at(&server).without("origin"),
    ];
    for click in refused {
        let headers = click.headers.clone();
        let answer = click.sign_in().await;
        assert_eq!(answer.status(), 404, "{headers:?}");
        assert!(answer.headers().get("set-cookie").is_none());
    }
    for click in [
        Click::at(&server).with("origin", "https://evil.example"),
        Click::at(&server).with("host", &evil).without("origin"),
        Click::at(&server).without("origin").with("sec-fetch-site", "cross-site"),
        Click::at(&server).without("origin").with("sec-fetch-site", "same-site"),
    ] {
        let headers = click.headers.clone();
        assert_eq!(click.people().await.status(), 404, "{headers:?}");
    }
    for name in [format!("localhost:{port}"), format!("[::1]:{port}")] {
        let own = Click::at(&server).with("host", &name).with("origin", format!("http://{name}"));
        assert_eq!(own.sign_in().await.status(), 200, "{name}");
    }
    let mut two = Click::at(&server);
    two.headers.push(("origin", "https://evil.example".to_owned()));
    assert_eq!(two.sign_in().await.status(), 404, "two origins");
    let old = Click::at(&server).send_with(Version::HTTP_10, Method::GET, "/sample/people", None).await;
    assert_eq!(old.status(), 404, "a proxy that speaks HTTP/1.0");
    let nobody = Click::at(&server).sign_in_as("nadia@atelier-lumen.example").await;
    assert_eq!(nobody.status(), 404, "nobody of the sample");
    assert_eq!(Click::at(&server).people().await.status(), 200);
}

#[tokio::test]
async fn a_server_that_others_may_reach_offers_no_clicks() {
    let port = free_port();
    let listen = format!("--listen=0.0.0.0:{port}");
    for flag in ["--public-url=http://127.0.0.1:4000", "--trusted-proxies=127.0.0.1", &listen] {
        let data = tempfile::tempdir().unwrap();
        let mut command = command(data.path());
        command.arg(flag);
        let server = Process::start(command, &data.path().join("log"), port).await;
        assert!(server.log().contains("A sample agency was created"));
        assert_eq!(Click::at(&server).people().await.status(), 404, "{flag}");
        assert_eq!(Click::at(&server).sign_in().await.status(), 404, "{flag}");
        server.kill();
    }
}

#[tokio::test]
async fn only_the_process_that_created_the_sample_offers_clicks() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::serve(data.path(), free_port()).await;
    assert_eq!(Click::at(&server).people().await.status(), 200);
    server.kill();
    let server = Process::serve(data.path(), free_port()).await;
    assert_eq!(Click::at(&server).people().await.status(), 404);
    assert_eq!(Click::at(&server).sign_in().await.status(), 404);
}

#[tokio::test]
async fn a_sample_with_another_member_offers_no_clicks() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::serve(data.path(), free_port()).await;
    let session: Value = Click::at(&server).sign_in_as(CLAIRE).await.json().await.unwrap();
    let owner = server.actor("claire", session["accessToken"].as_str().unwrap());
    join(&server, &owner, data.path()).await;
    assert_eq!(Click::at(&server).people().await.status(), 404);
    assert_eq!(Click::at(&server).sign_in().await.status(), 404);
}

/// Invites a person, who joins with the link of the mail.
async fn join(server: &Process, owner: &Actor, data: &std::path::Path) {
    let invite = json!({ "email": "nadia@example.org", "role": "OPERATOR" });
    owner.does("inviteMember", invite, "invitation { id }").await;
    let mails = data.join("mail");
    let mail = loop {
        let first = std::fs::read_dir(&mails).into_iter().flatten().flatten().next();
        if let Some(entry) = first {
            break entry.path();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let name = mail.file_stem().unwrap().to_str().unwrap().to_owned();
    let text = run(data, &["mail", "show", &name]);
    let token = text.split("invitation#").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let anonymous = Actor::new(&server.url, "nadia", None);
    let accept = json!({ "token": token, "password": "sept pommes vertes", "displayName": "Nadia" });
    anonymous.does("acceptInvitation", accept, "accessToken").await;
}
