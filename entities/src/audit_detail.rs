//! The names, addresses and texts of an entry of the audit log. The row can be erased, and never changes.
//!
//! The entry contains the hash of this row. After an erasure, the chain of entries still verifies. The salt keeps anybody
//! from finding an erased name by hashing all names.
use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_detail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: Uuid,
    pub organization_id: Uuid,
    /// 128 random bits in hexadecimal.
    pub salt: String,
    /// The names, addresses and texts, as JSON.
    pub content: String,
}

impl ActiveModelBehavior for ActiveModel {}
