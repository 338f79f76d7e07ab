//! The distribution of sockets: organizations, their sockets by access scope, and the processes that hold them.

use super::costs::{DOSSIERS_PER_SOCKET, HUB, KINDS, ORGANIZATIONS, SECONDS_PER_WRITE, SKEW, SOCKETS_PER_HOME};

/// The strategy of the load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Any process.
    Anywhere,
    /// One of the few processes of the organization.
    Home,
}

/// An organization's sockets in one process.
#[derive(Clone, Default)]
pub struct Branch {
    /// Sockets of the hub, by access scope.
    pub hub: [usize; KINDS.len()],
    pub portals: usize,
}

impl Branch {
    pub fn is_empty(&self) -> bool {
        self.portals == 0 && self.hub.iter().all(|sockets| *sockets == 0)
    }
}

pub struct Organization {
    /// The processes that hold sockets of it.
    pub branches: Vec<(usize, Branch)>,
    /// The processes that get its requests.
    pub homes: Vec<usize>,
    pub writes_per_second: f64,
    pub dossiers: f64,
}

pub struct Topology {
    pub organizations: Vec<Organization>,
    pub random: Random,
}

impl Topology {
    pub fn new(sockets: usize, processes: usize, placement: Placement) -> Self {
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        let weight = |rank: usize| (rank as f64 + 1.0).powf(-SKEW);
        let all: f64 = (0..ORGANIZATIONS).map(weight).sum();
        let of = |rank| (sockets as f64 * weight(rank) / all).round().max(1.0) as usize;
        let organizations =
            (0..ORGANIZATIONS).map(|rank| organization(of(rank), processes, placement, &mut random)).collect();
        Self { organizations, random }
    }

    /// Creates one hub in one process, with an event per second.
    pub fn one_hub(sockets: usize) -> Self {
        let mut branch = Branch::default();
        branch.hub[1] = sockets;
        let only =
            Organization { branches: vec![(0, branch)], homes: vec![0], writes_per_second: 1.0, dossiers: 100.0 };
        Self { organizations: vec![only], random: Random(1) }
    }
}

fn organization(sockets: usize, processes: usize, placement: Placement, random: &mut Random) -> Organization {
    let homes: Vec<_> = match placement {
        Placement::Anywhere => (0..processes).collect(),
        Placement::Home => {
            let first = random.below(processes);
            let count = sockets.div_ceil(SOCKETS_PER_HOME).min(processes);
            (0..count).map(|next| (first + next) % processes).collect()
        }
    };
    let mut branches = vec![Branch::default(); processes];
    for _ in 0..sockets {
        let branch = &mut branches[homes[random.below(homes.len())]];
        match kind(random) {
            Some(kind) => branch.hub[kind] += 1,
            None => branch.portals += 1,
        }
    }
    let branches = branches.into_iter().enumerate().filter(|(_, branch)| !branch.is_empty()).collect();
    let writes_per_second = sockets as f64 / SECONDS_PER_WRITE;
    Organization { branches, homes, writes_per_second, dossiers: sockets as f64 * DOSSIERS_PER_SOCKET }
}

/// Returns the access scope of a socket, or `None` for a portal.
fn kind(random: &mut Random) -> Option<usize> {
    if random.next() >= HUB {
        return None;
    }
    let mut drawn = random.next();
    KINDS.iter().position(|(part, _)| {
        drawn -= part;
        drawn < 0.0
    })
}

/// A reproducible random generator (xorshift64*, Marsaglia and Vigna).
pub struct Random(u64);

impl Random {
    /// Returns a number in `0.0..1.0`.
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() * limit as f64) as usize
    }

    /// Returns a random pause between events with this rate.
    pub fn pause(&mut self, per_second: f64) -> f64 {
        -(1.0 - self.next()).ln() / per_second
    }
}
