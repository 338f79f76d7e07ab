//! Callers behind a trusted proxy, with the examples in the guide and in `deploy/`.

use super::text;
use crate::support::{
    Actor, Value, json,
    process::{Process, free_port},
};
use std::net::IpAddr;

/// Returns the proxy configurations in the guide and the one of `compose.yml`.
fn examples() -> Vec<String> {
    let guide = text("docs/operate.md");
    let (_, section) = guide.split_once("\n## The proxy\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let examples: Vec<_> = blocks.chain([text("deploy/Caddyfile")]).collect();
    assert_eq!(examples.len(), 4);
    examples
}

/// Each writes `X-Forwarded-For` itself (Caddy by default), and removes the caller's header.
#[test]
fn every_example_removes_the_header_that_it_does_not_write() {
    for example in examples() {
        let caddy = example.contains("reverse_proxy");
        let writes = ["proxy_set_header X-Forwarded-For $remote_addr;", "set-header X-Forwarded-For %[src]"];
        assert!(caddy || writes.iter().any(|line| example.contains(line)), "{example}");
        let removes = ["header_up -Forwarded", "proxy_set_header Forwarded \"\";", "del-header Forwarded"];
        assert!(removes.iter().any(|line| example.contains(line)), "{example}");
    }
}

#[test]
fn the_containers_trust_their_proxy() {
    let compose: Value = serde_saphyr::from_str(&text("compose.yml")).unwrap();
    let trusted = compose["services"]["api-1"]["environment"]["TRUSTED_PROXIES"].as_str().unwrap();
    let networks: Vec<ipnet::IpNet> = trusted.split(',').map(|network| network.parse().unwrap()).collect();
    // Docker gives containers addresses from these networks.
    for container in ["172.18.0.7", "172.31.255.1", "192.168.16.2", "10.5.0.2", "fd00::7"] {
        let container: IpAddr = container.parse().unwrap();
        assert!(networks.iter().any(|network| network.contains(&container)), "{container}");
    }
    let stranger: IpAddr = "192.0.2.1".parse().unwrap();
    assert!(!networks.iter().any(|network| network.contains(&stranger)));
    assert!(compose["services"]["api-1"]["ports"].is_null(), "only the proxy reaches it");
    assert!(text("docs/operate.md").contains("\nTRUSTED_PROXIES=127.0.0.1\n"), "the guide's server.env");
}

const WARNING: &str = "TRUSTED_PROXIES does not contain the address that sent it";

async fn ask(server: &Process, header: &str, from: &str) {
    Actor::new(&server.url, "somebody", None).send_with("{ __typename }", json!({}), &[(header, from)]).await;
}

#[tokio::test]
async fn a_proxy_that_is_not_trusted_is_reported_once() {
    let data = tempfile::tempdir().unwrap();
    let server = Process::serve_with(data.path(), free_port(), &[("TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    assert!(!server.log().contains(WARNING), "{}", server.log());
    for header in ["X-Forwarded-For", "Forwarded", "X-Forwarded-For"] {
        ask(&server, header, "for=192.0.2.1").await;
    }
    let log = server.log();
    let warnings: Vec<_> = log.lines().filter(|line| line.contains(WARNING)).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    assert!(warnings[0].contains("WARN") && warnings[0].contains("127.0.0.1"), "{log}");
    server.end();

    let server = Process::serve_with(data.path(), free_port(), &[("TRUSTED_PROXIES", "127.0.0.1")]).await;
    ask(&server, "X-Forwarded-For", "192.0.2.1").await;
    let log = server.log();
    assert_eq!(log.lines().filter(|line| line.contains(WARNING)).count(), 1, "the one from before: {log}");
}
