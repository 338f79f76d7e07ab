//! Changes and deletes messages.

use super::{check, client::dossier_of, use_case::UseCase};
use chrono::TimeDelta;
use dossier_core::{
    error::{Error, UserError},
    viewer::Member,
};
use dossier_data::{Allowed, DomainEvent, ReadTx, WriteTx};
use dossier_policy::{MessageAction, permit};
use entities::{
    conversation::{self, Status},
    event::Kind,
    message::{Entity, Model},
    validation_request as request,
};
use sea_orm::EnumIter;
use std::borrow::Cow;
use uuid::Uuid;

/// How long the author may change the text. Afterwards, others have read it and acted on it.
const EDITABLE_FOR: TimeDelta = TimeDelta::minutes(15);

/// The use cases of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum MessageUseCase {
    /// Change its text.
    Edit,
    /// Delete it.
    Delete,
}

impl MessageUseCase {
    fn permission(self) -> MessageAction {
        match self {
            Self::Edit => MessageAction::Edit,
            Self::Delete => MessageAction::Delete,
        }
    }
}

impl UseCase for MessageUseCase {
    type Row = Model;

    fn permit(self, member: &Member, row: &Model) -> Result<(), Cow<'static, str>> {
        permit::<Entity>(member, self.permission(), row)
    }

    fn adds_to(self, _: &Model) -> Option<Uuid> {
        None
    }

    async fn check_state(self, tx: &ReadTx, row: &Model) -> Result<(), Error> {
        if row.deleted_at.is_some() {
            return Err(UserError::conflict("This message is already deleted.").into());
        }
        if self == Self::Delete {
            return Ok(());
        }
        if tx.now >= row.created_at + EDITABLE_FOR {
            let message = "A message can be changed for 15 minutes. Delete it, or post another one.";
            return Err(UserError::conflict(message).into());
        }
        if tx.find::<request::Entity>().exists_of(request::Column::MessageId, row.id).await? {
            let message = "A validation request is about this message. Post another one.";
            return Err(UserError::conflict(message).into());
        }
        let conversation = tx.get::<conversation::Entity>(row.conversation_id).await?;
        if conversation.is_some_and(|conversation| conversation.status == Status::Closed) {
            return Err(UserError::conflict("This conversation is closed.").into());
        }
        Ok(())
    }
}

/// Changes the text of a message.
pub async fn edit(tx: &WriteTx, id: Uuid, body: &str) -> Result<Uuid, Error> {
    let body = check::text("body", body, check::TEXT)?;
    let before = begin(tx, id, MessageUseCase::Edit).await?;
    if body == before.body {
        return Ok(id);
    }
    let after = Model { body, edited_at: Some(tx.now), ..before.clone() };
    save(tx, &before, after, Kind::MessageEdited).await
}

/// Deletes a message: erases its text. The message stays as a trace.
pub async fn delete(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let before = begin(tx, id, MessageUseCase::Delete).await?;
    let after = Model { body: String::new(), deleted_at: Some(tx.now), ..before.clone() };
    save(tx, &before, after, Kind::MessageDeleted).await
}

async fn begin(tx: &WriteTx, id: Uuid, use_case: MessageUseCase) -> Result<Allowed<Entity>, Error> {
    let row = tx.authorize::<Entity>(id, "id", use_case.permission()).await?;
    use_case.check_state(tx, &row).await?;
    Ok(row)
}

async fn save(tx: &WriteTx, before: &Allowed<Entity>, after: Model, kind: Kind) -> Result<Uuid, Error> {
    let dossier = dossier_of(tx, before.client_id).await?;
    let event = DomainEvent::changed(kind, &dossier, &**before, &after);
    Ok(tx.update(before, after, event).await?.id)
}
