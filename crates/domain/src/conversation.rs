//! Opens, continues and closes conversations.

use super::{check, client::open_dossier, use_case::UseCase};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::{
    clock,
    error::{Error, UserError},
    viewer::Member,
};
use dossier_data::{DomainEvent, ReadTx, WriteTx};
use dossier_policy::{ConversationAction, permit};
use entities::{
    conversation::{Entity, Model, Status},
    event::Kind,
    message,
};
use sea_orm::{ColumnTrait, EnumIter, sea_query::Order};
use std::borrow::Cow;
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

/// The use cases of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum ConversationUseCase {
    /// Post a message that the client can read.
    PostMessage,
    /// Post a message that only the agency can read.
    PostInternalMessage,
    /// Close it.
    Close,
}

impl ConversationUseCase {
    fn permission(self) -> ConversationAction {
        match self {
            Self::PostMessage => ConversationAction::Post,
            Self::PostInternalMessage => ConversationAction::PostInternal,
            Self::Close => ConversationAction::Close,
        }
    }
}

impl UseCase for ConversationUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        permit::<Entity>(member, self.permission(), row)
    }

    /// An archived dossier takes no new content, but open work can end.
    fn adds_to(self, row: &Model) -> Option<Uuid> {
        (self != Self::Close).then_some(row.client_id)
    }

    async fn check_state(self, _: &ReadTx, row: &Model) -> Result<(), Error> {
        match (row.status, self) {
            (Status::Open, _) => Ok(()),
            (Status::Closed, Self::Close) => Err(UserError::conflict("This conversation is already closed.").into()),
            (Status::Closed, Self::PostMessage | Self::PostInternalMessage) => {
                Err(UserError::conflict("This conversation is closed. Start a new one.").into())
            }
        }
    }
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
        let message = new_message(tx, &row, body, false, tx.now);
        tx.record(&row, DomainEvent::added(Kind::MessagePosted, &dossier, &message));
        tx.insert_part(&row, message).await?;
    }
    Ok(row.id)
}

/// Adds a message and returns its key.
pub async fn post(tx: &WriteTx, new: NewMessage) -> Result<Uuid, Error> {
    let body = check::text("body", &new.body, check::TEXT)?;
    let use_case =
        if new.internal { ConversationUseCase::PostInternalMessage } else { ConversationUseCase::PostMessage };
    let (conversation, dossier) =
        tx.authorize_in_dossier::<Entity>(new.conversation, "conversation_id", use_case.permission()).await?;
    use_case.check(tx, &conversation, &dossier).await?;
    let at = next_time(tx, conversation.id).await?;
    let message = new_message(tx, &conversation, body, new.internal, at);
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

/// Closes a conversation. It can still be read, but takes no more messages.
pub async fn close(tx: &WriteTx, id: Uuid, expected: Option<i32>) -> Result<Uuid, Error> {
    let use_case = ConversationUseCase::Close;
    let (before, dossier) = tx.authorize_in_dossier::<Entity>(id, "id", use_case.permission()).await?;
    check::revision(expected, before.revision)?;
    use_case.check(tx, &before, &dossier).await?;
    let after = Model { status: Status::Closed, revision: before.revision + 1, updated_at: tx.now, ..before.clone() };
    let event = DomainEvent::changed(Kind::ConversationClosed, &dossier, &*before, &after);
    Ok(tx.update(&before, after, event).await?.id)
}

/// Returns the time of the next message: now, but after the messages that are there. Another transaction may have begun
/// later and committed earlier, and readers see its message already. The conversation is locked.
async fn next_time(tx: &WriteTx, conversation: Uuid) -> Result<DateTime<Utc>, Error> {
    let messages = tx.find_whole::<message::Entity>()?.filter(message::Column::ConversationId.eq(conversation));
    let newest = messages.order_by(message::Column::Id, Order::Desc).one().await?;
    Ok(newest.map_or(tx.now, |newest| tx.now.max(newest.created_at + TimeDelta::microseconds(1))))
}

fn new_message(tx: &WriteTx, conversation: &Model, body: String, internal: bool, at: DateTime<Utc>) -> message::Model {
    let author = tx.viewer.actor();
    message::Model {
        id: clock::new_id(at),
        organization_id: conversation.organization_id,
        client_id: conversation.client_id,
        conversation_id: conversation.id,
        author_kind: author.kind,
        author_id: author.user,
        author_name: author.name,
        body,
        internal,
        created_at: at,
        edited_at: None,
        deleted_at: None,
    }
}
