//! A server with generated agencies of any size.

use crate::{
    seed,
    support::{Actor, App, Value, services::Services},
};
use chrono::TimeDelta;
use dossier_core::scope::Scope;
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_data::{AuditRecord, Author};
use dossier_domain::{
    api_key::{self, NewApiKey},
    invitation::{self, NewInvitation},
    member::{self, NewMember},
    reading,
};
use dossier_seed::generated::Plan;
use entities::{
    audit_entry::{Action, Refusal},
    client, conversation, external_identity,
    membership::Role,
    site,
};
use sea_orm::ColumnTrait;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;
use uuid::Uuid;

pub struct Seeded {
    pub app: App,
    people: Vec<Value>,
}

impl Seeded {
    /// Starts it on the suite's services.
    pub async fn start(plan: &Plan) -> Self {
        let data = tempfile::tempdir().unwrap();
        if let Some(services) = Services::of_set(data.path()).await {
            return Self::on(data, services, plan, async |_| ()).await;
        }
        let people = fill(&seed::database(data.path()).await, plan).await;
        Self { app: App::over(data).await, people }
    }

    /// Starts it on these services. The database is prepared before its first use.
    pub async fn on(data: TempDir, services: Services, plan: &Plan, prepare: impl AsyncFnOnce(&str)) -> Self {
        let url = services.get("MIGRATE_DATABASE_URL");
        let people = fill(&Database::connect(url).await.unwrap(), plan).await;
        prepare(url).await;
        Self { app: App::on(data, services).await, people }
    }

    /// Adds what is not generated: further staff, invitations, API keys, and sessions and accounts at identity providers of
    /// the people with these roles.
    pub async fn add_people(&self, roles: &[&str]) {
        let mut organization = None;
        for role in roles {
            let actor = self.signed_in(role).await;
            for _ in 0..25 {
                self.app.again(&actor, TimeDelta::days(1)).await;
            }
            let tx = self.app.parts.database.read(&self.app.credentials(&actor).unwrap()).await.unwrap();
            organization = Some(tx.organization().unwrap());
            let user = tx.member().unwrap().user;
            drop(tx);
            self.add_external_identities(user).await;
            self.mark_read(&actor).await;
        }
        let viewer = Viewer::system(organization.unwrap(), SystemPurpose::Command);
        let tx = self.app.parts.database.write_as(viewer).await.unwrap();
        let site = tx.find::<site::Entity>().one().await.unwrap().unwrap().id;
        let open = client::Column::Status.ne(client::Status::Archived);
        let dossiers = tx.find::<client::Entity>().filter(open).all().await.unwrap();
        let mut keys = Vec::new();
        for number in 0..25 {
            let (email, sites) = (format!("staff{number}@example.org"), vec![site]);
            let new = NewMember { email, display_name: "Staff".into(), role: Role::Staff, sites, client: None };
            member::add(&tx, None, new).await.unwrap();
            let (email, sites) = (format!("invited{number}@example.org"), Vec::new());
            let (role, client) = (Role::Client, Some(dossiers[number % dossiers.len()].id));
            let new = NewInvitation { email, display_name: None, role, sites, client, locale: None };
            invitation::invite(&tx, new).await.unwrap();
            let (name, scopes) = (format!("Export {number}"), vec![Scope::ClientsRead]);
            let new = NewApiKey { name, scopes, site: Some(site), networks: Vec::new(), expires_at: None };
            keys.push(api_key::create(&tx, &self.app.parts.sealer, new).await.unwrap());
        }
        tx.commit().await.unwrap();
        self.add_audit_entries(Viewer::system(organization.unwrap(), SystemPurpose::Command), &keys).await;
    }

    /// Marks all conversations as read.
    async fn mark_read(&self, actor: &Actor) {
        let tx = self.app.parts.database.write(&self.app.credentials(actor).unwrap()).await.unwrap();
        for conversation in tx.find::<conversation::Entity>().all().await.unwrap() {
            reading::mark(&tx, conversation.id, None).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn add_external_identities(&self, user: Uuid) {
        let tx = self.app.parts.database.write_as(Viewer::SigningIn { user }).await.unwrap();
        for number in 0..25 {
            tx.insert_without_event(external_identity::Model {
                id: tx.new_id(),
                user_id: user,
                issuer: "https://login.example".to_owned(),
                subject: format!("{user} {number}"),
                email: Some("somebody@example.org".to_owned()),
                created_at: tx.now,
                last_used_at: Some(tx.now),
                removed_at: None,
            })
            .await
            .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// Adds entries to the audit log that have a value in each field.
    async fn add_audit_entries(&self, viewer: Viewer, keys: &[Uuid]) {
        let tx = self.app.parts.database.write_as(viewer).await.unwrap();
        let dossier = tx.find::<client::Entity>().one().await.unwrap().unwrap().id;
        for key in keys {
            let author = Author { actor: tx.viewer.actor(), membership: None, session: Some(*key) };
            let record = AuditRecord::new(Action::SignInRefused, *key).of_client(Some(dossier)).by(author);
            let record = record.refused(Refusal::WrongPassword).named("Export").note(Some("A note"));
            let record = record.change("role", Some("STAFF".to_owned()), Some("MANAGER".to_owned()));
            tx.audit(record.from_device(Some("192.0.2.0/24".to_owned()), Some("curl".to_owned())));
        }
        tx.commit().await.unwrap();
    }

    /// Signs in the first member with this role in the first agency.
    pub async fn signed_in(&self, role: &str) -> Actor {
        let person = self.people.iter().find(|person| person["role"] == role).unwrap();
        seed::api::signed_in(&self.app, person).await
    }
}

async fn fill(db: &DatabaseConnection, plan: &Plan) -> Vec<Value> {
    let people = seed::seed(db, plan).await.unwrap();
    // Keeps old events from being cleared.
    db.execute_unprepared("UPDATE organization SET event_days = 3650").await.unwrap();
    people
}
