//! One operation, from its parameters to its answers: what is the same over HTTP and over a socket. Every operation
//! begins in [`Operation::prepare`] and ends in [`Operation::answer`] or [`Operation::answers`].

use super::{
    documents::Documents,
    parameters::{Parameters, wrong},
    subscription_query::{SubscriptionKey, SubscriptionQuery},
};
use crate::{
    address::Address,
    error_code::Code,
    graphql::{
        Call, ExecutionState, RequestContext, Schema, find_operation,
        limits::{self, Limits},
        request_error, retry_after, sign, too_much, unescape,
    },
    observe,
    rate::{Charge, Rate, RateLimitStatus, Subject},
};
use async_graphql::{
    Response, ServerError, Value, Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use dossier_core::credentials::Credentials;
use dossier_storage::sha256;
use futures::{Stream, StreamExt};
use serde::Serialize;
use serde_json::Map;
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::OwnedRwLockReadGuard;

/// Who asks.
pub struct Caller {
    /// Whom it speaks for.
    pub credentials: Credentials,
    /// Names it in logs and errors.
    pub request_id: String,
    /// Where it is.
    pub address: Address,
    /// Whether it may ask for the schema.
    pub may_explore: bool,
    /// The idempotency key that came besides the parameters.
    pub idempotency_key: Option<String>,
}

/// An operation that can be executed.
pub struct Operation {
    /// Names what a subscription asks.
    key: Option<SubscriptionKey>,
    call: Call,
    may_explore: bool,
}

/// One answer of an operation.
pub struct Answer {
    response: Response,
    /// Whether fields were resolved; if not, it was refused as a whole.
    pub executed: bool,
    /// How far its caller is from being refused; none without limits.
    pub rate_limit_status: Option<RateLimitStatus>,
}

impl Operation {
    /// Finds what is to be executed, for whom.
    pub fn prepare(documents: &Documents, mut parameters: Parameters, caller: Caller) -> Result<Self, ServerError> {
        let document = documents.find(&mut parameters)?;
        let limits = Limits::of(&caller.credentials);
        limits::check_text(&document.text, &limits)?;
        let idempotency = match idempotency_key(caller.idempotency_key, &parameters.extensions)? {
            None => None,
            Some(key) => {
                Some((key, fingerprint(&document.text, parameters.operation_name.as_deref(), &parameters.variables)))
            }
        };
        let name = parameters.operation_name;
        let check = |parsed: &_| limits::check(parsed, &limits, caller.may_explore);
        let text = unescape(&document.text)?.into_owned();
        let parsed = documents.parse(&text, check)?;
        let kind = kind(&parsed.parsed, name.as_deref())?;
        let key = (kind == OperationType::Subscription)
            .then(|| SubscriptionKey::of(&document.text, &parsed.parsed, name.as_deref(), &parameters.variables));
        documents.remember(&document);
        let request_context = RequestContext {
            request_id: caller.request_id,
            address: Some(caller.address),
            operation: name,
            idempotency,
            state: Arc::default(),
        };
        let call = Call {
            text,
            document: parsed,
            kind,
            variables: Variables::from_json(parameters.variables.into()),
            credentials: caller.credentials,
            request_context,
        };
        Ok(Self { key, call, may_explore: caller.may_explore })
    }

    /// Holds `gate` until the operation, a subscription, misses nothing any more.
    pub fn holding(mut self, gate: Option<OwnedRwLockReadGuard<()>>) -> Self {
        self.call.request_context.state = Arc::new(ExecutionState::holding(gate));
        self
    }

    /// How far it has come.
    pub fn state(&self) -> Arc<ExecutionState> {
        self.call.request_context.state.clone()
    }

    /// What it is: only a query can be safely done again.
    pub fn kind(&self) -> OperationType {
        self.call.kind
    }

    /// Whom it speaks for.
    pub fn credentials(&self) -> Credentials {
        self.call.credentials.clone()
    }

    /// The answer of a query or a mutation.
    pub async fn answer(self, schema: &Schema) -> Answer {
        let Self { call, may_explore, .. } = self;
        let (request_id, state) = (call.request_context.request_id.clone(), call.request_context.state.clone());
        Answer::new(schema.answer(call).await, &request_id, &state, may_explore)
    }

    /// Returns the question of a subscription and its first answers, or the refusal.
    pub async fn answers(
        self,
        schema: &Schema,
    ) -> Result<(SubscriptionQuery, impl Stream<Item = Answer> + use<>), Answer> {
        let Self { call, may_explore, key } = self;
        let (request_id, state) = (call.request_context.request_id.clone(), call.request_context.state.clone());
        let answer = move |response| Answer::new(response, &request_id, &state, may_explore);
        match schema.subscribe(call).await {
            Ok((prepared, responses)) => {
                Ok((SubscriptionQuery::new(key.unwrap_or_default(), prepared), responses.map(answer)))
            }
            Err(refused) => Err(answer(*refused)),
        }
    }
}

impl Answer {
    /// What came of an execution.
    pub fn new(mut response: Response, request_id: &str, state: &ExecutionState, may_explore: bool) -> Self {
        if !may_explore {
            // The validators suggest names that exist.
            response.errors.iter_mut().for_each(|error| {
                let said = error.message.find(" Did you mean").unwrap_or(error.message.len());
                error.message.truncate(said);
            });
        }
        Self {
            response: sign(response, request_id),
            executed: state.has_executed(),
            rate_limit_status: state.rate_limit_status(),
        }
    }

    /// The answer to what was not executed at all. Its caller is charged for it all the same: who sends nonsense is to
    /// be stopped, too.
    pub async fn refused(error: ServerError, request_id: &str, rate: &Rate, caller: &Subject) -> Self {
        let Charge { rate_limit_status, exceeded } = rate.operation(caller, 0).await;
        let error = exceeded.as_ref().map_or(error, too_much);
        Self { rate_limit_status, ..Self::of(error, request_id) }
    }

    /// The answer that is nothing but this error.
    pub fn of(error: ServerError, request_id: &str) -> Self {
        if let Some(code) = Code::of(&error) {
            observe::refused(code);
        }
        Self {
            response: sign(Response::from_errors(vec![error]), request_id),
            executed: false,
            rate_limit_status: None,
        }
    }

    /// What the schema answered.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// Its errors.
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }

    /// Whether somebody must sign in first, or again.
    pub fn is_unauthenticated(&self) -> bool {
        self.errors().iter().any(|error| Code::of(error) == Some(Code::Unauthenticated))
    }

    /// Whether a service that is needed did not answer, and nothing was found out without it.
    pub fn is_unavailable(&self) -> bool {
        let nothing = match &self.response.data {
            Value::Null => true,
            Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
            _ => false,
        };
        let away = |error| Code::of(error) == Some(Code::ServiceUnavailable);
        nothing && !self.errors().is_empty() && self.errors().iter().all(away)
    }

    /// In how many seconds what was refused for its rate may be tried again.
    pub fn retry_after(&self) -> Option<u64> {
        self.errors().iter().filter_map(retry_after).max()
    }

    /// As it is sent.
    pub fn body(&self) -> Body<'_> {
        let Response { data, errors, extensions, .. } = &self.response;
        // Without an execution there is no data, not even null.
        Body { data: self.executed.then_some(data), errors, extensions }
    }
}

/// A response of GraphQL.
#[derive(Serialize)]
pub struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// The caller's key, which stands in a header or in the extensions.
fn idempotency_key(
    header: Option<String>,
    extensions: &Map<String, serde_json::Value>,
) -> Result<Option<String>, ServerError> {
    let key = match (header, extensions.get("idempotencyKey").filter(|key| !key.is_null())) {
        (header, None) => header,
        (None, Some(serde_json::Value::String(key))) => Some(key.clone()),
        (Some(header), Some(serde_json::Value::String(key))) if header == *key => Some(header),
        (Some(_), Some(_)) => {
            return Err(wrong("The header `Idempotency-Key` and `extensions.idempotencyKey` differ."));
        }
        (None, Some(_)) => return Err(wrong("`extensions.idempotencyKey` must be a string.")),
    };
    let valid = |key: &String| (1..=100).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if key.as_ref().is_none_or(valid) {
        return Ok(key);
    }
    Err(wrong("An idempotency key must have 1 to 100 visible ASCII characters, such as a UUID."))
}

/// The same for the same request, whichever way it comes.
pub fn fingerprint(query: &str, operation_name: Option<&str>, variables: &Map<String, serde_json::Value>) -> String {
    sha256(serde_json::json!([query, operation_name, variables]).to_string().as_bytes())
}

fn kind(document: &ExecutableDocument, name: Option<&str>) -> Result<OperationType, ServerError> {
    find_operation(document, name).map(|operation| operation.ty).ok_or_else(|| {
        let message = match name {
            Some(_) => "`operationName` names no operation of the document.",
            None => "The document has several operations: `operationName` must say which is meant.",
        };
        request_error(Code::OperationResolutionFailure, message)
    })
}
