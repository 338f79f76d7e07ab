//! Opens, continues and closes conversations.

use super::{
    check,
    client::{open_dossier, require_open},
};
use dossier_core::error::{Error, UserError};
use dossier_data::{DomainEvent, WriteTx};
use dossier_policy::ConversationAction;
use entities::{
    conversation::{Entity, Model, Status},
    event::Kind,
    message,
};
use uuid::Uuid;

/// The input for a new conversation.
pub struct NewConversation {
    /// The dossier.
    pub client: Uuid,
    /// Its subject.
    pub subject: String,
    /// Its first message, which everybody in the dossier can read.
    pub body: Option<String>,
}

/// The input for a new message.
pub struct NewMessage {
    /// The conversation.
    pub conversation: Uuid,
    /// The text.
    pub body: String,
    /// Whether only the agency can read it.
    pub internal: bool,
}

/// Opens a conversation.
pub async fn start(tx: &WriteTx, new: NewConversation) -> Result<Uuid, Error> {
    let subject = check::line("subject", &new.subject, check::NAME)?;
    let body = check::optional("body", new.body.as_deref(), check::TEXT, check::text)?;
    let dossier = open_dossier(tx, new.client, "client_id").await?;
    let row = Model {
        id: tx.new_id(),
        organization_id: dossier.organization_id,
        client_id: dossier.id,
        subject,
        status: Status::Open,
        analysis: None,
        revision: 1,
        created_at: tx.now,
        updated_at: tx.now,
    };
    let event = DomainEvent::added(Kind::ConversationStarted, &dossier, &row);
    let row = tx.insert(tx.authorize_row::<Entity>(ConversationAction::Start, row)?, event).await?;
    if let Some(body) = body {
        let message = new_message(tx, &row, body, false);
        tx.record(&row, DomainEvent::added(Kind::MessagePosted, &dossier, &message));
        tx.insert_part(&row, message).await?;
    }
    Ok(row.id)
}

/// Adds a message and returns its key.
pub async fn post(tx: &WriteTx, new: NewMessage) -> Result<Uuid, Error> {
    let body = check::text("body", &new.body, check::TEXT)?;
    let action = if new.internal { ConversationAction::PostInternal } else { ConversationAction::Post };
    let (conversation, dossier) =
        tx.authorize_in_dossier::<Entity>(new.conversation, "conversation_id", action).await?;
    require_open(&dossier)?;
    if conversation.status == Status::Closed {
        return Err(UserError::conflict("This conversation is closed. Start a new one.").into());
    }
    let message = new_message(tx, &conversation, body, new.internal);
    let (id, event) = (message.id, DomainEvent::added(Kind::MessagePosted, &dossier, &message));
    if new.internal {
        // An internal message changes no field that the client reads or sorts by.
        tx.record(&conversation, event);
    } else {
        // The revision stays the same, because two people cannot overwrite each other's messages.
        tx.update(&conversation, Model { updated_at: tx.now, ..conversation.clone() }, event).await?;
    }
    tx.insert_part(&conversation, message).await?;
    Ok(id)
}

/// Closes a conversation. It can still be read, but takes no more messages. An archived dossier allows this, too: it
/// takes no new content, but open work can end.
pub async fn close(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let (before, dossier) = tx.authorize_in_dossier::<Entity>(id, "id", ConversationAction::Close).await?;
    check::revision(expected, before.revision)?;
    if before.status == Status::Closed {
        return Err(UserError::conflict("This conversation is already closed.").into());
    }
    let after = Model { status: Status::Closed, revision: before.revision + 1, updated_at: tx.now, ..before.clone() };
    let event = DomainEvent::changed(Kind::ConversationClosed, &dossier, &*before, &after);
    Ok(tx.update(&before, after, event).await?.id)
}

fn new_message(tx: &WriteTx, conversation: &Model, body: String, internal: bool) -> message::Model {
    let author = tx.viewer.actor();
    message::Model {
        id: tx.new_id(),
        organization_id: conversation.organization_id,
        client_id: conversation.client_id,
        conversation_id: conversation.id,
        author_kind: author.kind,
        author_id: author.user,
        author_name: author.name,
        body,
        internal,
        created_at: tx.now,
    }
}
