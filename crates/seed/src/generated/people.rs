//! Generates the sites and the people of an agency.

use super::{
    plan::Plan,
    random::Random,
    rows::Rows,
    words::{AGENCY_KINDS, AGENCY_NAMES, COUNTRIES, Country, FIRST_NAMES, LAST_NAMES},
};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use dossier_core::viewer::Actor;
use dossier_domain::{check, organization::EVENT_DAYS};
use entities::{
    event::ActorKind,
    membership::{self, Role},
    membership_site, organization, site, user,
};
use uuid::Uuid;

/// The number of sites of an agency.
const SITES: usize = 2;
/// The number of operators.
const OPERATORS: usize = 2;
/// The number of staff members per site.
const STAFF: usize = 2;

/// A member of the agency.
#[derive(Clone)]
pub struct Person {
    /// Their membership.
    pub membership: Uuid,
    /// Their identity as an actor.
    pub actor: Actor,
    /// The site where they work, or `None` for all.
    pub site: Option<Uuid>,
}

/// An agency.
pub struct People {
    /// Its row.
    pub organization: organization::Model,
    /// Its time zone.
    pub time_zone: Tz,
    /// Its country.
    pub country: &'static Country,
    /// Its sites.
    pub sites: Vec<Uuid>,
    /// The owner and the operators.
    pub operators: Vec<Person>,
    /// One per site.
    pub managers: Vec<Person>,
    /// Several per site.
    pub staff: Vec<Person>,
    password_hash: String,
}

/// The position of a new member.
pub struct Post<'a> {
    /// Their role.
    pub role: Role,
    /// The site of a manager or staff member.
    pub site: Option<Uuid>,
    /// The dossier of a client.
    pub client: Option<Uuid>,
    /// The domain of their address.
    pub domain: &'a str,
}

/// Returns the key and the slug of a generated organization. They are the first draws of its stream, so that it can be
/// recognized later.
pub fn identity(seed: u64, number: u32, random: &mut Random, founded: DateTime<Utc>) -> (Uuid, String) {
    (random.id(founded), format!("seed-{seed}-{number}"))
}

impl People {
    /// Creates an agency and its people.
    pub fn create(
        plan: &Plan,
        number: u32,
        founded: DateTime<Utc>,
        password_hash: &str,
        random: &mut Random,
        rows: &mut Rows,
    ) -> Self {
        let (id, slug) = identity(plan.seed, number, random, founded);
        let country = &COUNTRIES[number as usize % COUNTRIES.len()];
        let organization = organization::Model {
            id,
            name: format!("{} {}", random.one(AGENCY_KINDS), random.one(AGENCY_NAMES)),
            time_zone: country.time_zone.to_owned(),
            currency: country.currency.to_owned(),
            locale: country.locale.to_owned(),
            four_eyes: number.is_multiple_of(3),
            storage_limit: 1 << 40,
            event_days: EVENT_DAYS,
            revision: 1,
            created_at: founded,
            slug,
            ..organization::Model::default()
        };
        rows.organizations.push(organization.clone());
        let mut people = Self {
            // The table's names come from the database that it was compiled from.
            time_zone: country.time_zone.parse().unwrap_or(Tz::UTC),
            organization,
            country,
            sites: Vec::new(),
            operators: Vec::new(),
            managers: Vec::new(),
            staff: Vec::new(),
            password_hash: password_hash.to_owned(),
        };
        people.open_sites(random, rows);
        people.add_members(random, rows);
        people
    }

    fn open_sites(&mut self, random: &mut Random, rows: &mut Rows) {
        let first = usize::try_from(random.below(self.country.cities.len() as u64)).unwrap_or_default();
        for name in self.country.cities.iter().cycle().skip(first).take(SITES) {
            let row = site::Model {
                id: random.id(self.organization.created_at),
                organization_id: self.organization.id,
                name: (*name).to_owned(),
                created_at: self.organization.created_at,
                closed_at: None,
            };
            self.sites.push(row.id);
            rows.sites.push(row);
        }
    }

    fn add_members(&mut self, random: &mut Random, rows: &mut Rows) {
        let domain = format!("{}.example", self.organization.slug);
        let at = self.organization.created_at + TimeDelta::hours(1);
        let mut add_member =
            |role, site| self.add_member(at, &Post { role, site, client: None, domain: &domain }, random, rows);
        let mut operators = vec![add_member(Role::Owner, None)];
        operators.extend((0..OPERATORS).map(|_| add_member(Role::Operator, None)));
        let managers = self.sites.iter().map(|site| add_member(Role::Manager, Some(*site))).collect();
        let staff =
            self.sites.iter().flat_map(|site| [*site; STAFF]).map(|site| add_member(Role::Staff, Some(site))).collect();
        (self.operators, self.managers, self.staff) = (operators, managers, staff);
    }

    /// Creates a person and their membership.
    pub fn add_member(&self, at: DateTime<Utc>, post: &Post<'_>, random: &mut Random, rows: &mut Rows) -> Person {
        let (first, last) = (*random.one(FIRST_NAMES), *random.one(LAST_NAMES));
        let user = user::Model {
            id: random.id(at),
            email: format!("{}.{}.{}@{}", label(first), label(last), rows.member_count, post.domain),
            display_name: format!("{first} {last}"),
            password_hash: Some(self.password_hash.clone()),
            created_at: at,
            ..user::Model::default()
        };
        let membership = membership::Model {
            id: random.id(at),
            organization_id: self.organization.id,
            user_id: user.id,
            role: post.role,
            client_id: post.client,
            created_at: at,
            ..membership::Model::default()
        };
        let site = post.site.map(|site_id| membership_site::Model {
            membership_id: membership.id,
            site_id,
            organization_id: self.organization.id,
        });
        let kind = if post.role == Role::Client { ActorKind::Client } else { ActorKind::Member };
        let actor = Actor { kind, user: Some(user.id), name: user.display_name.clone() };
        let person = Person { membership: membership.id, actor, site: post.site };
        rows.member_count += 1;
        rows.people.push((user.email.clone(), post.role));
        rows.users.push(user);
        rows.memberships.push(membership);
        rows.membership_sites.extend(site);
        person
    }
}

/// Converts a name to a part of an address.
pub fn label(name: &str) -> String {
    check::sort_key(name).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
