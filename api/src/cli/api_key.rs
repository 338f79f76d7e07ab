//! Creates, lists and revokes API keys.

use super::{
    organization::{site_named, within},
    output,
};
use crate::graphql::id;
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use dossier_core::{error::BoxError, scope::Scope};
use dossier_data::{Database, Sealer};
use dossier_domain::{
    api_key::{self, NewApiKey},
    api_key_status::{Status, status},
};
use entities::api_key::{Column, Entity};
use sea_orm::sea_query::Order;

/// `dossier api-key …`
#[derive(Clone, Subcommand)]
pub enum ApiKeyCommand {
    /// Create an API key of an organization, for a script. Prints its token, which is not shown again. The key has the rights
    /// of an operator or, with a site, of a manager, limited to its scopes.
    Create(CreateApiKey),
    /// List the API keys of an organization: id, beginning of the token, name, state, scopes, and when it was last used,
    /// separated by tabs.
    List {
        /// Slug of the organization.
        #[arg(long)]
        organization: String,
    },
    /// Revoke an API key. Its token stops working at once.
    Revoke {
        /// Id of the key: `apikey_…`
        id: String,
        /// Slug of the organization.
        #[arg(long)]
        organization: String,
    },
}

/// The arguments for a new key.
#[derive(Args, Clone)]
pub struct CreateApiKey {
    /// Name of the key, which events and rows show.
    name: String,
    /// Slug of the organization.
    #[arg(long)]
    organization: String,
    /// A scope of the key, such as `documents:read`. You can repeat the flag. The scopes of dossiers require
    /// `clients:read`, and a scope for writing requires the one for reading.
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<Scope>,
    /// Site to which the key is limited, by name.
    #[arg(id = "site_id", long = "site")]
    site: Option<String>,
    /// Network from which the key can be used, such as 192.0.2.0/24. You can repeat the flag. The default is everywhere.
    #[arg(id = "networks", long = "network")]
    networks: Vec<String>,
    /// Lifetime in days. The default is no limit.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    days: Option<u16>,
}

/// Runs `dossier api-key`.
pub async fn api_key(database: &Database, sealer: &Sealer, command: ApiKeyCommand) -> Result<(), BoxError> {
    match command {
        ApiKeyCommand::Create(new) => create(database, sealer, new).await,
        ApiKeyCommand::List { organization } => list(database, &organization).await,
        ApiKeyCommand::Revoke { id, organization } => {
            let Some(("apikey", id)) = id::decode(&id) else {
                return Err("ID: is not the id of an API key (`apikey_…`)".into());
            };
            let tx = within(database, &organization).await?;
            api_key::revoke(&tx, id).await?;
            Ok(tx.commit().await?)
        }
    }
}

async fn create(database: &Database, sealer: &Sealer, new: CreateApiKey) -> Result<(), BoxError> {
    let tx = within(database, &new.organization).await?;
    let site = match new.site {
        Some(name) => Some(site_named(&tx, &name).await?),
        None => None,
    };
    let expires_at = new.days.map(|days| tx.now + TimeDelta::days(days.into()));
    let new = NewApiKey { name: new.name, scopes: new.scopes, site, networks: new.networks, expires_at };
    let id = api_key::create(&tx, sealer, new).await?;
    let row = tx.visible::<Entity>(id, "id").await?;
    tx.commit().await?;
    let token = api_key::new_token(sealer, &row)?.ok_or("the new key has another token than expected")?;
    Ok(output::line(token)?)
}

async fn list(database: &Database, organization: &str) -> Result<(), BoxError> {
    let tx = within(database, organization).await?;
    for row in tx.find::<Entity>().order_by(Column::Id, Order::Asc).all().await? {
        let state = match status(&row, tx.now) {
            Status::Active => "active",
            Status::Expired => "expired",
            Status::Revoked => "revoked",
        };
        let last_use = row.last_used_at.map_or("-".to_owned(), |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let id = id::encode("apikey", row.id);
        output::line(format!("{id}\t{}\t{}\t{state}\t{}\t{last_use}", row.token_start, row.name, row.scopes))?;
    }
    Ok(())
}
