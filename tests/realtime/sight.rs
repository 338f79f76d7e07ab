//! Who sees which rows, written down a second time from the rules themselves and without the server's code; and what a
//! subscriber may therefore be told of an event.

use super::truth::{Log, Row, Side};
use uuid::Uuid;

/// What a person is.
#[derive(Clone, Debug)]
pub enum Rights {
    /// An owner or an operator.
    Agency,
    Manager {
        sites: Vec<Uuid>,
    },
    Staff {
        sites: Vec<Uuid>,
    },
    Client {
        client: Uuid,
        user: Uuid,
    },
}

/// What a subscriber may be told of one event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    pub itself: bool,
    pub removed: bool,
    pub nothing: bool,
}

impl Rights {
    /// Whether the subject of an event is seen when everything up to this number has happened.
    pub fn see(&self, log: &Log, subject: &Row, at: i64) -> bool {
        let Some(latest) = log.latest(subject.subject, at) else { return false };
        let Some(is) = &latest.after else { return false };
        let site = log.latest(subject.client, at).and_then(|client| client.after.as_ref()?.site);
        match self {
            Self::Agency => true,
            Self::Manager { sites } => within(sites, site),
            Self::Staff { sites } => within(sites, site) && for_staff(&subject.about, is),
            Self::Client { client, user } => {
                subject.client == *client && for_client(&subject.about, is, pending_of(log, latest) == Some(*user))
            }
        }
    }

    /// What may be told of an event by somebody who looks when everything up to a number between these has happened.
    pub fn allowed(&self, log: &Log, row: &Row, from: i64, to: i64) -> Allowed {
        if self.unheard(row) {
            return Allowed { nothing: true, ..Allowed::default() };
        }
        let seen = self.first(log, row, from, to, true).is_some();
        let hidden = self.first(log, row, from, to, false).is_some();
        let was_seen = self.first(log, row, row.number, to, true).is_some();
        let taken = self.see(log, row, row.number - 1) && !self.see(log, row, row.number);
        let recorded = self.recorded(row);
        Allowed {
            itself: seen,
            // An event that was read while the subject was seen, and told when it was no longer, says only that.
            removed: hidden && (taken || recorded || was_seen),
            nothing: hidden && !(taken && recorded),
        }
    }

    /// The first number from `from` to `to` at which the subject is seen, or is not.
    pub fn first(&self, log: &Log, row: &Row, from: i64, to: i64, seen: bool) -> Option<i64> {
        moments(log, row, from, to).into_iter().find(|at| self.see(log, row, *at) == seen)
    }

    /// What happened to a card or a document among the agency only makes no sound in the portal.
    fn unheard(&self, row: &Row) -> bool {
        let among_agency = matches!(row.about.as_str(), "CLIENT" | "DOCUMENT")
            && row.after.as_ref().is_some_and(|after| after.internal == Some(true));
        among_agency && matches!(self, Self::Client { .. })
    }

    /// Whether the row itself says that it took the subject from sight. It names the site that its writer found; a
    /// dossier may have moved between that and the commit, so the two need not agree.
    fn recorded(&self, row: &Row) -> bool {
        let seen = |side: &Option<Side>| {
            side.as_ref().is_some_and(|side| match self {
                Self::Agency => true,
                Self::Manager { sites } => within(sites, side.site),
                Self::Staff { sites } => within(sites, side.site) && for_staff(&row.about, side),
                Self::Client { client, .. } => row.client == *client && for_client(&row.about, side, false),
            })
        };
        seen(&row.before) && !seen(&row.after)
    }
}

fn within(sites: &[Uuid], site: Option<Uuid>) -> bool {
    site.is_some_and(|site| sites.contains(&site))
}

fn for_staff(about: &str, is: &Side) -> bool {
    about != "INVOICE" && !matches!(is.zone.as_deref(), Some("PRIVATE" | "INVOICES"))
}

fn for_client(about: &str, is: &Side, pending_own: bool) -> bool {
    match about {
        "DOCUMENT" => is.zone.as_deref() != Some("PRIVATE") && (is.visible == Some(true) || pending_own),
        "MESSAGE" | "VALIDATION_REQUEST" => is.internal == Some(false),
        "INVOICE" => is.draft == Some(false),
        _ => true,
    }
}

/// Who has announced a document whose bytes have not arrived.
fn pending_of(log: &Log, latest: &Row) -> Option<Uuid> {
    let first = log.row(log.about(latest.subject)[0]);
    if latest.number == first.number && first.kind == "DOCUMENT_UPLOAD_REQUESTED" { first.actor } else { None }
}

/// The numbers at which the sight of a subject may change.
fn moments(log: &Log, row: &Row, from: i64, to: i64) -> Vec<i64> {
    let mut all = vec![from];
    for subject in [row.subject, row.client] {
        let numbers = log.about(subject);
        let begin = numbers.partition_point(|number| *number <= from);
        all.extend(numbers[begin..].iter().take_while(|number| **number <= to));
    }
    all.sort_unstable();
    all.dedup();
    all
}
