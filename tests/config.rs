//! Invalid configuration. The error names the setting and the reason, shows no secret, and the exit code is 2.

use crate::support::process::command;
use std::{fs, path::Path};

/// Returns the error message of the command with this configuration.
fn refusal(data: &Path, variables: &[(&str, &str)]) -> String {
    // Not the server, because it would not end with a valid configuration.
    let output = command(data).envs(variables.iter().copied()).args(["organization", "list"]).output().unwrap();
    let printed = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{variables:?}: {printed}");
    assert!(printed.starts_with("error: ") && !printed.contains("hunter2"), "{variables:?}: {printed}");
    printed
}

#[test]
fn wrong_values_are_named() {
    let data = tempfile::tempdir().unwrap();
    for (name, value, why) in [
        ("LISTEN", "nowhere", "must be an IP address and a port, such as 127.0.0.1:4000"),
        ("LISTEN", "4000", "must be an IP address and a port, such as 127.0.0.1:4000"),
        ("LISTEN", "", "must be an IP address and a port, such as 127.0.0.1:4000"),
        ("MAX_CONNECTIONS", "10k", "must be a whole number from 1 to 1000000"),
        ("MAX_SOCKETS_PER_ADDRESS", "many", "must be a whole number from 0 to 1000000"),
        ("DATA_DIR", "/proc/nothing", "use a folder that this user can write"),
        ("DATA_DIR", "/dev/null", "use a folder that this user can write"),
        ("DATABASE_URL", "", "must begin with sqlite:, postgres: or postgresql:"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "must begin with sqlite:, postgres: or postgresql:"),
        (
            "DATABASE_URL",
            "postgres://root:hunter2@:x/y",
            "such as sqlite:///path/to/file or postgres://user:password@host",
        ),
        ("DATABASE_URL", "postgres://root:hunter2@db/x?sslmode=hunter2", "such as sqlite:///path/to/file"),
        ("DATABASE_URL", "sqlite://x?mode=hunter2", "such as sqlite:///path/to/file"),
        ("MIGRATE_DATABASE_URL", "sqlite://hunter2", "must begin with postgres: or postgresql:"),
        (
            "MIGRATE_DATABASE_URL",
            "postgres://root:hunter2@db/x",
            "DATABASE_URL, with the role of the server, must be set, too",
        ),
        ("DATABASE_POOL_SIZE", "0", "must be a whole number from 1 to 1000"),
        ("DATABASE_POOL_WAIT", "5s", "must be a whole number of seconds from 1 to 86400"),
        ("DATABASE_STATEMENT_TIMEOUT", "-1", "must be a whole number of seconds from 1 to 86400"),
        ("DATABASE_LOCK_TIMEOUT", "0.5", "must be a whole number of seconds from 1 to 86400"),
        ("DATABASE_IDLE_TIMEOUT", "", "must be a whole number of seconds from 1 to 86400"),
        ("DATABASE_PREPARED", "perhaps", "must be one of true, false"),
        ("REDIS_URL", "http://:hunter2@redis", "must be a URL such as redis://"),
        ("REDIS_URL", "redis://:hunter2@:x", "must be a URL such as redis://"),
        ("JWT_SECRET", "hunter2", "at least 32 characters"),
        ("OIDC_ISSUER", "http://login.example.com", "must be an https URL without a user"),
        ("OIDC_ISSUER", "https://root:hunter2@login.example.com", "must be an https URL without a user"),
        ("OIDC_ISSUER", "https://login.example.com", "so OIDC_CLIENT_ID must be set, too"),
        ("OIDC_CLIENT_ID", "dossier", "so OIDC_ISSUER must be set, too"),
        ("OIDC_REDIRECT_URLS", "http://hub.example.com/back", "must be an https URL without a fragment"),
        ("OIDC_EMAIL_DOMAINS", "example.com,olga@example.com", "must be a domain such as example.com"),
        ("EXTERNAL_TOKENS_ISSUER", "https://login.example.com", "so EXTERNAL_TOKENS_AUDIENCE must be set, too"),
        ("EXTERNAL_TOKENS_JWKS_URL", "http://10.0.0.1/keys", "must be an https URL without a user"),
        ("PUBLIC_URL", "https://api.example.com/path", "without a path"),
        ("PUBLIC_URL", "https://root:hunter2@api.example.com", "without a path or user"),
        ("CORS_ORIGINS", "https://a.example,https://b.example/x", "must be an origin without a final slash"),
        ("TRUSTED_PROXIES", "10.0.0.0/33", "must be a network such as 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "proxy.example.com", "or an IP address"),
        ("RATE_OPERATIONS", "1e3", "must be a whole number from 0 to 1000000"),
        ("RATE_POINTS", "-1", "must be a whole number from 0 to 1000000"),
        ("RATE_SIGN_IN", "ten", "must be a whole number from 0 to 1000000"),
        ("S3_ENDPOINT", "http://127.0.0.1:9000", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are required"),
        ("S3_ENDPOINT", "ftp://key:hunter2@127.0.0.1", "must be an http or https URL"),
        ("S3_ENDPOINT", "http://key:hunter2@127.0.0.1", "must not contain a key"),
        ("S3_BUCKET", "Dossier_1", "must have 3 to 63 of a-z"),
        ("S3_BUCKET", "dossier", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are required"),
        ("S3_REGION", "", "must have at least one character"),
        ("S3_PUBLIC_ENDPOINT", "https://files.example.com", "requires an S3 store"),
        ("S3_PATH_STYLE", "perhaps", "must be one of true, false"),
        ("S3_SSE", "AES128", "must be one of AES256, aws:kms"),
        ("S3_TIMEOUT", "0", "must be a whole number of seconds from 1 to 300"),
        ("LOG", "inf", "must be one of off, error, warn, info, debug, trace, or directives such as info,dossier=debug"),
        ("LOG", "info,dossier=loud", "must be one of off, error, warn"),
        ("LOG", "", "must be one of off, error, warn"),
        ("LOG_FORMAT", "xml", "must be one of text, json"),
        ("METRICS_LISTEN", "9100", "must be an IP address and a port"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "must be an http or https URL"),
        ("SOCKET_KEEPALIVE", "0", "must be a whole number of seconds from 1 to 300"),
        ("SUBSCRIBER_PATIENCE", "1m", "must be a whole number of seconds from 0 to 3600"),
        ("JOB_WORKERS", "257", "must be a whole number from 0 to 256"),
        ("SHUTDOWN_TIMEOUT", "8s", "must be a whole number of seconds from 1 to 3600"),
        ("GRAPHIQL_ASSETS", "/nowhere", "must be a folder of npm packages"),
    ] {
        let printed = refusal(data.path(), &[(name, value)]);
        assert!(printed.contains(name) && printed.contains(why), "{name}={value}: {printed}");
    }
    for metrics in ["127.0.0.1:4000", "0.0.0.0:4000", "[::]:4000"] {
        let printed = refusal(data.path(), &[("LISTEN", "127.0.0.1:4000"), ("METRICS_LISTEN", metrics)]);
        assert!(printed.contains(&format!("METRICS_LISTEN={metrics} conflicts with LISTEN")), "{printed}");
    }
    let flag = command(data.path()).args(["serve", "--shutdown-timeout", "8s"]).output().unwrap();
    let printed = String::from_utf8(flag.stderr).unwrap();
    assert!(flag.status.code() == Some(2) && printed.starts_with("error: --shutdown-timeout 8s: must be"), "{printed}");
}

#[test]
fn invalid_utf_8_is_named() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let data = tempfile::tempdir().unwrap();
    for name in ["LOG", "JWT_SECRET", "DATABASE_URL", "S3_REGION"] {
        let output = command(data.path()).env(name, OsStr::from_bytes(b"\xffhunter2")).output().unwrap();
        let printed = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), printed), (Some(2), format!("error: {name} is not UTF-8 text\n")));
    }
}

/// Starting with a sample agency, instead of the database that the file names, would hide the loss of data.
#[test]
fn a_wrong_line_in_the_env_file_is_named_and_nothing_is_created() {
    for (text, line, why) in [
        (&b"AGENCY=Atelier hunter2\nDATABASE_URL=sqlite://there.db\n"[..], 1, "between quotes"),
        (b"# settings\n\nDATABASE_URL='sqlite://hunter2\n", 3, "not closed"),
        (b"LOG=warn\nDATABASE_URL\n", 2, "NAME=value"),
        (b"LOG=warn\nJWT_SECRET=\"hunter2\\x\"\n", 2, "backslash"),
        (b"LOG=warn\nAGENCY=\xe9t\xe9\n", 2, "UTF-8"),
        (b"LOG=warn\nLISTEN=127.0.0.1:0\nLOG=info\n", 3, "LOG is set again after line 1"),
    ] {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join(".env"), text).unwrap();
        let printed = refusal(data.path(), &[]);
        assert!(printed.contains(&format!("/.env:{line}: ")) && printed.contains(why), "{printed}");
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1, "nothing was made: {printed}");
        let help = command(data.path()).arg("--help").output().unwrap();
        assert!(help.status.success(), "help is given in any case");
    }
    let data = tempfile::tempdir().unwrap();
    fs::create_dir(data.path().join(".env")).unwrap();
    let printed = refusal(data.path(), &[]);
    assert!(printed.contains("/.env: is a folder"), "{printed}");
    let loops = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(".env", loops.path().join(".env")).unwrap();
    let printed = refusal(loops.path(), &[]);
    assert!(printed.contains("/.env: cannot be read: "), "{printed}");
}

#[test]
fn the_env_file_is_read_from_the_folder_or_above_and_expands_nothing() {
    let data = tempfile::tempdir().unwrap();
    let below = data.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    fs::write(data.path().join(".env"), "NAME=x\nDATABASE_URL='sqlite://$NAME.db?mode=rwc' # here\nLOG=inf\n").unwrap();
    let mut migrate = command(data.path());
    // The environment overrides the file, whose LOG is invalid.
    let done = migrate.current_dir(&below).env("LOG", "warn").arg("migrate").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(below.join("$NAME.db").exists());
    let printed = refusal(data.path(), &[]);
    assert!(printed.contains("LOG=inf: must be"), "{printed}");
}

#[test]
fn settings_that_belong_together_are_required_together() {
    let data = tempfile::tempdir().unwrap();
    let wrong = |more: &[(&str, &str)], why: &str| {
        let key = [("AWS_ACCESS_KEY_ID", "key"), ("AWS_SECRET_ACCESS_KEY", "hunter2"), ("S3_BUCKET", "dossier")];
        let printed = refusal(data.path(), &[&key[..], more].concat());
        assert!(printed.contains(why), "{printed}");
    };
    wrong(&[("S3_REGION", "eu-west-3"), ("AWS_SECRET_ACCESS_KEY", "")], "AWS_SECRET_ACCESS_KEY is empty");
    wrong(&[], "S3_REGION is required");
    wrong(&[("S3_REGION", "eu-west-3"), ("S3_SSE_KMS_KEY_ID", "x")], "S3_SSE_KMS_KEY_ID requires S3_SSE=aws:kms");
}

#[test]
fn only_the_owner_can_read_generated_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(folder.path().join("cwd")).unwrap();
    let mut command = command(&folder.path().join("cwd"));
    assert!(command.env("DATA_DIR", &data).args(["organization", "list"]).status().unwrap().success());
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let mut token = crate::support::process::command(&folder.path().join("cwd"));
    // The secret is generated before the look-up of the person fails.
    assert_eq!(token.env("DATA_DIR", &data).args(["token", "nobody@example.com"]).status().unwrap().code(), Some(1));
    assert_eq!(mode(&data.join("secrets/jwt-secret")), 0o600);
}
