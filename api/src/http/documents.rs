//! Caches for documents.
//!
//! The first cache serves automatic persisted queries: a client sends a document once, and its hash afterwards. If a
//! process does not have the document, because it forgot it or another process received it, the client sends the
//! document again. The second cache holds parsed documents, so that frequent documents are parsed once.

use super::parameters::{Parameters, wrong};
use crate::{
    error_code::Code,
    graphql::{self, check_input_objects, request_error, unparsable},
};
use async_graphql::{
    ServerError,
    parser::{parse_query, types::ExecutableDocument},
};
use dossier_core::hex::sha256;
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter, sync::Cache, sync::DefaultLifecycle};
use serde_json::Value;
use std::sync::Arc;

/// The maximum total size of the documents that were sent with their hash, in bytes.
const MAX_SENT: u64 = 16 << 20;

/// The approximate maximum size of all parsed documents, in bytes.
const MAX_PARSED: u64 = 8 << 20;

/// The usual size of a document, in bytes.
const USUAL_SIZE: usize = 2 << 10;

/// The memory of a cached document besides its text, in bytes.
const OVERHEAD: usize = 200;

/// The approximate size of a parsed document, as a multiple of its text.
const TREE: usize = 100;

/// The caches. Cheap to clone.
#[derive(Clone)]
pub struct Documents {
    /// The persisted queries by their hash.
    sent: Arc<SizedCache<Arc<str>>>,
    /// The parsed documents by their text.
    parsed: Arc<SizedCache<Arc<graphql::Document>>>,
}

type SizedCache<V> = Cache<String, V, Size>;

#[derive(Clone)]
struct Size;

impl Weighter<String, Arc<str>> for Size {
    fn weight(&self, _: &String, text: &Arc<str>) -> u64 {
        u64::try_from(text.len() + OVERHEAD).unwrap_or(u64::MAX)
    }
}

impl Weighter<String, Arc<graphql::Document>> for Size {
    fn weight(&self, text: &String, _: &Arc<graphql::Document>) -> u64 {
        u64::try_from(text.len() * TREE + OVERHEAD).unwrap_or(u64::MAX)
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self { sent: new_cache(MAX_SENT, USUAL_SIZE), parsed: new_cache(MAX_PARSED, USUAL_SIZE * TREE) }
    }
}

/// Creates an empty cache of this size in bytes, for values of this usual size.
fn new_cache<V: Clone>(capacity: u64, usual_size: usize) -> Arc<SizedCache<V>>
where
    Size: Weighter<String, V>,
{
    let items = usize::try_from(capacity).unwrap_or_default() / usual_size;
    // With several shards, each would have to hold the largest document. One shard is enough, because contention is
    // low.
    let options = OptionsBuilder::new().shards(1).estimated_items_capacity(items).weight_capacity(capacity).build();
    let options = options.unwrap_or_else(|_| unreachable!("all options are set"));
    Arc::new(Cache::with_options(options, Size, DefaultHashBuilder::default(), DefaultLifecycle::default()))
}

/// The document of a request.
pub struct Document {
    /// The text.
    pub text: String,
    /// The hash under which the document will be stored if it is valid GraphQL.
    hash: Option<String>,
}

impl Documents {
    /// Returns the sent document, or the stored document with the sent hash.
    pub fn find(&self, parameters: &mut Parameters) -> Result<Document, ServerError> {
        let query = parameters.query.take().filter(|query| !query.is_empty());
        let hash =
            parameters.extensions.get("persistedQuery").filter(|value| !value.is_null()).map(hash).transpose()?;
        match (query, hash) {
            (Some(text), None) => Ok(Document { text, hash: None }),
            (Some(text), Some(hash)) if sha256(text.as_bytes()) == hash => Ok(Document { text, hash: Some(hash) }),
            (Some(_), Some(_)) => {
                let message = "`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`.";
                Err(request_error(Code::PersistedQueryMismatch, message))
            }
            (None, Some(hash)) => match self.sent.get(&hash) {
                Some(text) => Ok(Document { text: text.as_ref().to_owned(), hash: None }),
                // Clients depend on this exact message.
                None => Err(request_error(Code::PersistedQueryNotFound, "PersistedQueryNotFound")),
            },
            (None, None) => Err(wrong("`query` is missing. It must contain the GraphQL document.")),
        }
    }

    /// Parses a text. Fails if it is not valid GraphQL, or if `check` fails.
    pub fn parse(
        &self,
        text: &str,
        check: impl FnOnce(&ExecutableDocument) -> Result<(), ServerError>,
    ) -> Result<Arc<graphql::Document>, ServerError> {
        if let Some(known) = self.parsed.get(text) {
            check(&known.parsed)?;
            return Ok(known);
        }
        let parsed = parse_query(text).map_err(|error| unparsable(error.into()))?;
        check_input_objects(text)?;
        check(&parsed)?;
        let document = Arc::new(graphql::Document::from(parsed));
        self.parsed.insert(text.to_owned(), document.clone());
        Ok(document)
    }

    /// Stores a document that is valid GraphQL.
    pub fn remember(&self, document: &Document) {
        if let Some(hash) = &document.hash {
            self.sent.insert(hash.clone(), document.text.as_str().into());
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
