//! Automatic persisted queries: a document is sent once, and from then on named by its hash. Every process remembers
//! what it was sent, up to a bound; who names what was forgotten, or what another process was told, sends it again.

use super::parameters::{Parameters, wrong};
use crate::{
    graphql::{Code, refusal},
    storage::sha256,
};
use async_graphql::ServerError;
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter, sync::Cache, sync::DefaultLifecycle};
use serde_json::Value;
use std::sync::Arc;

/// What all remembered documents take at most, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// How large a document usually is, in bytes.
const USUAL: usize = 2 << 10;

/// What each takes besides its text, in bytes.
const OVERHEAD: usize = 200;

/// Documents by their hash. Cheap to clone.
#[derive(Clone)]
pub struct Documents(Arc<Cache<String, Arc<str>, Bytes>>);

#[derive(Clone)]
struct Bytes;

impl Weighter<String, Arc<str>> for Bytes {
    fn weight(&self, _: &String, document: &Arc<str>) -> u64 {
        u64::try_from(document.len() + OVERHEAD).unwrap_or(u64::MAX)
    }
}

impl Default for Documents {
    fn default() -> Self {
        let items = usize::try_from(MAX_BYTES).unwrap_or_default() / USUAL;
        // Of several shards each would have to hold the largest document; there is little to contend for.
        let options =
            OptionsBuilder::new().shards(1).estimated_items_capacity(items).weight_capacity(MAX_BYTES).build();
        let options = options.unwrap_or_else(|_| unreachable!("all options are given"));
        Self(Arc::new(Cache::with_options(options, Bytes, DefaultHashBuilder::default(), DefaultLifecycle::default())))
    }
}

/// The document of a request.
pub struct Document {
    /// Its text.
    pub text: String,
    /// The hash under which it is to be remembered, if it turns out to be good.
    hash: Option<String>,
}

impl Documents {
    /// The document that is sent, or named.
    pub fn find(&self, parameters: &mut Parameters) -> Result<Document, ServerError> {
        let query = parameters.query.take().filter(|query| !query.is_empty());
        let hash =
            parameters.extensions.get("persistedQuery").filter(|value| !value.is_null()).map(hash).transpose()?;
        match (query, hash) {
            (Some(text), None) => Ok(Document { text, hash: None }),
            (Some(text), Some(hash)) if sha256(text.as_bytes()) == hash => Ok(Document { text, hash: Some(hash) }),
            (Some(_), Some(_)) => {
                let message = "`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`.";
                Err(refusal(Code::PersistedQueryMismatch, message))
            }
            (None, Some(hash)) => match self.0.get(&hash) {
                Some(text) => Ok(Document { text: text.as_ref().to_owned(), hash: None }),
                // Clients know this very message.
                None => Err(refusal(Code::PersistedQueryNotFound, "PersistedQueryNotFound")),
            },
            (None, None) => Err(wrong("`query` is missing: it must be the GraphQL document.")),
        }
    }

    /// Remembers a document that is GraphQL.
    pub fn remember(&self, document: &Document) {
        if let Some(hash) = &document.hash {
            self.0.insert(hash.clone(), document.text.as_str().into());
        }
    }
}

fn hash(persisted: &Value) -> Result<String, ServerError> {
    if persisted["version"] != 1 {
        return Err(wrong("`extensions.persistedQuery.version` must be 1."));
    }
    match persisted["sha256Hash"].as_str() {
        Some(hash) if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Ok(hash.to_ascii_lowercase())
        }
        _ => Err(wrong("`extensions.persistedQuery.sha256Hash` must be a SHA-256 in hexadecimal.")),
    }
}
