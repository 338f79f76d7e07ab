//! Generates the history of one dossier from its first day, with events and actors that the domain would have allowed.

use super::{
    people::{People, Person, Post, label},
    plan::Plan,
    random::Random,
    rows::Rows,
    words::{COMPANY_KINDS, FIRST_NAMES, INTERNAL_NOTES, LAST_NAMES, STREETS},
};
use chrono::{DateTime, TimeDelta, Utc};
use dossier_core::viewer::Actor;
use dossier_data::DomainEvent;
use dossier_domain::check;
use dossier_policy::EventSubject;
use entities::{
    client::{Model, Status, Track},
    event::Kind,
    membership::Role,
};

/// One of this many clients can sign in.
const SIGN_IN_OF: u32 = 3;

/// A dossier's history.
pub struct Story<'a> {
    /// The agency.
    pub people: &'a People,
    /// The random numbers.
    pub random: &'a mut Random,
    /// The generated rows.
    pub rows: &'a mut Rows,
    /// The dossier in its present state.
    pub dossier: Model,
    /// The client, if they can sign in.
    pub client: Option<Actor>,
    /// The number of the dossier. It selects in turn what must occur in every run.
    pub turn: u32,
    /// The time from which all members can act.
    opened: DateTime<Utc>,
    /// The time of the last event.
    last: DateTime<Utc>,
    /// The end of the history.
    until: DateTime<Utc>,
}

/// The period of a history.
#[derive(Clone, Copy)]
pub struct Period {
    /// The start.
    pub from: DateTime<Utc>,
    /// The end, which is excluded.
    pub until: DateTime<Utc>,
}

/// Generates a dossier.
pub fn add_dossier(plan: &Plan, people: &People, random: &mut Random, rows: &mut Rows, turn: u32, period: Period) {
    let mut story = Story::begin(people, random, rows, turn, period);
    story.documents(plan.documents);
    story.conversations(plan.conversations, plan.messages);
    story.requests(plan.requests);
    story.billing(plan.invoices);
    story.end();
}

impl<'a> Story<'a> {
    fn begin(people: &'a People, random: &'a mut Random, rows: &'a mut Rows, turn: u32, period: Period) -> Self {
        let Period { from, until } = period;
        let at = random.time(from, (until - from) / 2);
        let dossier = card(people, random, turn, at);
        let mut story = Self { people, random, rows, dossier, client: None, turn, opened: at, last: at, until };
        let operator = story.decider().actor;
        let created = DomainEvent::added(Kind::ClientCreated, &story.dossier, &story.dossier);
        story.add_event(at, &operator, created);
        if turn.is_multiple_of(SIGN_IN_OF) {
            story.invite();
        }
        story
    }

    fn invite(&mut self) {
        let at = self.later(self.opened);
        self.opened = at;
        let domain = format!("clients.{}.example", self.people.organization.slug);
        let post = Post { role: Role::Client, site: None, client: Some(self.dossier.id), domain: &domain };
        self.client = Some(self.people.add_member(at, &post, self.random, self.rows).actor);
    }

    /// Pauses or archives some dossiers. This must be last, because an archived dossier takes nothing more.
    fn end(mut self) {
        match self.turn % 10 {
            3 => self.change(Kind::ClientUpdated, |row| row.status = Status::Paused),
            8 => self.change(Kind::ClientArchived, |row| {
                row.status_before_archive = Some(row.status);
                row.status = Status::Archived;
            }),
            _ => {}
        }
        self.rows.clients.push(self.dossier);
    }

    fn change(&mut self, kind: Kind, change: impl FnOnce(&mut Model)) {
        let at = self.later(self.last);
        let before = self.dossier.clone();
        change(&mut self.dossier);
        self.dossier.revision += 1;
        self.dossier.updated_at = at;
        let actor = self.decider().actor;
        self.add_event(at, &actor, DomainEvent::changed(kind, &self.dossier, &before, &self.dossier));
    }

    /// Adds an event.
    pub fn add_event(&mut self, at: DateTime<Utc>, actor: &Actor, event: DomainEvent) {
        self.last = self.last.max(at);
        self.rows.add_event(at, actor, event);
    }

    /// Adds the event of a new subject.
    pub fn added<S: EventSubject>(&mut self, at: DateTime<Utc>, actor: &Actor, kind: Kind, subject: &S) {
        self.add_event(at, actor, DomainEvent::added(kind, &self.dossier, subject));
    }

    /// Adds the event of a change.
    pub fn changed<S: EventSubject>(&mut self, at: DateTime<Utc>, actor: &Actor, kind: Kind, before: &S, after: &S) {
        self.add_event(at, actor, DomainEvent::changed(kind, &self.dossier, before, after));
    }

    /// Returns a time while the dossier is open, early enough for what follows.
    pub fn some_time(&mut self) -> DateTime<Utc> {
        self.random.time(self.opened, (self.until - self.opened) * 3 / 4)
    }

    /// Returns a slightly later time.
    pub fn later(&mut self, at: DateTime<Utc>) -> DateTime<Utc> {
        let span = ((self.until - at) / 8).min(TimeDelta::days(3));
        // Rows are ordered by their ids, which contain milliseconds.
        self.random.time(at + TimeDelta::milliseconds(1).min(span), span)
    }

    /// Returns the interval for `count` events after `at`, so that all are early enough.
    pub fn pace(&self, at: DateTime<Utc>, count: u32) -> TimeDelta {
        let rest = self.until - at;
        (rest / i32::try_from(count.saturating_mul(2).saturating_add(2)).unwrap_or(i32::MAX)).min(TimeDelta::hours(3))
    }

    /// Chooses a member who decides in this dossier.
    pub fn decider(&mut self) -> Person {
        let site = self.dossier.site_id;
        let manager = self.people.managers.iter().find(|person| site.is_some() && person.site == site);
        match manager {
            Some(manager) if self.random.percent(40) => manager.clone(),
            _ => self.random.one(&self.people.operators).clone(),
        }
    }

    /// Chooses another member who decides. Two memberships of one person would not satisfy four eyes.
    pub fn other_decider(&mut self, than: &Actor) -> Person {
        loop {
            let person = self.decider();
            if person.actor.user != than.user {
                return person;
            }
        }
    }

    /// Chooses a member of the agency who sees this dossier.
    pub fn colleague(&mut self) -> Actor {
        let site = self.dossier.site_id;
        let staff: Vec<_> = self.people.staff.iter().filter(|person| site.is_some() && person.site == site).collect();
        if staff.is_empty() || self.random.percent(50) {
            self.decider().actor
        } else {
            self.random.one(&staff).actor.clone()
        }
    }
}

fn card(people: &People, random: &mut Random, turn: u32, at: DateTime<Utc>) -> Model {
    let company = random.percent(70);
    let last = *random.one(LAST_NAMES);
    let first = if company { *random.one(COMPANY_KINDS) } else { *random.one(FIRST_NAMES) };
    let name = format!("{first} {last}");
    let city = random.one(people.country.cities);
    let address = format!("{} {}\n{} {city}", 1 + random.below(120), random.one(STREETS), 1_000 + random.below(90_000));
    Model {
        id: random.id(at),
        organization_id: people.organization.id,
        // One in eight belongs to no site.
        site_id: (!turn.is_multiple_of(8)).then(|| *random.one(&people.sites)),
        name_key: check::sort_key(&name),
        email: Some(format!("contact.{turn}@{}.example", label(&name))),
        name,
        // This range is reserved for fiction.
        phone: Some(format!("+33 1 99 00 {:02} {:02}", random.below(100), random.below(100))),
        billing_address: Some(address),
        track: if random.percent(60) { Track::Lab } else { Track::One },
        status: if matches!(turn % 10, 1 | 6) { Status::Prospect } else { Status::Active },
        internal_notes: random.percent(30).then(|| (*random.one(INTERNAL_NOTES)).to_owned()),
        revision: 1,
        created_at: at,
        updated_at: at,
        ..Model::default()
    }
}
