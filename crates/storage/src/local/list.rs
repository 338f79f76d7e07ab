//! Lists objects, for tools that maintain a store. The API itself never lists, because it knows its keys.

use super::{
    disk::{Disk, entries, find},
    error::LocalError,
    multipart,
    record::Sealed,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use s3s::{
    S3ErrorCode,
    dto::{
        CommonPrefix, ETag, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectsV2Input,
        ListObjectsV2Output, MultipartUpload, Object, Timestamp,
    },
};
use std::{collections::BTreeMap, io};
use url::form_urlencoded;

/// The maximum number of entries of an answer.
const PAGE: usize = 1000;

/// Lists objects. It reads the records of the whole bucket, because the files have no order. It need not be fast.
pub(super) fn objects(disk: &Disk, input: ListObjectsV2Input) -> Result<ListObjectsV2Output, LocalError> {
    disk.require_bucket(&input.bucket)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let delimiter = input.delimiter.clone().unwrap_or_default();
    let page = input.max_keys.and_then(|most| usize::try_from(most).ok()).map_or(PAGE, |most| most.min(PAGE));
    let after = match &input.continuation_token {
        Some(token) => decode(token).ok_or(S3ErrorCode::InvalidArgument)?,
        None => input.start_after.clone().unwrap_or_default(),
    };

    let mut found = BTreeMap::new();
    visit(disk, &input.bucket, &mut |sealed| {
        let Some(rest) = sealed.record.key.strip_prefix(&prefix) else { return };
        // Keys with the same prefix up to the delimiter become one entry without an object.
        let (name, object) = match rest.find(&delimiter).filter(|_| !delimiter.is_empty()) {
            Some(at) => (format!("{prefix}{}", &rest[..at + delimiter.len()]), None),
            None => (sealed.record.key.clone(), Some(describe(&sealed))),
        };
        if name > after {
            found.insert(name, object);
            // One extra entry shows whether there are more.
            if found.len() > page + 1 {
                found.pop_last();
            }
        }
    })?;
    let is_truncated = found.len() > page;
    if is_truncated {
        found.pop_last();
    }

    let url = input.encoding_type.as_ref().is_some_and(|encoding| encoding.as_str() == "url");
    let spell =
        |name: &str| if url { form_urlencoded::byte_serialize(name.as_bytes()).collect() } else { name.to_owned() };
    let next = is_truncated.then(|| found.last_key_value().map(|(name, _)| BASE64_URL_SAFE_NO_PAD.encode(name)));
    let (mut contents, mut common_prefixes) = (Vec::new(), Vec::new());
    let key_count = i32::try_from(found.len()).ok();
    for (name, object) in found {
        let name = Some(spell(&name));
        match object {
            Some(object) => contents.push(Object { key: name, ..object }),
            None => common_prefixes.push(CommonPrefix { prefix: name }),
        }
    }
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(spell(&prefix)),
        delimiter: input.delimiter.as_deref().map(spell),
        start_after: input.start_after.as_deref().map(spell),
        encoding_type: input.encoding_type,
        max_keys: i32::try_from(page).ok(),
        key_count,
        is_truncated: Some(is_truncated),
        continuation_token: input.continuation_token,
        next_continuation_token: next.flatten(),
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        ..ListObjectsV2Output::default()
    })
}

/// Lists all uploads in progress. They are few, so there is one page.
pub(super) fn uploads(disk: &Disk, input: ListMultipartUploadsInput) -> Result<ListMultipartUploadsOutput, LocalError> {
    disk.require_bucket(&input.bucket)?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let mut found = Vec::new();
    for path in entries(&disk.uploads())? {
        let Some(id) = path.file_name().and_then(|id| id.to_str()) else { continue };
        let Some((_, Sealed { record, modified, .. })) = multipart::upload(disk, id)? else { continue };
        if record.bucket == input.bucket && record.key.starts_with(&prefix) {
            found.push(MultipartUpload {
                key: Some(record.key),
                upload_id: Some(id.to_owned()),
                initiated: Some(Timestamp::from(modified)),
                ..MultipartUpload::default()
            });
        }
    }
    found.sort_by(|one, other| (&one.key, &one.upload_id).cmp(&(&other.key, &other.upload_id)));
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        prefix: input.prefix,
        is_truncated: Some(false),
        uploads: Some(found),
        ..ListMultipartUploadsOutput::default()
    })
}

fn visit(disk: &Disk, bucket: &str, see: &mut dyn FnMut(Sealed)) -> io::Result<()> {
    for shelf in entries(&disk.bucket(bucket))? {
        for shelf in entries(&shelf)? {
            for path in entries(&shelf)? {
                // It may have been deleted after the folder was read.
                if let Some(sealed) = find(&path)? {
                    see(sealed);
                }
            }
        }
    }
    Ok(())
}

fn describe(sealed: &Sealed) -> Object {
    Object {
        size: Some(sealed.record.size.cast_signed()),
        e_tag: Some(ETag::Strong(sealed.record.etag.clone())),
        last_modified: Some(Timestamp::from(sealed.modified)),
        ..Object::default()
    }
}

fn decode(token: &str) -> Option<String> {
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()
}
