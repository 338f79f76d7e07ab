//! Viewers of each kind, and the statements that set them in the database.

use chrono_tz::Tz;
use dossier_core::scope::{Scope, Scopes};
use dossier_core::viewer::{Grant, Member, MemberDetails, SystemPurpose, Viewer};
use entities::{
    membership::{self, Role},
    membership_site, organization,
};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, QueryFilter};
use sea_orm::{QueryOrder, TransactionTrait};
use std::collections::BTreeMap;

/// The number of members per role.
const OF_EACH_ROLE: usize = 4;

/// A viewer, and the statement with which the server's role becomes this viewer.
pub struct ViewerCase {
    pub viewer: Viewer,
    pub enter: String,
    pub role: Option<Role>,
}

impl ViewerCase {
    /// Begins a transaction of the server's role with this viewer.
    pub async fn begin(&self, server: &DatabaseConnection) -> DatabaseTransaction {
        let tx = server.begin().await.unwrap();
        tx.execute_unprepared(&self.enter).await.unwrap();
        tx
    }

    /// Returns the name of the viewer in error messages.
    pub fn name(&self) -> String {
        format!("{:?}", self.viewer)
    }
}

/// Returns members of each role in both organizations, and viewers who are no members.
pub async fn cases(owner: &DatabaseConnection) -> Vec<ViewerCase> {
    let mut cases = vec![
        other(Viewer::Anonymous, "SELECT 1".to_owned()),
        other(Viewer::platform(SystemPurpose::Command), set("viewer", "PLATFORM")),
        other(Viewer::worker(), set("viewer", "WORKER")),
    ];
    for row in organization::Entity::find().all(owner).await.unwrap() {
        let enter = format!("{}; {}", set("viewer", "SYSTEM"), set("organization", &row.id.to_string()));
        cases.push(other(Viewer::system(row.id, SystemPurpose::Command), enter));
    }
    let mut of_role = BTreeMap::<String, usize>::new();
    for row in membership::Entity::find().order_by_asc(membership::Column::Id).all(owner).await.unwrap() {
        let taken = of_role.entry(format!("{:?} {}", row.role, row.organization_id)).or_default();
        *taken += 1;
        if *taken <= OF_EACH_ROLE {
            let enter = format!("{}; {}", set("viewer", "SIGNING_IN"), set("user", &row.user_id.to_string()));
            cases.push(other(Viewer::SigningIn { user: row.user_id }, enter));
            cases.push(member(owner, row, Scopes::ALL).await);
        }
    }
    cases
}

fn other(viewer: Viewer, enter: String) -> ViewerCase {
    ViewerCase { viewer, enter, role: None }
}

fn set(name: &str, value: &str) -> String {
    format!("SELECT set_config('dossier.{name}', '{value}', true)")
}

/// Returns one member of each role, with one session for each scope that it lacks.
pub async fn limited_cases(owner: &DatabaseConnection) -> Vec<ViewerCase> {
    let mut of_role = BTreeMap::new();
    for row in membership::Entity::find().order_by_asc(membership::Column::Id).all(owner).await.unwrap() {
        of_role.entry(format!("{:?}", row.role)).or_insert(row);
    }
    let mut cases = Vec::new();
    for row in of_role.values() {
        for scope in Scope::ALL {
            cases.push(member(owner, row.clone(), Scopes::ALL.without(*scope)).await);
        }
    }
    cases
}

async fn member(owner: &DatabaseConnection, row: membership::Model, limit: Scopes) -> ViewerCase {
    let session = open(owner, &row, limit).await;
    let grant = match row.role {
        Role::Owner => Grant::Owner,
        Role::Operator => Grant::Operator,
        Role::Manager => Grant::Manager,
        Role::Staff => Grant::Staff,
        Role::Client => Grant::Client { client: row.client_id.unwrap() },
    };
    let sites = membership_site::Entity::find().filter(membership_site::Column::MembershipId.eq(row.id));
    let sites = sites.order_by_asc(membership_site::Column::SiteId).all(owner).await.unwrap();
    let details = MemberDetails {
        is_api_key: row.api_key,
        organization: row.organization_id,
        membership: row.id,
        user: row.user_id,
        display_name: String::new(),
        time_zone: Tz::UTC,
        four_eyes: false,
        grant,
        sites: sites.iter().map(|link| link.site_id).collect(),
    };
    let viewer = Viewer::Member(Member::signed_in(session, details, limit));
    ViewerCase { viewer, enter: format!("SELECT * FROM dossier_enter('{session}')"), role: Some(row.role) }
}

async fn open(owner: &DatabaseConnection, row: &membership::Model, limit: Scopes) -> uuid::Uuid {
    let id = uuid::Uuid::now_v7();
    let (organization, membership) = (row.organization_id, row.id);
    let scopes = if limit == Scopes::ALL { "NULL".to_owned() } else { format!("'{limit}'") };
    let sql = format!(
        "INSERT INTO session VALUES \
         ('{id}', '{organization}', '{membership}', now(), now() + interval '1 day', NULL, {scopes})"
    );
    owner.execute_unprepared(&sql).await.unwrap();
    id
}
