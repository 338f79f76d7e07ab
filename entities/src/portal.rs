//! How the portal of a track looks. A portal without a row looks like its organization.
use crate::client::Track;
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    /// An organization has at most one row for each track.
    pub track: Track,
    /// The name that clients read, if it is not that of the organization.
    pub name: Option<String>,
    /// The colour, such as `#1f5fbf`.
    pub accent_color: Option<String>,
    /// The logo as a `data:` URL. It is small.
    #[sea_orm(column_type = "Text", nullable)]
    pub logo: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
