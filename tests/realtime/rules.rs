//! A second implementation of the rules for seeing rows, without the server's code, and of the resulting deliveries of
//! an event.

use super::history::{Log, Row, Side};
use uuid::Uuid;

/// The rights of a person.
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

/// The permitted deliveries of one event to a subscriber.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    pub itself: bool,
    pub removed: bool,
    pub nothing: bool,
}

impl Rights {
    /// Returns whether the subject of an event is visible after all events up to this number.
    pub fn sees(&self, log: &Log, subject: &Row, at: i64) -> bool {
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

    /// Returns the permitted deliveries of an event, if they are decided after all events up to a number between these.
    pub fn allowed(&self, log: &Log, row: &Row, from: i64, to: i64) -> Allowed {
        if self.is_internal_change(row) {
            return Allowed { nothing: true, ..Allowed::default() };
        }
        let seen = self.first(log, row, from, to, true).is_some();
        let hidden = self.first(log, row, from, to, false).is_some();
        let was_seen = self.first(log, row, row.number, to, true).is_some();
        let taken = self.sees(log, row, row.number - 1) && !self.sees(log, row, row.number);
        let records_removal = self.records_removal(row);
        Allowed {
            itself: seen,
            // If the event was read while the subject was visible, and delivered afterwards, it is only a removal.
            removed: hidden && (taken || records_removal || was_seen),
            nothing: hidden && !(taken && records_removal),
        }
    }

    /// Returns the first number from `from` to `to` at which the subject is visible, or is not.
    pub fn first(&self, log: &Log, row: &Row, from: i64, to: i64, seen: bool) -> Option<i64> {
        moments(log, row, from, to).into_iter().find(|at| self.sees(log, row, *at) == seen)
    }

    /// Returns whether the portal must not notice an internal change of a client or a document.
    fn is_internal_change(&self, row: &Row) -> bool {
        let is_internal = matches!(row.about.as_str(), "CLIENT" | "DOCUMENT")
            && row.after.as_ref().is_some_and(|after| after.internal == Some(true));
        is_internal && matches!(self, Self::Client { .. })
    }

    /// Returns whether the row itself records that it hid the subject. It contains the site that its writer read. The
    /// dossier may have moved between this and the commit, so both may differ.
    fn records_removal(&self, row: &Row) -> bool {
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

/// Returns the uploader of an incomplete document.
fn pending_of(log: &Log, latest: &Row) -> Option<Uuid> {
    let first = log.row(log.about(latest.subject)[0]);
    if latest.number == first.number && first.kind == "DOCUMENT_UPLOAD_REQUESTED" { first.actor } else { None }
}

/// Returns the numbers at which the visibility of a subject may change.
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
