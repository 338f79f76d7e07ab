//! What an event shows: what happened is as it was, its subject as it is now.

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

/// What an event is about.
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

/// An event on its way to one subscriber.
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
    /// Where to go on behind it.
    pub fn cursor(&self) -> &str {
        &self.delivery.cursor
    }

    /// When it happened.
    pub fn occurred_at(&self) -> DateTime<Utc> {
        self.delivery.occurred_at
    }

    /// The subject as the subscriber may see it now; read once, in the unit that delivers the event.
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

    /// What the subscriber is told: the event if its subject is seen, and that it is gone otherwise.
    async fn seen(&self, ctx: &Context<'_>) -> Result<Option<&event::Model>, Error> {
        Ok(if self.subject(ctx).await?.is_some() { self.event() } else { None })
    }

    /// What the subscriber is told.
    pub async fn kind(&self, ctx: &Context<'_>) -> Result<EventType, Error> {
        Ok(match (self.event(), self.seen(ctx).await?) {
            (None, _) => EventType::ResyncRequired,
            (Some(_), None) => EventType::Removed,
            (Some(event), Some(_)) => event.kind.into(),
        })
    }

    /// Who did it.
    pub async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Actor>, Error> {
        Ok(self
            .seen(ctx)
            .await?
            .map(|event| Actor { display_name: event.actor_name.clone(), kind: event.actor_kind.into() }))
    }

    /// What it is about, also when it is gone.
    pub fn subject_id(&self) -> Option<ID> {
        let event = self.event()?;
        Some(ID(id::encode(prefix(event), event.subject_id)))
    }

    /// The same whenever, and to whomever, it is told.
    pub fn id(&self) -> Option<ID> {
        Some(ID(id::encode("event", self.event()?.id)))
    }

    /// Why what is shown must be read again.
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

/// Quotes, invoices and credit notes share a table; which of them a row was that is no longer seen, the event says.
fn billed_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::QuoteCreated | Kind::QuoteUpdated | Kind::QuoteIssued | Kind::QuoteAccepted | Kind::QuoteRefused => {
            Quote::PREFIX
        }
        Kind::CreditNoteCreated | Kind::CreditNoteIssued => CreditNote::PREFIX,
        _ => Invoice::PREFIX,
    }
}

/// Something that happened in a dossier.
pub struct DossierEvent(pub(super) Delivered);

/// Something that happened in a dossier.
#[Object]
impl DossierEvent {
    /// `event_…`, the same whenever, and to whomever, it is told; null for `RESYNC_REQUIRED`.
    async fn id(&self) -> Option<ID> {
        self.0.id()
    }

    /// Where this event stands: give it as `after` to go on behind it. Opaque.
    async fn cursor(&self) -> &str {
        self.0.cursor()
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn kind(&self, ctx: &Context<'_>) -> Result<EventType, Error> {
        self.0.kind(ctx).await
    }

    /// Of `RESYNC_REQUIRED` alone: why what is shown must be read again.
    async fn reason(&self) -> Option<ResyncReason> {
        self.0.reason()
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at()
    }

    /// Who did it; null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<Actor>, Error> {
        self.0.actor(ctx).await
    }

    /// The dossier; null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        // Asked for first: so all events of a page ask at once, and not each when it has learnt whether it may be told.
        let client = lookup::find(ctx, self.0.event().map(|event| event.client_id)).await?;
        Ok(if self.0.seen(ctx).await?.is_some() { client } else { None })
    }

    /// The id of what it is about, also for `REMOVED`; null for `RESYNC_REQUIRED`.
    async fn subject_id(&self) -> Option<ID> {
        self.0.subject_id()
    }

    /// What it is about, as it is now; null for `REMOVED` and `RESYNC_REQUIRED`.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Option<&Subject>, Error> {
        self.0.subject(ctx).await
    }
}
