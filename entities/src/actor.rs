//! The authors of actions, in the tables that name one.

use sea_orm::entity::prelude::*;

/// The kind of an actor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActorKind {
    /// The client of the dossier.
    #[default]
    Client,
    /// A member of the agency.
    Member,
    /// An API key of the agency.
    ApiKey,
    /// The assistant, Élio.
    Assistant,
    /// Dossier itself.
    System,
}
