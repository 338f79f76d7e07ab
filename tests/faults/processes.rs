//! Two processes serve one database. One of them is killed under load and restarted.

use super::{cursor, follower::Follower, set_up, work};
use crate::support::{
    process::{Process, free_port},
    services::Services,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_processes_is_killed() {
    let data = tempfile::tempdir().unwrap();
    let services = Services::production(data.path()).await;
    services.write(data.path());
    let token = set_up(data.path());
    let port = free_port();
    let mut mortal = Process::serve(data.path(), port).await;
    let other = Process::serve(data.path(), free_port()).await;
    let servers = [mortal.actor("olga", &token), other.actor("olga", &token)];
    let from = cursor(&servers[0]).await;
    let on_the_mortal = Follower::begin(&servers, from.clone());
    let on_the_other = Follower::begin(&servers[1..], from);
    let people = work::Work::begin(&servers);
    for rounds in [5, 3, 6] {
        people.wait_for(rounds).await;
        mortal.kill();
        people.wait_for(3).await;
        mortal = Process::serve(data.path(), port).await;
    }
    people.wait_for(3).await;
    let turns = people.end().await;
    work::assert_consistent(&servers[0], turns, &on_the_mortal.end(3 * turns).await).await;
    work::assert_consistent(&servers[1], turns, &on_the_other.end(3 * turns).await).await;
}
