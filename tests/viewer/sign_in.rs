//! Guessing passwords slows down the guesser, and does not lock out the owner of the account.

use crate::support::{
    App, Value, World, json,
    process::{Process, free_port, run},
    redis::Redis,
};

const EMAIL: &str = "owner@atelier.example";
const PASSWORD: &str = "un long mot de passe";

/// The number of attempts per minute for an account from new addresses in these tests: ten times the limit of an
/// address.
const FROM_NEW_ADDRESSES: usize = 20;

/// Tries to sign in through a trusted proxy. Returns false if it is refused for too many attempts. Any other answer
/// must fit the password.
async fn tries(url: &str, from: &str, email: &str, password: &str) -> bool {
    let query = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken userErrors { code } } }";
    let body = json!({ "query": query, "variables": { "input": { "email": email, "password": password } } });
    let request = reqwest::Client::new().post(format!("{url}/graphql")).header("X-Forwarded-For", from).json(&body);
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    if answer["errors"][0]["extensions"]["code"] == "RATE_LIMITED" {
        return false;
    }
    let signed_in = answer["data"]["signIn"]["accessToken"].is_string();
    assert_eq!(signed_in, email == EMAIL && password == PASSWORD, "{answer:#}");
    true
}

/// Guesses from new addresses until they are refused. Returns the number of accepted guesses.
async fn guesses_from_everywhere(url: &str, network: &str, email: &str) -> usize {
    for guesses in 0..10 * FROM_NEW_ADDRESSES {
        if !tries(url, &format!("{network}.{guesses}"), email, "faux").await {
            return guesses;
        }
    }
    panic!("guesses from many addresses are never refused");
}

async fn world() -> World {
    let limits = ["--rate-sign-in=2", "--trusted-proxies=127.0.0.1"].map(str::to_owned);
    let world = World::on(App::configured(&limits).await).await;
    super::session::set_password(&world, EMAIL, PASSWORD).await;
    world
}

#[tokio::test]
async fn a_guesser_is_refused_and_the_owner_is_not() {
    let world = world().await;
    let url = &world.app.url;
    assert!(tries(url, "192.0.2.66", EMAIL, "faux").await);
    assert!(tries(url, "192.0.2.66", EMAIL, "faux").await);
    assert!(!tries(url, "192.0.2.66", EMAIL, PASSWORD).await, "the guesser's address has used its attempts");
    assert!(tries(url, "198.51.100.1", EMAIL, PASSWORD).await, "the owner comes from an address that is new");
}

#[tokio::test]
async fn guesses_from_many_addresses_do_not_lock_out_the_usual_ones() {
    let world = world().await;
    let url = &world.app.url;
    assert!(tries(url, "198.51.100.1", EMAIL, PASSWORD).await);
    let guesses = guesses_from_everywhere(url, "203.0.113", EMAIL).await;
    assert!(guesses >= FROM_NEW_ADDRESSES - 1, "one was the owner's: {guesses}");
    assert!(!tries(url, "198.51.100.2", EMAIL, PASSWORD).await, "new addresses are refused");
    assert!(tries(url, "198.51.100.1", EMAIL, PASSWORD).await, "the owner's is not");
}

/// Limits apply in the same way to accounts that do not exist.
#[tokio::test]
async fn limits_do_not_reveal_whether_an_account_exists() {
    let world = world().await;
    for (network, email) in [("203.0.113", EMAIL), ("198.51.100", "nobody@atelier.example")] {
        // Case and spaces do not make another account.
        assert!(tries(&world.app.url, "192.0.2.7", &format!(" {} ", email.to_uppercase()), "faux").await);
        let guesses = guesses_from_everywhere(&world.app.url, network, email).await;
        assert!((FROM_NEW_ADDRESSES - 1..2 * FROM_NEW_ADDRESSES).contains(&guesses), "{email}: {guesses}");
    }
}

/// Processes with the same Redis share their counts and known addresses.
#[tokio::test]
async fn processes_share_their_counts_through_redis() {
    let data = tempfile::tempdir().unwrap();
    run(data.path(), &["organization", "create", "atelier", "--name", "L’Atelier"]);
    run(data.path(), &["member", "add", EMAIL, "--organization", "atelier", "--role", "owner"]);
    set_password(data.path());
    let port = free_port();
    let _redis = Redis::start(port, data.path());
    let url = format!("redis://127.0.0.1:{port}");
    let configuration = [("REDIS_URL", url.as_str()), ("RATE_SIGN_IN", "2"), ("TRUSTED_PROXIES", "127.0.0.1")];
    let one = Process::serve_with(data.path(), free_port(), &configuration).await;
    let other = Process::serve_with(data.path(), free_port(), &configuration).await;
    for process in [&one, &other] {
        connected(&url, process).await;
    }
    assert!(tries(&one.url, "198.51.100.1", EMAIL, PASSWORD).await);
    guesses_from_everywhere(&other.url, "203.0.113", EMAIL).await;
    assert!(!tries(&one.url, "198.51.100.2", EMAIL, PASSWORD).await, "they count together");
    assert!(tries(&other.url, "198.51.100.1", EMAIL, PASSWORD).await, "the other process knows the address, too");
    let mut redis = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg("dossier:1:known:*").query_async(&mut redis).await.unwrap();
    let [key] = &keys[..] else { panic!("{keys:?}") };
    let addresses: Vec<String> = redis::cmd("LRANGE").arg(key).arg(0).arg(-1).query_async(&mut redis).await.unwrap();
    assert!(addresses.len() == 1 && !format!("{key}{addresses:?}").contains("198.51"), "{key}: {addresses:?}");
    let expires: i64 = redis::cmd("TTL").arg(key).query_async(&mut redis).await.unwrap();
    assert!(expires > 0, "{expires}");
}

fn set_password(data: &std::path::Path) {
    use std::{io::Write, process::Stdio};
    let mut command = crate::support::process::command(data);
    let mut child = command.args(["password", "set", EMAIL]).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success());
}

/// Waits until a process counts in Redis, where its counters have keys.
async fn connected(url: &str, process: &Process) {
    let mut redis = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    for attempt in 0..100 {
        redis::cmd("FLUSHALL").query_async::<()>(&mut redis).await.unwrap();
        tries(&process.url, &format!("192.0.2.{attempt}"), "nobody@atelier.example", "faux").await;
        let keys: Vec<String> = redis::cmd("KEYS").arg("dossier:1:rate:*").query_async(&mut redis).await.unwrap();
        if !keys.is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("nothing is counted in Redis");
}
