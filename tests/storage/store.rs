//! A store for tests, and the requests of its clients.

use crate::support::objects::{at, embedded, named};
use aws_sdk_s3::config::{Credentials, Region};
use dossier_storage::{Digest, Endpoint, Finished, Objects, Settings, SignedPart};
use reqwest::{Client, StatusCode};
use secrecy::ExposeSecret;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub struct Store {
    pub objects: Objects,
    pub settings: Settings,
    pub http: Client,
    pub url: String,
    root: Option<TempDir>,
}

impl Store {
    /// Returns the store of `TEST_S3_ENDPOINT` and its variables, or an embedded one that is used over HTTP like any
    /// other.
    pub async fn remote() -> Self {
        if let Some(settings) = named() {
            return Self::open(settings, None).await;
        }
        let Self { settings, root, .. } = Self::embedded().await;
        let Endpoint::Embedded { public_url, .. } = settings.endpoint.clone() else { unreachable!() };
        Self::open(Settings { endpoint: at(public_url), ..settings }, root).await
    }

    /// Returns an embedded store in a new folder, served over a socket.
    pub async fn embedded() -> Self {
        let root = TempDir::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let public_url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let settings = embedded(root.path().join("objects"), public_url);
        let store = Self::open(settings, Some(root)).await;
        let routes = store.objects.routes().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        store
    }

    /// Opens a store with these settings, whatever its state.
    pub async fn open(settings: Settings, root: Option<TempDir>) -> Self {
        let url = match &settings.endpoint {
            Endpoint::Embedded { public_url, .. } => public_url.clone(),
            Endpoint::Remote(remote) => remote.url.clone().unwrap(),
        };
        let url = url.as_str().trim_end_matches('/').to_owned();
        Self { objects: Objects::open(settings.clone()).await.unwrap(), settings, http: Client::new(), url, root }
    }

    /// Returns the folder of an embedded store.
    pub fn folder(&self) -> PathBuf {
        self.root.as_ref().map(TempDir::path).map(|root| root.join("objects")).unwrap()
    }

    /// Returns another S3 client, with the SDK's own defaults, over the socket.
    pub fn tool(&self, access_key_id: &str) -> aws_sdk_s3::Client {
        let secret = self.settings.secret_access_key.expose_secret();
        let config = aws_sdk_s3::Config::builder()
            .credentials_provider(Credentials::new(access_key_id, secret, None, None, "test"))
            .region(Region::new(self.settings.region.clone()))
            .endpoint_url(&self.url)
            .force_path_style(true);
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// Returns such a client with the right key.
    pub fn good_tool(&self) -> aws_sdk_s3::Client {
        self.tool(&self.settings.access_key_id)
    }

    pub fn bucket(&self) -> &str {
        &self.settings.bucket
    }

    /// Sends a part as a browser does, which sets the length itself.
    pub async fn send(&self, part: &SignedPart, bytes: Vec<u8>) -> StatusCode {
        let mut request = self.http.put(&part.url).body(bytes);
        for (name, value) in part.headers.iter().filter(|(name, _)| name != "content-length") {
            request = request.header(name, value);
        }
        request.send().await.unwrap().status()
    }

    /// Sends this part of a file.
    pub async fn send_of(&self, part: &SignedPart, file: &[u8]) -> StatusCode {
        let start = usize::try_from(part.offset).unwrap();
        let end = start + usize::try_from(part.size).unwrap();
        self.send(part, file[start..end].to_vec()).await
    }

    /// Uploads all parts of a file at once. Returns the upload's id without finishing it.
    pub async fn upload(&self, key: &str, content_type: &str, file: &[u8]) -> String {
        let id = self.objects.begin_upload(key, content_type).await.unwrap();
        let parts = self.objects.sign_upload(key, &id, file.len() as u64).await.unwrap();
        let sent = futures::future::join_all(parts.iter().map(|part| self.send_of(part, file))).await;
        assert!(sent.iter().all(|status| *status == StatusCode::OK), "{sent:?}");
        id
    }
}

/// Returns the digest of an upload, which must be complete.
pub fn whole(finished: Finished) -> Digest {
    match finished {
        Finished::Object(digest) => digest,
        other => panic!("{other:?}"),
    }
}

/// Returns a unique key.
pub fn new_key(name: &str) -> String {
    let mut client = [0; 16];
    aws_lc_rs::rand::fill(&mut client).unwrap();
    format!("clients/{:032x}/DOCUMENTS/{name}", u128::from_be_bytes(client))
}

/// Returns bytes that do not repeat within a part.
pub fn file_of(size: usize) -> Vec<u8> {
    (0..size as u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[0]).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    hash.as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Returns the number of files below a folder.
pub fn files_below(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files_below(&path) } else { 1 }).sum()
}
