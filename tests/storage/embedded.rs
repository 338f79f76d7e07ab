//! The embedded store: its files, and its S3 server.

use super::store::{Store, file_of, files_below, new_key, sha256, whole};
use aws_sdk_s3::{error::ProvideErrorMetadata, presigning::PresigningConfig, primitives::ByteStream};
use dossier_storage::{Endpoint, Error, Finished, Objects, Settings};
use reqwest::StatusCode;
use std::{
    fs::{self, File},
    io::Write,
    net::TcpStream,
    time::{Duration, SystemTime},
};
use url::Position;

const TEXT: &str = "text/plain";

#[tokio::test]
async fn keys_never_become_paths() {
    let store = Store::embedded().await;
    let long = "long/".repeat(180);
    let keys = [
        "../x",
        "../../x",
        "a.txt",
        "a.txt/x",
        "a.txt/",
        "/x",
        "//x",
        ".",
        "..",
        "a//b",
        "été 🎉/?&=#%2F+ \\\"'",
        &long,
    ];
    for key in keys {
        store.objects.put(key, TEXT, key.as_bytes().to_vec()).await.unwrap();
    }
    for key in keys {
        assert_eq!(store.objects.digest(key).await.unwrap().unwrap().head, key.as_bytes(), "{key}");
    }
    let listed = store.good_tool().list_objects_v2().bucket(store.bucket()).send().await.unwrap();
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    assert_eq!(listed.contents().iter().filter_map(|object| object.key()).collect::<Vec<_>>(), sorted);
    assert_eq!(files_below(&store.folder()), keys.len());
    assert_eq!(fs::read_dir(store.folder().parent().unwrap()).unwrap().count(), 1, "something left the folder");

    for key in keys {
        store.objects.delete(key).await.unwrap();
        assert_eq!(store.objects.digest(key).await.unwrap(), None, "{key}");
    }
    assert_eq!(files_below(&store.folder()), 0);
}

#[tokio::test]
async fn a_body_that_does_not_match_its_headers_replaces_nothing() {
    let store = Store::embedded().await;
    let key = new_key("kept.txt");
    store.objects.put(&key, TEXT, "kept".as_bytes()).await.unwrap();

    let window = PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let request = store.good_tool().put_object().bucket(store.bucket()).key(&key).content_length(5);
    let url = request.presigned(window).await.unwrap().uri().to_owned();
    let claims = [
        ("content-md5", "XUFAKrxLKna5cZ2REBfFkg=="),
        ("content-md5", "nonsense"),
        ("x-amz-content-sha256", &sha256(b"other")),
        ("x-amz-checksum-crc32", "AAAAAA=="),
        ("x-amz-checksum-crc32c", "AAAAAA=="),
        ("x-amz-checksum-crc64nvme", "AAAAAAAAAAA="),
        ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="),
        ("x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="),
    ];
    for (name, value) in claims {
        let answer = store.http.put(&url).header(name, value).body("hallo").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name}");
        assert_eq!(store.objects.digest(&key).await.unwrap().unwrap().head, b"kept", "{name}");
    }

    let refused = store.http.put(&url).header("x-amz-copy-source", "/dossiers/x").body("hallo").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::NOT_IMPLEMENTED, "a signed upload must not become a copy");

    let request = store.http.put(&url).header("content-md5", "WY1MIARhuBUiozKFZcJffA==");
    let request = request.header("x-amz-checksum-sha256", "03UdM/nNUEnErytGJzVFfk07rxMLy7h/OJ40n7rrILk=");
    assert_eq!(request.body("hallo").send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(store.objects.digest(&key).await.unwrap().unwrap().head, b"hallo");
    assert_eq!(files_below(&store.folder().join(".drafts")), 0);
}

#[tokio::test]
async fn an_interrupted_body_leaves_nothing() {
    let store = Store::embedded().await;
    let key = new_key("broken.txt");
    let id = store.objects.begin_upload(&key, TEXT).await.unwrap();
    let part = store.objects.sign_upload(&key, &id, 1000).await.unwrap().remove(0);
    let url = reqwest::Url::parse(&part.url).unwrap();
    let (address, path) = (&url[Position::BeforeHost..Position::AfterPort], &url[Position::BeforePath..]);

    let mut socket = TcpStream::connect(address).unwrap();
    write!(socket, "PUT {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 1000\r\n\r\nonly this").unwrap();
    let drafts = store.folder().join(".drafts");
    until(|| files_below(&drafts) == 1).await;
    drop(socket);
    until(|| files_below(&drafts) == 0).await;
    assert_eq!(store.objects.finish_upload(&key, &id, 1000).await.unwrap(), Finished::Incomplete);
}

#[tokio::test]
async fn files_of_a_crash_are_invisible_and_deleted_later() {
    let store = Store::embedded().await;
    let key = new_key("whole.txt");
    store.objects.put(&key, TEXT, "whole".as_bytes()).await.unwrap();
    let id = store.upload("old.txt", TEXT, b"old").await;
    let younger = store.upload("young.txt", TEXT, b"young").await;

    let drafts = store.folder().join(".drafts");
    let ago = |hours| SystemTime::now() - Duration::from_hours(hours);
    fs::write(drafts.join("young"), "half a fi").unwrap();
    fs::write(drafts.join("old"), "half a fi").unwrap();
    // The server itself ends an upload that is idle for some days. The store waits for longer.
    let uploads = store.folder().join(".uploads");
    for (old, age) in [(drafts.join("old"), 25), (uploads.join(&id), 61 * 24), (uploads.join(&younger), 59 * 24)] {
        File::open(old).unwrap().set_modified(ago(age)).unwrap();
    }

    let reopened = Objects::open(store.settings.clone()).await.unwrap();
    assert_eq!(fs::read_dir(&drafts).unwrap().map(|file| file.unwrap().file_name()).collect::<Vec<_>>(), ["young"]);
    assert_eq!(reopened.digest(&key).await.unwrap().unwrap().head, b"whole");
    assert_eq!(reopened.finish_upload("old.txt", &id, 3).await.unwrap(), Finished::Over);
    assert_eq!(whole(reopened.finish_upload("young.txt", &younger, 5).await.unwrap()).head, b"young");
    let listed = store.good_tool().list_objects_v2().bucket(store.bucket()).send().await.unwrap();
    assert_eq!(listed.key_count(), Some(2));
}

#[tokio::test]
async fn a_damaged_file_is_an_error() {
    let store = Store::embedded().await;
    store.objects.put("damaged", TEXT, "whole".as_bytes()).await.unwrap();
    let mut path = store.folder().join("dossiers");
    while path.is_dir() {
        path = fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
    }
    let length = fs::metadata(&path).unwrap().len();
    File::options().write(true).open(&path).unwrap().set_len(length - 1).unwrap();
    assert!(matches!(store.objects.digest("damaged").await, Err(Error::Store { .. })));
}

#[tokio::test]
async fn only_the_configured_key_gives_access() {
    let store = Store::embedded().await;
    let url = format!("{}dossiers?list-type=2", public_url(&store));
    assert_eq!(store.http.get(url).send().await.unwrap().status(), StatusCode::FORBIDDEN);
    let answer = store.tool("another-key").list_objects_v2().bucket(store.bucket()).send().await;
    assert_eq!(answer.unwrap_err().code(), Some("NotSignedUp"));
    let mut settings = store.settings.clone();
    settings.secret_access_key = "another secret".into();
    let thief = Objects::open(settings).await.unwrap();
    let forged = thief.sign_download("key", "a", TEXT).await.unwrap();
    assert_eq!(store.http.get(forged.url).send().await.unwrap().status(), StatusCode::FORBIDDEN);

    // A form is read before its signature is checked, so the server must not read much of it.
    let form = "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n\
                --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nbytes\r\n--x--\r\n";
    let request = store.http.post(format!("{}dossiers", public_url(&store)));
    let answer = request.header("content-type", "multipart/form-data; boundary=x").body(form).send().await.unwrap();
    assert!(answer.status().is_client_error());
}

#[tokio::test]
async fn ordinary_s3_tools_work() {
    let store = Store::embedded().await;
    let (tool, bucket) = (store.good_tool(), store.bucket());
    let file = store.folder().join("a file");
    fs::write(&file, "0123456789").unwrap();
    for key in ["a/1", "a/2", "b c/3", "top"] {
        // A file is sent as a chunked body with a checksum after it.
        let body = ByteStream::from_path(&file).await.unwrap();
        tool.put_object().bucket(bucket).key(key).metadata("mtime", "17").body(body).send().await.unwrap();
    }
    let page = tool.list_objects_v2().bucket(bucket).delimiter("/").max_keys(2).send().await.unwrap();
    assert_eq!(page.common_prefixes().iter().filter_map(|it| it.prefix()).collect::<Vec<_>>(), ["a/", "b c/"]);
    let next = page.next_continuation_token().unwrap();
    let request = tool.list_objects_v2().bucket(bucket).delimiter("/").continuation_token(next);
    let page = request.send().await.unwrap();
    assert_eq!((page.contents()[0].key(), page.is_truncated()), (Some("top"), Some(false)));
    let page = tool.list_objects_v2().bucket(bucket).prefix("a/").start_after("a/1").send().await.unwrap();
    assert_eq!((page.contents()[0].key(), page.key_count()), (Some("a/2"), Some(1)));

    let head = tool.head_object().bucket(bucket).key("top").send().await.unwrap();
    assert_eq!((head.content_length(), head.e_tag()), (Some(10), Some("\"781e5e245d69b566979b86e28d23f2c7\"")));
    assert_eq!(head.metadata().unwrap()["mtime"], "17");
    let tail = tool.get_object().bucket(bucket).key("top").range("bytes=-3").send().await.unwrap();
    assert_eq!(tail.content_range(), Some("bytes 7-9/10"));
    assert_eq!(tail.body.collect().await.unwrap().to_vec(), b"789");
    let beyond = tool.get_object().bucket(bucket).key("top").range("bytes=10-").send().await;
    assert_eq!(beyond.unwrap_err().code(), Some("InvalidRange"));
    let conditional = tool.put_object().bucket(bucket).key("top").if_none_match("*").send().await;
    assert_eq!(conditional.unwrap_err().code(), Some("NotImplemented"));

    let id = store.upload("big", TEXT, &file_of(10)).await;
    let uploads = tool.list_multipart_uploads().bucket(bucket).send().await.unwrap();
    assert_eq!(uploads.uploads()[0].upload_id(), Some(id.as_str()));
    let parts = tool.list_parts().bucket(bucket).key("big").upload_id(&id).send().await.unwrap();
    assert_eq!(parts.parts()[0].size(), Some(10));
    let other = tool.list_parts().bucket(bucket).key("other").upload_id(&id).send().await;
    assert_eq!(other.unwrap_err().code(), Some("NoSuchUpload"));
}

#[tokio::test]
async fn an_address_with_a_path_is_refused() {
    let store = Store::embedded().await;
    let public_url = public_url(&store).join("below").unwrap();
    let settings =
        Settings { endpoint: Endpoint::Embedded { root: store.folder(), public_url }, ..store.settings.clone() };
    assert!(matches!(Objects::open(settings).await, Err(Error::Settings(_))));
}

fn public_url(store: &Store) -> reqwest::Url {
    match &store.settings.endpoint {
        Endpoint::Embedded { public_url, .. } => public_url.clone(),
        Endpoint::Remote(_) => unreachable!("these tests are for the embedded store"),
    }
}

async fn until(done: impl Fn() -> bool) {
    let wait = async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("it never came to that");
}
