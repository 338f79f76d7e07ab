//! Which due jobs of one priority a claim takes.

use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};
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

/// What is queued of one organization and kind, at one priority.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) organization: Uuid,
    pub(crate) kind: String,
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

    /// Returns for how many more the limits leave room.
    fn room(&self, kind: &str, organization: Uuid, capacity: &Capacity) -> usize {
        let Some(limits) = capacity.kinds.get(kind) else { return 0 };
        let kind = self.kinds.get(kind);
        let of_kind = kind.map_or(0, |kind| kind.jobs);
        let of_both = kind.and_then(|kind| kind.organizations.get(&organization)).copied().unwrap_or_default();
        let left = |limit: Option<u32>, running: u32| {
            limit.map_or(usize::MAX, |limit| usize::try_from(limit.saturating_sub(running)).unwrap_or(usize::MAX))
        };
        limits
            .free
            .min(left(limits.overall, of_kind))
            .min(left(limits.per_organization, of_both))
            .min(left(capacity.per_organization, self.of_organization(organization)))
    }
}

/// How many jobs of an organization are chosen while others have enough, too.
struct Share {
    running: usize,
    room: usize,
    jobs: usize,
}

/// Returns how many jobs of each group are needed to choose from: as many as are chosen of its organization if all have
/// enough. With fewer than that in the queue, less than the capacity is chosen, and the next claim takes the rest. One
/// job of each is read at least, because a group may have none that is due.
pub(crate) fn limits(groups: &[Group], running: &Running, capacity: &Capacity) -> Vec<usize> {
    let mut shares = BTreeMap::new();
    let room = |group: &Group| running.room(&group.kind, group.organization, capacity);
    for group in groups {
        let running = usize::try_from(running.of_organization(group.organization)).unwrap_or(usize::MAX);
        let share = shares.entry(group.organization).or_insert(Share { running, room: 0, jobs: 0 });
        share.room = share.room.saturating_add(room(group));
    }
    for _ in 0..capacity.jobs {
        let with_room = shares.values_mut().filter(|share| share.jobs < share.room);
        let Some(next) = with_room.min_by_key(|share| share.running + share.jobs) else { break };
        next.jobs += 1;
    }
    groups.iter().map(|group| shares[&group.organization].jobs.max(1).min(room(group))).collect()
}

/// Chooses for the organization of which the fewest jobs are running, then by time. What is chosen counts as running,
/// and takes from the capacity.
pub(crate) fn choose(mut candidates: Vec<Candidate>, running: &mut Running, capacity: &mut Capacity) -> Vec<Candidate> {
    let mut chosen = Vec::new();
    while capacity.jobs > 0 {
        candidates.retain(|candidate| running.room(&candidate.kind, candidate.organization, capacity) > 0);
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
    fn of_many_groups_no_more_is_read_than_may_be_chosen() {
        let groups = |of: &[(u8, &str)]| -> Vec<_> {
            of.iter().map(|(of, kind)| Group { organization: organization(*of), kind: (*kind).to_owned() }).collect()
        };
        let two = groups(&[(1, MAIL), (2, MAIL)]);
        assert_eq!(limits(&two, &Running::default(), &capacity(8)), [4, 4]);
        assert_eq!(limits(&two, &Running::default(), &capacity(1)), [1, 1]);
        // The organization with fewer running jobs comes first until it has as many.
        let mut running = Running::default();
        (0..5).for_each(|_| running.add(REPORT, organization(1)));
        assert_eq!(limits(&two, &running, &capacity(4)), [1, 4]);
        assert_eq!(limits(&two, &running, &capacity(9)), [2, 7]);
        // One kind may have all the oldest jobs of an organization.
        let three = groups(&[(1, MAIL), (1, REPORT), (2, MAIL), (2, "unknown")]);
        assert_eq!(limits(&three, &Running::default(), &capacity(6)), [3, 3, 3, 0]);
        // What one may not take is left to others.
        let mut limited = capacity(8);
        limit(&mut limited, MAIL, |kind| kind.per_organization = Some(2));
        assert_eq!(limits(&three, &Running::default(), &limited), [2, 6, 2, 0]);
    }

    #[test]
    fn kinds_without_a_handler_are_left_to_others() {
        assert!(chosen(vec![job(1, 1, "unknown", 0)], Running::default(), capacity(9)).is_empty());
    }
}
