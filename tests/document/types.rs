//! Only programs and files of another kind than announced are refused. A wrong type can be corrected.

use super::resume::File;
use crate::support::{Value, World, actors::sha256, json};

const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR and so on";
const WEBM: &[u8] = b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm and so on";

const STATE: &str = "query($id: ID!) { node(id: $id) { ... on DocumentVersion {
    status failureReason contentType recognizedContentType sha256 document { status } upload { receivedParts parts { url } }
} } }";

async fn state(world: &World, version: &Value) -> Value {
    world.martin.query(STATE, json!({ "id": version })).await["node"].clone()
}

/// Uploads a file, and returns the payload of its completion.
async fn upload(world: &World, content_type: &str, bytes: &[u8]) -> (Value, Value) {
    let file = File { content_type, ..File::new(world, "file", bytes) };
    let upload = file.request(&world.martin).await;
    world.martin.send_parts(&upload, bytes).await;
    let version = upload["version"]["id"].clone();
    let done = world.martin.mutate("completeUpload", json!({ "versionId": version }), "document { status }").await;
    (version, done)
}

#[tokio::test]
async fn ordinary_files_are_taken() {
    let world = World::new().await;
    let files: [(&str, &[u8]); 8] = [
        ("text/plain", b"MZ is short for Mainz"),
        ("text/plain", b"BC is before our time"),
        ("application/pkcs7-mime", b"\x30\x82\x05\x1B\x06\x09\x2A\x86\x48"),
        ("application/x-x509-ca-cert", b"-----BEGIN CERTIFICATE-----\n"),
        ("audio/webm;codecs=opus", WEBM),
        ("video/mp2t", b"export const answer = 42;\n"),
        ("image/vnd.dwg", b"AC1032\0\0\0"),
        ("application/pdf", b"something unknown"),
    ];
    for (content_type, bytes) in files {
        let (version, done) = upload(&world, content_type, bytes).await;
        assert_eq!(done["document"]["status"], "READY", "{content_type}: {done:#}");
        assert_eq!(state(&world, &version).await["contentType"], content_type);
    }
}

#[tokio::test]
async fn programs_are_refused_and_their_bytes_deleted() {
    let world = World::new().await;
    for program in [b"\x7FELF\x02\x01\x01\0".as_slice(), b"\xCF\xFA\xED\xFE\x0C\0\0\x01\0\0\0\0\x02\0\0\0"] {
        let (version, done) = upload(&world, "application/octet-stream", program).await;
        assert_eq!(done["userErrors"][0]["field"], json!(["contentType"]), "{done:#}");
        let seen = state(&world, &version).await;
        assert_eq!(
            (&seen["failureReason"], &seen["upload"]["receivedParts"]),
            (&json!("TYPE_NOT_ACCEPTED"), &json!([]))
        );
        let again = json!({ "versionId": version, "contentType": "text/plain" });
        assert_eq!(world.martin.refused("completeUpload", again).await, "CONFLICT", "nothing is left to complete");
    }
}

async fn can_be_corrected(world: &World, size: usize) {
    let bytes = [PNG, &vec![b'x'; size]].concat();
    let (version, done) = upload(world, "application/pdf", &bytes).await;
    if size < 100 {
        assert_eq!(done["userErrors"][0]["field"], json!(["contentType"]), "{done:#}");
    }
    let seen = settled(world, &version).await;
    let recognized = (&seen["status"], &seen["failureReason"], &seen["recognizedContentType"]);
    assert_eq!(recognized, (&json!("FAILED"), &json!("TYPE_MISMATCH"), &json!("image/png")));
    assert_eq!(seen["upload"], json!({ "receivedParts": [1], "parts": [] }), "the bytes have arrived");
    assert_eq!(world.durand.refused("completeUpload", json!({ "versionId": version })).await, "NOT_FOUND versionId");
    for wrong in ["video/mp4", "nonsense"] {
        let input = json!({ "versionId": version, "contentType": wrong });
        let answer = world.martin.mutate("completeUpload", input, "").await;
        if size < 100 || wrong == "nonsense" {
            assert_eq!(answer["userErrors"][0]["code"], "INVALID", "{wrong}: {answer:#}");
        }
        assert_eq!(settled(world, &version).await["status"], "FAILED");
    }
    let input = json!({ "versionId": version, "contentType": "Image/PNG" });
    world.martin.does("completeUpload", input, "").await;
    let seen = settled(world, &version).await;
    assert_eq!(seen["contentType"], "image/png");
    assert_eq!(seen["sha256"], sha256(&bytes));
    assert_eq!(
        (&seen["status"], &seen["upload"], &seen["recognizedContentType"]),
        (&json!("READY"), &json!(null), &json!(null))
    );
}

/// Waits until a version is no longer being verified.
async fn settled(world: &World, version: &Value) -> Value {
    super::verification::verified(&world.martin, version).await;
    state(world, version).await
}

#[tokio::test]
async fn a_wrong_type_is_corrected_without_sending_the_bytes_again() {
    let world = World::new().await;
    can_be_corrected(&world, 10).await;
    can_be_corrected(&world, 9 << 20).await;
}
