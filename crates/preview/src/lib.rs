//! Small pictures of images and of the first pages of PDF files.
//!
//! Files are hostile, and decoders have faults. [`Renderer`] therefore starts a process for each file, which has limits of
//! memory and time. That process calls [`run_child`].

mod child;
mod picture;
mod renderer;

pub use child::run_child;
pub use renderer::{Input, RenderError, Renderer};

/// The widths of the pictures, in pixels. A picture of a smaller image has the width of the image.
pub const WIDTHS: [u32; 2] = [320, 1_280];

/// Files that are larger have no pictures, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;

/// The format of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The format of opaque pictures.
    Jpeg,
    /// The format of pictures with transparency.
    Png,
}

impl Format {
    /// Returns the media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Jpeg => b'J',
            Self::Png => b'P',
        }
    }

    const fn of_byte(byte: u8) -> Option<Self> {
        match byte {
            b'J' => Some(Self::Jpeg),
            b'P' => Some(Self::Png),
            _ => None,
        }
    }
}

/// The pictures of a file, one for each of the [`WIDTHS`]. They contain no metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictures {
    /// The format of all of them.
    pub format: Format,
    /// The encoded pictures.
    pub files: [Vec<u8>; WIDTHS.len()],
}

/// Returns whether files of this media type may have pictures.
pub fn is_supported(content_type: &str) -> bool {
    const TYPES: [&str; 7] = ["image/bmp", "image/gif", "image/jpeg", "image/png", "image/tiff", "image/webp", PDF];
    TYPES.contains(&essence(content_type).as_str())
}

const PDF: &str = "application/pdf";

/// Returns a media type without its parameters.
fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
