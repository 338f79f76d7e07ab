use super::*;
use image::{ImageFormat, Rgb, RgbImage, Rgba};

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn decoded(pictures: &Pictures) -> [DynamicImage; 2] {
    pictures.files.each_ref().map(|file| image::load_from_memory(file).unwrap())
}

fn render_image(image: impl Into<DynamicImage>, format: ImageFormat) -> Pictures {
    render_pictures(format.to_mime_type(), file(&image.into(), format)).unwrap()
}

#[test]
fn pictures_have_the_known_widths_and_are_never_enlarged() {
    let sizes = |width, height| {
        let pictures = render_image(RgbImage::new(width, height), ImageFormat::Png);
        assert_eq!(pictures.format, Format::Jpeg);
        decoded(&pictures).map(|picture| (picture.width(), picture.height()))
    };
    assert_eq!(sizes(2_000, 1_000), [(320, 160), (1_280, 640)]);
    assert_eq!(sizes(20, 10), [(20, 10), (20, 10)]);
    assert_eq!(sizes(10, 6_000), [(2, 1_280), (9, 5_120)], "a very high one");
}

#[test]
fn a_transparent_image_stays_transparent() {
    let pictures = render_image(RgbaImage::from_pixel(8, 8, Rgba([200, 10, 10, 0])), ImageFormat::Png);
    assert_eq!(pictures.format, Format::Png);
    assert_eq!(decoded(&pictures)[0].to_rgba8().get_pixel(4, 4).0[3], 0);
    let opaque = render_image(RgbaImage::from_pixel(8, 8, Rgba([200, 10, 10, 255])), ImageFormat::Png);
    assert_eq!(opaque.format, Format::Jpeg);
}

#[test]
fn a_photo_is_upright_and_loses_its_metadata() {
    let mut photo = RgbImage::from_pixel(64, 32, Rgb([0, 0, 255]));
    for y in 0..32 {
        for x in 0..32 {
            photo.put_pixel(x, y, Rgb([255, 0, 0]));
        }
    }
    let jpeg = file(&photo.into(), ImageFormat::Jpeg);
    // EXIF: big endian, one entry, orientation 6 (the camera was turned), and the name of a secret place.
    let exif =
        [b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec(), b"at home".to_vec()]
            .concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let photo = [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat();
    let pictures = render_pictures("image/jpeg", photo).unwrap();
    let picture = decoded(&pictures)[0].to_rgb8();
    assert_eq!((picture.width(), picture.height()), (32, 64));
    let [top, bottom] = [8, 56].map(|y| picture.get_pixel(16, y).0);
    assert!(top[0] > 200 && top[2] < 60, "red is above: {top:?}");
    assert!(bottom[2] > 200 && bottom[0] < 60, "blue is below: {bottom:?}");
    assert!(!pictures.files[0].windows(7).any(|text| text == b"at home"));
}

#[test]
fn the_first_page_of_a_pdf_is_drawn_on_white() {
    let page = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
                2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
                3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>endobj\n\
                4 0 obj<</Length 31>>stream\n1 0 0 rg 0 0 100 100 re f      \nendstream endobj\n\
                trailer<</Root 1 0 R>>";
    let pictures = render_pictures("application/pdf", page.into()).unwrap();
    assert_eq!(pictures.format, Format::Jpeg);
    let picture = decoded(&pictures)[0].to_rgb8();
    assert_eq!((picture.width(), picture.height()), (320, 160));
    let [left, right] = [40, 280].map(|x| picture.get_pixel(x, 80).0);
    assert!(left[0] > 200 && left[1] < 60, "{left:?}");
    assert!(right.iter().all(|value| *value > 240), "{right:?}");
}

#[test]
fn files_that_cannot_be_read_have_no_pictures() {
    assert_eq!(render_pictures("image/png", b"\x89PNG\r\n\x1a\nbroken".to_vec()), None);
    assert_eq!(render_pictures("image/png", Vec::new()), None);
    assert_eq!(render_pictures("application/pdf", b"%PDF-1.7\nbroken".to_vec()), None);
    // A PNG of 60,000 × 60,000 pixels in a few bytes.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0".to_vec();
    bomb.extend([0; 64]);
    assert_eq!(render_pictures("image/png", bomb), None);
}
