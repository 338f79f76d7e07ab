//! Recognizes formats by their signatures. Each check is so strict that other files do not pass it by chance.

use super::{executable::contains, kind::Kind};
use std::str;

/// The signatures at the start of a file, with the recognized media type.
const SIGNATURES: [(&[u8], Kind, &str); 22] = [
    (b"\x89PNG\r\n\x1A\n", Kind::Image, "image/png"),
    (b"\xFF\xD8\xFF\xDB", Kind::Image, "image/jpeg"),
    (b"\xFF\xD8\xFF\xE0", Kind::Image, "image/jpeg"),
    (b"\xFF\xD8\xFF\xE1", Kind::Image, "image/jpeg"),
    (b"\xFF\xD8\xFF\xE2", Kind::Image, "image/jpeg"),
    (b"\xFF\xD8\xFF\xEE", Kind::Image, "image/jpeg"),
    (b"GIF87a", Kind::Image, "image/gif"),
    (b"GIF89a", Kind::Image, "image/gif"),
    (b"II*\0\x08\0", Kind::Image, "image/tiff"),
    (b"MM\0*\0\0", Kind::Image, "image/tiff"),
    (b"8BPS\0\x01", Kind::Image, "image/vnd.adobe.photoshop"),
    (b"\0\0\0\x0CjP  \r\n\x87\n", Kind::Image, "image/jp2"),
    (b"\0\0\0\x0CJXL \r\n\x87\n", Kind::Image, "image/jxl"),
    (b"\x66LaC\0\0\0\x22", Kind::Media, "audio/flac"),
    (b"OggS\0", Kind::Media, "audio/ogg"),
    (b"MThd\0\0\0\x06", Kind::Media, "audio/midi"),
    (b"FLV\x01", Kind::Media, "video/x-flv"),
    (b"\0\0\x01\xBA", Kind::Media, "video/mpeg"),
    (b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9", Kind::Media, "video/x-ms-asf"),
    (b"PK\x03\x04", Kind::Archive, "application/zip"),
    (b"7z\xBC\xAF\x27\x1C", Kind::Archive, "application/x-7z-compressed"),
    (b"Rar!\x1A\x07", Kind::Archive, "application/vnd.rar"),
];

/// Returns the kind and the media type of a file with these first bytes, if both are certain.
pub(super) fn recognize(head: &[u8]) -> Option<(Kind, &'static str)> {
    if is_html(head) {
        return Some((Kind::Html, "text/html"));
    }
    if is_pdf(head) {
        return Some((Kind::Pdf, "application/pdf"));
    }
    // All other signatures belong to binary formats.
    if is_text(head) {
        return None;
    }
    let signature = SIGNATURES.iter().find(|(signature, ..)| head.starts_with(signature));
    signature.map(|(_, kind, media_type)| (*kind, *media_type)).or_else(|| container(head))
}

/// Recognizes formats whose signature depends on more than the first bytes.
fn container(head: &[u8]) -> Option<(Kind, &'static str)> {
    match (head.get(..4)?, head.get(8..12)) {
        (b"RIFF", Some(b"WEBP")) => return Some((Kind::Image, "image/webp")),
        (b"RIFF", Some(b"WAVE")) => return Some((Kind::Media, "audio/wav")),
        (b"RIFF", Some(b"AVI ")) => return Some((Kind::Media, "video/x-msvideo")),
        (b"FORM", Some(b"AIFF" | b"AIFC")) => return Some((Kind::Media, "audio/aiff")),
        (b"\x1A\x45\xDF\xA3", _) => return matroska(head),
        _ => {}
    }
    if head.get(4..8) == Some(b"ftyp") {
        return iso_media(head.get(8..12)?);
    }
    if is_bitmap(head) {
        return Some((Kind::Image, "image/bmp"));
    }
    if is_tagged_sound(head) {
        return Some((Kind::Media, "audio/mpeg"));
    }
    is_transport_stream(head).then_some((Kind::Media, "video/mp2t"))
}

/// The brands of ISO/IEC 14496-12, which tell films from images (<https://mp4ra.org/registered-types/brands>).
fn iso_media(brand: &[u8]) -> Option<(Kind, &'static str)> {
    const AVIF: [&[u8]; 2] = [b"avif", b"avis"];
    const HEIF: [&[u8]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
    const FILM: [&[u8]; 12] =
        [b"iso", b"mp4", b"avc1", b"hvc1", b"mmp4", b"dash", b"MSNV", b"XAVC", b"F4V", b"f4v", b"M4V", b"M4P"];
    let begins = |start: &[u8]| brand.starts_with(start);
    if AVIF.contains(&brand) {
        Some((Kind::Image, "image/avif"))
    } else if HEIF.contains(&brand) {
        Some((Kind::Image, "image/heic"))
    } else if begins(b"M4A") || begins(b"M4B") {
        Some((Kind::Media, "audio/mp4"))
    } else if begins(b"qt  ") {
        Some((Kind::Media, "video/quicktime"))
    } else if begins(b"3g") {
        Some((Kind::Media, "video/3gpp"))
    } else if FILM.into_iter().any(begins) {
        Some((Kind::Media, "video/mp4"))
    } else {
        None
    }
}

/// The name of the format is in the header, which is short.
fn matroska(head: &[u8]) -> Option<(Kind, &'static str)> {
    let header = &head[..head.len().min(80)];
    if contains(header, b"webm") {
        Some((Kind::Media, "video/webm"))
    } else {
        contains(header, b"matroska").then_some((Kind::Media, "video/x-matroska"))
    }
}

/// The size of the second header follows ten bytes, of which the last four are zero.
fn is_bitmap(head: &[u8]) -> bool {
    head.starts_with(b"BM")
        && head.get(6..10) == Some(&[0; 4])
        && matches!(head.get(14..18), Some([12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// An MP3 file with a tag: version and size of the tag follow, and each byte of the size is below 128.
fn is_tagged_sound(head: &[u8]) -> bool {
    head.starts_with(b"ID3")
        && matches!(head.get(3..10), Some([2..=4, 0..=0x0F, _, size @ ..]) if size.iter().all(|byte| *byte < 0x80))
}

/// An MPEG transport stream: a mark at the start of each packet. Cameras put four bytes before each.
fn is_transport_stream(head: &[u8]) -> bool {
    let marked = |first: usize, step: usize| (0..5).all(|packet| head.get(first + packet * step) == Some(&0x47));
    marked(0, 188) || marked(4, 192)
}

/// A version and at least one object follow.
fn is_pdf(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(b"%PDF-") else { return false };
    matches!(rest, [b'1'..=b'2', b'.', b'0'..=b'9', ..]) && contains(head, b" obj")
}

fn is_html(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let begins = |start: &[u8]| text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start));
    begins(b"<!doctype html") || begins(b"<html>") || begins(b"<html ")
}

/// Returns whether these bytes are the start of a text in UTF-8 or ASCII.
fn is_text(head: &[u8]) -> bool {
    let valid = match str::from_utf8(head) {
        Ok(text) => text,
        // The last character may be cut off.
        Err(error) if error.error_len().is_none() => {
            let (valid, _) = head.split_at(error.valid_up_to());
            str::from_utf8(valid).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{C}' | '\u{1B}'))
}
