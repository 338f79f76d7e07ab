//! Mutations of members.

use super::{Member, Role};
use crate::graphql::{
    client::Client,
    id::Id,
    organization::Site,
    payload::{UserErrorObject, payload},
    request::ContextExt,
};
use async_graphql::{Context, ID, InputObject, Object};
use dossier_core::{
    error::Error,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::Outcome;
use dossier_domain::{
    member::{self, Changes},
    session,
};
use futures::FutureExt;

/// Input for changing a member. Omitted fields stay unchanged.
#[derive(InputObject)]
pub struct ChangeMemberInput {
    /// The member.
    id: Id<Member>,
    /// The role. A new client needs `clientId`, and a new manager or staff member needs `siteIds`.
    role: Option<Role>,
    /// The sites of a manager or staff member. They replace the present ones.
    site_ids: Option<Vec<Id<Site>>>,
    /// The dossier of a client.
    client_id: Option<Id<Client>>,
}

/// Input for suspending a member.
#[derive(InputObject)]
pub struct SuspendMemberInput {
    /// The member.
    id: Id<Member>,
}

/// Input for ending the suspension of a member.
#[derive(InputObject)]
pub struct ResumeMemberInput {
    /// The member.
    id: Id<Member>,
}

/// Input for removing a member.
#[derive(InputObject)]
pub struct RemoveMemberInput {
    /// The member.
    id: Id<Member>,
}

/// Input for making another member the owner.
#[derive(InputObject)]
pub struct TransferOwnershipInput {
    /// The member who becomes an owner.
    id: Id<Member>,
}

payload! {
    /// The result of changing a member.
    ChangeMemberPayload {
        /// The member after the change. Null if there are `userErrors`.
        member: Member
    }
}

payload! {
    /// The result of suspending a member.
    SuspendMemberPayload {
        /// The member after the change. Null if there are `userErrors`.
        member: Member
    }
}

payload! {
    /// The result of ending the suspension of a member.
    ResumeMemberPayload {
        /// The member after the change. Null if there are `userErrors`.
        member: Member
    }
}

payload! {
    /// The result of making another member the owner.
    TransferOwnershipPayload {
        /// The new owner. Null if there are `userErrors`.
        member: Member
    }
}

/// The result of removing a member.
pub struct RemoveMemberPayload(Outcome);

impl From<Outcome> for RemoveMemberPayload {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

/// The result of removing a member.
#[Object]
impl RemoveMemberPayload {
    /// The id of the removed member. Null if there are `userErrors`.
    async fn removed_id(&self) -> Option<ID> {
        self.0.subject().map(|id| Id::<Member>::of(id).into())
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The result of leaving an organization.
pub struct LeaveOrganizationPayload(Outcome);

/// The result of leaving an organization.
#[Object]
impl LeaveOrganizationPayload {
    /// Whether the membership has ended.
    async fn left(&self) -> bool {
        self.0.subject().is_some()
    }

    /// The reasons why the mutation changed nothing. Empty on success.
    async fn user_errors(&self) -> Vec<UserErrorObject> {
        self.0.user_error().map(Into::into).into_iter().collect()
    }
}

/// The mutations of this feature, merged into [`crate::graphql::Mutation`].
#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Changes the role, the sites or the dossier of a member. Allowed for owners. The last owner keeps the role. The
    /// member's open sockets follow the change within 5 seconds. Requires a recent proof of identity.
    async fn change_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The changes.")] input: ChangeMemberInput,
    ) -> Result<ChangeMemberPayload, Error> {
        let changes = Changes {
            role: input.role.map(Into::into),
            sites: input.site_ids.map(|sites| sites.into_iter().map(Id::uuid).collect()),
            client: input.client_id.map(Id::uuid),
        };
        ctx.mutate(|tx| member::change(tx, input.id.uuid(), changes).boxed()).await
    }

    /// Suspends a member: they see and do nothing until they are resumed. Allowed for owners.
    async fn suspend_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member to suspend.")] input: SuspendMemberInput,
    ) -> Result<SuspendMemberPayload, Error> {
        ctx.mutate(|tx| member::suspend(tx, input.id.uuid()).boxed()).await
    }

    /// Ends the suspension of a member. Allowed for owners. All roles except `CLIENT` require a recent proof of identity.
    async fn resume_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member to resume.")] input: ResumeMemberInput,
    ) -> Result<ResumeMemberPayload, Error> {
        ctx.mutate(|tx| member::resume(tx, input.id.uuid()).boxed()).await
    }

    /// Removes a member. Allowed for owners; operators, and managers at their own sites, may remove clients. Their name
    /// stays on what they did, and open requests that are assigned to them become unassigned. An invitation can bring
    /// them back.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member to remove.")] input: RemoveMemberInput,
    ) -> Result<RemoveMemberPayload, Error> {
        ctx.mutate(|tx| member::remove(tx, input.id.uuid()).boxed()).await
    }

    /// Makes another member of the agency an owner, and the viewer an operator. Allowed for owners. Requires a recent
    /// proof of identity.
    async fn transfer_ownership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The next owner.")] input: TransferOwnershipInput,
    ) -> Result<TransferOwnershipPayload, Error> {
        ctx.mutate(|tx| member::transfer_ownership(tx, input.id.uuid()).boxed()).await
    }

    /// Ends the viewer's own membership. The last owner cannot leave. An idempotency key is ignored.
    async fn leave_organization(&self, ctx: &Context<'_>) -> Result<LeaveOrganizationPayload, Error> {
        let (database, request) = (&ctx.app()?.database, ctx.request()?);
        let tx = ctx.tx().await?;
        let member = match session::unlimited_member(&tx) {
            Ok(member) => member.clone(),
            Err(refused) => return Outcome::try_from(Err(refused)).map(LeaveOrganizationPayload),
        };
        drop(tx);
        request.end_tx().await;
        // Most members may not change members, so Dossier itself does it.
        let tx = database.write_as(Viewer::system(member.organization, SystemPurpose::Identity)).await?;
        let outcome = Outcome::try_from(member::leave(&tx, &member).await)?;
        if outcome.user_error().is_none() {
            tx.commit().await?;
        }
        Ok(LeaveOrganizationPayload(outcome))
    }
}
