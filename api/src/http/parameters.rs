//! The four parameters of a GraphQL request, with their types checked.

use crate::{error_code::Code, graphql::request_error};
use async_graphql::ServerError;
use dossier_core::hex::sha256;
use serde_json::{Map, Value};

/// The parameters of one request.
#[derive(Debug)]
pub struct Parameters {
    /// The document. `None` if the request contains only its hash.
    pub query: Option<String>,
    /// The name of the operation to execute.
    pub operation_name: Option<String>,
    /// The values of the variables.
    pub variables: Map<String, Value>,
    /// The protocol extensions.
    pub extensions: Map<String, Value>,
}

impl Parameters {
    /// Reads the parameters from a body or the payload of a message.
    pub fn from_json(value: Value) -> Result<Self, ServerError> {
        let mut fields = match value {
            Value::Object(fields) => fields,
            Value::Array(_) => return Err(wrong("Batches are not supported. Send one request at a time.")),
            other => return Err(wrong(format!("The request must be a JSON object, not {}.", kind(&other)))),
        };
        Ok(Self {
            query: text(&mut fields, "query")?,
            operation_name: text(&mut fields, "operationName")?,
            variables: object(&mut fields, "variables")?,
            extensions: object(&mut fields, "extensions")?,
        })
    }

    /// Refuses a request with neither a document nor a hash.
    pub fn with_document(self) -> Result<Self, ServerError> {
        if self.query.is_none() && !self.extensions.contains_key("persistedQuery") {
            return Err(wrong("`query` is missing. It must contain the GraphQL document."));
        }
        Ok(self)
    }

    /// Reads the parameters from the query string of a URL, in which `variables` and `extensions` are JSON.
    pub fn from_url(query: &str) -> Result<Self, ServerError> {
        let mut fields = Map::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.is_empty()) {
            let value = match &*name {
                "query" | "operationName" => Value::String(value.into_owned()),
                "variables" | "extensions" => {
                    json(value.as_bytes()).map_err(|error| wrong(format!("`{name}` is not valid JSON: {error}.")))?
                }
                _ => continue,
            };
            if fields.insert(name.to_string(), value).is_some() {
                return Err(wrong(format!("The URL contains `{name}` more than once.")));
            }
        }
        Self::from_json(Value::Object(fields))
    }
}

/// Returns the error for an invalid request.
pub fn wrong(message: impl Into<String>) -> ServerError {
    request_error(Code::BadRequest, message)
}

fn text(fields: &mut Map<String, Value>, name: &str) -> Result<Option<String>, ServerError> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(format!("`{name}` must be a string, not {}.", kind(&other)))),
    }
}

fn object(fields: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, ServerError> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(other) => Err(wrong(format!("`{name}` must be an object, not {}.", kind(&other)))),
    }
}

/// Parses JSON. Some programs send a byte order mark before it, which a reader may ignore (RFC 8259, section 8.1).
pub fn json(bytes: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes))
}

/// Returns a fingerprint of the request. It does not depend on the transport.
pub fn fingerprint(query: &str, operation_name: Option<&str>, variables: &Map<String, serde_json::Value>) -> String {
    sha256(serde_json::json!([query, operation_name, variables]).to_string().as_bytes())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
