//! Failures and changes of rights, in a schedule that depends on the seed.

use super::{
    person::Person,
    random::Random,
    sight::Rights,
    stage::{NEIGHBOUR, Stage},
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
const SHUT_OUT: Duration = Duration::from_secs(7);

#[derive(Clone, Copy, Debug)]
enum Blow {
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

const ALL: [Blow; 13] = [
    Blow::Kill(0),
    Blow::Kill(1),
    Blow::RedisDies,
    Blow::RedisStops,
    Blow::Cut(0),
    Blow::Cut(1),
    Blow::Freeze(0),
    Blow::Freeze(1),
    Blow::SignOut,
    Blow::SignOut,
    Blow::SuspendMember,
    Blow::SuspendOrganization,
    Blow::ChangeSites,
];

pub struct Chaos {
    pub random: Random,
    /// People who may be signed out.
    pub loose: Vec<Arc<Person>>,
    /// People who may be suspended forever.
    pub doomed: Vec<Arc<Person>>,
    /// All people of the organization that may be suspended.
    pub neighbours: Vec<Arc<Person>>,
    /// A manager who gets other sites.
    pub moved: Arc<Person>,
    running: JoinSet<()>,
    /// The end of the current gap. A second gap of the same people must not overlap with it.
    busy_until: Instant,
}

impl Chaos {
    pub fn new(random: Random, neighbours: Vec<Arc<Person>>, moved: Arc<Person>) -> Self {
        let (loose, doomed) = (Vec::new(), Vec::new());
        let (running, busy_until) = (JoinSet::new(), Instant::now());
        Self { random, loose, doomed, neighbours, moved, running, busy_until }
    }

    /// Causes failures for this long. Then everything is restored.
    pub async fn reign(mut self, stage: &mut Stage, time: Duration) {
        let begun = Instant::now();
        let mut deck = Vec::new();
        while begun.elapsed() < time {
            if deck.is_empty() {
                deck = ALL.to_vec();
                self.random.shuffle(&mut deck);
            }
            let blow = deck.pop().unwrap();
            println!("{:>7.1} s: {blow:?}", begun.elapsed().as_secs_f64());
            self.strike(stage, blow).await;
            sleep(self.random.time(100, 900)).await;
        }
        while let Some(done) = self.running.join_next().await {
            done.unwrap();
        }
    }

    async fn strike(&mut self, stage: &mut Stage, blow: Blow) {
        let while_away = self.random.time(100, 1_500);
        match blow {
            Blow::Kill(which) => {
                stage.kill(which);
                sleep(while_away).await;
                stage.serve(which).await;
            }
            Blow::RedisDies => {
                stage.redis = None;
                sleep(while_away * 2).await;
                stage.redis = Some(Redis::start(stage.redis_port, stage.data.path()));
            }
            Blow::RedisStops => {
                let redis = &stage.redis.as_ref().unwrap().0;
                signal(redis, "STOP");
                sleep(while_away * 2).await;
                signal(redis, "CONT");
            }
            Blow::Cut(which) => stage.proxies[which].cut(),
            Blow::Freeze(which) => self.freeze(stage, which, while_away),
            Blow::SignOut => self.sign_out(stage),
            Blow::SuspendMember => self.suspend_member(stage),
            Blow::SuspendOrganization => self.suspend_organization(stage),
            Blow::ChangeSites => self.change_sites(stage).await,
        }
    }

    fn freeze(&mut self, stage: &Stage, which: usize, time: Duration) {
        let proxies = stage.proxies.clone();
        self.running.spawn(async move {
            proxies[which].freeze(true);
            sleep(time).await;
            proxies[which].freeze(false);
        });
    }

    /// Ends their session. Later they sign in again and continue from their cursor.
    fn sign_out(&mut self, stage: &Stage) {
        let free = |person: &&Arc<Person>| person.sentences().iter().all(|sentence| sentence.until.is_some());
        let free: Vec<_> = self.loose.iter().filter(free).cloned().collect();
        let Some(person) = self.random.one(&free) else { return };
        let (urls, data) = (stage.urls.clone(), stage.data.clone());
        person.shut_out();
        self.running.spawn(async move {
            sign_out(&urls, &person).await;
            person.surely_out();
            sleep(SHUT_OUT).await;
            let address = person.email();
            let token = tokio::task::spawn_blocking(move || run(data.path(), &["token", &address])).await.unwrap();
            person.let_in(Some(token));
        });
    }

    fn suspend_member(&mut self, stage: &Stage) {
        let Some(person) = self.doomed.pop() else { return };
        let data = stage.data.clone();
        person.shut_out();
        self.running.spawn(async move {
            let address = person.email();
            let arguments = ["member", "suspend", &address, "--organization", super::stage::AGENCY].map(str::to_owned);
            command(data, arguments.to_vec()).await;
            person.surely_out();
            sleep(SHUT_OUT).await;
        });
    }

    fn suspend_organization(&mut self, stage: &Stage) {
        if self.busy_until > Instant::now() {
            return;
        }
        self.busy_until = Instant::now() + SHUT_OUT * 2;
        let (data, people) = (stage.data.clone(), self.neighbours.clone());
        self.running.spawn(async move {
            let change = |word: &str| vec!["organization".to_owned(), word.to_owned(), NEIGHBOUR.to_owned()];
            for person in &people {
                person.shut_out();
            }
            command(data.clone(), change("suspend")).await;
            for person in &people {
                person.surely_out();
            }
            sleep(SHUT_OUT).await;
            for person in &people {
                person.let_in(None);
            }
            command(data, change("resume")).await;
        });
    }

    /// Uses SQL, because there is no command for it yet.
    async fn change_sites(&mut self, stage: &Stage) {
        let names =
            self.random.one(&[vec!["Paris"], vec!["Lyon"], vec!["Paris", "Lyon"], vec!["Nice", "Lyon"]]).unwrap();
        let sites = stage.sites_of(&names);
        let asked = Instant::now();
        stage.db.execute_unprepared(&change_of_sites(&self.moved.email(), &sites)).await.unwrap();
        self.moved.becomes(Rights::Manager { sites }, asked);
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
    let http = reqwest::Client::new();
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
