//! The identity of a subscription without its subscriber and its start. Subscribers with the same query and the same
//! access scope receive the same results.

use super::{answer::Answer, parameters::fingerprint};
use crate::graphql::{Prepared, RequestContext, Schema};
use async_graphql::{
    Name,
    parser::types::{ExecutableDocument, OperationDefinition, Selection},
};
use dossier_core::credentials::Credentials;
use dossier_data::ReadTx;
use dossier_events::Delivery;
use serde_json::Map;

/// The argument with the cursor after which the subscription begins.
const CURSOR: &str = "after";

/// The key of a subscription. It is the same for the same document, operation and variables, wherever the subscription
/// begins.
#[derive(Default)]
pub struct SubscriptionKey {
    print: String,
}

impl SubscriptionKey {
    /// Returns the key of an operation.
    pub fn of(
        text: &str,
        document: &ExecutableDocument,
        operation: Option<&str>,
        variables: &Map<String, serde_json::Value>,
    ) -> Self {
        let mut task = variables.clone();
        if let Some(cursor) = cursor_variable(text, document, operation) {
            task.remove(cursor.as_str());
        }
        Self { print: fingerprint(text, operation, &task) }
    }
}

/// A subscription that is ready to be executed for each event.
pub struct SubscriptionQuery {
    prepared: Prepared,
    /// A fingerprint that is the same for the same query.
    pub print: String,
}

impl SubscriptionQuery {
    /// Creates the query of a prepared subscription.
    pub fn new(key: SubscriptionKey, prepared: Prepared) -> Self {
        Self { prepared, print: key.print }
    }

    /// Returns whether its results depend on the person who subscribed. They are then delivered only to this person.
    pub fn is_personal(&self) -> bool {
        self.prepared.personal
    }

    /// Returns the result for one event.
    pub async fn deliver(
        &self,
        schema: &Schema,
        credentials: &Credentials,
        delivery: Delivery,
        tx: ReadTx,
        request_id: &str,
    ) -> Option<Answer> {
        let operation = self.prepared.request_context.operation.clone();
        let request_context =
            RequestContext { request_id: request_id.to_owned(), operation, ..RequestContext::default() };
        let state = request_context.state.clone();
        let prepared = Prepared { credentials: credentials.clone(), request_context, ..self.prepared.clone() };
        let response = schema.deliver(prepared, delivery, tx).await?;
        Some(Answer::new(response, request_id, &state, true))
    }
}

/// Returns the variable that holds the cursor, if it is used for nothing else.
fn cursor_variable(text: &str, document: &ExecutableDocument, operation: Option<&str>) -> Option<Name> {
    let (_, operation) = document.operations.iter().find(|(name, _)| operation == name.map(Name::as_str))?;
    let name = used_as_cursor(&operation.node)?;
    let word = format!("${name}");
    let used = text.match_indices(&word).filter(|(at, found)| {
        !text[at + found.len()..].starts_with(|next: char| next == '_' || next.is_ascii_alphanumeric())
    });
    // The definition and the argument.
    (used.count() == 2).then_some(name)
}

fn used_as_cursor(operation: &OperationDefinition) -> Option<Name> {
    operation.selection_set.node.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => field.node.get_argument(CURSOR)?.node.clone().into_const_with(Err).err(),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    })
}
