//! Failures and changes of rights, in a schedule that depends on the seed.

use super::{
    cluster::{Cluster, NEIGHBOUR},
    person::Person,
    random::Random,
    rules::Rights,
};
use crate::support::{
    process::{run, signal},
    redis::Redis,
};
use sea_orm::ConnectionTrait;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::sleep};

/// Longer than the time limit for ending access, so that silence is checked for a while.
const GAP: Duration = Duration::from_secs(7);

#[derive(Clone, Copy, Debug)]
enum Failure {
    Kill(usize),
    RedisDies,
    RedisStops,
    Cut(usize),
    Freeze(usize),
    SignOut,
    SuspendMember,
    SuspendOrganization,
    ChangeSites,
}

const ALL: [Failure; 13] = [
    Failure::Kill(0),
    Failure::Kill(1),
    Failure::RedisDies,
    Failure::RedisStops,
    Failure::Cut(0),
    Failure::Cut(1),
    Failure::Freeze(0),
    Failure::Freeze(1),
    Failure::SignOut,
    Failure::SignOut,
    Failure::SuspendMember,
    Failure::SuspendOrganization,
    Failure::ChangeSites,
];

pub struct Chaos {
    pub random: Random,
    /// People who may be signed out.
    pub signed_out_at_times: Vec<Arc<Person>>,
    /// People who may be suspended forever.
    pub to_be_suspended: Vec<Arc<Person>>,
    /// All people of the organization that may be suspended.
    pub neighbours: Vec<Arc<Person>>,
    /// A manager who gets other sites.
    pub with_changing_sites: Arc<Person>,
    running: JoinSet<()>,
    /// The end of the current gap. A second gap of the same people must not overlap with it.
    busy_until: Instant,
}

impl Chaos {
    pub fn new(random: Random, neighbours: Vec<Arc<Person>>, with_changing_sites: Arc<Person>) -> Self {
        let (signed_out_at_times, to_be_suspended) = (Vec::new(), Vec::new());
        let (running, busy_until) = (JoinSet::new(), Instant::now());
        Self { random, signed_out_at_times, to_be_suspended, neighbours, with_changing_sites, running, busy_until }
    }

    /// Causes failures for this long. Then everything is restored.
    pub async fn run(mut self, cluster: &mut Cluster, time: Duration) {
        let begun = Instant::now();
        let mut deck = Vec::new();
        while begun.elapsed() < time {
            if deck.is_empty() {
                deck = ALL.to_vec();
                self.random.shuffle(&mut deck);
            }
            let failure = deck.pop().unwrap();
            println!("{:>7.1} s: {failure:?}", begun.elapsed().as_secs_f64());
            self.cause(cluster, failure).await;
            sleep(self.random.time(100, 900)).await;
        }
        while let Some(done) = self.running.join_next().await {
            done.unwrap();
        }
    }

    async fn cause(&mut self, cluster: &mut Cluster, failure: Failure) {
        let while_away = self.random.time(100, 1_500);
        match failure {
            Failure::Kill(which) => {
                cluster.kill(which);
                sleep(while_away).await;
                cluster.serve(which).await;
            }
            Failure::RedisDies => {
                cluster.redis = None;
                sleep(while_away * 2).await;
                cluster.redis = Some(Redis::start(cluster.redis_port, cluster.data.path()));
            }
            Failure::RedisStops => {
                let redis = &cluster.redis.as_ref().unwrap().0;
                signal(redis, "STOP");
                sleep(while_away * 2).await;
                signal(redis, "CONT");
            }
            Failure::Cut(which) => cluster.proxies[which].cut(),
            Failure::Freeze(which) => self.freeze(cluster, which, while_away),
            Failure::SignOut => self.sign_out(cluster),
            Failure::SuspendMember => self.suspend_member(cluster),
            Failure::SuspendOrganization => self.suspend_organization(cluster),
            Failure::ChangeSites => self.change_sites(cluster).await,
        }
    }

    fn freeze(&mut self, cluster: &Cluster, which: usize, time: Duration) {
        let proxies = cluster.proxies.clone();
        self.running.spawn(async move {
            proxies[which].freeze(true);
            sleep(time).await;
            proxies[which].freeze(false);
        });
    }

    /// Ends their session. Later they sign in again and continue from their cursor.
    fn sign_out(&mut self, cluster: &Cluster) {
        let free = |person: &&Arc<Person>| person.access_gaps().iter().all(|gap| gap.until.is_some());
        let free: Vec<_> = self.signed_out_at_times.iter().filter(free).cloned().collect();
        let Some(person) = self.random.one(&free) else { return };
        let (urls, data) = (cluster.urls.clone(), cluster.data.clone());
        person.access_ending();
        self.running.spawn(async move {
            sign_out(&urls, &person).await;
            person.access_ended();
            sleep(GAP).await;
            let address = person.email();
            let token = tokio::task::spawn_blocking(move || run(data.path(), &["token", &address])).await.unwrap();
            person.access_restored(Some(token));
        });
    }

    fn suspend_member(&mut self, cluster: &Cluster) {
        let Some(person) = self.to_be_suspended.pop() else { return };
        let data = cluster.data.clone();
        person.access_ending();
        self.running.spawn(async move {
            let address = person.email();
            let arguments =
                ["member", "suspend", &address, "--organization", super::cluster::AGENCY].map(str::to_owned);
            command(data, arguments.to_vec()).await;
            person.access_ended();
            sleep(GAP).await;
        });
    }

    fn suspend_organization(&mut self, cluster: &Cluster) {
        if self.busy_until > Instant::now() {
            return;
        }
        self.busy_until = Instant::now() + GAP * 2;
        let (data, people) = (cluster.data.clone(), self.neighbours.clone());
        self.running.spawn(async move {
            let change = |word: &str| vec!["organization".to_owned(), word.to_owned(), NEIGHBOUR.to_owned()];
            for person in &people {
                person.access_ending();
            }
            command(data.clone(), change("suspend")).await;
            for person in &people {
                person.access_ended();
            }
            sleep(GAP).await;
            for person in &people {
                person.access_restored(None);
            }
            command(data, change("resume")).await;
        });
    }

    /// Uses SQL, because there is no command for it yet.
    async fn change_sites(&mut self, cluster: &Cluster) {
        let names =
            self.random.one(&[vec!["Paris"], vec!["Lyon"], vec!["Paris", "Lyon"], vec!["Nice", "Lyon"]]).unwrap();
        let sites = cluster.sites_of(&names);
        let asked = Instant::now();
        cluster.db.execute_unprepared(&change_of_sites(&self.with_changing_sites.email(), &sites)).await.unwrap();
        self.with_changing_sites.set_rights(Rights::Manager { sites }, asked);
    }
}

/// Returns SQL that gives a member these sites only.
pub fn change_of_sites(email: &str, sites: &[uuid::Uuid]) -> String {
    let member = format!(
        "SELECT membership.id, membership.organization_id FROM membership \
         JOIN user_account ON user_account.id = membership.user_id WHERE email = '{email}'"
    );
    let sites: Vec<_> = sites.iter().map(|site| format!("('{site}'::uuid)")).collect();
    format!(
        "WITH member AS ({member}), gone AS ( \
             DELETE FROM membership_site USING member WHERE membership_id = member.id \
             AND site_id NOT IN (SELECT * FROM (VALUES {sites}) AS given)) \
         INSERT INTO membership_site (membership_id, site_id, organization_id) \
         SELECT member.id, given.id, member.organization_id FROM member, (VALUES {sites}) AS given (id) \
         ON CONFLICT DO NOTHING",
        sites = sites.join(", ")
    )
}

async fn command(data: Arc<tempfile::TempDir>, arguments: Vec<String>) {
    let run = move || run(data.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    tokio::task::spawn_blocking(run).await.unwrap();
}

/// Signs out at one of the servers, until one has done it. A refused token also means success.
pub async fn sign_out(urls: &[String], person: &Person) {
    let http = crate::support::actors::http_client();
    for url in urls.iter().cycle() {
        let body = serde_json::json!({ "query": "mutation { signOut { signedOut } }" });
        let request = http.post(format!("{url}/graphql")).bearer_auth(person.token()).json(&body);
        if let Ok(answer) = request.send().await
            && matches!(answer.status().as_u16(), 200 | 401)
        {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
}
