//! Roles as arguments of commands.

use clap::ValueEnum;
use entities::membership::Role;

/// A role.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RoleArg {
    Owner,
    Operator,
    Manager,
    Staff,
    Client,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Owner => Self::Owner,
            RoleArg::Operator => Self::Operator,
            RoleArg::Manager => Self::Manager,
            RoleArg::Staff => Self::Staff,
            RoleArg::Client => Self::Client,
        }
    }
}
