//! Names are taken as people write them, and have a form that every computer accepts.

use super::resume::File;
use crate::support::{World, json};

#[tokio::test]
async fn names_are_kept_for_downloads_and_safe_for_folders() {
    let world = World::new().await;
    let long = format!("{}.pdf", "é".repeat(200));
    for (name, safe) in [
        ("Devis: été?.pdf", "Devis_ été_.pdf"),
        ("con.txt", "_con.txt"),
        ("fin. .", "fin"),
        ("cafe\u{301}.txt", "café.txt"),
        (long.as_str(), ""),
    ] {
        let upload = File::new(&world, name, b"x").request(&world.martin).await;
        world.martin.send_parts(&upload, b"x").await;
        let input = json!({ "versionId": upload["version"]["id"] });
        let selection = "document { name safeName latestVersion { download { url } } }";
        let document = world.martin.does("completeUpload", input, selection).await["document"].clone();
        let composed = name.replace("e\u{301}", "é");
        assert_eq!(document["name"], composed.as_str());
        let found = document["safeName"].as_str().unwrap();
        assert!(found.len() <= 255 && (safe.is_empty() || found == safe), "{found}");
        let file = world.martin.fetch(document["latestVersion"]["download"]["url"].as_str().unwrap()).await;
        let disposition = file.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert!(disposition.contains("filename*=UTF-8''"), "{disposition}");
        if name.starts_with("Devis") {
            assert!(disposition.contains("Devis%3A%20%C3%A9t%C3%A9%3F.pdf"), "{disposition}");
        }
    }
}

#[tokio::test]
async fn some_names_are_refused() {
    let world = World::new().await;
    let document = world.operator.uploads(&world.martin_id, "ASSETS", "a.txt", "a").await;
    let too_long = "x".repeat(256);
    for name in [
        "\u{200B}\u{2060}",
        "..",
        "a/b",
        "a\\b",
        "_bmad",
        "_BMAD. ",
        "＿ｂｍａｄ",
        "_bm\u{200D}ad",
        "a∕_bmad",
        &too_long,
    ] {
        let input = File::new(&world, name, b"x").input();
        assert_eq!(world.operator.refused("requestUpload", input).await, "INVALID name", "{name}");
        let input = json!({ "id": document, "name": name });
        assert_eq!(world.operator.refused("renameDocument", input).await, "INVALID name", "{name}");
    }
}
