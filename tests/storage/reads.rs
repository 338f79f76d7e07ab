//! Ranges and conditions with the URL that a client gets (RFC 9110, sections 13 and 14).

use super::store::{Store, file_of, new_key};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use std::time::{Duration, SystemTime};

const TEXT: &str = "text/plain";

struct File {
    store: Store,
    key: String,
    url: String,
}

impl File {
    async fn of(bytes: &[u8]) -> Self {
        let (store, key) = (Store::embedded().await, new_key("a.txt"));
        store.objects.put(&key, TEXT, bytes.to_vec()).await.unwrap();
        let url = store.objects.sign_download(&key, "a.txt", TEXT).await.unwrap().url;
        Self { store, key, url }
    }

    fn get(&self, headers: &[(&str, &str)]) -> RequestBuilder {
        headers.iter().fold(self.store.http.get(&self.url), |request, (name, value)| request.header(*name, *value))
    }

    async fn answer(&self, headers: &[(&str, &str)]) -> Response {
        self.get(headers).send().await.unwrap()
    }
}

fn text(answer: &Response, name: header::HeaderName) -> &str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_single_range_selects_a_part_and_others_the_whole() {
    let file = File::of(b"0123456789").await;
    for (range, part) in [
        ("bytes=0-0", "0-0/10 0"),
        ("bytes=2-4", "2-4/10 234"),
        ("Bytes=2-4", "2-4/10 234"),
        ("bytes=7-", "7-9/10 789"),
        ("bytes=7-100", "7-9/10 789"),
        ("bytes=7-99999999999999999999999", "7-9/10 789"),
        ("bytes=-3", "7-9/10 789"),
        ("bytes=-100", "0-9/10 0123456789"),
        ("bytes= 2-4 ,", "2-4/10 234"),
    ] {
        let answer = file.answer(&[("Range", range)]).await;
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT, "{range}");
        let (bounds, bytes) = part.split_once(' ').unwrap();
        assert_eq!(text(&answer, header::CONTENT_RANGE), format!("bytes {bounds}"), "{range}");
        assert_eq!(text(&answer, header::CONTENT_LENGTH), bytes.len().to_string(), "{range}");
        assert_eq!(answer.text().await.unwrap(), bytes, "{range}");
    }
    for range in
        ["items=0-1", "seconds=1", "bytes=0-1,4-5", "bytes=0-1, -1", "bytes=4-2", "bytes=a-b", "bytes", "bytes=-", ""]
    {
        let answer = file.answer(&[("Range", range)]).await;
        assert_eq!((answer.status(), text(&answer, header::CONTENT_RANGE)), (StatusCode::OK, ""), "{range}");
        assert_eq!(text(&answer, header::ACCEPT_RANGES), "bytes");
        assert_eq!(answer.text().await.unwrap(), "0123456789", "{range}");
    }
    let twice = file.answer(&[("Range", "bytes=0-1"), ("Range", "bytes=4-5")]).await;
    assert_eq!(twice.status(), StatusCode::OK);
    for range in ["bytes=10-", "bytes=10-12", "bytes=99999999999999999999999-", "bytes=-0"] {
        let answer = file.answer(&[("Range", range)]).await;
        assert_eq!(answer.status(), StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(text(&answer, header::CONTENT_RANGE), "bytes */10", "{range}");
    }
}

#[tokio::test]
async fn an_empty_file_has_no_parts() {
    let file = File::of(b"").await;
    for (range, status) in [("bytes=0-", StatusCode::RANGE_NOT_SATISFIABLE), ("bytes=-5", StatusCode::OK)] {
        assert_eq!(file.answer(&[("Range", range)]).await.status(), status, "{range}");
    }
}

#[tokio::test]
async fn conditions_are_evaluated_in_their_order() {
    let file = File::of(b"0123456789").await;
    let whole = file.answer(&[]).await;
    let (etag, modified) = (text(&whole, header::ETAG), text(&whole, header::LAST_MODIFIED));
    let at = |seconds: i64| {
        let date = httpdate::parse_http_date(modified).unwrap();
        let by = Duration::from_secs(seconds.unsigned_abs());
        httpdate::fmt_http_date(if seconds < 0 { date - by } else { date + by })
    };
    let (before, after) = (at(-10), at(10));
    let (weak, list, foreign) = (format!("W/{etag}"), format!("\"x\", {etag}"), "\"x\", \"y\"");
    let old_format = chrono::DateTime::<chrono::Utc>::from(SystemTime::now() + Duration::from_hours(1));
    let asctime = old_format.format("%a %b %e %H:%M:%S %Y").to_string();
    for (headers, status) in [
        (&[("If-Match", etag)][..], 200),
        (&[("If-Match", "*")], 200),
        (&[("If-Match", &list)], 200),
        (&[("If-Match", foreign), ("If-Match", etag)], 200),
        (&[("If-Match", foreign)], 412),
        (&[("If-Match", &weak)], 412),
        (&[("If-None-Match", etag)], 304),
        (&[("If-None-Match", "*")], 304),
        (&[("If-None-Match", &list)], 304),
        (&[("If-None-Match", &weak)], 304),
        (&[("If-None-Match", foreign)], 200),
        (&[("If-Modified-Since", modified)], 304),
        (&[("If-Modified-Since", &after)], 304),
        (&[("If-Modified-Since", &asctime)], 304),
        (&[("If-Modified-Since", &before)], 200),
        (&[("If-Modified-Since", "yesterday")], 200),
        (&[("If-Unmodified-Since", modified)], 200),
        (&[("If-Unmodified-Since", &after)], 200),
        (&[("If-Unmodified-Since", &before)], 412),
        (&[("If-Unmodified-Since", "yesterday")], 200),
        // Tags take precedence over dates, and `If-Match` over `If-None-Match`.
        (&[("If-Match", etag), ("If-Unmodified-Since", &before)], 200),
        (&[("If-None-Match", foreign), ("If-Modified-Since", &after)], 200),
        (&[("If-Match", foreign), ("If-None-Match", etag)], 412),
        // Conditions take precedence over ranges.
        (&[("If-None-Match", etag), ("Range", "bytes=2-4")], 304),
        (&[("If-Match", foreign), ("Range", "bytes=20-")], 412),
        (&[("If-Match", etag), ("Range", "bytes=2-4")], 206),
        (&[("If-Range", etag), ("Range", "bytes=2-4")], 206),
        (&[("If-Range", modified), ("Range", "bytes=2-4")], 206),
        (&[("If-Range", &weak), ("Range", "bytes=2-4")], 200),
        (&[("If-Range", "\"x\""), ("Range", "bytes=2-4")], 200),
        (&[("If-Range", &before), ("Range", "bytes=2-4")], 200),
        (&[("If-Range", &after), ("Range", "bytes=2-4")], 200),
        (&[("If-Range", "\"x\""), ("Range", "bytes=20-")], 200),
        (&[("If-Range", etag)], 200),
    ] {
        let answer = file.answer(headers).await;
        assert_eq!(answer.status().as_u16(), status, "{headers:?}");
        if status == 304 {
            assert_eq!((text(&answer, header::ETAG), text(&answer, header::LAST_MODIFIED)), (etag, modified));
            assert!(answer.bytes().await.unwrap().is_empty(), "{headers:?}");
        }
    }
}

/// Its signature covers the headers, so they must reach the check unchanged.
#[tokio::test]
async fn a_tool_that_signs_its_headers_gets_the_same_answer() {
    let file = File::of(&file_of(10)).await;
    let (tool, bucket) = (file.store.good_tool(), file.store.bucket());
    let get = || tool.get_object().bucket(bucket).key(&file.key);
    for range in ["items=0-3", "bytes=0-1,4-5"] {
        assert_eq!(get().range(range).send().await.unwrap().content_length(), Some(10), "{range}");
    }
    assert_eq!(get().range("bytes=2-4").send().await.unwrap().content_range(), Some("bytes 2-4/10"));
    let head = tool.head_object().bucket(bucket).key(&file.key).range("bytes=2-4").send().await.unwrap();
    assert_eq!(head.content_length(), Some(10), "a range is for GET alone");
    let etag = head.e_tag().unwrap();
    let answer = get().if_none_match(etag).send().await.unwrap_err();
    assert_eq!(answer.raw_response().unwrap().status().as_u16(), 304);
    let answer = tool.head_object().bucket(bucket).key(&file.key).if_match("\"x\"").send().await.unwrap_err();
    assert_eq!(answer.raw_response().unwrap().status().as_u16(), 412);
}

#[tokio::test]
async fn an_object_keeps_its_headers() {
    let store = Store::embedded().await;
    let (tool, bucket) = (store.good_tool(), store.bucket());
    let put = tool.put_object().bucket(bucket).key("a/é +1").content_type("text/csv").metadata("author", "Zoé");
    put.body(b"1".to_vec().into()).send().await.unwrap();
    let head = tool.head_object().bucket(bucket).key("a/é +1").send().await.unwrap();
    assert_eq!(head.content_type(), Some("text/csv"));
    assert_eq!(head.metadata().unwrap()["author"], "=?UTF-8?B?Wm/DqQ==?=");
    assert!(head.last_modified().is_some());
    for method in [Method::GET, Method::HEAD] {
        let unsigned = store.http.request(method, format!("{}/{bucket}/a/b", store.url)).send().await.unwrap();
        assert_eq!(unsigned.status(), StatusCode::FORBIDDEN);
    }
    let missing = tool.get_object().bucket(bucket).key("missing").send().await.unwrap_err();
    assert!(missing.into_service_error().is_no_such_key());
}

#[tokio::test]
async fn a_link_to_a_long_name_is_short() {
    let file = File::of(b"x").await;
    let key = format!("organizations/{}/{}", "0".repeat(36), new_key(&"0".repeat(36)));
    file.store.objects.put(&key, TEXT, b"x".to_vec()).await.unwrap();
    for (name, end) in [
        ("😀".repeat(200), "%80"),
        (format!("{}.pdf", "😀".repeat(196)), "%80.pdf"),
        (format!("{}.pdf", "文".repeat(196)), "%87.pdf"),
        ("\u{10ffff}".repeat(200), "%BF"),
        ("ﷺ".repeat(200), "%BA"),
        (" ".repeat(199) + "a", "a"),
        (format!("a.{}", "😀".repeat(198)), "%80"),
    ] {
        let typed = format!("text/plain; x={}", "😀".repeat(100));
        let url = file.store.objects.sign_download(&key, &name, &typed).await.unwrap().url;
        assert!(url.len() < 4096, "{} bytes for {name}", url.len());
        let answer = file.store.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{name}");
        assert!(text(&answer, header::CONTENT_DISPOSITION).ends_with(end), "{:?}", answer.headers());
    }
    // Usual names are kept completely.
    for name in ["é".repeat(200), "文".repeat(150), format!("{}.txt", "a b".repeat(60))] {
        let url = file.store.objects.sign_download(&key, &name, TEXT).await.unwrap().url;
        let answer = file.store.http.get(url).send().await.unwrap();
        let full = text(&answer, header::CONTENT_DISPOSITION).split_once("filename*=UTF-8''").unwrap().1.to_owned();
        let decoded: Vec<_> = percent_encoding::percent_decode_str(&full).collect();
        assert_eq!(String::from_utf8(decoded).unwrap(), name);
    }
}
