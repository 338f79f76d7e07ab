//! The sample's people.

use super::clock::SampleClock;
use chrono::TimeDelta;
use dossier_core::secret::random_text;
use dossier_core::{
    credentials::Credentials,
    error::BoxError,
    viewer::{SystemPurpose, Viewer},
};
use dossier_data::Database;
use dossier_domain::sign_in;
use dossier_domain::{
    account,
    client::{self, NewClient},
    member::{self, NewMember},
    organization::{self, NewOrganization},
    session,
};
use entities::{
    client::{Status, Track},
    membership::{self, Role},
};
use sea_orm::ColumnTrait;
use std::sync::Arc;
use uuid::Uuid;

/// The number of days since the agency began to use Dossier.
const OPENED: i64 = 90;

/// A person of the sample.
pub struct Person {
    email: &'static str,
    role: &'static str,
    password: String,
    /// Their session, which ends when the sample is complete.
    pub credentials: Credentials,
}

/// A person who can sign in.
pub struct SignIn {
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: &'static str,
    /// Their generated password.
    pub password: String,
}

/// All people, and the dossiers of the two clients who can sign in.
pub struct People {
    pub organization: Uuid,
    pub paris: Uuid,
    pub lyon: Uuid,
    pub olivier: Person,
    pub maud: Person,
    pub samir: Person,
    pub julien: Person,
    pub ines: Person,
    claire: Person,
    /// Julien's dossier.
    pub martin: Uuid,
    /// Inès’s dossier.
    pub durand: Uuid,
}

/// Creates the agency and gives all people a password.
pub async fn create(database: &Database, clock: &SampleClock) -> Result<People, BoxError> {
    clock.set(OPENED);
    let tx = database.write_as(Viewer::platform(SystemPurpose::Seed)).await?;
    let new = NewOrganization {
        slug: "atelier-lumen".into(),
        name: "Atelier Lumen".into(),
        time_zone: "Europe/Paris".into(),
        currency: "EUR".into(),
        locale: "fr-FR".into(),
    };
    let id = organization::create(&tx, new).await?;
    tx.commit().await?;
    let tx = database.write_as(Viewer::system(id, SystemPurpose::Seed)).await?;
    let paris = organization::add_site(&tx, "Paris").await?;
    let lyon = organization::add_site(&tx, "Lyon").await?;
    tx.commit().await?;
    let join = async |email, name, role, label, sites: &[Uuid], client| {
        let new = NewMember {
            email: String::from(email),
            display_name: String::from(name),
            role,
            sites: sites.into(),
            client,
        };
        join(database, id, new, email, label).await
    };
    let claire = join("claire@atelier-lumen.example", "Claire Fontaine", Role::Owner, "owner", &[], None).await?;
    let olivier =
        join("olivier@atelier-lumen.example", "Olivier Marchand", Role::Operator, "operator", &[], None).await?;
    let maud =
        join("maud@atelier-lumen.example", "Maud Leroy", Role::Manager, "manager, Paris", &[paris], None).await?;
    let samir = join("samir@atelier-lumen.example", "Samir Benali", Role::Staff, "staff, Lyon", &[lyon], None).await?;
    let martin =
        open(database, &olivier, "Boulangerie Martin", "bonjour@boulangerie-martin.example", Track::Lab, paris).await?;
    let durand = open(database, &olivier, "Studio Durand", "ines@studio-durand.example", Track::One, lyon).await?;
    let portal = "client: Boulangerie Martin";
    let julien =
        join("julien@boulangerie-martin.example", "Julien Martin", Role::Client, portal, &[], Some(martin)).await?;
    let portal = "client: Studio Durand";
    let ines = join("ines@studio-durand.example", "Inès Durand", Role::Client, portal, &[], Some(durand)).await?;
    Ok(People { organization: id, paris, lyon, olivier, maud, samir, julien, ines, claire, martin, durand })
}

async fn open(
    database: &Database,
    who: &Person,
    name: &str,
    email: &str,
    track: Track,
    site: Uuid,
) -> Result<Uuid, BoxError> {
    let new = NewClient {
        name: name.into(),
        email: Some(email.into()),
        phone: Some("+33 1 42 00 00 17".into()),
        billing_address: Some("17, rue des Carmes\n75005 Paris".into()),
        track,
        status: Status::Active,
        site: Some(site),
        internal_notes: Some("Préfère le téléphone le matin. Règle toujours dans les temps.".into()),
    };
    let (outcome, _) = database.mutate(&who.credentials, None, None, |tx| Box::pin(client::create(tx, new))).await?;
    outcome.subject().ok_or_else(|| "the sample's client was refused".into())
}

async fn join(
    database: &Database,
    organization: Uuid,
    new: NewMember,
    email: &'static str,
    role: &'static str,
) -> Result<Person, BoxError> {
    let password = random_text(12)?;
    let tx = database.write_as(Viewer::system(organization, SystemPurpose::Seed)).await?;
    let id = member::add(&tx, None, new).await?;
    let row = tx.find::<membership::Entity>().filter(membership::Column::Id.eq(id)).one().await?;
    let row = row.ok_or("a membership was made and is not there")?;
    let session = session::open_for_token(&tx, &row, TimeDelta::days(OPENED + 1), None).await?;
    tx.commit().await?;
    let hash = account::hash_password("password", password.clone(), Vec::new()).await?;
    let tx = database.write_as(Viewer::SigningIn { user: row.user_id }).await?;
    account::set_password(&tx, row.user_id, hash, Some(session.id)).await?;
    tx.commit().await?;
    let claims = session::claims(&session, row.user_id, session.expires_at);
    Ok(Person { email, role, password, credentials: Credentials::Bearer(Arc::new(claims)) })
}

impl People {
    fn all(&self) -> [&Person; 6] {
        [&self.claire, &self.olivier, &self.maud, &self.samir, &self.julien, &self.ines]
    }

    /// Ends all sessions. Nobody has received their tokens.
    pub async fn end_sessions(&self, database: &Database) -> Result<(), BoxError> {
        for person in self.all() {
            database.mutate(&person.credentials, None, None, |tx| Box::pin(sign_in::sign_out(tx))).await?;
        }
        Ok(())
    }

    /// Returns the people who can sign in.
    pub fn sign_ins(&self) -> Vec<SignIn> {
        let given = |person: &&Person| SignIn {
            email: person.email.to_owned(),
            role: person.role,
            password: person.password.clone(),
        };
        self.all().iter().map(given).collect()
    }
}
