//! People who send GraphQL to a server.

use super::{
    Value, json,
    socket::{Socket, Stream},
};
use aws_lc_rs::digest::{SHA256, digest};
use std::fmt::Write;

#[derive(Clone)]
pub struct Actor {
    pub url: String,
    pub name: String,
    pub token: Option<String>,
    http: reqwest::Client,
}

/// Returns a client for unencrypted connections. Without the root certificates, whose parsing takes a tenth of the suite.
pub fn http_client() -> reqwest::Client {
    reqwest::Client::builder().tls_certs_only([]).build().unwrap()
}

impl Actor {
    pub fn new(url: &str, name: &str, token: Option<String>) -> Self {
        Self { url: url.into(), name: name.into(), token, http: http_client() }
    }

    /// Sends an operation and returns the whole answer.
    pub async fn send(&self, query: &str, variables: Value) -> Value {
        self.send_with(query, variables, &[]).await.1
    }

    /// Sends an operation with further headers. Also returns the status.
    pub async fn send_with(&self, query: &str, variables: Value, headers: &[(&str, &str)]) -> (u16, Value) {
        let mut request =
            self.http.post(format!("{}/graphql", self.url)).json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// Sends a query that must succeed, and returns its data.
    pub async fn query(&self, query: &str, variables: Value) -> Value {
        let answer = self.send(query, variables).await;
        assert!(answer.get("errors").is_none(), "{}: {query}\n{answer:#}", self.name);
        answer["data"].clone()
    }

    /// Sends a query that must fail, and returns the code of its only error.
    pub async fn code(&self, query: &str, variables: Value) -> String {
        let answer = self.send(query, variables).await;
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{}: {query}\n{answer:#}", self.name);
        answer["errors"][0]["extensions"]["code"].as_str().unwrap().to_owned()
    }

    /// Sends a mutation, and returns its payload: `selection` and the codes, fields and messages of its user errors.
    pub async fn mutate(&self, name: &str, input: Value, selection: &str) -> Value {
        self.query(&mutation(name, selection), json!({ "input": input })).await[name].clone()
    }

    /// Sends a mutation that must succeed, and returns its payload.
    pub async fn does(&self, name: &str, input: Value, selection: &str) -> Value {
        let payload = self.mutate(name, input.clone(), selection).await;
        assert_eq!(payload["userErrors"], json!([]), "{} {name}({input})", self.name);
        payload
    }

    /// Sends a mutation that must be refused, and returns the code and field of its user error, as in `INVALID name`.
    pub async fn refused(&self, name: &str, input: Value) -> String {
        let payload = self.mutate(name, input.clone(), "").await;
        let error = &payload["userErrors"][0];
        let code = error["code"].as_str().unwrap_or_else(|| panic!("{} {name}({input}) was not refused", self.name));
        match error["field"].as_array() {
            Some(path) => {
                let path: Vec<_> = path.iter().filter_map(Value::as_str).collect();
                format!("{code} {}", path.join("."))
            }
            None => code.to_owned(),
        }
    }

    /// Announces a file.
    pub async fn request_upload(&self, client: &str, zone: &str, name: &str, bytes: &[u8]) -> Value {
        let input = json!({
            "clientId": client, "zone": zone, "name": name,
            "contentType": "text/plain", "size": bytes.len(), "sha256": sha256(bytes),
        });
        let selection =
            "version { id status } document { id } parts { number method url headers { name value } offset size }";
        self.mutate("requestUpload", input, selection).await
    }

    /// Sends the bytes of an announced file to its URLs.
    pub async fn send_parts(&self, upload: &Value, bytes: &[u8]) {
        for part in upload["parts"].as_array().unwrap() {
            let (offset, size) = (number(&part["offset"]), number(&part["size"]));
            let mut request = self.http.put(part["url"].as_str().unwrap());
            for header in part["headers"].as_array().unwrap() {
                // The HTTP client sets this header itself.
                if !header["name"].as_str().unwrap().eq_ignore_ascii_case("content-length") {
                    request = request.header(header["name"].as_str().unwrap(), header["value"].as_str().unwrap());
                }
            }
            let response = request.body(bytes[offset..offset + size].to_vec()).send().await.unwrap();
            let status = response.status();
            assert!(status.is_success(), "{status} {}", response.text().await.unwrap());
        }
    }

    /// Uploads a text file and returns the document's id.
    pub async fn uploads(&self, client: &str, zone: &str, name: &str, text: &str) -> String {
        let upload = self.request_upload(client, zone, name, text.as_bytes()).await;
        assert_eq!(upload["userErrors"], json!([]), "{} uploads {name} to {zone}", self.name);
        self.send_parts(&upload, text.as_bytes()).await;
        let input = json!({ "versionId": upload["version"]["id"] });
        let done = self.does("completeUpload", input, "document { id status }").await;
        assert_eq!(done["document"]["status"], "READY");
        done["document"]["id"].as_str().unwrap().to_owned()
    }

    /// Uploads a further version of a document, and returns its id.
    pub async fn uploads_version(&self, document: &str, text: &str) -> String {
        let input = json!({
            "target": { "newVersionOf": document }, "contentType": "text/plain", "size": text.len(),
            "sha256": sha256(text.as_bytes()),
        });
        let upload = "version { id } parts { url headers { name value } offset size }";
        let upload = self.does("requestUpload", input, upload).await;
        self.send_parts(&upload, text.as_bytes()).await;
        let input = json!({ "versionId": upload["version"]["id"] });
        self.does("completeUpload", input, "document { id }").await;
        upload["version"]["id"].as_str().unwrap().to_owned()
    }

    /// Downloads from a signed URL.
    pub async fn fetch(&self, url: &str) -> reqwest::Response {
        self.http.get(url).send().await.unwrap()
    }

    /// Opens a socket and signs in on it.
    pub async fn socket(&self) -> Socket {
        Socket::open(&self.url, self.token.as_deref()).await
    }

    /// Starts a subscription on a socket of its own.
    pub async fn subscribe(&self, query: &str, variables: Value) -> Stream {
        self.socket().await.subscribe(query, variables).await
    }
}

pub fn mutation(name: &str, selection: &str) -> String {
    let input = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
    )
}

pub fn sha256(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}
