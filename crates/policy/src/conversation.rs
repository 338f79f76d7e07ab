//! Conversations and messages: within reach; what is internal is not for the client.

use super::{ActionPolicy, Lookup, ResourceScope, RowPolicy, in_organization, reach};
use dossier_core::scope::Scope;
use dossier_core::viewer::{Grant, Member, Viewer};
use entities::{
    conversation::{Column, Entity, Model},
    message, read_marker,
};
use sea_orm::{ColumnTrait, Condition};

fn rule(viewer: &Viewer, lookup: Lookup) -> Condition {
    in_organization(viewer, Column::OrganizationId, |member| reach(member, Column::ClientId, lookup))
}

impl RowPolicy for Entity {
    const READ: Option<Scope> = Some(Scope::ConversationsRead);
    const WRITE: &'static [Scope] = &[Scope::ConversationsWrite];

    fn row_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByRow)
    }

    fn list_rule(viewer: &Viewer) -> Condition {
        rule(viewer, Lookup::ByDossier)
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl RowPolicy for message::Entity {
    const READ: Option<Scope> = Some(Scope::ConversationsRead);
    const WRITE: &'static [Scope] = &[Scope::ConversationsWrite];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, message::Column::OrganizationId, |member| {
            let rule = reach(member, message::Column::ClientId, Lookup::ByRow);
            match member.grant {
                Grant::Owner | Grant::Operator | Grant::Manager | Grant::Staff => rule,
                Grant::Client { .. } => rule.add(message::Column::Internal.eq(false)),
            }
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Dossier { organization: row.organization_id, client: row.client_id }
    }
}

impl RowPolicy for read_marker::Entity {
    const READ: Option<Scope> = None;
    const WRITE: &'static [Scope] = &[];

    fn row_rule(viewer: &Viewer) -> Condition {
        in_organization(viewer, read_marker::Column::OrganizationId, |member| {
            Condition::all().add(read_marker::Column::MembershipId.eq(member.membership))
        })
    }

    fn resource_scope(row: &Self::Model) -> ResourceScope {
        ResourceScope::Membership { organization: row.organization_id, membership: row.membership_id }
    }
}

/// What is done with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageAction {
    /// Change its text.
    Edit,
    /// Delete it.
    Delete,
}

impl ActionPolicy for message::Entity {
    type Action = MessageAction;

    fn scope(_: MessageAction) -> Scope {
        Scope::ConversationsWrite
    }

    fn may(member: &Member, action: MessageAction, row: &message::Model) -> bool {
        let is_own = row.author_id == Some(member.user);
        is_own || action == MessageAction::Delete && member.grant == Grant::Owner
    }

    fn denial(action: MessageAction) -> &'static str {
        match action {
            MessageAction::Edit => "Only the author may change a message.",
            MessageAction::Delete => "Only the author and owners may delete a message.",
        }
    }
}

/// What is done with a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConversationAction {
    /// Open a thread.
    Start,
    /// Write a message that the client reads.
    Post,
    /// Write a message among the agency.
    PostInternal,
    /// Close it.
    Close,
}

impl ActionPolicy for Entity {
    type Action = ConversationAction;

    fn scope(_: ConversationAction) -> Scope {
        Scope::ConversationsWrite
    }

    fn may(member: &Member, action: ConversationAction, _row: &Model) -> bool {
        match action {
            ConversationAction::Start | ConversationAction::Post => true,
            ConversationAction::PostInternal | ConversationAction::Close => member.grant.decides(),
        }
    }

    fn denial(action: ConversationAction) -> &'static str {
        match action {
            ConversationAction::Start | ConversationAction::Post => "Your role may not post messages here.",
            ConversationAction::PostInternal => "Your role may not post internal messages.",
            ConversationAction::Close => "Your role may not close conversations.",
        }
    }
}
