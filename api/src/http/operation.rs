//! One operation, from its parameters to its responses, for HTTP and WebSocket. Every operation begins in
//! [`Operation::prepare`] and ends in [`Operation::answer`] or [`Operation::answers`].

use super::{
    answer::Answer,
    documents::Documents,
    parameters::{Parameters, fingerprint, wrong},
    subscription_query::{SubscriptionKey, SubscriptionQuery},
};
use crate::{
    address::Address,
    error_code::Code,
    graphql::{
        Browser, Call, ExecutionState, RequestContext, Schema, find_operation,
        limits::{self, Limits},
        request_error, unescape,
    },
};
use async_graphql::{
    ServerError, Variables,
    parser::types::{ExecutableDocument, OperationType},
};
use dossier_core::credentials::Credentials;
use futures::{Stream, StreamExt};
use serde_json::Map;
use std::sync::Arc;
use tokio::sync::OwnedRwLockReadGuard;

/// The caller of an operation.
pub struct Caller {
    /// The credentials of the caller.
    pub credentials: Credentials,
    /// The request id in logs and errors.
    pub request_id: String,
    /// The address of the caller.
    pub address: Address,
    /// Whether the caller may use introspection.
    pub may_explore: bool,
    /// The `User-Agent` of the caller.
    pub user_agent: Option<String>,
    /// The browser, if it may use the cookie of a session.
    pub browser: Option<Browser>,
    /// The idempotency key from the header.
    pub idempotency_key: Option<String>,
    /// The caller's id of the mutation from the header.
    pub client_mutation_id: Option<String>,
}

/// A text by which a caller identifies a mutation, in a header or in the extensions.
struct MutationKey {
    header: &'static str,
    extension: &'static str,
    max: usize,
    noun: &'static str,
}

const IDEMPOTENCY_KEY: MutationKey =
    MutationKey { header: "Idempotency-Key", extension: "idempotencyKey", max: 100, noun: "An idempotency key" };

const CLIENT_MUTATION_ID: MutationKey =
    MutationKey { header: "Client-Mutation-Id", extension: "clientMutationId", max: 64, noun: "A client mutation id" };

/// An operation that is ready for execution.
pub struct Operation {
    /// The key of a subscription.
    key: Option<SubscriptionKey>,
    call: Call,
    may_explore: bool,
}

impl Operation {
    /// Finds the document and the operation of a request.
    pub fn prepare(documents: &Documents, mut parameters: Parameters, caller: Caller) -> Result<Self, ServerError> {
        let document = documents.find(&mut parameters)?;
        let limits = Limits::of(&caller.credentials);
        limits::check_text(&document.text, &limits)?;
        let client_mutation_id = CLIENT_MUTATION_ID.read(caller.client_mutation_id, &parameters.extensions)?;
        let idempotency = match IDEMPOTENCY_KEY.read(caller.idempotency_key, &parameters.extensions)? {
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
            client_mutation_id,
            user_agent: caller.user_agent,
            browser: caller.browser,
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

    /// Holds `gate` until the subscription has begun.
    pub fn holding(mut self, gate: Option<OwnedRwLockReadGuard<()>>) -> Self {
        self.call.request_context.state = Arc::new(ExecutionState::holding(gate));
        self
    }

    /// The state of the execution.
    pub fn state(&self) -> Arc<ExecutionState> {
        self.call.request_context.state.clone()
    }

    /// Returns the type of the operation. Only a query can be repeated safely.
    pub fn kind(&self) -> OperationType {
        self.call.kind
    }

    /// The credentials of the caller.
    pub fn credentials(&self) -> Credentials {
        self.call.credentials.clone()
    }

    /// Returns the response to a query or a mutation.
    pub async fn answer(self, schema: &Schema) -> Answer {
        let Self { call, may_explore, .. } = self;
        let (request_id, state) = (call.request_context.request_id.clone(), call.request_context.state.clone());
        Answer::new(schema.answer(call).await, &request_id, &state, may_explore)
    }

    /// Returns a subscription and its first responses, or the response that refuses it.
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

impl MutationKey {
    /// Returns the text from the header or the extensions.
    fn read(
        &self,
        header: Option<String>,
        extensions: &Map<String, serde_json::Value>,
    ) -> Result<Option<String>, ServerError> {
        let Self { header: name, extension, max, noun } = self;
        let key = match (header, extensions.get(*extension).filter(|key| !key.is_null())) {
            (header, None) => header,
            (None, Some(serde_json::Value::String(key))) => Some(key.clone()),
            (Some(header), Some(serde_json::Value::String(key))) if header == *key => Some(header),
            (Some(_), Some(_)) => {
                return Err(wrong(format!("The header `{name}` and `extensions.{extension}` are different.")));
            }
            (None, Some(_)) => return Err(wrong(format!("`extensions.{extension}` must be a string."))),
        };
        let valid = |key: &String| (1..=*max).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if key.as_ref().is_none_or(valid) {
            return Ok(key);
        }
        Err(wrong(format!("{noun} must have 1 to {max} visible ASCII characters, such as a UUID.")))
    }
}

fn kind(document: &ExecutableDocument, name: Option<&str>) -> Result<OperationType, ServerError> {
    find_operation(document, name).map(|operation| operation.ty).ok_or_else(|| {
        let message = match name {
            Some(_) => "The document has no operation with the name in `operationName`.",
            None => "The document has several operations. `operationName` must name one of them.",
        };
        request_error(Code::OperationResolutionFailure, message)
    })
}
