//! The run: all people listen and write, parts fail, and then the records are checked.

use super::{
    chaos::Chaos,
    checker::{Fault, FaultKind, check},
    cluster::{AGENCY, Cluster, NEIGHBOUR},
    history::Sampler,
    person::Person,
    random::Random,
    subscriber::{Subscriber, Topic},
    work::Position,
    writer::{KnownObjects, Workload, Writer},
};
use dossier::graphql::id;
use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::task::JoinSet;

/// The time limit for outstanding deliveries after the last failure.
const MAX_WAIT: Duration = Duration::from_mins(1);

/// The maximum number of faults in the message.
const SHOWN: usize = 20;

/// The pause between two mutations of a writer, so that debug builds can keep up.
const PAUSE: Duration = Duration::from_millis(40);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_is_lost_doubled_swapped_or_leaked() {
    let seed = number("CHECK_SEED")
        .unwrap_or_else(|| u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos()));
    let time = Duration::from_secs(number("CHECK_SECONDS").unwrap_or(20));
    println!("CHECK_SEED={seed} CHECK_SECONDS={}", time.as_secs());
    let mut cluster = Cluster::start().await;
    let participants = Participants::create(&cluster).await;
    let sampler = Sampler::begin(cluster.db.clone());
    let subscribers = participants.listen(&cluster, seed).await;
    let workload = Arc::new(Workload::default());
    let mut writing = participants.write(&cluster, &workload, seed);
    participants.chaos(seed).run(&mut cluster, time).await;
    workload.stop();
    while let Some(done) = writing.join_next().await {
        done.unwrap();
    }
    let faults: Vec<_> = settle(&cluster, &sampler, &subscribers).await.iter().map(Fault::to_string).collect();
    let delivered: usize = subscribers.iter().map(|subscriber| subscriber.record().deliveries.len()).sum();
    let done = workload.done.load(std::sync::atomic::Ordering::Relaxed);
    println!("{done} mutations, {delivered} events delivered to {} subscribers", subscribers.len());
    let void = workload.void.lock().unwrap();
    assert!(void.is_empty(), "CHECK_SEED={seed}: the run is void: {void:#?}");
    assert!(faults.is_empty(), "CHECK_SEED={seed}: {} faults: {:#?}", faults.len(), &faults[..faults.len().min(SHOWN)]);
    assert!(delivered > 3 * subscribers.len(), "CHECK_SEED={seed}: next to nothing was delivered");
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}: no number")))
}

/// Waits until no delivery is missing, and a little longer for extra ones.
pub async fn settle(cluster: &Cluster, sampler: &Sampler, subscribers: &[Subscriber]) -> Vec<Fault> {
    let begun = Instant::now();
    while faults(cluster, sampler, subscribers).await.iter().any(|fault| fault.kind == FaultKind::Lost)
        && begun.elapsed() < MAX_WAIT
    {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    faults(cluster, sampler, subscribers).await
}

async fn faults(cluster: &Cluster, sampler: &Sampler, subscribers: &[Subscriber]) -> Vec<Fault> {
    let history = sampler.read(&cluster.db).await;
    let of_one = |subscriber: &Subscriber| check(&history[&subscriber.organization()], &subscriber.record());
    subscribers.iter().flat_map(of_one).collect()
}

/// The people of a run, and their dossiers.
struct Participants {
    writers: Vec<(Arc<Person>, Position, Vec<Arc<KnownObjects>>)>,
    /// The people who listen, each to several topics.
    listeners: Vec<Arc<Person>>,
    signed_out_at_times: Vec<Arc<Person>>,
    to_be_suspended: Vec<Arc<Person>>,
    with_changing_sites: Arc<Person>,
    neighbours: Vec<Arc<Person>>,
    /// A dossier to which some people listen.
    dossier: String,
}

impl Participants {
    async fn create(cluster: &Cluster) -> Self {
        let hire = async |name, role, place: &[&str]| cluster.person(name, AGENCY, role, place).await;
        let hire_neighbour = async |name, role, place: &[&str]| cluster.person(name, NEIGHBOUR, role, place).await;
        let (olga, nora) = (hire("olga", "operator", &[]).await, hire_neighbour("nora", "operator", &[]).await);
        let (all, theirs) = (Arc::new(KnownObjects::default()), Arc::new(KnownObjects::default()));
        for (name, site) in [("Petit", "Paris"), ("Moreau", "Lyon"), ("Simon", "Nice"), ("Laurent", "Paris")] {
            let movable = cluster.dossier(&olga, name, Some(site)).await;
            all.add("Movable", &movable);
            all.add("Client", &movable);
        }
        let martin_id = cluster.dossier(&olga, "Martin", Some("Paris")).await;
        let durand_id = cluster.dossier(&olga, "Durand", Some("Lyon")).await;
        let voisin_id = cluster.dossier(&nora, "Voisine", None).await;
        let of = |dossier: &str| {
            let objects = Arc::new(KnownObjects::default());
            objects.add("Client", dossier);
            objects
        };
        all.add("Client", &martin_id);
        all.add("Client", &durand_id);
        theirs.add("Client", &voisin_id);
        let martin = hire("martin", "client", &[&martin_id]).await;
        let durand = hire("durand", "client", &[&durand_id]).await;
        let voisine = hire_neighbour("voisine", "client", &[&voisin_id]).await;
        let writers = vec![
            (olga, Position::Agency, vec![all.clone()]),
            (hire("omar", "owner", &[]).await, Position::Agency, vec![all.clone()]),
            (hire("mona", "manager", &["Paris", "Nice"]).await, Position::Manager, vec![all.clone()]),
            (hire("sami", "staff", &["Lyon"]).await, Position::Staff, vec![all.clone()]),
            (hire("martine", "client", &[&martin_id]).await, Position::Client, vec![of(&martin_id), all.clone()]),
            (nora.clone(), Position::Agency, vec![theirs]),
        ];
        let paul = hire("paul", "operator", &[]).await;
        let lise = hire("lise", "manager", &["Lyon"]).await;
        let with_changing_sites = hire("margaux", "manager", &["Paris"]).await;
        let to_be_suspended = vec![hire("denis", "operator", &[]).await, hire("diane", "staff", &["Paris"]).await];
        let listeners = [
            hire("oscar", "owner", &[]).await,
            hire("pia", "manager", &["Paris", "Lyon"]).await,
            hire("stan", "staff", &["Paris"]).await,
            hire("sara", "staff", &["Lyon", "Nice"]).await,
            durand,
        ];
        let neighbours = vec![nora, voisine, hire_neighbour("noah", "owner", &[]).await];
        let signed_out_at_times = vec![paul, lise, martin];
        let listeners = listeners
            .iter()
            .chain(&signed_out_at_times)
            .chain(&to_be_suspended)
            .chain([&with_changing_sites])
            .chain(&neighbours)
            .cloned();
        Self {
            listeners: listeners.collect(),
            writers,
            signed_out_at_times,
            to_be_suspended,
            with_changing_sites,
            neighbours,
            dossier: martin_id,
        }
    }

    /// Subscribes all people to all events and to the hub, and some to one dossier.
    async fn listen(&self, cluster: &Cluster, seed: u64) -> Vec<Subscriber> {
        let (urls, mut all) = (cluster.urls(), Vec::new());
        for person in &self.listeners {
            let from = cluster.end_for(person).await;
            let mut topics = vec![Topic::Everything, Topic::Hub];
            if matches!(person.name.as_str(), "oscar" | "pia" | "lise") {
                topics.push(Topic::Dossier(self.dossier.clone()));
            }
            for topic in topics {
                let random = Random::new(seed, 1_000 + all.len() as u64);
                all.push(Subscriber::begin(person, topic, urls.clone(), from.clone(), random));
            }
        }
        all
    }

    fn write(&self, cluster: &Cluster, workload: &Arc<Workload>, seed: u64) -> JoinSet<()> {
        let sites: Vec<_> = cluster.sites.values().map(|site| id::encode("site", *site)).collect();
        let mut writing = JoinSet::new();
        for ((person, post, objects), stream) in self.writers.iter().zip(1..) {
            let mut writer = Writer::new(person, &cluster.urls, workload, Random::new(seed, stream));
            writer.objects.clone_from(objects);
            if cluster.organizations[AGENCY] == person.organization {
                writer.sites.clone_from(&sites);
            }
            writing.spawn(writer.work(*post, PAUSE));
        }
        writing
    }

    fn chaos(&self, seed: u64) -> Chaos {
        let mut chaos = Chaos::new(Random::new(seed, 0), self.neighbours.clone(), self.with_changing_sites.clone());
        chaos.signed_out_at_times.clone_from(&self.signed_out_at_times);
        chaos.to_be_suspended.clone_from(&self.to_be_suspended);
        chaos
    }
}
