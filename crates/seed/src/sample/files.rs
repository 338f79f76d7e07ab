//! The sample's files, small and valid. The code generates them, so that the repository contains no binary files.

use super::builder::File;

/// Returns a text file.
pub fn text(name: &'static str, content_type: &'static str, text: &str) -> File {
    File { name, content_type, bytes: text.as_bytes().to_vec() }
}

/// Returns a PDF of one page with a title and lines of text (ISO 32000-1). It supports the characters of
/// `WinAnsiEncoding`.
pub fn pdf(name: &'static str, title: &str, lines: &[&str]) -> File {
    let shown: String = lines.iter().map(|line| [" 0 -24 Td (", &escaped(line), ") Tj"].concat()).collect();
    let content = format!("BT /F1 20 Tf 60 760 Td ({}) Tj /F1 11 Tf{shown} ET", escaped(title));
    let content = latin1(&content);
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        [format!("<< /Length {} >>\nstream\n", content.len()).as_bytes(), &content, b"\nendstream"].concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").as_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    bytes.extend(trailer.as_bytes());
    File { name, content_type: "application/pdf", bytes }
}

/// Returns a logo: a disc of one colour on white, as uncompressed PNG (RFC 2083).
pub fn logo(name: &'static str, colour: [u8; 3]) -> File {
    const SIDE: i32 = 96;
    let mut pixels = Vec::new();
    for y in 0..SIDE {
        pixels.push(0);
        for x in 0..SIDE {
            let (dx, dy) = (2 * x - SIDE, 2 * y - SIDE);
            let inside = dx * dx + dy * dy < (SIDE - 8) * (SIDE - 8);
            pixels.extend(if inside { colour } else { [255; 3] });
        }
    }
    let side = SIDE.to_be_bytes();
    let header = [side.as_slice(), &side, &[8, 2, 0, 0, 0]].concat();
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", stored(&pixels)), (b"IEND", Vec::new())] {
        let named = [kind.as_slice(), &data].concat();
        bytes.extend(u32::try_from(data.len()).unwrap_or_default().to_be_bytes());
        bytes.extend(&named);
        bytes.extend(crc32(&named).to_be_bytes());
    }
    File { name, content_type: "image/png", bytes }
}

/// Returns a second of a tone as WAV, in place of a recorded call.
pub fn recording(name: &'static str) -> File {
    const RATE: u32 = 8_000;
    let samples: Vec<u8> = (0..RATE).map(|at| if at / 9 % 2 == 0 { 118 } else { 138 }).collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + RATE).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00");
    bytes.extend(RATE.to_le_bytes());
    bytes.extend(RATE.to_le_bytes());
    bytes.extend(b"\x01\x00\x08\x00data");
    bytes.extend(RATE.to_le_bytes());
    bytes.extend(samples);
    File { name, content_type: "audio/wav", bytes }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)")
}

fn latin1(text: &str) -> Vec<u8> {
    // WinAnsi has the typographic apostrophe and the euro below 160.
    let byte = |c: char| match c {
        '’' => 0x92,
        '€' => 0x80,
        _ => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}

/// Returns a zlib stream (RFC 1950) of stored blocks.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX)).collect::<Vec<_>>();
    for (number, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap_or_default();
        bytes.push(u8::from(number + 1 == blocks.len()));
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(*block);
    }
    let (a, b) = data.iter().fold((1u32, 0u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    bytes.extend((b << 16 | a).to_be_bytes());
    bytes
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }))
    })
}
