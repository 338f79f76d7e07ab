//! The web app, or the page that stands in for it.

use crate::support::{App, actors::http_client};
use reqwest::{Method, Response};
use std::{fs, path::Path};

const PAGE: &str = "<!doctype html><title>Hub</title>";

async fn with_app(folder: &Path) -> App {
    fs::create_dir_all(folder.join("assets")).unwrap();
    fs::write(folder.join("index.html"), PAGE).unwrap();
    fs::write(folder.join("assets/index-B3xq9.js"), "x".repeat(10_000)).unwrap();
    fs::write(folder.join("favicon.svg"), "<svg/>").unwrap();
    App::configured(&[format!("--web-app={}", folder.display())]).await
}

async fn get(app: &App, path: &str, headers: &[(&str, &str)]) -> Response {
    request(app, Method::GET, path, headers).await
}

async fn request(app: &App, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = http_client().request(method, format!("{}{path}", app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

const AS_PAGE: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

#[tokio::test]
async fn the_app_is_served_at_all_its_addresses() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_app(folder.path()).await;
    for path in ["/", "/validation", "/dossiers/client_0194/documents?tab=1"] {
        let page = get(&app, path, &[AS_PAGE]).await;
        assert_eq!((page.status().as_u16(), header(&page, "content-type").as_str()), (200, "text/html; charset=utf-8"));
        assert_eq!(header(&page, "cache-control"), "no-cache");
        let policy = header(&page, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval"), "{policy}");
        assert_eq!(page.text().await.unwrap(), PAGE, "{path}");
    }
    let script = get(&app, "/assets/index-B3xq9.js", &[("accept-encoding", "gzip")]).await;
    assert_eq!(header(&script, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(
        (header(&script, "content-type").as_str(), header(&script, "content-encoding").as_str()),
        ("text/javascript", "gzip")
    );
    let icon = get(&app, "/favicon.svg", &[]).await;
    assert_eq!(
        (header(&icon, "content-type").as_str(), header(&icon, "cache-control").as_str()),
        ("image/svg+xml", "no-cache")
    );
    let head = request(&app, Method::HEAD, "/validation", &[AS_PAGE]).await;
    assert_eq!((head.status().as_u16(), head.text().await.unwrap().as_str()), (200, ""));
}

#[tokio::test]
async fn scripts_get_errors_and_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let app = with_app(folder.path()).await;
    fs::write(folder.path().parent().unwrap().join("beside.txt"), "secret").unwrap();
    for path in [
        "/validation",
        "/assets/missing.js",
        "/.env",
        "/../beside.txt",
        "/%2e%2e/beside.txt",
        "/assets/../../beside.txt",
        "/assets",
        "/a//b",
    ] {
        let answer = get(&app, path, &[("accept", "*/*")]).await;
        assert_eq!(
            (answer.status().as_u16(), header(&answer, "content-type").as_str()),
            (404, "application/json; charset=utf-8"),
            "{path}"
        );
    }
    let missing = get(&app, "/validation", &[("accept", "*/*")]).await;
    assert_eq!(header(&missing, "cache-control"), "no-store");
    for answer in [missing, get(&app, "/validation", &[AS_PAGE]).await] {
        assert!(header(&answer, "vary").contains("accept"), "{answer:?}");
    }
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("passwd")).unwrap();
    assert_eq!(get(&app, "/passwd", &[]).await.status(), 404, "a link leads out of the folder");
    fs::write(folder.path().join("other.html"), PAGE).unwrap();
    assert!(!header(&get(&app, "/other.html", &[]).await, "content-security-policy").is_empty());
    let posted = request(&app, Method::POST, "/validation", &[AS_PAGE]).await;
    assert_eq!(posted.status(), 404);
    let posted = request(&app, Method::POST, "/", &[AS_PAGE]).await;
    assert_eq!(posted.status(), 405);
    fs::remove_file(folder.path().parent().unwrap().join("beside.txt")).unwrap();
}

#[tokio::test]
async fn without_the_app_a_page_says_what_the_server_is() {
    let app = App::configured(&[]).await;
    let page = get(&app, "/", &[AS_PAGE]).await;
    assert_eq!(page.status(), 200);
    assert!(header(&page, "content-security-policy").starts_with("default-src 'none'"));
    let text = page.text().await.unwrap();
    assert!(
        text.contains("npm --prefix client-examples/web run setup") && text.contains(r#"href="/graphiql""#),
        "{text}"
    );
    for path in ["/landing/page.css", "/landing/page.js", "/graphiql"] {
        assert_eq!(get(&app, path, &[]).await.status(), 200, "{path}");
    }
    assert_eq!(get(&app, "/sample/people", &[]).await.status(), 404, "this process created no sample");
    let answer = get(&app, "/validation", &[AS_PAGE]).await;
    assert_eq!(answer.status(), 404);
}

/// Without a public URL, links to files name 127.0.0.1, and people may have opened localhost.
#[tokio::test]
async fn pages_of_another_name_of_this_machine_may_use_the_files() {
    let app = App::configured(&[]).await;
    let port = app.url.rsplit_once(':').unwrap().1;
    let allowed = async |origin: &str| {
        let answer = get(&app, "/health/live", &[("origin", origin)]).await;
        header(&answer, "access-control-allow-origin") == origin
    };
    assert!(allowed(&format!("http://localhost:{port}")).await);
    for other in [
        "http://localhost:1",
        "http://evil.example",
        "https://localhost",
        "null",
        &format!("http://evil.example:{port}"),
    ] {
        assert!(!allowed(other).await, "{other}");
    }
}
