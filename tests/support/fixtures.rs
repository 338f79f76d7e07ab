//! Two agencies with their people and clients.

use super::{Actor, App, app::Member, json};
use dossier::graphql::id;
use entities::membership::Role;
use uuid::Uuid;

/// The agency `atelier` with the sites Paris and Lyon, and the agency `voisin`. Martin is a client in Paris, Durand in
/// Lyon.
pub struct World {
    pub app: App,
    pub organization: Uuid,
    pub paris: Uuid,
    pub lyon: Uuid,
    pub owner: Actor,
    pub operator: Actor,
    /// A manager of Paris.
    pub manager: Actor,
    /// A staff member of Paris.
    pub staff: Actor,
    /// The client whose dossier is [`World::martin_id`].
    pub martin: Actor,
    /// The client whose dossier is [`World::durand_id`].
    pub durand: Actor,
    /// An operator of the other agency.
    pub stranger: Actor,
    pub anonymous: Actor,
    pub martin_id: String,
    pub durand_id: String,
    /// A client of the other agency.
    pub foreign_id: String,
}

impl World {
    pub async fn new() -> Self {
        Self::on(App::start().await).await
    }

    /// Creates the world on an empty server.
    pub async fn on(app: App) -> Self {
        let organization = app.organization("atelier").await;
        Self::within(app, organization).await
    }

    /// Creates the world on a server that already has this agency.
    pub async fn within(app: App, organization: Uuid) -> Self {
        let voisin = app.organization("voisin").await;
        let paris = app.site(organization, "Paris").await;
        let lyon = app.site(organization, "Lyon").await;
        let person = |email| Member { email, ..Member::default() };
        let owner = app.member(organization, Role::Owner, person("owner@atelier.example")).await;
        let operator = app.member(organization, Role::Operator, person("operator@atelier.example")).await;
        let of_paris = |email| Member { email, sites: vec![paris], ..Member::default() };
        let manager = app.member(organization, Role::Manager, of_paris("manager@atelier.example")).await;
        let staff = app.member(organization, Role::Staff, of_paris("staff@atelier.example")).await;
        let stranger = app.member(voisin, Role::Operator, person("operator@voisin.example")).await;
        let martin_id = client(&operator, "Martin", Some(paris)).await;
        let durand_id = client(&operator, "Durand", Some(lyon)).await;
        let foreign_id = client(&stranger, "Étranger", None).await;
        let of = |email, id: &str| Member { email, client: Some(uuid(id)), ..Member::default() };
        let martin = app.member(organization, Role::Client, of("martin@client.example", &martin_id)).await;
        let durand = app.member(organization, Role::Client, of("durand@client.example", &durand_id)).await;
        let anonymous = app.anonymous();
        Self {
            app,
            organization,
            paris,
            lyon,
            owner,
            operator,
            manager,
            staff,
            martin,
            durand,
            stranger,
            anonymous,
            martin_id,
            durand_id,
            foreign_id,
        }
    }

    /// Returns the person with this role who sees Martin's dossier.
    pub fn actor(&self, role: Role) -> &Actor {
        match role {
            Role::Owner => &self.owner,
            Role::Operator => &self.operator,
            Role::Manager => &self.manager,
            Role::Staff => &self.staff,
            Role::Client => &self.martin,
        }
    }

    /// Returns all people with their names.
    pub fn actors(&self) -> [(&'static str, &Actor); 8] {
        [
            ("owner", &self.owner),
            ("operator", &self.operator),
            ("manager", &self.manager),
            ("staff", &self.staff),
            ("martin", &self.martin),
            ("durand", &self.durand),
            ("stranger", &self.stranger),
            ("anonymous", &self.anonymous),
        ]
    }
}

/// Creates a client and returns its id.
pub async fn client(actor: &Actor, name: &str, site: Option<Uuid>) -> String {
    let input = json!({
        "name": name, "track": "LAB", "status": "ACTIVE", "siteId": site.map(|site| id::encode("site", site)),
        "email": "contact@client.example", "phone": "+33 1 23 45 67 89", "billingAddress": "1 rue de la Paix\n75002 Paris",
        "internalNotes": "à rappeler",
    });
    actor.does("createClient", input, "client { id }").await["client"]["id"].as_str().unwrap().to_owned()
}

/// Returns the key inside an id.
pub fn uuid(id: &str) -> Uuid {
    id::decode(id).unwrap().1
}

/// Returns the id of a member whom the actor sees.
pub async fn member(actor: &Actor, name: &str) -> String {
    let page = actor.query("{ members(first: 100) { nodes { id displayName } } }", json!({})).await;
    let nodes = page["members"]["nodes"].as_array().unwrap();
    let found = nodes.iter().find(|node| node["displayName"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// Returns the id of the newest version of a document.
pub async fn latest_version(actor: &Actor, document: &str) -> String {
    let query = "query($id: ID!) { node(id: $id) { ... on Document { latestVersion { id } } } }";
    let node = actor.query(query, json!({ "id": document })).await["node"].clone();
    node["latestVersion"]["id"].as_str().unwrap().to_owned()
}

/// Returns the id of a row of this type that does not exist.
pub fn missing(kind: &str) -> String {
    dossier_core::id::encode(kind, Uuid::now_v7())
}
