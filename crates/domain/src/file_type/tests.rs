use super::{Mismatch, compare};

/// A PE header in the usual place.
fn pe() -> Vec<u8> {
    let mut file = vec![0; 0x80];
    file[..2].copy_from_slice(b"MZ");
    file[0x3C] = 0x80;
    file.extend(b"PE\0\0\x64\x86");
    file
}

fn transport_stream(first: usize, step: usize) -> Vec<u8> {
    let mut file = vec![0xFF; first + 6 * step];
    (0..6).for_each(|packet| file[first + packet * step] = 0x47);
    file
}

const WEBM: &[u8] =
    b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\x42\x82\x84webm";
const MP4: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41";
const M4A: &[u8] = b"\0\0\0\x1CftypM4A \0\0\x02\0M4A isomiso2";
const PNG: &[u8] = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR";
const JPEG: &[u8] = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0";
const TIFF: &[u8] = b"II*\0\x08\0\0\0";
const PDF: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n";
const ZIP: &[u8] = b"PK\x03\x04\x14\0\x06\0\x08\0";
const ID3: &[u8] = b"ID3\x04\0\0\0\0\x02\x01TSSE";

#[test]
fn ordinary_files_are_taken() {
    let accepted: &[(&str, &[u8])] = &[
        // Text that begins like a program, an archive, a film or an image.
        ("text/plain", b"BC is before our time"),
        ("text/plain", b"MZ is short for Mainz"),
        ("text/plain", b"ID3 tags are a mess"),
        ("text/plain", b"BM"),
        ("text/plain", b"GIF89a is a format of images"),
        ("text/plain", b"PKWARE\n"),
        ("text/plain", b"%PDF-1.4 is the first line of a PDF"),
        ("text/plain", &[b'G'; 4_000]),
        ("text/plain", b""),
        ("image/png", b""),
        ("application/pkix-cert", b"-----BEGIN CERTIFICATE-----\n"),
        ("application/x-x509-ca-cert", b"\x30\x82\x03\x0A"),
        ("application/pkcs7-mime", b"\x30\x82\x05\x1B\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"),
        ("application/x-pem-file", b"-----BEGIN PRIVATE KEY-----\n"),
        // Recordings, as browsers and cameras make them.
        ("audio/webm;codecs=opus", WEBM),
        ("video/webm", WEBM),
        ("audio/mp4", MP4),
        ("audio/x-m4a", M4A),
        ("video/mp4", M4A),
        ("video/3gpp", b"\0\0\0\x18ftyp3gp4\0\0\0\0"),
        ("audio/3gpp", b"\0\0\0\x18ftyp3gp4\0\0\0\0"),
        ("video/quicktime", b"\0\0\0\x14ftypqt  \0\0\0\0"),
        ("audio/mpeg", ID3),
        ("audio/mpeg", b"\xFF\xFB\x90\x64"),
        ("video/mp2t", b"export const answer = 42;\n"),
        ("audio/ogg", b"OggS\0\x02\0\0"),
        ("video/ogg", b"OggS\0\x02\0\0"),
        // Photos and drawings.
        ("image/jpeg", PNG),
        ("image/x-nikon-nef", b"MM\0*\0\0\0\x08"),
        ("image/x-canon-cr2", b"II*\0\x10\0\0\0CR\x02\0"),
        ("image/x-canon-cr3", b"\0\0\0\x18ftypcrx \0\0\0\x01"),
        ("image/x-fuji-raf", b"FUJIFILMCCD-RAW 0201"),
        ("image/heic", b"\0\0\0\x24ftypheic\0\0\0\0"),
        ("image/svg+xml", b"<?xml version=\"1.0\"?><svg>"),
        ("image/svg+xml", b"\x1F\x8B\x08\0"),
        ("image/openraster", ZIP),
        ("image/vnd.dwg", b"AC1032\0\0\0\0"),
        ("image/vnd.dxf", b"  0\nSECTION\n  2\nHEADER\n"),
        ("application/acad", b"AC1032\0\0\0\0"),
        ("application/postscript", PDF),
        ("model/3mf", ZIP),
        // Office files, and what office programs export under their name.
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        ),
        ("application/vnd.oasis.opendocument.text", ZIP),
        ("application/vnd.ms-excel", b"<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">"),
        ("application/vnd.ms-excel", b"date;amount\n"),
        ("application/msword", b"{\\rtf1\\ansi"),
        ("text/html", b"<!DOCTYPE html><title>x</title>"),
        // Unknown types and kinds.
        ("application/octet-stream", PNG),
        ("application/x-something", MP4),
        ("application/pdf", b"\0\x01\x02\x03 unknown"),
        ("application/java-vm", b"\xCA\xFE\xBA\xBE\0\0\0\x34\0\x1D"),
        ("application/x-sh", b"#!/bin/sh\n"),
    ];
    for (announced, head) in accepted {
        assert_eq!(compare(announced, head), Ok(()), "{announced}: {}", head.escape_ascii());
    }
    for stream in [transport_stream(0, 188), transport_stream(4, 192)] {
        assert_eq!(compare("video/mp2t", &stream), Ok(()));
        assert_eq!(compare("text/vnd.trolltech.linguist", &stream), Ok(()));
        assert_eq!(compare("image/png", &stream), Err(Mismatch::OtherKind("video/mp2t")));
    }
}

#[test]
fn other_kinds_are_refused() {
    let refused: &[(&str, &[u8], &str)] = &[
        ("application/pdf", PNG, "image/png"),
        ("image/png", PDF, "application/pdf"),
        ("image/png", MP4, "video/mp4"),
        ("video/mp4", JPEG, "image/jpeg"),
        ("text/plain", PNG, "image/png"),
        ("text/plain; charset=utf-8", TIFF, "image/tiff"),
        ("IMAGE/PNG", b"<!DOCTYPE HTML><script>", "text/html"),
        ("image/svg+xml", b"\xEF\xBB\xBF \n<html><script>", "text/html"),
        ("application/pdf", b"<html lang=\"en\">", "text/html"),
        ("audio/mpeg", ZIP, "application/zip"),
        ("application/zip", ID3, "audio/mpeg"),
        ("application/msword", PDF, "application/pdf"),
    ];
    for (announced, head, actual) in refused {
        assert_eq!(compare(announced, head), Err(Mismatch::OtherKind(actual)), "{announced}: {}", head.escape_ascii());
    }
}

#[test]
fn programs_are_refused_under_any_type() {
    let far_header = [b"MZ\x90\0".as_slice(), &[0; 60], b"!This program cannot be run in DOS mode.\r\r\n$"].concat();
    let programs: [&[u8]; 7] = [
        &pe(),
        &far_header,
        b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0",
        b"\x7FELF\x01\x02\x01\0",
        b"\xCF\xFA\xED\xFE\x0C\0\0\x01\0\0\0\0\x02\0\0\0",
        b"\xFE\xED\xFA\xCE\0\0\0\x12\0\0\0\0\0\0\0\x02",
        b"\xCA\xFE\xBA\xBE\0\0\0\x02\x01\0\0\x07\0\0\0\x03",
    ];
    for program in programs {
        for announced in ["application/octet-stream", "image/png", "text/plain"] {
            assert_eq!(compare(announced, program), Err(Mismatch::Executable), "{}", program.escape_ascii());
        }
    }
    for text in ["MZ This program cannot be run in DOS mode, it says.", "\u{7F}ELF is a magic number"] {
        assert_eq!(compare("text/plain", text.as_bytes()), Ok(()), "{text}");
    }
}
