//! The settings of a remote store, in its requests and in the URLs for clients.

use super::{
    proxy::FaultyProxy,
    store::{Store, new_key, whole},
};
use crate::support::objects::at;
use dossier_storage::{Encryption, Endpoint, Objects, Remote, Settings};
use reqwest::StatusCode;

const TEXT: &str = "text/plain";

#[tokio::test]
async fn clients_get_urls_with_the_public_address() {
    let store = Store::embedded().await;
    let outside = store.url.replace("127.0.0.1", "localhost");
    let endpoint = Endpoint::Remote(Remote {
        url: Some(store.url.parse().unwrap()),
        public_url: Some(outside.parse().unwrap()),
        path_style: true,
    });
    let objects = Objects::open(Settings { endpoint, ..store.settings.clone() }).await.unwrap();
    let key = new_key("a.txt");
    let id = objects.begin_upload(&key, TEXT).await.unwrap();
    let part = objects.sign_upload(&key, &id, 5).await.unwrap().remove(0);
    assert!(part.url.starts_with(&outside), "{}", part.url);
    assert_eq!(store.send(&part, b"hallo".to_vec()).await, StatusCode::OK);
    assert_eq!(whole(objects.finish_upload(&key, &id, 5).await.unwrap()).head, b"hallo");
    let download = objects.sign_download(&key, "a.txt", TEXT).await.unwrap();
    assert!(download.url.starts_with(&outside), "{}", download.url);
    assert_eq!(store.http.get(&download.url).send().await.unwrap().text().await.unwrap(), "hallo");
}

#[tokio::test]
async fn the_bucket_is_in_the_path_or_in_the_host() {
    let settings = Store::embedded().await.settings;
    let signed = async |url: Option<&str>, path_style| {
        let url = url.map(|url| url.parse().unwrap());
        let endpoint = Endpoint::Remote(Remote { url, public_url: None, path_style });
        let settings = Settings { endpoint, region: "eu-west-3".into(), ..settings.clone() };
        let objects = Objects::open(settings).await.unwrap();
        let url = objects.sign_download("a/b", "b", TEXT).await.unwrap().url;
        url.split('?').next().unwrap().to_owned()
    };
    let own = Some("https://store.example:9000");
    assert_eq!(signed(own, true).await, "https://store.example:9000/dossiers/a/b");
    assert_eq!(signed(own, false).await, "https://dossiers.store.example:9000/a/b");
    let below = Some("https://store.example/storage/v1/s3/");
    assert_eq!(signed(below, true).await, "https://store.example/storage/v1/s3/dossiers/a/b");
    assert_eq!(signed(None, false).await, "https://dossiers.s3.eu-west-3.amazonaws.com/a/b");
    assert_eq!(signed(None, true).await, "https://s3.eu-west-3.amazonaws.com/dossiers/a/b");
}

#[tokio::test]
async fn a_temporary_key_is_sent_with_its_token() {
    let settings = Store::embedded().await.settings;
    let objects = Objects::open(Settings { session_token: Some("lent+until".into()), ..settings }).await.unwrap();
    let url = objects.sign_download("a", "a", TEXT).await.unwrap().url;
    assert!(url.contains("X-Amz-Security-Token=lent%2Buntil"), "{url}");
}

/// The requests for parts need not contain it, because clients only send the given headers.
#[tokio::test]
async fn encryption_is_requested_when_an_upload_begins() {
    let store = Store::embedded().await;
    for (encryption, headers) in [
        (Encryption::Aes256, vec!["x-amz-server-side-encryption: AES256"]),
        (Encryption::Kms { key: None }, vec!["x-amz-server-side-encryption: aws:kms"]),
        (
            Encryption::Kms { key: Some("the-key".into()) },
            vec!["x-amz-server-side-encryption: aws:kms", "x-amz-server-side-encryption-aws-kms-key-id: the-key"],
        ),
    ] {
        let proxy = FaultyProxy::to(&store.url).await;
        let endpoint = at(proxy.url.parse().unwrap());
        let settings = Settings { endpoint, encryption: Some(encryption), ..store.settings.clone() };
        let objects = Objects::open(settings).await.unwrap();
        // The embedded store accepts the option and does not encrypt.
        let ignored = objects.try_out().await.unwrap_err().to_string();
        assert!(ignored.contains("S3_SSE"), "{ignored}");
        let before = proxy.heads().len();
        let id = objects.begin_upload("a", TEXT).await.unwrap();
        objects.put("b", TEXT, "bytes").await.unwrap();
        let heads = proxy.heads().split_off(before);
        assert_eq!(heads.len(), 2);
        for (head, header) in heads.iter().flat_map(|head| headers.iter().map(move |header| (head, header))) {
            assert!(head.contains(header), "{head}");
            let (name, _) = header.split_once(':').unwrap();
            let signed = head.split_once("SignedHeaders=").unwrap().1.split(',').next().unwrap();
            assert!(signed.split(';').any(|signed| signed == name), "{head}");
        }
        let part = objects.sign_upload("a", &id, 5).await.unwrap().remove(0);
        assert!(part.headers.iter().all(|(name, _)| name == "content-length"), "{:?}", part.headers);
        assert_eq!(store.send(&part, b"hallo".to_vec()).await, StatusCode::OK);
        assert_eq!(whole(objects.finish_upload("a", &id, 5).await.unwrap()).head, b"hallo");
    }
}
