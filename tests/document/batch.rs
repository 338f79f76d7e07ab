//! Many small files are requested and completed at once.

use super::resume::File;
use crate::support::{Actor, Value, World, actors::mutation, json};

const REQUESTED: &str = "results {
    version { id } document { id status } parts { url headers { name value } offset size } userErrors { code field }
}";
const COMPLETED: &str = "results { document { id status } userErrors { code field } }";

async fn request(actor: &Actor, inputs: &[Value]) -> Vec<Value> {
    let payload = actor.does("requestUploads", json!({ "uploads": inputs }), REQUESTED).await;
    payload["results"].as_array().unwrap().clone()
}

async fn complete(actor: &Actor, versions: &[Value]) -> Vec<Value> {
    let uploads: Vec<_> = versions.iter().map(|id| json!({ "versionId": id })).collect();
    let payload = actor.does("completeUploads", json!({ "uploads": uploads }), COMPLETED).await;
    payload["results"].as_array().unwrap().clone()
}

#[tokio::test]
async fn fifty_files_go_up_at_once() {
    let world = World::new().await;
    let names: Vec<_> = (0..50).map(|number| format!("{number}.txt")).collect();
    let inputs: Vec<_> = names.iter().map(|name| File::new(&world, name, b"small").input()).collect();
    let requested = request(&world.martin, &inputs).await;
    assert_eq!(requested.len(), 50);
    for upload in &requested {
        assert_eq!(upload["userErrors"], json!([]));
        world.martin.send_parts(upload, b"small").await;
    }
    let versions: Vec<_> = requested.iter().map(|upload| upload["version"]["id"].clone()).collect();
    let completed = complete(&world.martin, &versions).await;
    for (upload, done) in requested.iter().zip(&completed) {
        assert_eq!(done["document"], json!({ "id": upload["document"]["id"], "status": "READY" }));
    }
    assert_eq!(complete(&world.martin, &versions).await, completed, "completing again changes nothing");
    let page = world.martin.query("{ documents(first: 1) { totalCount } }", json!({})).await;
    assert_eq!(page["documents"]["totalCount"], 50);
}

#[tokio::test]
async fn each_file_is_accepted_or_refused_on_its_own() {
    let world = World::new().await;
    let id = world.martin.uploads(&world.martin_id, "ASSETS", "known.txt", "v1").await;
    let good = File::new(&world, "good.txt", b"good").input();
    let version = json!({ "target": { "newVersionOf": id }, "contentType": "text/plain", "size": 2 });
    let mut foreign = good.clone();
    foreign["target"]["newDocument"]["clientId"] = json!(world.durand_id);
    let mut named = good.clone();
    named["target"]["newDocument"]["name"] = json!("_BMAD");
    let empty = json!({ "contentType": "text/plain", "size": 2 });
    let inputs = [good, foreign, version.clone(), named, empty, version];
    let requested = request(&world.martin, &inputs).await;
    let refused: Vec<_> = requested.iter().map(|one| one["userErrors"][0]["field"].clone()).collect();
    let field = |name: &str| json!([name]);
    assert_eq!(refused, [json!(null), field("clientId"), json!(null), field("name"), field("target"), json!(null)]);
    assert_eq!(requested[2]["document"]["id"], json!(id));
    world.martin.send_parts(&requested[0], b"good").await;
    world.martin.send_parts(&requested[5], b"v3").await;
    let versions = [0, 2, 5].map(|index: usize| requested[index]["version"]["id"].clone());
    let completed = complete(&world.martin, &versions).await;
    let codes: Vec<_> = completed.iter().map(|one| one["userErrors"][0]["code"].clone()).collect();
    assert_eq!(codes, [json!(null), json!("CONFLICT"), json!(null)], "the bytes of one are missing");
    for other in complete(&world.durand, &versions).await {
        assert_eq!(other["userErrors"][0]["code"], "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_repeated_request_answers_the_same() {
    let world = World::new().await;
    let good = File::new(&world, "good.txt", b"good").input();
    let mut bad = good.clone();
    bad["contentType"] = json!("nonsense");
    let query = mutation("requestUploads", "results { version { id } userErrors { code } }");
    let variables = json!({ "input": { "uploads": [bad, good] } });
    let key = [("idempotency-key", "batch")];
    let (_, first) = world.martin.send_with(&query, variables.clone(), &key).await;
    let (_, again) = world.martin.send_with(&query, variables, &key).await;
    assert_eq!(first["data"], again["data"], "{first:#}");
    assert!(first["data"]["requestUploads"]["results"][1]["version"]["id"].is_string(), "{first:#}");
    let page = world.martin.query("{ documents(first: 1) { totalCount } }", json!({})).await;
    assert_eq!(page["documents"]["totalCount"], 1);
}

#[tokio::test]
async fn the_number_of_files_is_limited_and_costs() {
    let world = World::new().await;
    for count in [0, 51] {
        let inputs = vec![File::new(&world, "x.txt", b"x").input(); count];
        assert_eq!(world.martin.refused("requestUploads", json!({ "uploads": inputs })).await, "INVALID uploads");
        let inputs = vec![json!({ "versionId": world.martin_id.replace("client", "document_version") }); count];
        assert_eq!(world.martin.refused("completeUploads", json!({ "uploads": inputs })).await, "INVALID uploads");
    }
    let query = mutation("requestUploads", "results { version { id } }");
    let cost = async |count: usize| {
        let inputs = vec![File::new(&world, "x.txt", b"x").input(); count];
        let answer = world.martin.send(&query, json!({ "input": { "uploads": inputs } })).await;
        answer["extensions"]["cost"].as_i64().unwrap_or_else(|| panic!("{answer:#}"))
    };
    let (one, many) = (cost(1).await, cost(40).await);
    assert!(many - one >= 39 * 6, "{one} {many}");
}

/// Two batches and single uploads lock the same documents, in other orders.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_batches_do_not_block_each_other() {
    let world = World::new().await;
    let mut documents = Vec::new();
    for name in ["a.txt", "b.txt", "c.txt"] {
        documents.push(world.operator.uploads(&world.martin_id, "ASSETS", name, "v1").await);
    }
    let version = |id: &String| json!({ "target": { "newVersionOf": id }, "contentType": "text/plain", "size": 2 });
    let forward: Vec<_> = documents.iter().map(version).collect();
    let backward: Vec<_> = forward.iter().rev().cloned().collect();
    for _ in 0..5 {
        let single = world.manager.does("requestUpload", forward[2].clone(), "version { id }");
        let (one, other, _) =
            tokio::join!(request(&world.owner, &forward), request(&world.operator, &backward), single);
        for upload in one.iter().chain(&other) {
            assert_eq!(upload["userErrors"], json!([]));
        }
        for upload in &one {
            world.owner.send_parts(upload, b"v2").await;
        }
        let ids: Vec<_> = one.iter().map(|upload| upload["version"]["id"].clone()).collect();
        let reversed: Vec<_> = ids.iter().rev().cloned().collect();
        let (one, other) = tokio::join!(complete(&world.owner, &ids), complete(&world.operator, &reversed));
        for done in one.iter().chain(&other) {
            assert_eq!(done["userErrors"], json!([]));
        }
    }
}
