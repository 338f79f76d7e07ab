//! The commands for accounts at identity providers.

use super::fake::Fake;
use crate::support::process::{command, run};

#[tokio::test]
async fn links_are_managed_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    for person in ["olga@atelier.example", "oleg@atelier.example"] {
        run(data, &["member", "add", person, "--organization", "atelier", "--role", "operator", "--name", "Olga"]);
    }
    let add = |person: &str| {
        ["identity", "add", person, "--issuer", "https://login.example", "--subject", "42"].map(str::to_owned)
    };
    let added = run(data, &add("olga@atelier.example").each_ref().map(String::as_str));
    assert!(added.starts_with("externalidentity_"), "{added}");
    let again = command(data).args(add("oleg@atelier.example")).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stderr).contains("is linked already"), "{again:?}");
    let list = || run(data, &["identity", "list", "olga@atelier.example"]);
    assert_eq!(list(), format!("{added}\thttps://login.example\t42\t-"));
    run(data, &["identity", "remove", "olga@atelier.example", &added]);
    assert_eq!(list(), "");
    run(data, &add("oleg@atelier.example").each_ref().map(String::as_str));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_asks_the_provider() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let finding = |issuer: &str| {
        let mut doctor = command(data.path());
        doctor.args(["doctor"]).env("OIDC_ISSUER", issuer).env("OIDC_CLIENT_ID", "dossier");
        doctor.env("EXTERNAL_TOKENS_ISSUER", issuer).env("EXTERNAL_TOKENS_AUDIENCE", "api");
        String::from_utf8(doctor.output().unwrap().stdout).unwrap()
    };
    let fine = finding(&fake.url);
    assert!(fine.contains("publishes its configuration") && fine.contains("publishes its keys"), "{fine}");
    assert!(fine.contains("OIDC_EMAIL_DOMAINS is not set"), "{fine}");
    let wrong = finding(&format!("{}/", fake.url));
    assert!(wrong.contains("FAULT") && wrong.contains("is the configuration of another issuer"), "{wrong}");
}
