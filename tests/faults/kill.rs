//! Repeated `kill -9`.

use super::{cursor, follower::Follower, set_up, work};
use crate::support::{
    process::{Process, free_port},
    services::Services,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_half_done_doubled_or_lost() {
    let data = tempfile::tempdir().unwrap();
    let services = Services::of_set(data.path()).await;
    if let Some(services) = &services {
        services.write(data.path());
    }
    let token = set_up(data.path());
    let port = free_port();
    let mut server = Process::serve(data.path(), port).await;
    let olga = server.actor("olga", &token);
    let servers = [olga.clone()];
    let follower = Follower::begin(&servers, cursor(&olga).await);
    let people = work::Work::begin(&servers);
    for rounds in [5, 3, 6, 2] {
        people.wait_for(rounds).await;
        server.kill();
        server = Process::serve(data.path(), port).await;
    }
    people.wait_for(3).await;
    let turns = people.end().await;
    work::assert_consistent(&olga, turns, &follower.end(3 * turns).await).await;
}
