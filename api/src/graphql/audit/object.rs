//! The fields of an audit entry.

use super::{
    enums::{AuditAction, AuditOutcome, AuditRefusalReason, AuditSubjectType},
    node::AuditEntry,
};
use crate::graphql::{
    api_key::ApiKey,
    client::Client,
    credit_note::CreditNote,
    document::{Document, DocumentVersion},
    event::Actor,
    id::Id,
    invitation::Invitation,
    invoice::Invoice,
    lookup,
    member::Member,
    node::Node,
    organization::Site,
    payload::camel_case,
    quote::Quote,
    request::ContextExt,
    session::Session,
    validation::ValidationRequest,
};
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use dossier_core::{error::Error, id};
use dossier_data::AuditDetail;
use entities::{
    audit_detail,
    audit_entry::{Model, SubjectKind},
};

/// A changed property.
#[derive(SimpleObject)]
pub struct AuditChange {
    /// The name of the property, such as `legalName`.
    field: String,
    /// The value before, as text. Null if it was empty.
    before: Option<String>,
    /// The value afterwards, as text. Null if it is empty.
    after: Option<String>,
}

/// Returns the prefix of the ids of this type.
pub(super) fn prefix(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Member => Member::PREFIX,
        SubjectKind::Session => Session::PREFIX,
        SubjectKind::Invitation => Invitation::PREFIX,
        SubjectKind::Site => Site::PREFIX,
        SubjectKind::Organization => "organization",
        SubjectKind::ApiKey => ApiKey::PREFIX,
        SubjectKind::ValidationRequest => ValidationRequest::PREFIX,
        SubjectKind::Quote => Quote::PREFIX,
        SubjectKind::Invoice => Invoice::PREFIX,
        SubjectKind::CreditNote => CreditNote::PREFIX,
        SubjectKind::DocumentVersion => DocumentVersion::PREFIX,
        SubjectKind::Document => Document::PREFIX,
        SubjectKind::Client => Client::PREFIX,
    }
}

/// Returns the global id of the object that an entry is about.
pub fn subject_id(entry: &Model) -> String {
    id::encode(prefix(entry.action.subject()), entry.subject_id)
}

impl AuditEntry {
    /// Returns the names, addresses and texts, unless they were erased. One statement reads those of many entries.
    async fn detail(&self, ctx: &Context<'_>) -> Result<Option<AuditDetail>, Error> {
        let row = ctx.tx().await?.get::<audit_detail::Entity>(self.0.id).await?;
        row.as_ref().map(AuditDetail::read).transpose()
    }
}

/// An entry of the audit log. Entries are never changed. Names, addresses and texts can be erased; their fields are then
/// null or empty.
#[Object]
impl AuditEntry {
    /// The global id, `audit_entry_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The position in the log, counted from 1 without gaps.
    async fn sequence(&self) -> i32 {
        self.0.sequence.try_into().unwrap_or(i32::MAX)
    }

    /// When the action happened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The action.
    async fn action(&self) -> AuditAction {
        self.0.action.into()
    }

    /// Whether the action was done or refused.
    async fn outcome(&self) -> AuditOutcome {
        self.0.action.into()
    }

    /// The reason of a refusal. Null if the action succeeded.
    async fn refusal_reason(&self) -> Option<AuditRefusalReason> {
        self.0.refusal.map(Into::into)
    }

    /// The author of the action. For a refused sign-in and for commands of the operator, this is Dossier itself. The name is
    /// empty after an erasure.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Actor, Error> {
        let display_name = self.detail(ctx).await?.map(|detail| detail.actor_name).unwrap_or_default();
        let (kind, user, client) = (self.0.actor_kind, self.0.actor_id, self.0.client_id);
        Ok(Actor { display_name, kind, user, client })
    }

    /// The API key with which the author acted. Null if they signed in.
    async fn api_key(&self, ctx: &Context<'_>) -> Result<Option<ApiKey>, Error> {
        lookup::find(ctx, self.0.session_id).await
    }

    /// The id of the session with which the author acted, `session_…`. Null for Dossier itself.
    async fn session_id(&self) -> Option<ID> {
        self.0.session_id.map(|id| Id::<Session>::of(id).into())
    }

    /// The type of the object that the action is about.
    async fn subject_type(&self) -> AuditSubjectType {
        self.0.action.subject().into()
    }

    /// The id of the object that the action is about. The object may be deleted by now.
    async fn subject_id(&self) -> ID {
        subject_id(&self.0).into()
    }

    /// The name of the object at the time of the action: of a person, a document or a key, the address of an invitation, or
    /// the title of a request, a quote or an invoice. Null if it has no name.
    async fn subject_name(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.detail(ctx).await?.and_then(|detail| detail.subject_name))
    }

    /// The client whose dossier the action is about.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::find(ctx, self.0.client_id).await
    }

    /// The network from which the author acted, such as `192.0.2.0/24`. Null for commands of the operator.
    async fn network(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.detail(ctx).await?.and_then(|detail| detail.network))
    }

    /// The device with which the author acted, as it presented itself.
    async fn device(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.detail(ctx).await?.and_then(|detail| detail.device))
    }

    /// A text of the author, such as the reason of a decision.
    async fn note(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.detail(ctx).await?.and_then(|detail| detail.note))
    }

    /// The names of the changed properties, such as `role`. They are also known after an erasure.
    async fn changed_fields(&self) -> Vec<String> {
        self.0.changed.as_deref().unwrap_or_default().split_ascii_whitespace().map(camel_case).collect()
    }

    /// The changed properties with their values.
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<AuditChange>, Error> {
        let changes = self.detail(ctx).await?.map(|detail| detail.changes).unwrap_or_default();
        let change = |change: dossier_data::AuditChange| AuditChange {
            field: camel_case(&change.field),
            before: change.before,
            after: change.after,
        };
        Ok(changes.into_iter().map(change).collect())
    }

    /// Whether the names, addresses and texts were erased.
    async fn detail_erased(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        Ok(self.detail(ctx).await?.is_none())
    }

    /// The SHA-256 of the entry in hexadecimal. It covers the hash of the entry before.
    async fn hash(&self) -> &str {
        &self.0.hash
    }
}
