//! A provider that signs whatever a test wants.

use super::Value;
use crate::support::json;
use aws_lc_rs::signature::Ed25519KeyPair;
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use std::sync::{Arc, Mutex};

/// A key, as the provider publishes it.
pub struct Key {
    key: EncodingKey,
    pub jwk: Value,
}

impl Key {
    pub fn new(id: &str) -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        let key = EncodingKey::from_ed_der(pair.to_pkcs8v1().unwrap().as_ref());
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
        jwk.common.key_id = Some(id.to_owned());
        Self { key, jwk: serde_json::to_value(jwk).unwrap() }
    }

    pub fn sign(&self, claims: &Value) -> String {
        let id = self.jwk["kid"].as_str().unwrap().to_owned();
        self.sign_with(&Header { kid: Some(id), ..Header::new(Algorithm::EdDSA) }, claims)
    }

    pub fn sign_with(&self, header: &Header, claims: &Value) -> String {
        encode(header, claims, &self.key).unwrap()
    }
}

#[derive(Default)]
struct Answers {
    keys: Vec<Value>,
    /// How often the keys were read.
    reads: usize,
    id_token: String,
}

pub struct Fake {
    pub url: String,
    pub key: Key,
    answers: Arc<Mutex<Answers>>,
    serving: Option<tokio::task::JoinHandle<()>>,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (key, answers) = (Key::new("first"), Arc::new(Mutex::new(Answers::default())));
        answers.lock().unwrap().keys = vec![key.jwk.clone(), json!({ "kty": "unknown", "kid": "other" })];
        let metadata = json!({
            "issuer": url, "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"), "jwks_uri": format!("{url}/keys"),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(async || Json(metadata)))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(answers.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, key, answers, serving: Some(serving) }
    }

    /// Sets the keys that it publishes.
    pub fn publish(&self, keys: &[&Key]) {
        self.answers.lock().unwrap().keys = keys.iter().map(|key| key.jwk.clone()).collect();
    }

    pub fn answer(&self, id_token: &str) {
        id_token.clone_into(&mut self.answers.lock().unwrap().id_token);
    }

    pub fn reads(&self) -> usize {
        self.answers.lock().unwrap().reads
    }

    pub async fn stop(&mut self) {
        let serving = self.serving.take().unwrap();
        serving.abort();
        let _ = serving.await;
    }
}

async fn keys(State(answers): State<Arc<Mutex<Answers>>>) -> Json<Value> {
    let mut answers = answers.lock().unwrap();
    answers.reads += 1;
    Json(json!({ "keys": answers.keys }))
}

async fn token(State(answers): State<Arc<Mutex<Answers>>>) -> Json<Value> {
    Json(json!({ "id_token": answers.lock().unwrap().id_token, "token_type": "Bearer" }))
}
