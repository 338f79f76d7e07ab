//! Bytes count for as long as the store holds them, or may still receive them.

use super::{faults::Broken, proxy::Fault};
use crate::support::{Value, json};
use dossier_core::error::Error;
use dossier_core::viewer::{SystemPurpose, Viewer};
use dossier_domain::reclaim;

const LIMIT: usize = 1000;

impl Broken {
    async fn limited() -> Self {
        let broken = Self::new().await;
        let tx = broken.world.app.parts.database.write_as(Viewer::platform(SystemPurpose::Command)).await.unwrap();
        let limit = LIMIT.try_into().unwrap();
        dossier_domain::organization::limit_storage(&tx, "atelier", limit).await.unwrap();
        tx.commit().await.unwrap();
        broken
    }

    /// Returns the number of bytes in the store, in objects and in parts.
    async fn held(&self) -> usize {
        let (tool, bucket) = (self.store.good_tool(), self.store.bucket());
        let objects = tool.list_objects_v2().bucket(bucket).send().await.unwrap();
        let mut held: i64 = objects.contents().iter().filter_map(aws_sdk_s3::types::Object::size).sum();
        let uploads = tool.list_multipart_uploads().bucket(bucket).send().await.unwrap();
        for upload in uploads.uploads() {
            let parts = tool.list_parts().bucket(bucket).key(upload.key().unwrap());
            let parts = parts.upload_id(upload.upload_id().unwrap()).send().await.unwrap();
            held += parts.parts().iter().filter_map(aws_sdk_s3::types::Part::size).sum::<i64>();
        }
        held.try_into().unwrap()
    }

    async fn announce_file(&self, size: usize) -> Value {
        let bytes = vec![b'x'; size];
        self.world.operator.request_upload(&self.world.martin_id, "ASSETS", "file.txt", &bytes).await
    }

    async fn uploads_file(&self, size: usize) -> Option<String> {
        let (operator, bytes) = (&self.world.operator, vec![b'x'; size]);
        let upload = self.announce_file(size).await;
        if upload["userErrors"] != json!([]) {
            assert_eq!(upload["userErrors"][0]["code"], "CONFLICT", "{upload:#}");
            return None;
        }
        operator.send_parts(&upload, &bytes).await;
        let input = json!({ "versionId": upload["version"]["id"] });
        let done = operator.does("completeUpload", input, "document { id }").await;
        done["document"]["id"].as_str().map(str::to_owned)
    }

    async fn sweep(&self) {
        let app = &self.world.app.parts;
        let swept = reclaim::sweep(&app.database, &app.objects, self.world.organization).await;
        // The job is retried if the store does not answer.
        assert!(matches!(swept, Ok(()) | Err(Error::Unavailable(..))), "{swept:?}");
    }

    /// Imitates the passing of the time after which the store is asked again.
    async fn wait(&self) {
        let sql = "UPDATE document_version SET sweep_at = created_at WHERE sweep_at IS NOT NULL";
        self.world.app.by_hand(sql).await;
    }
}

#[tokio::test]
async fn repeated_uploads_and_deletions_never_exceed_the_limit() {
    let broken = Broken::limited().await;
    for _ in 0..4 {
        let mut documents = Vec::new();
        while let Some(id) = broken.uploads_file(300).await {
            documents.push(id);
            assert!(broken.held().await <= LIMIT);
        }
        assert_eq!(documents.len(), 3);
        // An open upload, whose bytes are sent, takes the rest.
        let open = broken.announce_file(100).await;
        broken.world.operator.send_parts(&open, &[b'x'; 100]).await;
        assert_eq!(broken.held().await, LIMIT);
        assert_eq!(broken.uploads_file(1).await, None);
        for id in documents {
            broken.world.operator.does("deleteDocument", json!({ "id": id }), "deletedId").await;
            broken.world.owner.does("purgeDocument", json!({ "id": id }), "purgedId").await;
        }
        broken.world.operator.does("cancelUpload", json!({ "versionId": open["version"]["id"] }), "").await;
        assert_eq!((broken.held().await, broken.uploads_in_store().await), (0, 0));
    }
}

async fn counts_until_it_is_gone(fault: Fault) {
    let broken = Broken::limited().await;
    let operator = &broken.world.operator;
    let id = broken.uploads_file(600).await.unwrap();
    let open = broken.announce_file(400).await;
    operator.send_parts(&open, &[b'x'; 400]).await;
    // The store does not remove the bytes, or does not confirm it.
    broken.proxy.fail(fault, "DELETE");
    operator.does("deleteDocument", json!({ "id": id }), "deletedId").await;
    broken.world.owner.does("purgeDocument", json!({ "id": id }), "purgedId").await;
    operator.does("cancelUpload", json!({ "versionId": open["version"]["id"] }), "cancelledId").await;
    assert_eq!(broken.uploads_file(1).await, None, "the bytes may still be there");
    broken.wait().await;
    broken.sweep().await;
    assert_eq!(broken.uploads_file(1).await, None, "the bytes may still be there");
    broken.proxy.repair();
    broken.wait().await;
    broken.sweep().await;
    assert_eq!((broken.held().await, broken.uploads_in_store().await), (0, 0));
    assert!(broken.uploads_file(LIMIT).await.is_some());
}

#[tokio::test]
async fn bytes_count_while_the_store_is_unavailable() {
    counts_until_it_is_gone(Fault::Closed).await;
}

#[tokio::test]
async fn bytes_count_while_the_store_hangs() {
    counts_until_it_is_gone(Fault::Hangs).await;
}

#[tokio::test]
async fn bytes_count_while_the_store_answers_503() {
    counts_until_it_is_gone(Fault::Unavailable).await;
}
