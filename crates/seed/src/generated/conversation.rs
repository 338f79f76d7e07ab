//! Generates conversations between the client, the agency and Élio, with internal messages.

use super::{
    story::Story,
    words::{AGENCY_SAYS, ANALYSES, ASSISTANT_SAYS, CLIENT_SAYS, INTERNAL_SAYS, SUBJECTS},
};
use chrono::{DateTime, Utc};
use dossier_core::viewer::Actor;
use entities::{
    conversation::{Model, Status},
    event::{ActorKind, Kind},
    message,
};

impl Story<'_> {
    pub(super) fn conversations(&mut self, count: u32, messages: u32) {
        for number in 0..count {
            let at = self.some_time();
            let starter = match &self.client {
                Some(client) if number % 2 == 0 => client.clone(),
                _ => self.colleague(),
            };
            let row = Model {
                id: self.random.id(at),
                organization_id: self.dossier.organization_id,
                client_id: self.dossier.id,
                subject: (*self.random.one(SUBJECTS)).to_owned(),
                status: Status::Open,
                analysis: self.random.percent(50).then(|| (*self.random.one(ANALYSES)).to_owned()),
                revision: 1,
                created_at: at,
                updated_at: at,
            };
            self.added(at, &starter, Kind::ConversationStarted, &row);
            let row = self.messages(row, messages, starter);
            let row = if self.random.percent(30) { self.close(&row) } else { row };
            self.rows.conversations.push(row);
        }
    }

    fn messages(&mut self, mut conversation: Model, count: u32, starter: Actor) -> Model {
        let mut at = conversation.created_at;
        let pace = self.pace(at, count);
        let mut author = starter;
        for number in 0..count {
            let internal = number > 0 && self.random.percent(12);
            if internal {
                author = self.decider().actor;
            }
            self.message(&conversation, at, &author, internal);
            if !internal {
                conversation.updated_at = at;
            }
            author = self.answers(author.kind);
            at = self.random.time(at + pace / 8, pace);
        }
        conversation
    }

    /// Chooses the next author.
    fn answers(&mut self, after: ActorKind) -> Actor {
        match (&self.client, after) {
            (Some(client), ActorKind::Member | ActorKind::Assistant) if self.random.percent(70) => client.clone(),
            _ if self.random.percent(35) => Actor { kind: ActorKind::Assistant, user: None, name: "Élio".to_owned() },
            _ => self.colleague(),
        }
    }

    fn message(&mut self, conversation: &Model, at: DateTime<Utc>, author: &Actor, internal: bool) {
        let says = match author.kind {
            _ if internal => INTERNAL_SAYS,
            ActorKind::Client => CLIENT_SAYS,
            ActorKind::Assistant => ASSISTANT_SAYS,
            ActorKind::Member | ActorKind::ApiKey | ActorKind::System => AGENCY_SAYS,
        };
        let row = message::Model {
            id: self.random.id(at),
            organization_id: conversation.organization_id,
            client_id: conversation.client_id,
            conversation_id: conversation.id,
            author_kind: author.kind,
            author_id: author.user,
            author_name: author.name.clone(),
            body: (*self.random.one(says)).to_owned(),
            internal,
            created_at: at,
            edited_at: None,
            deleted_at: None,
        };
        self.added(at, author, Kind::MessagePosted, &row);
        self.rows.messages.push(row);
    }

    fn close(&mut self, before: &Model) -> Model {
        let written = self.rows.messages.last().filter(|message| message.conversation_id == before.id);
        let last = written.map_or(before.created_at, |message| message.created_at);
        let at = self.later(last);
        let after = Model { status: Status::Closed, revision: before.revision + 1, updated_at: at, ..before.clone() };
        let decider = self.decider().actor;
        self.changed(at, &decider, Kind::ConversationClosed, before, &after);
        after
    }
}
