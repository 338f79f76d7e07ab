//! `dossier database create`, as a container runs it at each start.

use crate::support::{
    postgres::{Named, execute, name, server},
    process::{command, run},
};
use url::Url;

fn url(role: &str, password: &str, database: &str) -> String {
    let mut url: Url = server().parse().unwrap();
    url.set_path(database);
    url.set_username(role).unwrap();
    url.set_password(Some(password)).unwrap();
    url.to_string()
}

/// Returns whether it succeeded, and its output.
fn create(database_url: &str, migrate_database_url: &str) -> (bool, String) {
    let data = tempfile::tempdir().unwrap();
    let mut command = command(data.path());
    command.env("DATABASE_URL", database_url).env("MIGRATE_DATABASE_URL", migrate_database_url);
    let done = command.env("ADMIN_DATABASE_URL", server()).args(["database", "create"]).output().unwrap();
    (done.status.success(), [done.stdout, done.stderr].map(|text| String::from_utf8(text).unwrap()).concat())
}

/// Creates a database with two roles. Returns the URLs of the server and of the owner.
pub(super) fn two_roles(database: &str) -> (String, String) {
    let [server, owner] = ["server", "owner"].map(|role| url(&format!("{database}_{role}"), "secret", database));
    assert_eq!(create(&server, &owner), (true, String::new()));
    (server, owner)
}

#[test]
fn creating_a_database_can_be_repeated() {
    let named = Named(name());
    let database = &named.0;
    let (as_server, as_owner) = (format!("{database}_server"), format!("{database}_owner"));
    let owner = url(&as_owner, "first", database);
    let data = tempfile::tempdir().unwrap();
    for password in ["first", "second"] {
        let server = url(&as_server, password, database);
        assert_eq!(create(&server, &owner), (true, String::new()), "it shows no password");
        let flags = ["--database-url", &server, "--jwt-secret", "a secret of thirty-two characters"];
        run(data.path(), &[&flags[..], &["doctor"]].concat());
    }
    let (made, printed) = create(&url(&as_server, "it's", database), &owner);
    assert!(!made && printed.contains("DATABASE_URL: the password is required"), "{printed}");
    assert!(!printed.contains("it's") && !printed.contains("it%27s"), "{printed}");
    let (made, printed) = create(&owner, &owner);
    assert!(!made && printed.contains("different roles"), "{printed}");
    let admin: Url = server().parse().unwrap();
    let (made, printed) = create(&url(admin.username(), "x", database), &owner);
    assert!(!made && printed.contains("is a superuser"), "the administrator keeps their rights: {printed}");
    // Without given passwords, it must not change those of existing roles, because they could not connect any more.
    let admin = server();
    let again = command(data.path()).args(["database", "create", "--admin-url", &admin, "--name", database]).output();
    let printed = String::from_utf8(again.unwrap().stderr).unwrap();
    assert!(printed.contains("already exists"), "{printed}");
}

/// The server's message when it refuses to start must be true.
#[tokio::test]
async fn migrating_repairs_a_table_without_enforced_policies() {
    let named = Named(name());
    let (server, owner) = two_roles(&named.0);
    execute(&owner, "ALTER TABLE client NO FORCE ROW LEVEL SECURITY").await;
    let data = tempfile::tempdir().unwrap();
    let flags = ["--database-url", &server, "--jwt-secret", "a secret of thirty-two characters"];
    let doctor = command(data.path()).args([&flags[..], &["doctor"]].concat()).output().unwrap();
    let printed = String::from_utf8(doctor.stdout).unwrap();
    assert!(printed.contains("the table `client` lacks forced row level security; run `dossier migrate`"), "{printed}");
    run(data.path(), &[&flags[..], &["--migrate-database-url", &owner, "migrate"]].concat());
    run(data.path(), &[&flags[..], &["doctor"]].concat());
}
