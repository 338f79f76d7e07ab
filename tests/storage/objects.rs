//! The requirements for any store. They are tested on the embedded store without a socket, and on a remote one: the
//! embedded store over HTTP, or the store in `TEST_S3_ENDPOINT`.

use super::store::{Store, file_of, new_key, sha256, whole};
use aws_sdk_s3::presigning::PresigningConfig;
use dossier_storage::{Finished, HEAD_SIZE, PART_SIZE};
use reqwest::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use std::time::{Duration, SystemTime};

const PDF: &str = "application/pdf";

macro_rules! on_both {
    ($($test:ident)*) => {
        mod embedded {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Store::embedded().await).await;
            })*
        }

        mod remote {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Store::remote().await).await;
            })*
        }
    };
}

on_both! {
    a_small_file_goes_up_in_one_request_and_comes_down_by_its_name
    a_large_file_goes_up_in_parallel_parts
    parts_are_cut_without_gaps_and_signed_anew_alike
    finishing_again_and_at_once_gives_the_same
    an_upload_with_a_missing_part_goes_on
    a_body_of_another_size_is_refused
    the_urls_of_a_finished_upload_change_nothing_any_more
    an_abandoned_upload_leaves_nothing
    what_the_server_stores_can_be_replaced_and_deleted
    a_url_is_good_for_what_it_says_and_no_longer
    nothing_of_a_signature_or_a_key_is_printed
}

async fn a_small_file_goes_up_in_one_request_and_comes_down_by_its_name(store: Store) {
    let (key, file) = (new_key("a.pdf"), file_of(20_000));
    let id = store.upload(&key, PDF, &file).await;
    assert_eq!(store.objects.digest(&key).await.unwrap(), None, "nothing is visible before the upload is finished");

    let digest = whole(store.objects.finish_upload(&key, &id, 20_000).await.unwrap());
    assert_eq!((digest.size, digest.sha256), (20_000, sha256(&file)));
    assert_eq!(digest.head, &file[..HEAD_SIZE]);

    let name = "Devis \"été\" n°1/2 – 50%.pdf";
    let signed = store.objects.sign_download(&key, name, "text/plain; charset=utf-8").await.unwrap();
    let answer = store.http.get(&signed.url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    assert_eq!(
        answer.headers()[CONTENT_DISPOSITION],
        "attachment; filename=\"Devis _ete_ ndeg1_2 - 50_.pdf\"; \
         filename*=UTF-8''Devis%20%22%C3%A9t%C3%A9%22%20n%C2%B01%2F2%20%E2%80%93%2050%25.pdf"
    );
    assert_eq!(answer.bytes().await.unwrap(), file);
}

async fn a_large_file_goes_up_in_parallel_parts(store: Store) {
    let (key, file) = (new_key("call.mp4"), file_of(40 * 1024 * 1024));
    let id = store.upload(&key, "video/mp4", &file).await;
    let digest = whole(store.objects.finish_upload(&key, &id, file.len() as u64).await.unwrap());
    assert_eq!((digest.size, digest.sha256), (file.len() as u64, sha256(&file)));

    let signed = store.objects.sign_download(&key, "call.mp4", "video/mp4").await.unwrap();
    let range = format!("bytes={}-{}", PART_SIZE - 2, PART_SIZE + 1);
    let answer = store.http.get(&signed.url).header("range", range).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
    let border = usize::try_from(PART_SIZE).unwrap();
    assert_eq!(answer.bytes().await.unwrap(), &file[border - 2..border + 2]);
    store.objects.delete(&key).await.unwrap();
}

async fn parts_are_cut_without_gaps_and_signed_anew_alike(store: Store) {
    let sizes = async |size| {
        let parts = store.objects.sign_upload("key", "id", size).await.unwrap();
        parts.iter().map(|part| (part.number, part.offset, part.size)).collect::<Vec<_>>()
    };
    assert_eq!(sizes(0).await, [(1, 0, 0)]);
    assert_eq!(sizes(PART_SIZE).await, [(1, 0, PART_SIZE)]);
    assert_eq!(sizes(PART_SIZE + 1).await, [(1, 0, PART_SIZE), (2, PART_SIZE, 1)]);
    let huge = sizes(PART_SIZE * 10_000 + 1).await;
    assert!(huge.len() <= 10_000);
    assert_eq!(huge.iter().map(|(_, _, size)| size).sum::<u64>(), PART_SIZE * 10_000 + 1);
}

async fn finishing_again_and_at_once_gives_the_same(store: Store) {
    let (key, file) = (new_key("twice.pdf"), file_of(3000));
    let id = store.upload(&key, PDF, &file).await;
    let finish = || store.objects.finish_upload(&key, &id, 3000);
    let (one, other) = tokio::join!(finish(), finish());
    let one = whole(one.unwrap());
    assert_eq!(one, whole(other.unwrap()));
    assert_eq!(one, whole(finish().await.unwrap()));
}

async fn an_upload_with_a_missing_part_goes_on(store: Store) {
    let size = PART_SIZE + 5;
    let (key, file) = (new_key("gap.mp4"), file_of(usize::try_from(size).unwrap()));
    let id = store.objects.begin_upload(&key, "video/mp4").await.unwrap();
    let parts = store.objects.sign_upload(&key, &id, size).await.unwrap();
    for part in [&parts[1], &parts[0]] {
        assert_eq!(store.objects.finish_upload(&key, &id, size).await.unwrap(), Finished::Incomplete);
        assert_eq!(store.send_of(part, &file).await, StatusCode::OK);
    }
    let digest = whole(store.objects.finish_upload(&key, &id, size).await.unwrap());
    assert_eq!(digest.sha256, sha256(&file));
}

async fn a_body_of_another_size_is_refused(store: Store) {
    let key = new_key("size.pdf");
    let id = store.objects.begin_upload(&key, PDF).await.unwrap();
    let parts = store.objects.sign_upload(&key, &id, 100).await.unwrap();
    for size in [0, 99, 101, 100_000] {
        assert!(store.send(&parts[0], file_of(size)).await.is_client_error(), "{size} bytes instead of 100");
    }
    assert_eq!(store.objects.finish_upload(&key, &id, 100).await.unwrap(), Finished::Incomplete);
}

async fn the_urls_of_a_finished_upload_change_nothing_any_more(store: Store) {
    let (key, file) = (new_key("final.pdf"), file_of(500));
    let id = store.objects.begin_upload(&key, PDF).await.unwrap();
    let parts = store.objects.sign_upload(&key, &id, 500).await.unwrap();
    assert_eq!(store.send(&parts[0], file.clone()).await, StatusCode::OK);
    let digest = store.objects.finish_upload(&key, &id, 500).await.unwrap();

    assert_eq!(store.send(&parts[0], vec![0; 500]).await, StatusCode::NOT_FOUND);
    assert_eq!(store.objects.finish_upload(&key, &id, 500).await.unwrap(), digest);
}

async fn an_abandoned_upload_leaves_nothing(store: Store) {
    let (key, file) = (new_key("never.pdf"), file_of(500));
    for finished in [false, true] {
        let id = store.upload(&key, PDF, &file).await;
        if finished {
            whole(store.objects.finish_upload(&key, &id, 500).await.unwrap());
        }
        store.objects.abandon_upload(&key, &id).await.unwrap();
        store.objects.abandon_upload(&key, &id).await.unwrap();
        assert_eq!(store.objects.finish_upload(&key, &id, 500).await.unwrap(), Finished::Over);
        let parts = store.objects.sign_upload(&key, &id, 500).await.unwrap();
        assert_eq!(store.send(&parts[0], file.clone()).await, StatusCode::NOT_FOUND);
    }
}

async fn what_the_server_stores_can_be_replaced_and_deleted(store: Store) {
    let key = new_key("facture n°1.pdf");
    store.objects.put(&key, PDF, "one".as_bytes()).await.unwrap();
    store.objects.put(&key, PDF, "other".as_bytes()).await.unwrap();
    let digest = store.objects.digest(&key).await.unwrap().unwrap();
    assert_eq!((digest.size, digest.head.as_slice()), (5, b"other".as_slice()));
    store.objects.delete(&key).await.unwrap();
    store.objects.delete(&key).await.unwrap();
    assert_eq!(store.objects.digest(&key).await.unwrap(), None);
}

async fn a_url_is_good_for_what_it_says_and_no_longer(store: Store) {
    let (key, other) = (new_key("mine.pdf"), new_key("not mine.pdf"));
    for key in [&key, &other] {
        store.objects.put(key, PDF, "secret".as_bytes()).await.unwrap();
    }
    let good = store.objects.sign_download(&key, "a.pdf", PDF).await.unwrap().url;
    let status = async |url: &str| store.http.get(url).send().await.unwrap().status();
    assert_eq!(status(&good).await, StatusCode::OK);

    let anonymous = good.split('?').next().unwrap().to_owned();
    let elsewhere = good.replace("mine.pdf", "not%20mine.pdf");
    let inline = good.replace("attachment", "inline");
    let longer = good.replace("X-Amz-Expires=300", "X-Amz-Expires=3000");
    for bad in [anonymous, elsewhere, inline, longer] {
        assert_ne!(bad, good);
        assert!(status(&bad).await.is_client_error(), "{bad}");
    }
    assert!(store.http.put(&good).body("mine now").send().await.unwrap().status().is_client_error());

    let past = SystemTime::now() - Duration::from_mins(10);
    let window = PresigningConfig::builder().start_time(past).expires_in(Duration::from_mins(9)).build().unwrap();
    let expired = store.good_tool().get_object().bucket(store.bucket()).key(&key).presigned(window).await.unwrap();
    assert!(status(expired.uri()).await.is_client_error());
}

async fn nothing_of_a_signature_or_a_key_is_printed(store: Store) {
    let upload = store.objects.sign_upload("key", "id", 1).await.unwrap();
    let download = store.objects.sign_download("key", "name", PDF).await.unwrap();
    let printed = format!("{:?} {:?} {upload:?} {download:?}", store.objects, store.settings);
    assert!(!printed.contains("Signature") && !printed.contains("and its secret"), "{printed}");
}
