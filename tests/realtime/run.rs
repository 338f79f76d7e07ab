//! The run: all people listen and write, parts fail, and then the records are checked.

use super::{
    chaos::Chaos,
    judge::{Fault, What, judge},
    person::Person,
    random::Random,
    stage::{AGENCY, NEIGHBOUR, Stage},
    subscriber::{Subscriber, Topic},
    truth::Watch,
    work::Post,
    writer::{Office, Things, Writer},
};
use dossier::graphql::id;
use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::task::JoinSet;

/// The time limit for outstanding deliveries after the last failure.
const PATIENCE: Duration = Duration::from_mins(1);

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
    let mut stage = Stage::set().await;
    let cast = Cast::gather(&stage).await;
    let watch = Watch::begin(stage.db.clone());
    let subscribers = cast.listen(&stage, seed).await;
    let office = Arc::new(Office::default());
    let mut writing = cast.write(&stage, &office, seed);
    cast.chaos(seed).reign(&mut stage, time).await;
    office.close();
    while let Some(done) = writing.join_next().await {
        done.unwrap();
    }
    let faults: Vec<_> = settle(&stage, &watch, &subscribers).await.iter().map(Fault::to_string).collect();
    let told: usize = subscribers.iter().map(|subscriber| subscriber.record().heard.len()).sum();
    let done = office.done.load(std::sync::atomic::Ordering::Relaxed);
    println!("{done} mutations, {told} events told to {} subscribers", subscribers.len());
    let void = office.void.lock().unwrap();
    assert!(void.is_empty(), "CHECK_SEED={seed}: the run is void: {void:#?}");
    assert!(faults.is_empty(), "CHECK_SEED={seed}: {} faults: {:#?}", faults.len(), &faults[..faults.len().min(SHOWN)]);
    assert!(told > 3 * subscribers.len(), "CHECK_SEED={seed}: next to nothing was told");
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text}: no number")))
}

/// Waits until no delivery is missing, and a little longer for extra ones.
pub async fn settle(stage: &Stage, watch: &Watch, subscribers: &[Subscriber]) -> Vec<Fault> {
    let begun = Instant::now();
    while faults(stage, watch, subscribers).await.iter().any(|fault| fault.what == What::Lost)
        && begun.elapsed() < PATIENCE
    {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    faults(stage, watch, subscribers).await
}

async fn faults(stage: &Stage, watch: &Watch, subscribers: &[Subscriber]) -> Vec<Fault> {
    let truth = watch.read(&stage.db).await;
    let of_one = |subscriber: &Subscriber| judge(&truth[&subscriber.organization()], &subscriber.record());
    subscribers.iter().flat_map(of_one).collect()
}

/// The people of a run, and their dossiers.
struct Cast {
    writers: Vec<(Arc<Person>, Post, Vec<Arc<Things>>)>,
    /// The people who listen, each to several topics.
    listeners: Vec<Arc<Person>>,
    loose: Vec<Arc<Person>>,
    doomed: Vec<Arc<Person>>,
    moved: Arc<Person>,
    neighbours: Vec<Arc<Person>>,
    /// A dossier to which some people listen.
    dossier: String,
}

impl Cast {
    async fn gather(stage: &Stage) -> Self {
        let hire = async |name, role, place: &[&str]| stage.person(name, AGENCY, role, place).await;
        let next_door = async |name, role, place: &[&str]| stage.person(name, NEIGHBOUR, role, place).await;
        let (olga, nora) = (hire("olga", "operator", &[]).await, next_door("nora", "operator", &[]).await);
        let (all, theirs) = (Arc::new(Things::default()), Arc::new(Things::default()));
        for (name, site) in [("Petit", "Paris"), ("Moreau", "Lyon"), ("Simon", "Nice"), ("Laurent", "Paris")] {
            let movable = stage.dossier(&olga, name, Some(site)).await;
            all.add("Movable", &movable);
            all.add("Client", &movable);
        }
        let martin_id = stage.dossier(&olga, "Martin", Some("Paris")).await;
        let durand_id = stage.dossier(&olga, "Durand", Some("Lyon")).await;
        let voisin_id = stage.dossier(&nora, "Voisine", None).await;
        let of = |dossier: &str| {
            let things = Arc::new(Things::default());
            things.add("Client", dossier);
            things
        };
        all.add("Client", &martin_id);
        all.add("Client", &durand_id);
        theirs.add("Client", &voisin_id);
        let martin = hire("martin", "client", &[&martin_id]).await;
        let durand = hire("durand", "client", &[&durand_id]).await;
        let voisine = next_door("voisine", "client", &[&voisin_id]).await;
        let writers = vec![
            (olga, Post::Agency, vec![all.clone()]),
            (hire("omar", "owner", &[]).await, Post::Agency, vec![all.clone()]),
            (hire("mona", "manager", &["Paris", "Nice"]).await, Post::Manager, vec![all.clone()]),
            (hire("sami", "staff", &["Lyon"]).await, Post::Staff, vec![all.clone()]),
            (hire("martine", "client", &[&martin_id]).await, Post::Client, vec![of(&martin_id), all.clone()]),
            (nora.clone(), Post::Agency, vec![theirs]),
        ];
        let paul = hire("paul", "operator", &[]).await;
        let lise = hire("lise", "manager", &["Lyon"]).await;
        let moved = hire("margaux", "manager", &["Paris"]).await;
        let doomed = vec![hire("denis", "operator", &[]).await, hire("diane", "staff", &["Paris"]).await];
        let listeners = [
            hire("oscar", "owner", &[]).await,
            hire("pia", "manager", &["Paris", "Lyon"]).await,
            hire("stan", "staff", &["Paris"]).await,
            hire("sara", "staff", &["Lyon", "Nice"]).await,
            durand,
        ];
        let neighbours = vec![nora, voisine, next_door("noah", "owner", &[]).await];
        let loose = vec![paul, lise, martin];
        let listeners = listeners.iter().chain(&loose).chain(&doomed).chain([&moved]).chain(&neighbours).cloned();
        Self { listeners: listeners.collect(), writers, loose, doomed, moved, neighbours, dossier: martin_id }
    }

    /// Subscribes all people to all events and to the hub, and some to one dossier.
    async fn listen(&self, stage: &Stage, seed: u64) -> Vec<Subscriber> {
        let (urls, mut all) = (stage.urls(), Vec::new());
        for person in &self.listeners {
            let from = stage.end_for(person).await;
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

    fn write(&self, stage: &Stage, office: &Arc<Office>, seed: u64) -> JoinSet<()> {
        let sites: Vec<_> = stage.sites.values().map(|site| id::encode("site", *site)).collect();
        let mut writing = JoinSet::new();
        for ((person, post, things), stream) in self.writers.iter().zip(1..) {
            let mut writer = Writer::new(person, &stage.urls, office, Random::new(seed, stream));
            writer.things.clone_from(things);
            if stage.organizations[AGENCY] == person.organization {
                writer.sites.clone_from(&sites);
            }
            writing.spawn(writer.work(*post, PAUSE));
        }
        writing
    }

    fn chaos(&self, seed: u64) -> Chaos {
        let mut chaos = Chaos::new(Random::new(seed, 0), self.neighbours.clone(), self.moved.clone());
        chaos.loose.clone_from(&self.loose);
        chaos.doomed.clone_from(&self.doomed);
        chaos
    }
}
