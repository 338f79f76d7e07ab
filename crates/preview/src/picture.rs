//! Decoding files, and encoding their pictures.

use crate::{Format, PDF, Pictures, WIDTHS, essence};
use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf, render,
    vello_cpu::color::palette::css::WHITE,
};
use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, RgbaImage, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder,
};
use std::io::Cursor;

/// The maximum memory of a decoded image, in bytes.
const MAX_MEMORY: u64 = 512 << 20;

/// The maximum height of a picture, as a multiple of its width.
const MAX_RATIO: u32 = 4;

/// The quality of JPEG pictures, up to 100.
const QUALITY: u8 = 80;

/// Returns the pictures of a file, or `None` if it cannot be read.
pub fn render_pictures(content_type: &str, bytes: Vec<u8>) -> Option<Pictures> {
    let image = if essence(content_type) == PDF { first_page(bytes)? } else { decode(bytes)? };
    encode_pictures(image)
}

/// Returns an image as it was taken: upright.
fn decode(bytes: Vec<u8>) -> Option<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    Some(image)
}

/// Returns the first page of a PDF, as wide as the widest picture.
fn first_page(bytes: Vec<u8>) -> Option<DynamicImage> {
    let pdf = Pdf::new(bytes).ok()?;
    let page = pdf.pages().first()?;
    let (width, height) = page.render_dimensions();
    let [widest, highest] = [widest(), widest() * MAX_RATIO].map(|length| u16::try_from(length).unwrap_or(u16::MAX));
    let scale = (f32::from(widest) / width).min(f32::from(highest) / height);
    let is_visible = |length: f32| (length * scale).is_finite() && length * scale >= 1.0;
    if !is_visible(width) || !is_visible(height) {
        return None;
    }
    let size = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let page = render(page, &RenderCache::new(), &InterpreterSettings::default(), &RenderSettings::default(), &size);
    let (width, height) = (page.width().into(), page.height().into());
    RgbaImage::from_raw(width, height, page.data_as_u8_slice().to_vec()).map(DynamicImage::from)
}

/// The width of the widest picture, in pixels.
fn widest() -> u32 {
    WIDTHS.into_iter().max().unwrap_or_default()
}

fn encode_pictures(image: DynamicImage) -> Option<Pictures> {
    // The small picture is made of the large one, because scaling reads each pixel.
    let large = shrink(image, widest());
    let format = if is_transparent(&large) { Format::Png } else { Format::Jpeg };
    let [small, large] = WIDTHS.map(|width| encode(&shrink(large.clone(), width), format));
    Some(Pictures { format, files: [small?, large?] })
}

/// Returns the image at most this wide. It is never enlarged.
fn shrink(image: DynamicImage, width: u32) -> DynamicImage {
    let height = width * MAX_RATIO;
    if image.width() <= width && image.height() <= height { image } else { image.thumbnail(width, height) }
}

fn is_transparent(image: &DynamicImage) -> bool {
    image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] < u8::MAX)
}

fn encode(image: &DynamicImage, format: Format) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    match format {
        Format::Jpeg => image.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut file, QUALITY)),
        Format::Png => image.to_rgba8().write_with_encoder(PngEncoder::new(&mut file)),
    }
    .ok()?;
    Some(file)
}

#[cfg(test)]
mod tests;
