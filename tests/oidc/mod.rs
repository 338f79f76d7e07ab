//! Sign-in at an identity provider, and access tokens of an external issuer: against a real provider, and against one that
//! the tests control.

mod command;
mod external_token;
mod fake;
mod hostile;
mod link;
mod sign_in;

use crate::support::{Actor, App, Value, World, actors::http_client, json, live::repository, process::free_port};
use dossier_domain::external_identity;
use reqwest::{Client, header, redirect::Policy};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};
use url::Url;

pub const OPERATOR: &str = "operator@atelier.example";
const TOKENS: &str = "accessToken refreshToken viewer { role email } factorChallenge { token } \
                      memberships { id organizationSlug }";
const LINKS: &str = "{ externalIdentities { nodes { id issuer subject email lastUsedAt } } }";

/// A real provider, in a process of its own.
pub struct Provider {
    child: Child,
    port: u16,
}

impl Provider {
    pub fn start() -> Self {
        let port = free_port();
        Self { child: Self::run(port), port }
    }

    fn run(port: u16) -> Child {
        let script = repository("tests/oidc/node_modules/oidc-provider/../../provider.mjs");
        let mut node = Command::new("node");
        node.arg(script).env("PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = node.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line == "ready"));
        // The provider fails if nobody reads what it prints.
        std::thread::spawn(move || lines.for_each(drop));
        child
    }

    pub fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, with other keys.
    pub fn start_again(&mut self) {
        self.child = Self::run(self.port);
    }

    /// Sets what the provider says about an account.
    pub async fn account(&self, sub: &str, email: &str, verified: bool) {
        let account = json!({ "sub": sub, "email": email, "email_verified": verified });
        let url = format!("{}/test/accounts", self.issuer());
        assert_eq!(http_client().post(url).json(&account).send().await.unwrap().status(), 204);
    }

    /// Signs in with an account in a new browser. Returns the input that completes the sign-in.
    pub async fn visit(&self, begun: &Value, account: &str) -> Value {
        let url = format!("{}&login_hint={account}", begun["authorizationUrl"].as_str().unwrap());
        let (browser, mut cookies) =
            (Client::builder().redirect(Policy::none()).tls_certs_only([]).build().unwrap(), BTreeMap::new());
        let mut url = Url::parse(&url).unwrap();
        for _ in 0..5 {
            let sent: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let answer = browser.get(url.clone()).header(header::COOKIE, sent.join("; ")).send().await.unwrap();
            for cookie in answer.headers().get_all(header::SET_COOKIE) {
                let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                cookies.insert(name.to_owned(), value.to_owned());
            }
            let location = answer.headers().get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
            let Some(location) = location else { panic!("{url}: {}", answer.text().await.unwrap()) };
            url = url.join(&location).unwrap();
            if url.port() != Some(self.port) {
                return completion(begun, &url);
            }
        }
        panic!("too many redirects to {url}");
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the input that completes a sign-in with the answer in this URL.
fn completion(begun: &Value, url: &Url) -> Value {
    let given: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert!(given.contains_key("code"), "{url}");
    json!({ "attempt": begun["attempt"], "state": given["state"], "code": given["code"] })
}

/// Returns the arguments of a server with this provider.
pub fn arguments(issuer: &str) -> Vec<String> {
    let given = [
        ("oidc-issuer", issuer),
        ("oidc-client-id", "dossier"),
        ("oidc-client-secret", "the secret + of = the client"),
        ("oidc-name", "Compte de l’agence"),
        ("oidc-email-domains", "atelier.example,Voisin.example"),
        ("app-url", "https://hub.example"),
    ];
    given.map(|(name, value)| format!("--{name}={value}")).into()
}

/// Starts a server with this provider.
pub async fn world(provider: &Provider) -> World {
    World::on(App::start_with(&arguments(&provider.issuer())).await).await
}

/// Begins a sign-in.
pub async fn begin(world: &World, input: Value) -> Value {
    world.anonymous.does("beginExternalSignIn", input, "authorizationUrl attempt expiresAt").await
}

/// Signs in with an account at the provider. Returns the payload.
pub async fn sign_in(world: &World, provider: &Provider, account: &str) -> Value {
    let begun = begin(world, json!({})).await;
    complete(world, provider.visit(&begun, account).await).await
}

pub async fn complete(world: &World, input: Value) -> Value {
    world.anonymous.mutate("completeExternalSignIn", input, TOKENS).await
}

/// Returns the person whose session a payload began.
pub fn actor(world: &World, payload: &Value) -> Actor {
    let token = payload["accessToken"].as_str().unwrap_or_else(|| panic!("no session in {payload:#}"));
    Actor::new(&world.app.url, "signed in", Some(token.to_owned()))
}

/// Returns the code and the field of the only user error of a payload.
pub fn refusal(payload: &Value) -> String {
    assert_eq!(payload["accessToken"], Value::Null, "{payload:#}");
    let error = &payload["userErrors"][0];
    let field = error["field"][0].as_str().map(|field| format!(" {field}")).unwrap_or_default();
    format!("{}{field}", error["code"].as_str().unwrap_or_else(|| panic!("not refused: {payload:#}")))
}

/// Links an account to the person with this address.
pub async fn link(world: &World, email: &str, issuer: &str, subject: &str) {
    let database = &world.app.parts.database;
    let user = database.account(email).await.unwrap().unwrap();
    external_identity::add(database, &user, issuer, subject).await.unwrap();
}
