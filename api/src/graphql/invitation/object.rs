//! The fields of an invitation.

use super::{enums::InvitationStatus, node::Invitation};
use crate::graphql::{
    client::Client, event::Actor, id::Id, lookup, member::Role, organization::Site, request::ContextExt,
};
use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use dossier_core::error::Error;
use dossier_domain::{
    invitation_link::{self, Preview},
    invitation_status::status,
};
use futures::future::try_join_all;

/// An invitation by mail to become a member of the organization.
#[Object]
impl Invitation {
    /// The global id, `invitation_…`.
    pub async fn id(&self) -> ID {
        Id::<Self>::of(self.0.id).into()
    }

    /// The invited address. Only the account of this address can accept the invitation.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// The suggested name for a new account.
    async fn display_name(&self) -> Option<&str> {
        self.0.display_name.as_deref()
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The sites of a manager or staff member.
    async fn sites(&self, ctx: &Context<'_>) -> Result<Vec<Site>, Error> {
        let sites = invitation_link::sites(&self.0);
        let sites = sites.into_iter().map(|site| lookup::get::<Site>(ctx, site));
        Ok(try_join_all(sites).await?.into_iter().flatten().collect())
    }

    /// The dossier of a client.
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Client>, Error> {
        lookup::find(ctx, self.0.client_id).await
    }

    /// The member who sent the invitation.
    async fn inviter(&self) -> Actor {
        Actor::from(&self.0)
    }

    /// The state.
    async fn status(&self, ctx: &Context<'_>) -> Result<InvitationStatus, Error> {
        Ok(status(&self.0, ctx.tx().await?.now).into())
    }

    /// The BCP 47 tag of the language of the mail.
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// When the invitation was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last sent.
    async fn sent_at(&self) -> DateTime<Utc> {
        self.0.sent_at
    }

    /// When it expires.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }

    /// When it was accepted.
    async fn accepted_at(&self) -> Option<DateTime<Utc>> {
        self.0.accepted_at
    }
}

/// An invitation as the invited person sees it.
pub struct InvitationPreview(pub Preview);

/// An invitation as the invited person sees it.
#[Object]
impl InvitationPreview {
    /// The name of the organization.
    async fn organization_name(&self) -> &str {
        &self.0.organization.name
    }

    /// The name of the member who sent the invitation.
    async fn inviter_name(&self) -> &str {
        &self.0.row.inviter_name
    }

    /// The invited address.
    async fn email(&self) -> &str {
        &self.0.row.email
    }

    /// The suggested name for a new account.
    async fn display_name(&self) -> Option<&str> {
        self.0.row.display_name.as_deref()
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.row.role.into()
    }

    /// The BCP 47 tag of the language of the mail.
    async fn locale(&self) -> &str {
        &self.0.row.locale
    }

    /// When the invitation expires.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.row.expires_at
    }

    /// Whether the address has an account with a password. `acceptInvitation` then needs this password, and otherwise a
    /// new one.
    async fn has_account(&self) -> bool {
        self.0.has_account
    }
}
