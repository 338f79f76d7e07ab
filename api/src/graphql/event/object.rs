//! The fields of an event. The event is shown as it was recorded, and its subject as it is now.

use super::{Actor, EventType, ResyncReason};
use crate::graphql::{
    client::Client,
    conversation::{Conversation, Message},
    credit_note::CreditNote,
    document::Document,
    id,
    invoice::Invoice,
    lookup,
    node::Node,
    personal::personal,
    quote::Quote,
    request::ContextExt,
    validation::ValidationRequest,
};
use async_graphql::{Context, ID, Object, Union};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_events::{Content, Delivery};
use entities::{
    event::{self, Kind, SubjectKind},
    invoice,
};
use tokio::sync::OnceCell;

/// The object that an event is about.
#[derive(Union)]
#[graphql(name = "EventSubject")]
#[allow(clippy::large_enum_variant)]
pub enum Subject {
    Client(Client),
    Document(Document),
    Conversation(Conversation),
    Message(Message),
    ValidationRequest(ValidationRequest),
    Quote(Quote),
    Invoice(Invoice),
    CreditNote(CreditNote),
}

impl From<invoice::Model> for Subject {
    fn from(row: invoice::Model) -> Self {
        match row.kind {
            invoice::Kind::Quote => Self::Quote(Quote(row)),
            invoice::Kind::Invoice => Self::Invoice(Invoice(row)),
            invoice::Kind::CreditNote => Self::CreditNote(CreditNote(row)),
        }
    }
}

/// An event that is delivered to one subscriber.
pub struct Delivered {
    delivery: Delivery,
    subject: OnceCell<Option<Subject>>,
}

impl From<Delivery> for Delivered {
    fn from(delivery: Delivery) -> Self {
        Self { delivery, subject: OnceCell::new() }
    }
}

impl Delivered {
    /// Returns the cursor after this event.
    pub fn cursor(&self) -> &str {
        &self.delivery.cursor
    }

    /// When the event happened.
    pub fn occurred_at(&self) -> DateTime<Utc> {
        self.delivery.occurred_at
    }

    /// Returns the subject as the subscriber may see it now. It is read once, in the transaction that delivers the
    /// event.
    pub async fn subject(&self, ctx: &Context<'_>) -> Result<Option<&Subject>, Error> {
        let Some(event) = self.event() else { return Ok(None) };
        let tx = ctx.tx().await?;
        let read = async || -> Result<Option<Subject>, Error> {
            let id = event.subject_id;
            Ok(match event.subject_kind {
                SubjectKind::Client => lookup::whole(&tx, id).await?.map(Subject::Client),
                SubjectKind::Document => lookup::whole(&tx, id).await?.map(Subject::Document),
                SubjectKind::Conversation => lookup::whole(&tx, id).await?.map(Subject::Conversation),
                SubjectKind::Message => lookup::whole(&tx, id).await?.map(Subject::Message),
                SubjectKind::ValidationRequest => lookup::whole(&tx, id).await?.map(Subject::ValidationRequest),
                SubjectKind::Invoice => tx.get::<invoice::Entity>(id).await?.map(Subject::from),
            })
        };
        Ok(self.subject.get_or_try_init(read).await?.as_ref())
    }

    /// Returns the event if the subscriber sees its subject, and `None` otherwise.
    async fn visible_event(&self, ctx: &Context<'_>) -> Result<Option<&event::Model>, Error> {
        Ok(if self.subject(ctx).await?.is_some() { self.event() } else { None })
    }

    /// Returns the type that the subscriber receives.
    pub async fn kind(&self, ctx: &Context<'_>) -> Result<EventType, Error> {
        Ok(match (self.event(), self.visible_event(ctx).await?) {
            (None, _) => EventType::ResyncRequired,
            (Some(_), None) => EventType::Removed,
            (Some(event), Some(_)) => event.kind.into(),
        })
    }

    /// Returns the author of the event.
    pub async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Actor>, Error> {
        Ok(self.visible_event(ctx).await?.map(Actor::from))
    }

    /// Returns the id that the viewer gave to the mutation that the event came from.
    pub async fn client_mutation_id(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        let Some(event) = self.event() else { return Ok(None) };
        let tx = ctx.tx().await?;
        let is_author = tx.viewer.member().is_some_and(|member| event.actor_id == Some(member.user));
        Ok(event.client_mutation_id.as_deref().filter(|_| is_author))
    }

    /// Returns the id of the subject, even if the subject is no longer visible.
    pub fn subject_id(&self) -> Option<ID> {
        let event = self.event()?;
        Some(ID(id::encode(prefix(event), event.subject_id)))
    }

    /// Returns the id, which is the same for each delivery and each subscriber.
    pub fn id(&self) -> Option<ID> {
        Some(ID(id::encode("event", self.event()?.id)))
    }

    /// The reason why the client application must read its data again.
    pub fn reason(&self) -> Option<ResyncReason> {
        match self.delivery.content {
            Content::Resync(reason) => Some(reason.into()),
            Content::Event(_) => None,
        }
    }

    fn event(&self) -> Option<&event::Model> {
        match &self.delivery.content {
            Content::Event(event) => Some(event),
            Content::Resync(_) => None,
        }
    }
}

fn prefix(event: &event::Model) -> &'static str {
    match event.subject_kind {
        SubjectKind::Client => Client::PREFIX,
        SubjectKind::Document => Document::PREFIX,
        SubjectKind::Conversation => Conversation::PREFIX,
        SubjectKind::Message => Message::PREFIX,
        SubjectKind::ValidationRequest => ValidationRequest::PREFIX,
        SubjectKind::Invoice => billed_prefix(event.kind),
    }
}

/// Returns the prefix for the id of a quote, an invoice or a credit note. They share a table, and only the event knows
/// the type of a row that is no longer visible.
fn billed_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::QuoteCreated
        | Kind::QuoteUpdated
        | Kind::QuoteDeleted
        | Kind::QuoteIssued
        | Kind::QuoteAccepted
        | Kind::QuoteRefused => Quote::PREFIX,
        Kind::CreditNoteCreated | Kind::CreditNoteUpdated | Kind::CreditNoteDeleted | Kind::CreditNoteIssued => {
            CreditNote::PREFIX
        }
        _ => Invoice::PREFIX,
    }
}

/// An event in a dossier.
pub struct DossierEvent(pub(super) Delivered);

/// An event in a dossier.
#[Object]
impl DossierEvent {
    /// The global id, `event_…`. It is the same for each delivery and each viewer. Null for `RESYNC_REQUIRED`.
    async fn id(&self) -> Option<ID> {
        self.0.id()
    }

    /// The opaque position of this event. Send it as `after` to continue after this event.
    async fn cursor(&self) -> &str {
        self.0.cursor()
    }

    /// The type of the event.
    #[graphql(name = "type")]
    async fn kind(&self, ctx: &Context<'_>) -> Result<EventType, Error> {
        self.0.kind(ctx).await
    }

    /// Only for `RESYNC_REQUIRED`: the reason why the displayed data must be read again.
    async fn reason(&self) -> Option<ResyncReason> {
        self.0.reason()
    }

    /// When the event happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at()
    }

    /// The author of the event. Null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Actor>, Error> {
        self.0.actor(ctx).await
    }

    /// The id that the viewer sent with the mutation that caused the event, in the header `Client-Mutation-Id` or in
    /// `extensions.clientMutationId`. Null for events of other people, and of mutations without such an id.
    #[graphql(directive = personal::apply())]
    async fn client_mutation_id(&self, ctx: &Context<'_>) -> Result<Option<&str>, Error> {
        self.0.client_mutation_id(ctx).await
    }

    /// The client of the dossier. Null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        // The lookup begins before the visibility is known, so that all events of a page share one statement.
        let client = lookup::find(ctx, self.0.event().map(|event| event.client_id)).await?;
        Ok(if self.0.visible_event(ctx).await?.is_some() { client } else { None })
    }

    /// The id of the subject, also for `REMOVED`. Null for `RESYNC_REQUIRED`.
    async fn subject_id(&self) -> Option<ID> {
        self.0.subject_id()
    }

    /// The subject as it is now. Null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<&Subject>, Error> {
        self.0.subject(ctx).await
    }
}
