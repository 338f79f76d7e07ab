//! A wrong value says which and why, shows no secret, and exits 2.

use crate::support::process::command;

#[test]
fn wrong_values_are_named() {
    let data = tempfile::tempdir().unwrap();
    for (name, value, why) in [
        ("LISTEN", "nowhere", "invalid socket address"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "must begin with sqlite:, postgres: or postgresql:"),
        ("REDIS_URL", "http://:hunter2@redis", "must be a URL such as redis://"),
        ("JWT_SECRET", "hunter2", "at least 32 characters"),
        ("PUBLIC_URL", "https://api.example.com/path", "without a path"),
        ("CORS_ORIGINS", "https://a.example/x", "must be an origin"),
        ("S3_ENDPOINT", "http://127.0.0.1:9000", "required"),
        ("S3_BUCKET", "graphql", "not the name of a route"),
        ("LOG", "info,dossier=loud", "invalid"),
        ("LOG_FORMAT", "xml", "possible values: text, json"),
        ("METRICS_LISTEN", "9100", "invalid socket address"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "must be an http or https URL"),
        ("GRAPHIQL_ASSETS", "/nowhere", "must be a folder of npm packages"),
    ] {
        let output = command(data.path()).env(name, value).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(why), "{name}: {said}");
        assert!(!said.contains("hunter2"), "{name}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_generated_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(folder.path().join("cwd")).unwrap();
    let mut command = command(&folder.path().join("cwd"));
    assert!(command.env("DATA_DIR", &data).args(["organization", "list"]).status().unwrap().success());
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let mut token = crate::support::process::command(&folder.path().join("cwd"));
    // The secret is made before the person is found missing.
    assert_eq!(token.env("DATA_DIR", &data).args(["token", "nobody@example.com"]).status().unwrap().code(), Some(1));
    assert_eq!(mode(&data.join("secrets/jwt-secret")), 0o600);
}
