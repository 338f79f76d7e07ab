//! The commands for the audit log.

use crate::support::process::{command, run};
use sea_orm::{ConnectionTrait, Database};

#[tokio::test]
async fn the_log_is_listed_and_verified_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["organization", "create", "atelier", "--name", "L’Atelier"]);
    let empty = run(data, &["audit", "verify", "--organization", "atelier"]);
    assert_eq!(empty, format!("0\t0\t{}", "0".repeat(64)));
    run(data, &["site", "add", "Paris", "--organization", "atelier"]);
    run(data, &["organization", "set", "atelier", "--legal-name", "Atelier SARL"]);
    let list = run(data, &["audit", "list", "--organization", "atelier"]);
    let lines: Vec<Vec<_>> = list.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!((lines.len(), lines[0].len()), (2, 8), "{list}");
    assert_eq!((lines[0][0], &lines[0][2..5]), ("1", &["SITE_ADDED", "-", "Dossier"][..]));
    assert!(lines[0][5].starts_with("site_") && lines[1][5].starts_with("organization_"), "{list}");
    assert_eq!((lines[0][6], lines[1][2]), ("Paris", "ORGANIZATION_CHANGED"));
    let verified = run(data, &["audit", "verify", "--organization", "atelier"]);
    let head = verified.strip_prefix("2\t0\t").unwrap();
    assert!(head.len() == 64 && !head.starts_with("0000"), "{verified}");
    let db = Database::connect(format!("sqlite://{}", data.join("dossier.db").display())).await.unwrap();
    db.execute_unprepared("DELETE FROM audit_detail WHERE content LIKE '%SARL%'").await.unwrap();
    assert_eq!(run(data, &["audit", "verify", "--organization", "atelier"]), format!("2\t1\t{head}"));
    db.execute_unprepared("DROP TRIGGER audit_entry_update").await.unwrap();
    db.execute_unprepared("UPDATE audit_entry SET actor_kind = 'MEMBER' WHERE sequence = 2").await.unwrap();
    db.close().await.unwrap();
    let output = command(data).args(["audit", "verify", "--organization", "atelier"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(error.contains("the entry 2 was changed"), "{error}");
}
