//! Who may see which rows, and who may do what with them. Each entity has one file, which is the only place of its rules.
//!
//! The data layer adds the row rule to every statement. An entity without a rule does not compile, because the list at the
//! end names all tables.

#![expect(clippy::disallowed_methods, reason = "conditions are written as queries here, and none of them is run")]

mod api_key;
mod audit;
mod client;
mod conversation;
mod document;
pub mod event;
mod event_subject;
mod external_identity;
pub mod fields;
mod invoice;
mod job;
mod member;
mod organization;
mod recording;
mod resource_scope;
mod validation;

pub use api_key::ApiKeyAction;
pub use client::ClientAction;
pub use conversation::{ConversationAction, MessageAction};
pub use document::{
    DocumentAction, UploadAction, documents_in_requests, hidden_zones, versions_in_requests, versions_in_zone,
};
pub use event_subject::{Audience, EventSubject};
pub use invoice::InvoiceAction;
pub use member::MemberAction;
pub use organization::OrganizationAction;
pub use recording::{PartOf, WithoutEvent};
pub use resource_scope::{Reach, ResourceScope};
pub use validation::ValidationAction;

use dossier_core::{
    scope::Scope,
    viewer::{Grant, Member, Viewer},
};
use entities::client as clients;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use std::borrow::Cow;

/// The row rule of an entity.
pub trait RowPolicy: EntityTrait<Model: Default + Send + Sync> {
    /// The scope that a member needs to see any of the rows, if there is one.
    const READ: Option<Scope>;

    /// The scopes of which a member needs one to write or remove a row. An empty list needs none.
    const WRITE: &'static [Scope];

    /// Whether rows ever change.
    const CHANGES: bool = true;

    /// The rows that exist for a viewer who has the scope [`RowPolicy::READ`].
    fn row_rule(viewer: &Viewer) -> Condition;

    /// The same rows, for statements that read all of them. The database begins with the visible dossiers, so that it does
    /// not read hidden rows.
    fn list_rule(viewer: &Viewer) -> Condition {
        Self::row_rule(viewer)
    }

    /// The rows that exist for the viewer.
    fn visible_to(viewer: &Viewer) -> Condition {
        if is_within_limit(viewer, Self::READ.as_slice()) { Self::row_rule(viewer) } else { none() }
    }

    /// The same rows, for statements that read all of them.
    fn listed_for(viewer: &Viewer) -> Condition {
        if is_within_limit(viewer, Self::READ.as_slice()) { Self::list_rule(viewer) } else { none() }
    }

    /// Returns whether the viewer has a scope for writing and removing rows.
    fn writable_for(viewer: &Viewer) -> bool {
        is_within_limit(viewer, Self::WRITE)
    }

    /// Returns whether the viewer may remove rows that they see.
    fn removable_for(viewer: &Viewer) -> bool {
        Self::writable_for(viewer)
    }

    /// Returns the place of a row. A viewer may write rows only within their organization, sites and client.
    fn resource_scope(row: &Self::Model) -> ResourceScope;

    /// The condition of rows that exist. Rows that are gone but still recorded do not meet it.
    fn live() -> Option<Condition> {
        None
    }

    /// The condition of rows that are deleted and can be restored.
    fn trash() -> Condition {
        none()
    }
}

/// The actions on visible rows of an entity.
pub trait ActionPolicy: RowPolicy {
    /// An action.
    type Action: Copy;

    /// Returns the scope that a member needs for an action.
    fn scope(action: Self::Action) -> Scope;

    /// Returns whether a member with the scope may do this with a row: the row before a change, or a new row. [`permit`]
    /// checks both.
    fn may(member: &Member, action: Self::Action, row: &Self::Model) -> bool;

    /// Returns the message for a member who may not.
    fn denial(action: Self::Action) -> &'static str;
}

/// Checks whether a member may do this with a row. Fails with a message for the member.
pub fn permit<E: ActionPolicy>(member: &Member, action: E::Action, row: &E::Model) -> Result<(), Cow<'static, str>> {
    let scope = E::scope(action);
    if !member.limit().contains(scope) {
        return Err(format!("Your access token lacks the scope `{scope}`.").into());
    }
    if member.can(scope) && E::may(member, action, row) { Ok(()) } else { Err(E::denial(action).into()) }
}

/// Returns whether the viewer may write this row.
pub fn reaches<E: RowPolicy>(viewer: &Viewer, row: &E::Model) -> Reach {
    if E::writable_for(viewer) { resource_scope::reach(viewer, E::resource_scope(row)) } else { Reach::Known(false) }
}

/// Returns whether the limit of a member's session contains one of these scopes. The rules check the role.
fn is_within_limit(viewer: &Viewer, scopes: &[Scope]) -> bool {
    let limit = viewer.member().map(Member::limit);
    scopes.is_empty() || limit.is_none_or(|limit| scopes.iter().any(|scope| limit.contains(*scope)))
}

/// No row.
fn none() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

/// Returns the rule of an organization's table: all rows for Dossier itself, `rule` for members, no rows for others.
fn in_organization<C: ColumnTrait>(
    viewer: &Viewer,
    organization: C,
    rule: impl FnOnce(&Member) -> Condition,
) -> Condition {
    match viewer {
        Viewer::Anonymous | Viewer::SigningIn { .. } | Viewer::Platform { .. } | Viewer::Worker { .. } => none(),
        Viewer::System { organization: id, .. } => Condition::all().add(organization.eq(*id)),
        Viewer::Member(member) => Condition::all().add(organization.eq(member.organization)).add(rule(member)),
    }
}

/// How the database finds the rows of the dossiers within the sites of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lookup {
    /// It looks up the dossier of each row: best for a row, or for the rows of a dossier.
    ByRow,
    /// It may begin with the dossiers: best for all rows, which may be few of the organization's.
    ByDossier,
}

/// Returns the condition that a member sees the dossier in this column.
fn reach<C: ColumnTrait>(member: &Member, client: C, lookup: Lookup) -> Condition {
    match member.grant {
        Grant::Owner | Grant::Operator => Condition::all(),
        Grant::Manager | Grant::Staff => Condition::all().add(match lookup {
            Lookup::ByRow => is_one_of(client, in_reach(member), clients::Column::Id),
            Lookup::ByDossier => client.in_subquery(ids(in_reach(member), clients::Column::Id)),
        }),
        Grant::Client { client: own } => Condition::all().add(client.eq(own)),
    }
}

/// The clients within the sites of a member.
fn in_reach(member: &Member) -> Select<clients::Entity> {
    clients::Entity::find()
        .filter(clients::Column::OrganizationId.eq(member.organization))
        .filter(in_sites(member, clients::Column::SiteId))
}

/// Returns whether a viewer sees only the dossiers of their sites.
pub fn is_limited_to_sites(viewer: &Viewer) -> bool {
    viewer.member().is_some_and(|member| matches!(member.grant, Grant::Manager | Grant::Staff))
}

fn ids<E: EntityTrait>(rows: Select<E>, column: E::Column) -> SelectStatement {
    rows.select_only().column(column).into_query()
}

/// The sites of a member's own membership.
fn in_sites<C: ColumnTrait>(member: &Member, site: C) -> Condition {
    Condition::all().add(site.is_in(member.sites.iter().copied()))
}

/// Returns the condition that the parent in this column is visible.
fn parent_is_visible<P: RowPolicy, C: ColumnTrait>(viewer: &Viewer, parent: C, id: P::Column) -> Condition {
    Condition::all().add(is_one_of(parent, P::find().filter(P::visible_to(viewer)), id))
}

/// Whether one of these rows has in this column what a row that is asked for has under `key`. It is looked up for each: a
/// list of all would be made for a page of a few. `PostgreSQL` would make it all the same, but for the offset
/// (<https://www.postgresql.org/docs/current/sql-select.html>: it keeps a subquery apart).
fn is_one_of<E: EntityTrait, C: ColumnTrait>(key: C, rows: Select<E>, column: E::Column) -> Expr {
    let same = column.into_expr().eq(key.into_expr());
    Expr::exists(rows.select_only().column(column).filter(same).limit(1).offset(0).into_query())
}

macro_rules! every_entity_has_a_rule {
    ($($entity:ident),*) => {
        const _: () = {
            const fn rule<E: RowPolicy>() {}
            $(rule::<entities::$entity::Entity>();)*
        };
    };
}
entities::for_each_entity!(every_entity_has_a_rule);
