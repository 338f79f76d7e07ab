//! `dossier objects verify` finds objects that no version names, and versions whose objects are missing or of another
//! size.

use crate::support::{App, World, fixtures, json, process::command};

/// Returns whether it succeeded, and its output.
fn verify(app: &App, arguments: &[&str]) -> (bool, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path());
    command.args(&app.arguments()[1..]).args(["objects", "verify"]).args(arguments);
    let output = command.output().unwrap();
    let printed = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    (output.status.success(), printed)
}

#[tokio::test(flavor = "multi_thread")]
async fn differences_are_found_in_both_directions_and_orphans_are_deleted() {
    let world = World::new().await;
    let verify = |arguments: &[&str]| verify(&world.app, arguments);
    let mut keys = Vec::new();
    for name in ["complet.txt", "perdu.txt", "coupe.txt"] {
        let id = world.operator.uploads(&world.martin_id, "ASSETS", name, "12345").await;
        let version = fixtures::latest_version(&world.operator, &id).await;
        let query = "query($id: ID!) { node(id: $id) { ... on DocumentVersion { storageKey } } }";
        let node = world.operator.query(query, json!({ "id": version })).await["node"].clone();
        keys.push(node["storageKey"].as_str().unwrap().to_owned());
    }
    let (fine, printed) = verify(&[]);
    assert!(fine && printed.contains("atelier: 3 objects, 0 orphans deleted, 0 differences"), "{printed}");
    let objects = &world.app.parts.objects;
    let orphan = format!("{}/clients/x/ASSETS/y", world.organization);
    objects.put(&orphan, "text/plain", "orphan").await.unwrap();
    objects.delete(&keys[1]).await.unwrap();
    objects.put(&keys[2], "text/plain", "123").await.unwrap();
    let (fine, printed) = verify(&["--organization", "atelier"]);
    assert!(!fine, "{printed}");
    assert!(printed.contains(&format!("orphan\t{orphan}\t6 bytes")), "{printed}");
    assert!(printed.contains(&format!("missing\t{}\t", keys[1])), "{printed}");
    assert!(
        printed.contains(&format!("size\t{}\t", keys[2])) && printed.contains("5 bytes expected, 3 stored"),
        "{printed}"
    );
    assert!(printed.contains("atelier: 3 objects, 0 orphans deleted, 3 differences"), "{printed}");
    let (fine, printed) = verify(&["--repair"]);
    assert!(!fine && printed.contains("atelier: 3 objects, 1 orphans deleted, 2 differences"), "{printed}");
    assert_eq!(objects.size(&orphan).await.unwrap(), None);
    assert!(!verify(&["--organization", "personne"]).0);
}
