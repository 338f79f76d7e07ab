//! The simulation: writes, and the steps that follow from them.

use super::{
    costs::{
        BROADCAST, BROADCAST_STATEMENTS, DELIVERY, FLUSH, HEAR, KINDS, LOOK_EVERY, LOOK_STATEMENTS, MUTATION,
        MUTATION_STATEMENTS, OUTBOX_READER, OUTBOX_READER_STATEMENTS, PASS_ON, POSTGRES_CORES, PUBLISH, ROUND_TRIP,
        STATEMENT,
    },
    topology::Topology,
};
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

/// A resource with cores, each of which does one thing at a time.
struct Station {
    free: Vec<f64>,
    /// The requested work, in seconds of a core.
    asked: f64,
}

impl Station {
    fn new(cores: usize) -> Self {
        Self { free: vec![0.0; cores], asked: 0.0 }
    }

    /// Returns the time at which this work is done.
    fn takes(&mut self, now: f64, cost: f64) -> f64 {
        self.asked += cost;
        let core = self.free.iter_mut().min_by(|a, b| a.total_cmp(b)).unwrap();
        *core = core.max(now) + cost;
        *core
    }
}

/// A place: an organization, and the index of a process among those with its sockets.
#[derive(Clone, Copy)]
struct Place {
    organization: usize,
    branch: usize,
}

#[derive(Clone, Copy)]
enum Step {
    /// A person begins to write.
    Write { organization: usize },
    /// The process has parsed the mutation, which began at this time.
    Store { organization: usize, process: usize, begun: f64 },
    /// The event can be read.
    Committed { organization: usize, process: usize, begun: f64 },
    /// A message of Redis has arrived.
    RedisMessage { organization: usize, process: usize },
    /// An outbox reader must read.
    Wake(Place),
    /// It has read events up to this index.
    Read(Place, usize),
    /// The broadcasts are notified of them.
    Notified(Place, usize),
    /// A broadcast has read an event, which began at this time, for this many sockets.
    Entered { place: Place, kind: usize, begun: f64, sockets: usize },
    /// The broadcast of an access scope can take the next event.
    Free { place: Place, kind: usize },
    /// An outbox reader reads without a wake-up.
    Look(Place),
}

#[derive(Default)]
struct OutboxReader {
    known: usize,
    busy: bool,
    again: bool,
}

#[derive(Clone, Default)]
struct Broadcast {
    waiting: VecDeque<f64>,
    busy: bool,
}

/// An event: the start of its mutation, and the half of the dossiers that it belongs to.
struct Event {
    begun: f64,
    half: usize,
}

/// The access scope of a portal. Each portal has its own broadcast.
const PORTAL: usize = KINDS.len();

/// The state of the simulation.
pub struct Simulation {
    topology: Topology,
    processes: Vec<Station>,
    postgres: Station,
    redis: Station,
    outbox_readers: Vec<Vec<OutboxReader>>,
    broadcasts: Vec<Vec<[Broadcast; KINDS.len()]>>,
    log: Vec<Vec<Event>>,
    /// Steps by time in nanoseconds, then by the order of their creation, with their index.
    agenda: BinaryHeap<Reverse<(u64, usize)>>,
    steps: Vec<Step>,
    outcome: Outcome,
    /// The cost of planning a read of events.
    planning: f64,
}

/// The result. Loads are shares of the capacity. More than 1 is an overload.
#[derive(Default)]
pub struct Outcome {
    pub writes: f64,
    pub delivered: f64,
    pub statements: f64,
    pub passed_on: f64,
    pub mean: f64,
    pub busiest: f64,
    pub postgres: f64,
    pub redis: f64,
    /// The number of deliveries by latency in milliseconds.
    within: Vec<u64>,
}

impl Outcome {
    /// Returns the latency of this share of the deliveries, in seconds.
    pub fn latency(&self, share: f64) -> f64 {
        let wanted = (self.within.iter().sum::<u64>() as f64 * share).ceil() as u64;
        let mut found = 0;
        let place = self.within.iter().position(|count| {
            found += count;
            found >= wanted
        });
        place.unwrap_or_default() as f64 / 1e3
    }

    fn record(&mut self, latency: f64) {
        let millisecond = (latency * 1e3).ceil() as usize;
        if self.within.len() <= millisecond {
            self.within.resize(millisecond + 1, 0);
        }
        self.within[millisecond] += 1;
        self.delivered += 1.0;
    }
}

impl Simulation {
    pub fn new(topology: Topology, processes: usize, planning: f64) -> Self {
        let branches = |organization: &super::topology::Organization| organization.branches.len();
        let outbox_readers =
            topology.organizations.iter().map(|one| (0..branches(one)).map(|_| OutboxReader::default()).collect());
        let broadcasts = topology.organizations.iter().map(|one| vec![Default::default(); branches(one)]);
        Self {
            processes: (0..processes).map(|_| Station::new(1)).collect(),
            postgres: Station::new(POSTGRES_CORES),
            redis: Station::new(1),
            outbox_readers: outbox_readers.collect(),
            broadcasts: broadcasts.collect(),
            log: topology.organizations.iter().map(|_| Vec::new()).collect(),
            agenda: BinaryHeap::new(),
            steps: Vec::new(),
            outcome: Outcome::default(),
            planning,
            topology,
        }
    }

    /// Simulates this many seconds.
    pub fn run(mut self, lasts: f64) -> Outcome {
        for organization in 0..self.topology.organizations.len() {
            self.next_write(organization, 0.0);
            for branch in 0..self.outbox_readers[organization].len() {
                let first = self.topology.random.next() * LOOK_EVERY;
                self.plan(first, Step::Look(Place { organization, branch }));
            }
        }
        while let Some(Reverse((at, number))) = self.agenda.pop() {
            let now = at as f64 / 1e9;
            if now > lasts {
                break;
            }
            self.happens(now, self.steps[number]);
        }
        let share = |station: &Station| station.asked / lasts / station.free.len() as f64;
        let cores: Vec<_> = self.processes.iter().map(share).collect();
        let Outcome { writes, delivered, statements, passed_on, .. } = self.outcome;
        Outcome {
            writes: writes / lasts,
            delivered: delivered / lasts,
            statements: statements / lasts,
            passed_on: passed_on / lasts,
            mean: cores.iter().sum::<f64>() / cores.len() as f64,
            busiest: cores.iter().copied().fold(0.0, f64::max),
            postgres: share(&self.postgres),
            redis: share(&self.redis),
            ..self.outcome
        }
    }

    fn plan(&mut self, at: f64, step: Step) {
        self.agenda.push(Reverse(((at * 1e9) as u64, self.steps.len())));
        self.steps.push(step);
    }

    fn next_write(&mut self, organization: usize, now: f64) {
        let pause = self.topology.random.pause(self.topology.organizations[organization].writes_per_second);
        self.plan(now + pause, Step::Write { organization });
    }

    /// Returns the time at which the database has answered this many statements, one after the other.
    fn asks(&mut self, now: f64, statements: u32) -> f64 {
        self.works(now, statements, 0.0)
    }

    /// The same, if one of them reads events.
    fn reads(&mut self, now: f64, statements: u32) -> f64 {
        self.works(now, statements, self.planning)
    }

    fn works(&mut self, now: f64, statements: u32, besides: f64) -> f64 {
        self.outcome.statements += f64::from(statements);
        let done = self.postgres.takes(now, f64::from(statements) * STATEMENT + besides);
        done + f64::from(statements) * ROUND_TRIP
    }

    fn process(&self, place: Place) -> usize {
        self.topology.organizations[place.organization].branches[place.branch].0
    }

    fn outbox_reader(&mut self, place: Place) -> &mut OutboxReader {
        &mut self.outbox_readers[place.organization][place.branch]
    }

    /// Returns the place of an organization in a process, if it has sockets there.
    fn listening(&self, organization: usize, process: usize) -> Option<Place> {
        let branches = &self.topology.organizations[organization].branches;
        let branch = branches.binary_search_by_key(&process, |(process, _)| *process).ok()?;
        Some(Place { organization, branch })
    }

    fn happens(&mut self, now: f64, step: Step) {
        match step {
            Step::Write { organization } => {
                self.outcome.writes += 1.0;
                self.next_write(organization, now);
                let homes = &self.topology.organizations[organization].homes;
                let process = homes[self.topology.random.below(homes.len())];
                let done = self.processes[process].takes(now, MUTATION);
                self.plan(done, Step::Store { organization, process, begun: now });
            }
            Step::Store { organization, process, begun } => {
                let stored = self.asks(now, MUTATION_STATEMENTS);
                let flushed = (stored / FLUSH).ceil() * FLUSH + FLUSH;
                self.plan(flushed, Step::Committed { organization, process, begun });
            }
            Step::Committed { organization, process, begun } => self.committed(now, organization, process, begun),
            Step::RedisMessage { organization, process } => {
                let done = self.processes[process].takes(now, HEAR);
                if let Some(place) = self.listening(organization, process) {
                    self.plan(done, Step::Wake(place));
                }
            }
            Step::Wake(place) => self.wake(now, place),
            Step::Read(place, known) => {
                let process = self.process(place);
                let done = self.processes[process].takes(now, OUTBOX_READER);
                self.plan(done, Step::Notified(place, known));
            }
            Step::Notified(place, known) => self.notified(now, place, known),
            Step::Entered { place, kind, begun, sockets } => self.deliver(now, place, kind, begun, sockets),
            Step::Free { place, kind } => {
                self.broadcasts[place.organization][place.branch][kind].busy = false;
                self.proceed(now, place, kind);
            }
            Step::Look(place) => {
                self.asks(now, LOOK_STATEMENTS);
                let process = self.process(place);
                self.processes[process].takes(now, OUTBOX_READER);
                self.plan(now + LOOK_EVERY, Step::Look(place));
            }
        }
    }

    /// Wakes this process directly, and the others through Redis.
    fn committed(&mut self, now: f64, organization: usize, process: usize, begun: f64) {
        let half = self.topology.random.below(2);
        self.log[organization].push(Event { begun, half });
        if let Some(place) = self.listening(organization, process) {
            self.plan(now, Step::Wake(place));
        }
        let others = self.processes.len() - 1;
        if others == 0 {
            return;
        }
        self.outcome.passed_on += others as f64;
        let passed_on = self.redis.takes(now, PUBLISH + others as f64 * PASS_ON) + ROUND_TRIP;
        for other in (0..=others).filter(|other| *other != process) {
            self.plan(passed_on, Step::RedisMessage { organization, process: other });
        }
    }

    fn wake(&mut self, now: f64, place: Place) {
        let known = self.log[place.organization].len();
        let outbox_reader = self.outbox_reader(place);
        if std::mem::replace(&mut outbox_reader.busy, true) {
            outbox_reader.again = true;
            return;
        }
        let read = self.reads(now, OUTBOX_READER_STATEMENTS);
        self.plan(read, Step::Read(place, known));
    }

    fn notified(&mut self, now: f64, place: Place, known: usize) {
        let outbox_reader = self.outbox_reader(place);
        let before = std::mem::replace(&mut outbox_reader.known, known);
        outbox_reader.busy = false;
        let again = std::mem::take(&mut outbox_reader.again);
        let branch = self.topology.organizations[place.organization].branches[place.branch].1.clone();
        let listening = branch.portals as f64 / self.topology.organizations[place.organization].dossiers;
        for number in before..known {
            let Event { begun, half } = self.log[place.organization][number];
            for (kind, (_, all)) in KINDS.iter().enumerate() {
                if branch.hub[kind] > 0 && (*all || kind % 2 == half) {
                    self.broadcasts[place.organization][place.branch][kind].waiting.push_back(begun);
                    self.proceed(now, place, kind);
                }
            }
            if self.topology.random.next() < listening {
                let entered = self.reads(now, BROADCAST_STATEMENTS);
                self.plan(entered, Step::Entered { place, kind: PORTAL, begun, sockets: 1 });
            }
        }
        if again {
            self.wake(now, place);
        }
    }

    /// Lets a broadcast deliver its next event.
    fn proceed(&mut self, now: f64, place: Place, kind: usize) {
        let broadcast = &mut self.broadcasts[place.organization][place.branch][kind];
        if broadcast.busy {
            return;
        }
        let Some(begun) = broadcast.waiting.pop_front() else { return };
        broadcast.busy = true;
        let sockets = self.topology.organizations[place.organization].branches[place.branch].1.hub[kind];
        let entered = self.reads(now, BROADCAST_STATEMENTS);
        self.plan(entered, Step::Entered { place, kind, begun, sockets });
    }

    fn deliver(&mut self, now: f64, place: Place, kind: usize, begun: f64, sockets: usize) {
        let process = self.process(place);
        let delivered = self.processes[process].takes(now, BROADCAST + sockets as f64 * DELIVERY);
        for left in 0..sockets {
            self.outcome.record(delivered - left as f64 * DELIVERY - begun);
        }
        if kind != PORTAL {
            self.plan(delivered, Step::Free { place, kind });
        }
    }
}
