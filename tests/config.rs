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
        ("S3_ENDPOINT", "http://127.0.0.1:9000", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are required"),
        ("S3_ENDPOINT", "ftp://127.0.0.1:9000", "must be an http or https URL"),
        ("S3_ENDPOINT", "http://key:hunter2@127.0.0.1", "must not have a key in them"),
        ("S3_BUCKET", "Dossier_1", "must have 3 to 63 of a-z"),
        ("S3_BUCKET", "dossier", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are required"),
        ("S3_PUBLIC_ENDPOINT", "https://files.example.com", "is for an S3 store"),
        ("S3_PATH_STYLE", "perhaps", "[possible values: true, false]"),
        ("S3_SSE", "AES128", "[possible values: AES256, aws:kms]"),
        ("S3_TIMEOUT", "0", "0 is not in 1..=300"),
        ("MAX_SOCKETS_PER_ADDRESS", "many", "invalid digit"),
        ("LOG", "info,dossier=loud", "invalid"),
        ("LOG_FORMAT", "xml", "possible values: text, json"),
        ("METRICS_LISTEN", "9100", "invalid socket address"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "must be an http or https URL"),
        ("SOCKET_KEEPALIVE", "0", "0 is not in 1..=300"),
        ("SHUTDOWN_TIMEOUT", "soon", "invalid digit"),
        ("GRAPHIQL_ASSETS", "/nowhere", "must be a folder of npm packages"),
    ] {
        let output = command(data.path()).env(name, value).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(why), "{name}: {said}");
        assert!(!said.contains("hunter2"), "{name}: {said}");
    }
}

#[test]
fn what_belongs_together_is_asked_for_together() {
    let data = tempfile::tempdir().unwrap();
    let wrong = |more: &[(&str, &str)], why: &str| {
        let key = [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "hunter2"), ("S3_BUCKET", "dossier")];
        let output = command(data.path()).envs(key).envs(more.iter().copied()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why) && !said.contains("hunter2"), "{said}");
    };
    wrong(&[], "S3_REGION is required");
    wrong(&[("S3_REGION", "eu-west-3"), ("S3_SSE_KMS_KEY_ID", "x")], "S3_SSE_KMS_KEY_ID is for S3_SSE=aws:kms");
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
