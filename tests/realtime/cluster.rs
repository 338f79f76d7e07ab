//! Two processes with one database and their own Redis, two agencies, and their people.

use super::{
    history::{connect, query},
    person::{Person, email},
    rules::Rights,
};
use crate::support::{
    Actor,
    fixtures::{client, uuid},
    json,
    process::{Process, free_port, run},
    proxy::Proxy,
    redis::Redis,
    services::Services,
};
use sea_orm::DatabaseConnection;
use std::{collections::BTreeMap, sync::Arc};
use tempfile::TempDir;
use uuid::Uuid;

pub const AGENCY: &str = "atelier";
pub const NEIGHBOUR: &str = "voisin";

pub struct Cluster {
    /// A connection as the owner of the tables.
    pub db: DatabaseConnection,
    pub processes: Vec<Option<Process>>,
    pub redis: Option<Redis>,
    pub redis_port: u16,
    ports: Vec<u16>,
    /// The addresses of the servers.
    pub urls: Vec<String>,
    pub proxies: Arc<Vec<Proxy>>,
    pub organizations: BTreeMap<String, Uuid>,
    pub sites: BTreeMap<String, Uuid>,
    _services: Services,
    pub data: Arc<TempDir>,
}

impl Cluster {
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut services = Services::production(data.path()).await;
        let redis_port = free_port();
        services.set("REDIS_URL", format!("redis://127.0.0.1:{redis_port}"));
        services.write(data.path());
        let command = |arguments: &[&str]| run(data.path(), arguments);
        command(&["organization", "create", AGENCY, "--name", "L’Atelier"]);
        command(&["organization", "create", NEIGHBOUR, "--name", "Voisin"]);
        for site in ["Paris", "Lyon", "Nice"] {
            command(&["site", "add", site, "--organization", AGENCY]);
        }
        let db = connect(services.get("MIGRATE_DATABASE_URL")).await;
        let ports = vec![free_port(), free_port()];
        let mut cluster = Self {
            organizations: named(&db, "SELECT slug AS name, id FROM organization").await,
            sites: named(&db, "SELECT name, id FROM site").await,
            db,
            redis: Some(Redis::start(redis_port, data.path())),
            redis_port,
            processes: vec![None, None],
            urls: ports.iter().map(|port| format!("http://127.0.0.1:{port}")).collect(),
            proxies: Arc::new(vec![Proxy::before(ports[0]).await, Proxy::before(ports[1]).await]),
            ports,
            _services: services,
            data: Arc::new(data),
        };
        cluster.serve(0).await;
        cluster.serve(1).await;
        cluster
    }

    /// Starts one of the servers.
    pub async fn serve(&mut self, which: usize) {
        self.processes[which] = Some(Process::serve(self.data.path(), self.ports[which]).await);
    }

    /// Kills a server with `kill -9`.
    pub fn kill(&mut self, which: usize) {
        self.processes[which].take().unwrap().kill();
    }

    /// Returns all addresses of the servers: the direct ones, and those behind the proxies.
    pub fn urls(&self) -> Vec<String> {
        self.urls.iter().cloned().chain(self.proxies.iter().map(|proxy| proxy.url.clone())).collect()
    }

    /// Adds a member. `place` names their sites, or their dossier.
    pub async fn person(&self, name: &str, organization: &str, role: &str, place: &[&str]) -> Arc<Person> {
        let address = email(name);
        let mut arguments = vec!["member", "add", &address, "--organization", organization, "--role", role];
        let flag = if role == "client" { "--client" } else { "--site" };
        arguments.extend(place.iter().flat_map(|place| [flag, place]));
        arguments.extend(["--name", name]);
        run(self.data.path(), &arguments);
        let token = run(self.data.path(), &["token", &address]);
        let rights = match role {
            "owner" | "operator" => Rights::Agency,
            "manager" => Rights::Manager { sites: self.sites_of(place) },
            "staff" => Rights::Staff { sites: self.sites_of(place) },
            _ => Rights::Client { client: uuid(place[0]), user: self.user(&address).await },
        };
        Arc::new(Person::new(name, self.organizations[organization], token, rights))
    }

    pub fn sites_of(&self, names: &[&str]) -> Vec<Uuid> {
        names.iter().map(|name| self.sites[*name]).collect()
    }

    async fn user(&self, address: &str) -> Uuid {
        let found = query(&self.db, &format!("SELECT id FROM user_account WHERE email = '{address}'")).await.unwrap();
        found[0].try_get("", "id").unwrap()
    }

    /// Returns the person as a client of one of the servers.
    pub fn actor(&self, person: &Person, which: usize) -> Actor {
        Actor::new(&self.urls[which], &person.name, Some(person.token()))
    }

    /// Creates a dossier.
    pub async fn dossier(&self, operator: &Person, name: &str, site: Option<&str>) -> String {
        client(&self.actor(operator, 0), name, site.map(|site| self.sites[site])).await
    }

    /// Returns the end of the organization's events as a cursor and a number, while nobody writes.
    pub async fn end_for(&self, person: &Person) -> (String, i64) {
        let viewer = self.actor(person, 1).query("{ viewer { cursor } }", json!({})).await;
        let ends = super::history::ends(&self.db).await.unwrap();
        let last = ends.iter().find(|(organization, _)| *organization == person.organization).map_or(0, |end| end.1);
        (viewer["viewer"]["cursor"].as_str().unwrap().to_owned(), last)
    }
}

async fn named(db: &DatabaseConnection, sql: &str) -> BTreeMap<String, Uuid> {
    let rows = query(db, sql).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "name").unwrap(), row.try_get("", "id").unwrap())).collect()
}
