//! What a subscription asks, apart from who asks it and from where on: those who ask the same and see the same are told
//! the same.

use super::operation::{Answer, fingerprint};
use crate::{
    access::Unit,
    auth::Credentials,
    events::Delivery,
    graphql::{Call, Origin, Schema},
};
use async_graphql::{
    Name, Variables,
    parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection},
};
use serde_json::Map;

/// The argument that says from where on.
const CURSOR: &str = "after";

/// The argument whose meaning depends on who asks, and not only on what they see.
const PERSONAL: &str = "assignedToMe";

/// A document, the operation in it that is meant, and its variables.
pub struct Question {
    text: String,
    document: ExecutableDocument,
    operation: Option<String>,
    variables: Variables,
    /// The same for the same question.
    pub print: String,
    /// Whether its answer depends on who asks: then it is told to nobody else.
    pub personal: bool,
}

impl Question {
    /// What this operation of a document asks.
    pub fn new(
        text: String,
        document: ExecutableDocument,
        operation: Option<String>,
        variables: &Map<String, serde_json::Value>,
    ) -> Self {
        let mut telling = variables.clone();
        if let Some(cursor) = cursor_variable(&text, &document, operation.as_deref()) {
            telling.remove(cursor.as_str());
        }
        let print = fingerprint(&text, operation.as_deref(), &telling);
        // Also as a name within a variable, however deep.
        let personal =
            text.contains(PERSONAL) || serde_json::to_string(variables).is_ok_and(|all| all.contains(PERSONAL));
        let variables = Variables::from_json(serde_json::Value::Object(variables.clone()));
        Self { text, document, operation, variables, print, personal }
    }

    /// Tells of one event.
    pub async fn tell(
        &self,
        schema: &Schema,
        credentials: &Credentials,
        delivery: Delivery,
        unit: Unit,
        request_id: &str,
    ) -> Option<Answer> {
        let origin =
            Origin { request_id: request_id.to_owned(), operation: self.operation.clone(), ..Origin::default() };
        let progress = origin.progress.clone();
        let call = Call {
            text: self.text.clone(),
            document: self.document.clone(),
            kind: OperationType::Subscription,
            variables: self.variables.clone(),
            credentials: credentials.clone(),
            origin,
        };
        let response = schema.tell(call, delivery, unit).await?;
        Some(Answer::new(response, request_id, &progress, true))
    }
}

/// The variable that holds the cursor, if it is used for nothing else.
fn cursor_variable(text: &str, document: &ExecutableDocument, operation: Option<&str>) -> Option<Name> {
    let (_, operation) = document.operations.iter().find(|(name, _)| operation == name.map(Name::as_str))?;
    let name = used_as_cursor(&operation.node)?;
    let word = format!("${name}");
    let used = text.match_indices(&word).filter(|(at, found)| {
        !text[at + found.len()..].starts_with(|next: char| next == '_' || next.is_ascii_alphanumeric())
    });
    // Once where it is defined, and once as the argument.
    (used.count() == 2).then_some(name)
}

fn used_as_cursor(operation: &OperationDefinition) -> Option<Name> {
    operation.selection_set.node.items.iter().find_map(|selection| match &selection.node {
        Selection::Field(field) => field.node.get_argument(CURSOR)?.node.clone().into_const_with(Err).err(),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    })
}
