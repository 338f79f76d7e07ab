//! Adds, invites, changes and removes members.

use super::{
    account::account,
    organization::{site_named, within},
    output,
    role::RoleArg,
};
use crate::graphql::id;
use clap::{Args, Subcommand};
use dossier_core::error::BoxError;
use dossier_data::{Database, WriteTx};
use dossier_domain::{
    check,
    invitation::{self, NewInvitation},
    member::{self, Changes, NewMember},
};
use entities::{membership, user};
use sea_orm::sea_query::Order;
use uuid::Uuid;

/// `dossier member …`
#[derive(Clone, Subcommand)]
pub enum MemberCommand {
    /// Make a person a member. Set a password for new people with `dossier password set`.
    Add(AddMember),
    /// Invite a person by mail. Prints the id of the invitation.
    Invite(AddMember),
    /// List the members: id, address, name, role, and whether they are suspended, separated by tabs.
    List {
        /// Slug of the organization.
        #[arg(long)]
        organization: String,
    },
    /// Change the role of a member.
    Role(ChangeRole),
    /// Suspend the active memberships of a person in an organization.
    Suspend(Person),
    /// End the suspension of a person in an organization.
    Resume(Person),
    /// Remove a person from an organization. Their name stays on what they did.
    Remove(Person),
}

/// A person in an organization.
#[derive(Args, Clone)]
pub struct Person {
    /// Email address of the person.
    email: String,
    /// Slug of the organization.
    #[arg(long)]
    organization: String,
}

/// The arguments for a new member.
#[derive(Args, Clone)]
pub struct AddMember {
    #[command(flatten)]
    person: Person,
    /// Role of the member.
    #[arg(long)]
    role: RoleArg,
    /// Name that other people see, for a new person. The default is the email address.
    #[arg(long)]
    name: Option<String>,
    /// Site of a manager or staff member, by name. Can be given several times.
    #[arg(id = "site_ids", long = "site")]
    sites: Vec<String>,
    /// Client of the dossier: `client_…`
    #[arg(id = "client_id", long = "client")]
    client: Option<String>,
}

/// The arguments for another role.
#[derive(Args, Clone)]
pub struct ChangeRole {
    #[command(flatten)]
    person: Person,
    /// New role. The person must have one membership in the organization.
    role: RoleArg,
    /// Site of a manager or staff member, by name. Can be given several times.
    #[arg(id = "site_ids", long = "site")]
    sites: Vec<String>,
    /// Client of the dossier: `client_…`
    #[arg(id = "client_id", long = "client")]
    client: Option<String>,
}

/// Runs `dossier member`.
pub async fn member(database: &Database, command: MemberCommand) -> Result<(), BoxError> {
    match command {
        MemberCommand::Add(new) => add(database, new).await,
        MemberCommand::Invite(new) => invite(database, new).await,
        MemberCommand::List { organization } => list(database, &organization).await,
        MemberCommand::Role(change) => change_role(database, change).await,
        MemberCommand::Suspend(person) => {
            let (tx, memberships) = memberships(database, &person).await?;
            for row in active(&person, memberships, false)? {
                member::suspend(&tx, row.id).await?;
            }
            Ok(tx.commit().await?)
        }
        MemberCommand::Resume(person) => {
            let (tx, memberships) = memberships(database, &person).await?;
            for row in active(&person, memberships, true)? {
                member::resume(&tx, row.id).await?;
            }
            Ok(tx.commit().await?)
        }
        MemberCommand::Remove(person) => {
            let (tx, memberships) = memberships(database, &person).await?;
            for row in memberships {
                member::remove(&tx, row.id).await?;
            }
            Ok(tx.commit().await?)
        }
    }
}

async fn add(database: &Database, new: AddMember) -> Result<(), BoxError> {
    let email = check::email("email", &new.person.email)?;
    let known = database.account(&email).await?;
    let tx = within(database, &new.person.organization).await?;
    let (sites, client) = (sites(&tx, &new.sites).await?, new.client.as_deref().map(client_id).transpose()?);
    let display_name = new.name.unwrap_or_else(|| email.clone());
    let new = NewMember { email, display_name, role: new.role.into(), sites, client };
    let membership = member::add(&tx, known, new).await?;
    tx.commit().await?;
    Ok(output::line(id::encode("membership", membership))?)
}

async fn invite(database: &Database, new: AddMember) -> Result<(), BoxError> {
    let tx = within(database, &new.person.organization).await?;
    let (sites, client) = (sites(&tx, &new.sites).await?, new.client.as_deref().map(client_id).transpose()?);
    let new = NewInvitation {
        email: new.person.email,
        display_name: new.name,
        role: new.role.into(),
        sites,
        client,
        locale: None,
    };
    let invitation = invitation::invite(&tx, new).await?;
    tx.commit().await?;
    Ok(output::line(id::encode("invitation", invitation))?)
}

async fn list(database: &Database, organization: &str) -> Result<(), BoxError> {
    let tx = within(database, organization).await?;
    for row in tx.find::<membership::Entity>().order_by(membership::Column::Id, Order::Asc).all().await? {
        let Some(person) = tx.get::<user::Entity>(row.user_id).await? else { continue };
        let state = if row.suspended_at.is_some() { "suspended" } else { "active" };
        let (id, role) = (id::encode("membership", row.id), format!("{:?}", row.role).to_lowercase());
        output::line(format!("{id}\t{}\t{}\t{role}\t{state}", person.email, person.display_name))?;
    }
    Ok(())
}

async fn change_role(database: &Database, change: ChangeRole) -> Result<(), BoxError> {
    let (tx, memberships) = memberships(database, &change.person).await?;
    let [membership] = &memberships[..] else {
        return Err(format!("{} has several memberships in this organization", change.person.email).into());
    };
    let sites = if change.sites.is_empty() { None } else { Some(sites(&tx, &change.sites).await?) };
    let client = change.client.as_deref().map(client_id).transpose()?;
    member::change(&tx, membership.id, Changes { role: Some(change.role.into()), sites, client }).await?;
    Ok(tx.commit().await?)
}

/// Returns the memberships of a person, and the transaction that has read them.
async fn memberships(database: &Database, person: &Person) -> Result<(WriteTx, Vec<membership::Model>), BoxError> {
    let user = account(database, &person.email).await?;
    let tx = within(database, &person.organization).await?;
    let memberships = member::of_person(&tx, user.id).await?;
    if memberships.is_empty() {
        return Err(format!("{} is no member of {}", person.email, person.organization).into());
    }
    Ok((tx, memberships))
}

fn active(
    person: &Person,
    memberships: Vec<membership::Model>,
    suspended: bool,
) -> Result<Vec<membership::Model>, BoxError> {
    let wanted = memberships.into_iter().filter(|row| row.suspended_at.is_some() == suspended).collect::<Vec<_>>();
    if wanted.is_empty() {
        let state = if suspended { "suspended" } else { "active" };
        return Err(format!("{} has no {state} membership in {}", person.email, person.organization).into());
    }
    Ok(wanted)
}

async fn sites(tx: &WriteTx, names: &[String]) -> Result<Vec<Uuid>, BoxError> {
    let mut sites = Vec::new();
    for name in names {
        sites.push(site_named(tx, name).await.map_err(|error| format!("--site: {error}"))?);
    }
    Ok(sites)
}

fn client_id(given: &str) -> Result<Uuid, BoxError> {
    match id::decode(given) {
        Some(("client", uuid)) => Ok(uuid),
        _ => Err(format!("--client: `{given}` is not the id of a client (`client_…`)").into()),
    }
}
