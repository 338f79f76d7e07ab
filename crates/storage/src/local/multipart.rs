//! Multipart uploads. An upload exists as long as its record does. It ends by moving its whole folder, so that no part
//! can arrive afterwards.

use super::{
    disk::{Disk, entries, find, new_id},
    error::{LocalError, refuse_conditions},
    receive::{Received, receive},
    record::{Record, Sealed},
    store::Store,
};
use dossier_core::hex::hex;
use s3s::{
    S3ErrorCode, S3Request, S3Result,
    crypto::{Checksum, Md5},
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CompletedPart, CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag,
        ListPartsInput, ListPartsOutput, Part, Timestamp, UploadPartInput, UploadPartOutput,
    },
    s3_error,
};
use std::{
    collections::HashMap,
    fs, io,
    io::Read,
    path::{Path, PathBuf},
};

/// The name of the record's file, which makes a folder an upload.
const RECORD: &str = "record";
/// The maximum number of parts in an answer.
const PAGE: usize = 1000;

pub(super) fn create(
    disk: &Disk,
    input: CreateMultipartUploadInput,
) -> Result<CreateMultipartUploadOutput, LocalError> {
    let CreateMultipartUploadInput { bucket, key, content_type, metadata, .. } = input;
    disk.require_bucket(&bucket)?;
    let id = new_id()?;
    let folder = disk.uploads().join(&id);
    let metadata = metadata.unwrap_or_default();
    let record = Record { bucket, key, content_type, metadata, size: 0, etag: String::new() };
    disk.make_upload(&folder)?;
    let recorded = disk.draft().and_then(|draft| draft.seal(&record, &folder.join(RECORD)));
    if let Err(error) = recorded {
        // Without a record it is not an upload, and nobody would use it.
        let _ = fs::remove_dir_all(&folder);
        return Err(error.into());
    }
    Ok(CreateMultipartUploadOutput {
        bucket: Some(record.bucket),
        key: Some(record.key),
        upload_id: Some(id),
        ..CreateMultipartUploadOutput::default()
    })
}

impl Store {
    pub(super) async fn put_part(&self, mut req: S3Request<UploadPartInput>) -> S3Result<UploadPartOutput> {
        let UploadPartInput { bucket, key, upload_id, part_number: number, content_length, .. } = &req.input;
        let (number, length) = (*number, *content_length);
        if !(1..=10_000).contains(&number) {
            return Err(s3_error!(InvalidArgument, "parts are numbered from 1 to 10000"));
        }
        let (bucket, key, id) = (bucket.clone(), key.clone(), upload_id.clone());
        let (folder, upload) = self.on_disk(move |disk| need(disk, &bucket, &key, &id)).await?;

        let body = req.input.body.take();
        let Received { draft, size, etag } = receive(&self.0, body, &req, length).await?;
        let record = Record { size, etag, content_type: None, metadata: HashMap::new(), ..upload.record };
        self.on_disk(move |_| {
            draft.seal(&record, &folder.join(part_name(number))).map_err(upload_ended)?;
            Ok(UploadPartOutput { e_tag: Some(ETag::Strong(record.etag)), ..UploadPartOutput::default() })
        })
        .await
    }
}

pub(super) fn list_parts(disk: &Disk, input: ListPartsInput) -> Result<ListPartsOutput, LocalError> {
    let (folder, _) = need(disk, &input.bucket, &input.key, &input.upload_id)?;
    let page = input.max_parts.and_then(|most| usize::try_from(most).ok()).map_or(PAGE, |most| most.min(PAGE));
    let after = input.part_number_marker.unwrap_or(0);
    let numbers = entries(&folder)?.into_iter().filter_map(|path| path.file_name()?.to_str()?.parse::<i32>().ok());
    let mut numbers: Vec<_> = numbers.filter(|number| *number > after).collect();
    numbers.sort_unstable();
    let is_truncated = numbers.len() > page;
    numbers.truncate(page);

    let mut parts = Vec::with_capacity(numbers.len());
    for number in numbers {
        let part = find(&folder.join(part_name(number)))?.ok_or(S3ErrorCode::NoSuchUpload)?;
        parts.push(Part {
            part_number: Some(number),
            size: Some(part.record.size.cast_signed()),
            e_tag: Some(ETag::Strong(part.record.etag)),
            last_modified: Some(Timestamp::from(part.modified)),
            ..Part::default()
        });
    }
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        max_parts: i32::try_from(page).ok(),
        part_number_marker: input.part_number_marker,
        next_part_number_marker: parts.last().and_then(|part| part.part_number),
        is_truncated: Some(is_truncated),
        parts: Some(parts),
        ..ListPartsOutput::default()
    })
}

pub(super) fn complete(
    disk: &Disk,
    input: CompleteMultipartUploadInput,
) -> Result<CompleteMultipartUploadOutput, LocalError> {
    refuse_conditions(input.if_match.is_some() || input.if_none_match.is_some())?;
    let (folder, upload) = need(disk, &input.bucket, &input.key, &input.upload_id)?;
    let named = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
    if named.is_empty() {
        return Err(s3_error!(MalformedXML, "no part is named").into());
    }
    if !named.is_sorted_by(|one, next| one.part_number < next.part_number) {
        return Err(S3ErrorCode::InvalidPartOrder.into());
    }

    let mut draft = disk.draft()?;
    let (mut size, mut etags) = (0, Md5::new());
    for named in &named {
        let part = named_part(&folder, named)?;
        etags.update(part.record.etag.as_bytes());
        size += io::copy(&mut part.file.take(part.record.size), &mut draft.file)?;
    }
    let etag = format!("{}-{}", hex(&etags.finalize()), named.len());
    let record = Record { size, etag, ..upload.record };
    disk.publish(draft, &record)?;
    disk.discard(&folder)?;
    Ok(CompleteMultipartUploadOutput {
        bucket: Some(record.bucket),
        key: Some(record.key),
        e_tag: Some(ETag::Strong(record.etag)),
        ..CompleteMultipartUploadOutput::default()
    })
}

pub(super) fn abort(disk: &Disk, input: &AbortMultipartUploadInput) -> Result<AbortMultipartUploadOutput, LocalError> {
    let (folder, _) = need(disk, &input.bucket, &input.key, &input.upload_id)?;
    disk.discard(&folder)?;
    Ok(AbortMultipartUploadOutput::default())
}

/// Returns an upload in progress by its id, which must have 32 hexadecimal digits.
pub(super) fn upload(disk: &Disk, id: &str) -> io::Result<Option<(PathBuf, Sealed)>> {
    if id.len() != 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let folder = disk.uploads().join(id);
    Ok(find(&folder.join(RECORD))?.map(|record| (folder, record)))
}

fn need(disk: &Disk, bucket: &str, key: &str, id: &str) -> Result<(PathBuf, Sealed), LocalError> {
    let found = upload(disk, id)?.filter(|(_, found)| found.record.bucket == bucket && found.record.key == key);
    Ok(found.ok_or(S3ErrorCode::NoSuchUpload)?)
}

fn named_part(folder: &Path, named: &CompletedPart) -> Result<Sealed, LocalError> {
    let number = named.part_number.ok_or(S3ErrorCode::InvalidPart)?;
    let part = find(&folder.join(part_name(number)))?.ok_or(S3ErrorCode::InvalidPart)?;
    match &named.e_tag {
        Some(etag) if etag.value() != part.record.etag => Err(S3ErrorCode::InvalidPart.into()),
        _ => Ok(part),
    }
}

fn part_name(number: i32) -> String {
    format!("{number:05}")
}

/// Converts the error of an upload that ended while its part arrived.
fn upload_ended(error: io::Error) -> LocalError {
    match error.kind() {
        io::ErrorKind::NotFound => S3ErrorCode::NoSuchUpload.into(),
        _ => error.into(),
    }
}
