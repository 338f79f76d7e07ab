//! The rows of conversations and messages, and the columns that their fields read.

use crate::graphql::node::{Node, Reads};
use entities::{
    conversation::{self, Column, Entity},
    message,
};

/// A conversation in a dossier, with its messages.
pub struct Conversation(pub conversation::Model);

impl Node for Conversation {
    type Entity = Entity;
    type Row = conversation::Model;

    const PREFIX: &'static str = "conversation";

    const BASICS: &'static [Column] = &[Column::Id];

    fn of(row: Self::Row) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<Column> {
        match field {
            "client" => Reads::Only(&[Column::ClientId]),
            "viewerCan" => Reads::Only(&[Column::ClientId, Column::Status]),
            "messages" | "unreadCount" | "lastReadMessage" => Reads::Only(&[]),
            _ => Reads::Namesake,
        }
    }
}

/// A message of a conversation.
pub struct Message(pub message::Model);

impl Node for Message {
    type Entity = message::Entity;
    type Row = message::Model;

    const PREFIX: &'static str = "message";

    const BASICS: &'static [message::Column] = &[message::Column::Id];

    fn of(row: Self::Row) -> Option<Self> {
        Some(Self(row))
    }

    fn row(&self) -> &Self::Row {
        &self.0
    }

    fn reads(field: &str) -> Reads<message::Column> {
        match field {
            "conversation" => Reads::Only(&[message::Column::ConversationId]),
            "author" => Reads::Only(&[
                message::Column::AuthorName,
                message::Column::AuthorKind,
                message::Column::AuthorId,
                message::Column::ClientId,
            ]),
            "viewerCan" => Reads::Only(&[
                message::Column::ConversationId,
                message::Column::ClientId,
                message::Column::AuthorId,
                message::Column::CreatedAt,
                message::Column::DeletedAt,
            ]),
            _ => Reads::Namesake,
        }
    }
}
