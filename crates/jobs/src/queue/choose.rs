//! Which due jobs of one priority a claim takes.

use chrono::{DateTime, Utc};
use std::collections::HashMap;
use uuid::Uuid;

/// How many jobs a claim may take.
#[derive(Clone, Debug)]
pub(crate) struct Capacity {
    /// The kinds that the process has handlers for.
    pub(crate) kinds: HashMap<&'static str, KindCapacity>,
    /// Jobs of all kinds.
    pub(crate) jobs: usize,
    /// Running jobs of one organization, in all processes together.
    pub(crate) per_organization: Option<u32>,
}

/// How many jobs of one kind a claim may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KindCapacity {
    /// In this claim.
    pub(crate) free: usize,
    /// Running jobs, in all processes together.
    pub(crate) overall: Option<u32>,
    /// Running jobs of one organization, in all processes together.
    pub(crate) per_organization: Option<u32>,
}

/// A job that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) job: Uuid,
    pub(crate) organization: Uuid,
    pub(crate) kind: String,
    pub(crate) run_at: DateTime<Utc>,
}

/// How many jobs are running.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running {
    organizations: HashMap<Uuid, u32>,
    kinds: HashMap<String, RunningKind>,
}

#[derive(Clone, Debug, Default)]
struct RunningKind {
    jobs: u32,
    organizations: HashMap<Uuid, u32>,
}

impl Running {
    /// Counts one more.
    pub(crate) fn add(&mut self, kind: &str, organization: Uuid) {
        *self.organizations.entry(organization).or_default() += 1;
        let kind = self.kinds.entry(kind.to_owned()).or_default();
        kind.jobs += 1;
        *kind.organizations.entry(organization).or_default() += 1;
    }

    fn of_organization(&self, organization: Uuid) -> u32 {
        self.organizations.get(&organization).copied().unwrap_or_default()
    }

    /// Whether the limits leave room for one more.
    fn has_room(&self, kind: &str, organization: Uuid, capacity: &Capacity) -> bool {
        let Some(limits) = capacity.kinds.get(kind).filter(|kind| kind.free > 0) else { return false };
        let kind = self.kinds.get(kind);
        let of_kind = kind.map_or(0, |kind| kind.jobs);
        let of_both = kind.and_then(|kind| kind.organizations.get(&organization)).copied().unwrap_or_default();
        let below = |running: u32, limit: Option<u32>| limit.is_none_or(|limit| running < limit);
        below(of_kind, limits.overall)
            && below(of_both, limits.per_organization)
            && below(self.of_organization(organization), capacity.per_organization)
    }
}

/// Chooses for the organization of which the fewest jobs are running, then by time. What is chosen counts as running,
/// and takes from the capacity.
pub(crate) fn choose(mut candidates: Vec<Candidate>, running: &mut Running, capacity: &mut Capacity) -> Vec<Candidate> {
    let mut chosen = Vec::new();
    while capacity.jobs > 0 {
        candidates.retain(|candidate| running.has_room(&candidate.kind, candidate.organization, capacity));
        let first = candidates.iter().enumerate().min_by_key(|(_, candidate)| {
            (running.of_organization(candidate.organization), candidate.run_at, candidate.job)
        });
        let Some((index, _)) = first else { break };
        let candidate = candidates.swap_remove(index);
        running.add(&candidate.kind, candidate.organization);
        capacity.jobs -= 1;
        if let Some(kind) = capacity.kinds.get_mut(candidate.kind.as_str()) {
            kind.free -= 1;
        }
        chosen.push(candidate);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    const MAIL: &str = "mail";
    const REPORT: &str = "report";

    fn organization(number: u8) -> Uuid {
        Uuid::from_u128(number.into())
    }

    fn job(number: u8, of: u8, kind: &str, seconds: i64) -> Candidate {
        let run_at = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        Candidate { job: organization(number), organization: organization(of), kind: kind.to_owned(), run_at }
    }

    fn capacity(jobs: usize) -> Capacity {
        let kind = KindCapacity { free: usize::MAX, overall: None, per_organization: None };
        Capacity { kinds: HashMap::from([(MAIL, kind), (REPORT, kind)]), jobs, per_organization: None }
    }

    fn limit(capacity: &mut Capacity, kind: &str, change: impl FnOnce(&mut KindCapacity)) {
        change(capacity.kinds.get_mut(kind).expect("a kind of the test"));
    }

    fn chosen(candidates: Vec<Candidate>, mut running: Running, mut capacity: Capacity) -> Vec<u128> {
        choose(candidates, &mut running, &mut capacity).into_iter().map(|candidate| candidate.job.as_u128()).collect()
    }

    #[test]
    fn fairness_comes_first_then_time() {
        let jobs = || vec![job(1, 1, MAIL, 1), job(2, 1, MAIL, 2), job(3, 2, MAIL, 9), job(4, 1, MAIL, 0)];
        assert_eq!(chosen(jobs(), Running::default(), capacity(9)), [4, 3, 1, 2]);
        assert_eq!(chosen(jobs(), Running::default(), capacity(2)), [4, 3]);
        let mut running = Running::default();
        running.add(REPORT, organization(1));
        assert_eq!(chosen(jobs(), running, capacity(1)), [3]);
    }

    #[test]
    fn limits_hold_for_a_kind_an_organization_and_a_process() {
        let jobs = || vec![job(1, 1, MAIL, 1), job(2, 1, MAIL, 2), job(3, 2, MAIL, 3), job(4, 1, REPORT, 4)];

        let mut overall = capacity(9);
        limit(&mut overall, MAIL, |kind| kind.overall = Some(2));
        assert_eq!(chosen(jobs(), Running::default(), overall.clone()), [1, 3, 4]);
        let mut running = Running::default();
        running.add(MAIL, organization(3));
        running.add(MAIL, organization(3));
        assert_eq!(chosen(jobs(), running, overall), [4]);

        let mut per_organization = capacity(9);
        limit(&mut per_organization, MAIL, |kind| kind.per_organization = Some(1));
        assert_eq!(chosen(jobs(), Running::default(), per_organization), [1, 3, 4]);

        let mut free = capacity(9);
        limit(&mut free, MAIL, |kind| kind.free = 1);
        assert_eq!(chosen(jobs(), Running::default(), free), [1, 4]);

        let all = Capacity { per_organization: Some(1), ..capacity(9) };
        assert_eq!(chosen(jobs(), Running::default(), all), [1, 3]);
    }

    #[test]
    fn kinds_without_a_handler_are_left_to_others() {
        assert!(chosen(vec![job(1, 1, "unknown", 0)], Running::default(), capacity(9)).is_empty());
    }
}
