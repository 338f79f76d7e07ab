//! Adds, changes, suspends and removes members.

use super::{audit, check, client::open_dossier, organization::open_site, owners, session, validation};
use dossier_core::{
    error::{Error, UserError},
    scope::Scope,
    viewer::{Member, Viewer},
};
use dossier_data::{Allowed, AuditRecord, Author, WriteTx};
use dossier_policy::MemberAction;
use entities::{
    audit_entry::Action,
    invitation,
    membership::{Column, Entity, Model, Role},
    membership_site, site, user,
};
use sea_orm::{ActiveEnum, ColumnTrait, sea_query::Order};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The input for a new membership.
pub struct NewMember {
    /// The address for sign-in.
    pub email: String,
    /// The name that others see. It is used only for a new account.
    pub display_name: String,
    /// The role.
    pub role: Role,
    /// The sites of a manager or staff member.
    pub sites: Vec<Uuid>,
    /// The dossier of a client.
    pub client: Option<Uuid>,
}

/// A role with what bounds it.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The role.
    pub role: Role,
    /// The sites of a manager or staff member.
    pub sites: BTreeSet<Uuid>,
    /// The dossier of a client.
    pub client: Option<Uuid>,
}

/// Changes to a member. `None` leaves a property as it is.
#[derive(Default)]
pub struct Changes {
    /// The new role.
    pub role: Option<Role>,
    /// The new sites.
    pub sites: Option<Vec<Uuid>>,
    /// The new dossier.
    pub client: Option<Uuid>,
}

/// Whether a role is limited to sites.
fn is_limited_to_sites(role: Role) -> bool {
    matches!(role, Role::Manager | Role::Staff)
}

impl Assignment {
    /// Fails unless the role has the bounds that it needs, and no others. New sites must be open.
    pub(crate) async fn check(
        &self,
        tx: &WriteTx,
        present: &BTreeSet<Uuid>,
        present_client: Option<Uuid>,
    ) -> Result<(), Error> {
        if is_limited_to_sites(self.role) == self.sites.is_empty() {
            return Err(UserError::invalid(
                "site_ids",
                "managers and staff must have at least one site, and other roles must have none",
            )
            .into());
        }
        if (self.role == Role::Client) != self.client.is_some() {
            return Err(
                UserError::invalid("client_id", "clients must have a dossier, and other roles must have none").into()
            );
        }
        if let Some(client) = self.client.filter(|client| Some(*client) != present_client) {
            open_dossier(tx, client, "client_id").await?;
        }
        for site in self.sites.difference(present) {
            open_site(tx, *site, "site_ids").await?;
        }
        Ok(())
    }
}

/// Adds a member. `account` is their account if they already have one, in any organization.
pub async fn add(tx: &WriteTx, account: Option<user::Model>, new: NewMember) -> Result<Uuid, Error> {
    let assignment = Assignment { role: new.role, sites: new.sites.into_iter().collect(), client: new.client };
    assignment.check(tx, &BTreeSet::new(), None).await?;
    let user = match account {
        Some(user) => user.id,
        None => add_account(tx, &new.email, &new.display_name, None).await?,
    };
    let row = Model { user_id: user, role: new.role, client_id: new.client, ..Model::default() };
    let id = join(tx, user, assignment).await?;
    let record = record(tx, Action::MemberAdded, &Model { id, ..row }).await?;
    tx.audit(record.change("role", None, Some(new.role.to_value())));
    Ok(id)
}

/// Returns the record of an action about a member.
async fn record(tx: &WriteTx, action: Action, row: &Model) -> Result<AuditRecord, Error> {
    let name = audit::name_of(tx, row.user_id).await?;
    Ok(AuditRecord::new(action, row.id).of_client(row.client_id).named(name))
}

/// Makes a person a member, also one who was a member before. The caller has checked the assignment.
pub(crate) async fn join(tx: &WriteTx, user: Uuid, assignment: Assignment) -> Result<Uuid, Error> {
    let Assignment { role, sites, client } = assignment;
    let id = match same_membership(tx, user, client).await? {
        Some(before) if before.removed_at.is_none() => return Err(already_member().into()),
        Some(before) => {
            session::end_of_membership(tx, before.id).await?;
            tx.delete_without_event::<membership_site::Entity>(membership_site::Column::MembershipId.eq(before.id))
                .await?;
            let after = Model { role, removed_at: None, suspended_at: None, ..before.clone() };
            tx.update_without_event(&before, after).await?.id
        }
        None => {
            let row = Model {
                id: tx.new_id(),
                organization_id: tx.organization()?,
                user_id: user,
                role,
                client_id: client,
                created_at: tx.now,
                ..Model::default()
            };
            tx.insert_without_event(row).await?.id
        }
    };
    add_sites(tx, id, &sites).await?;
    Ok(id)
}

/// Returns the membership of a person in the agency, or in a dossier, also if it was removed. A person has one role in
/// the agency, and may also be the client of any number of dossiers, once each.
async fn same_membership(tx: &WriteTx, user: Uuid, client: Option<Uuid>) -> Result<Option<Model>, Error> {
    let of_user = tx.find_whole::<Entity>()?.filter(Column::UserId.eq(user));
    match client {
        Some(client) => of_user.filter(Column::ClientId.eq(client)),
        None => of_user.filter(Column::ClientId.is_null()),
    }
    .one()
    .await
}

pub(crate) fn already_member() -> UserError {
    UserError::conflict("This person is already a member of the organization.")
}

async fn add_sites(tx: &WriteTx, membership: Uuid, sites: &BTreeSet<Uuid>) -> Result<(), Error> {
    for site in sites {
        let row =
            membership_site::Model { membership_id: membership, site_id: *site, organization_id: tx.organization()? };
        tx.insert_without_event(row).await?;
    }
    Ok(())
}

/// Creates the account of a person without a password.
pub(crate) async fn add_account(
    tx: &WriteTx,
    email: &str,
    display_name: &str,
    locale: Option<&str>,
) -> Result<Uuid, Error> {
    let row = user::Model {
        id: tx.new_id(),
        email: check::email("email", email)?,
        display_name: check::line("display_name", display_name, check::NAME)?,
        locale: locale.map(|locale| check::locale("locale", locale)).transpose()?,
        created_at: tx.now,
        ..user::Model::default()
    };
    match tx.insert_without_event(row).await {
        Ok(row) => Ok(row.id),
        Err(error) if error.is_unique_violation() => {
            Err(UserError::conflict("This account was just created. Try again.").into())
        }
        Err(error) => Err(error),
    }
}

/// Changes the role, the sites or the dossier of a member.
pub async fn change(tx: &WriteTx, id: Uuid, changes: Changes) -> Result<Uuid, Error> {
    let before = authorize(tx, id).await?;
    session::require_recent_proof(tx).await?;
    let role = changes.role.unwrap_or(before.role);
    let present = sites_of(tx, id).await?;
    let sites = match changes.sites {
        Some(sites) => sites.into_iter().collect(),
        None if is_limited_to_sites(role) => present.clone(),
        None => BTreeSet::new(),
    };
    let client = changes.client.or(before.client_id.filter(|_| role == Role::Client));
    let assignment = Assignment { role, sites, client };
    assignment.check(tx, &present, before.client_id).await?;
    if before.role == Role::Owner && role != Role::Owner {
        owners::require_other(tx, &before).await?;
    }
    if client != before.client_id && same_membership(tx, before.user_id, client).await?.is_some() {
        return Err(UserError::conflict(
            "This person has or had a membership of this kind. Invite them to it instead.",
        )
        .into());
    }
    if !may_be_assigned(role) {
        release_requests(tx, id).await?;
    }
    if role != before.role || assignment.sites != present {
        revoke_invitations(tx, before.user_id).await?;
    }
    let after = tx.update_without_event(&*before, Model { role, client_id: client, ..before.clone() }).await?;
    record_change(tx, &before, &after, &present, &assignment.sites).await?;
    if assignment.sites != present {
        tx.delete_without_event::<membership_site::Entity>(membership_site::Column::MembershipId.eq(id)).await?;
        add_sites(tx, id, &assignment.sites).await?;
    }
    Ok(id)
}

/// Records the changed properties of a member, if there are any.
async fn record_change(
    tx: &WriteTx,
    before: &Model,
    after: &Model,
    sites_before: &BTreeSet<Uuid>,
    sites_after: &BTreeSet<Uuid>,
) -> Result<(), Error> {
    let dossier = |row: &Model| row.client_id.map(|id| dossier_core::id::encode("client", id));
    let mut record = record(tx, Action::MemberChanged, after)
        .await?
        .change("role", Some(before.role.to_value()), Some(after.role.to_value()))
        .change("client", dossier(before), dossier(after));
    if sites_before != sites_after {
        record = record.change("sites", names(tx, sites_before).await?, names(tx, sites_after).await?);
    }
    if record.has_changes() {
        tx.audit(record);
    }
    Ok(())
}

/// Returns the names of sites.
async fn names(tx: &WriteTx, sites: &BTreeSet<Uuid>) -> Result<Option<String>, Error> {
    if sites.is_empty() {
        return Ok(None);
    }
    let rows = tx.find::<site::Entity>().filter(site::Column::Id.is_in(sites.iter().copied())).all().await?;
    let mut names: Vec<_> = rows.into_iter().map(|site| site.name).collect();
    names.sort_unstable();
    Ok(Some(names.join(", ")))
}

async fn sites_of(tx: &WriteTx, id: Uuid) -> Result<BTreeSet<Uuid>, Error> {
    let links = tx.find::<membership_site::Entity>().filter(membership_site::Column::MembershipId.eq(id)).all().await?;
    Ok(links.into_iter().map(|link| link.site_id).collect())
}

/// Suspends a member: they can see and do nothing until they are resumed.
pub async fn suspend(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let before = authorize(tx, id).await?;
    if before.suspended_at.is_some() {
        return Err(UserError::conflict("This member is already suspended.").into());
    }
    owners::require_other(tx, &before).await?;
    session::end_of_membership(tx, id).await?;
    revoke_invitations(tx, before.user_id).await?;
    tx.audit(record(tx, Action::MemberSuspended, &before).await?);
    let after = Model { suspended_at: Some(tx.now), ..before.clone() };
    Ok(tx.update_without_event(&*before, after).await?.id)
}

/// Ends the suspension of a member.
pub async fn resume(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let before = authorize(tx, id).await?;
    if before.suspended_at.is_none() {
        return Err(UserError::conflict("This member is not suspended.").into());
    }
    if before.role != Role::Client {
        session::require_recent_proof(tx).await?;
    }
    tx.audit(record(tx, Action::MemberResumed, &before).await?);
    let after = Model { suspended_at: None, ..before.clone() };
    Ok(tx.update_without_event(&*before, after).await?.id)
}

/// Removes a member. Their name stays on what they did. An invitation can bring them back.
pub async fn remove(tx: &WriteTx, id: Uuid) -> Result<Uuid, Error> {
    let removed = end_membership(tx, id).await?;
    tx.audit(record(tx, Action::MemberRemoved, &removed).await?);
    Ok(id)
}

/// Ends the membership of a member who leaves. Most members may not change members, so Dossier itself does it.
pub async fn leave(tx: &WriteTx, member: &Member) -> Result<Uuid, Error> {
    let left = end_membership(tx, member.membership).await?;
    let actor = Viewer::Member(member.clone()).actor();
    let author = Author { actor, membership: Some(left.id), session: member.session() };
    tx.audit(record(tx, Action::MemberLeft, &left).await?.by(author));
    Ok(left.id)
}

async fn end_membership(tx: &WriteTx, id: Uuid) -> Result<Model, Error> {
    owners::lock_if_owner(tx, id).await?;
    let before = tx.visible::<Entity>(id, "id").await?;
    let action = MemberAction::for_role(before.role);
    let before = tx.authorize_row::<Entity>(action, before)?;
    owners::require_other(tx, &before).await?;
    release_requests(tx, id).await?;
    revoke_invitations(tx, before.user_id).await?;
    if is_limited_to_sites(before.role) {
        let links = membership_site::Column::MembershipId.eq(id);
        tx.delete_without_event::<membership_site::Entity>(links).await?;
    }
    let suspended_at = before.suspended_at.or(Some(tx.now));
    let after = Model { removed_at: Some(tx.now), suspended_at, ..before.clone() };
    tx.update_without_event(&*before, after).await
}

/// Makes another member an owner, and the viewer an operator.
pub async fn transfer_ownership(tx: &WriteTx, to: Uuid) -> Result<Uuid, Error> {
    let own = tx.member()?.membership;
    owners::lock(tx).await?;
    let next = tx.authorize::<Entity>(to, "id", MemberAction::Manage).await?;
    if next.role == Role::Client || next.suspended_at.is_some() || next.id == own {
        return Err(UserError::invalid("id", "must be another active member of the agency").into());
    }
    let own = tx.authorize::<Entity>(own, "id", MemberAction::Manage).await?;
    session::require_recent_proof(tx).await?;
    tx.update_without_event(&*next, Model { role: Role::Owner, ..next.clone() }).await?;
    let links = membership_site::Column::MembershipId.eq(next.id);
    tx.delete_without_event::<membership_site::Entity>(links).await?;
    revoke_invitations(tx, own.user_id).await?;
    tx.update_without_event(&*own, Model { role: Role::Operator, ..own.clone() }).await?;
    tx.audit(record(tx, Action::OwnershipTransferred, &next).await?);
    Ok(next.id)
}

/// Suspends all active memberships of a person in the organization. Returns their number.
pub async fn suspend_person(tx: &WriteTx, user: Uuid) -> Result<usize, Error> {
    let active = of_person(tx, user).await?.into_iter().filter(|row| row.suspended_at.is_none());
    let active: Vec<_> = active.collect();
    for row in &active {
        suspend(tx, row.id).await?;
    }
    Ok(active.len())
}

/// Returns the memberships of a person in the organization, oldest first.
pub async fn of_person(tx: &WriteTx, user: Uuid) -> Result<Vec<Model>, Error> {
    tx.find::<Entity>().filter(Column::UserId.eq(user)).order_by(Column::Id, Order::Asc).all().await
}

/// Returns a member whom the viewer may manage, locked until the end.
async fn authorize(tx: &WriteTx, id: Uuid) -> Result<Allowed<Entity>, Error> {
    owners::lock_if_owner(tx, id).await?;
    tx.authorize::<Entity>(id, "id", MemberAction::Manage).await
}

/// Whether requests can be assigned to members with this role.
fn may_be_assigned(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Operator | Role::Manager)
}

/// Takes back the open requests that are assigned to a member, as far as the viewer may decide them.
async fn release_requests(tx: &WriteTx, id: Uuid) -> Result<(), Error> {
    let may_decide = tx.viewer.member().is_none_or(|member| member.can(Scope::ValidationDecide));
    if may_decide { validation::release(tx, id).await } else { Ok(()) }
}

/// Revokes the open invitations of a person whose rights change: they may not invite to these roles any more.
async fn revoke_invitations(tx: &WriteTx, user: Uuid) -> Result<(), Error> {
    let open = tx
        .find::<invitation::Entity>()
        .filter(invitation::Column::InviterId.eq(user))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null());
    for before in open.all().await? {
        tx.update_without_event(&before, invitation::Model { revoked_at: Some(tx.now), ..before.clone() }).await?;
        tx.audit(audit::of_invitation(Action::InvitationRevoked, &before));
    }
    Ok(())
}
