//! Names, colours and logos of an organization's portals. There is one portal for each track.

use super::check;
use base64::{Engine, engine::general_purpose::STANDARD};
use dossier_core::{
    error::{Error, UserError},
    hex,
};
use dossier_data::{AuditChange, ReadTx, WriteTx};
use entities::{
    client::Track,
    portal::{Column, Entity, Model},
};
use image::{ImageFormat, ImageReader};
use sea_orm::{ActiveEnum, ColumnTrait};
use std::{collections::HashSet, io::Cursor};
use uuid::Uuid;

/// The maximum size of a logo, in bytes.
const LOGO_BYTES: usize = 64 << 10;

/// The maximum width and height of a logo. A small file can contain an image that fills the memory of a browser.
const LOGO_PIXELS: u32 = 1_024;

/// Changes to a portal. `None` leaves a setting as it is. `Some(None)` empties one.
pub struct PortalChange {
    /// The clients who use the portal.
    pub track: Track,
    /// The name that they read.
    pub name: Option<Option<String>>,
    /// The colour, as `#RRGGBB`.
    pub accent_color: Option<Option<String>>,
    /// The logo, as a `data:` URL.
    pub logo: Option<Option<String>>,
}

/// Changes portals of the viewer's organization, whose row the caller has locked. Returns what has changed.
pub(crate) async fn update(tx: &WriteTx, changes: Vec<PortalChange>) -> Result<Vec<AuditChange>, Error> {
    let mut records = Vec::new();
    let mut tracks = HashSet::new();
    if !changes.iter().all(|change| tracks.insert(change.track)) {
        return Err(UserError::invalid("portals", "must contain each track at most once").into());
    }
    for (index, change) in changes.into_iter().enumerate() {
        let organization_id = tx.organization()?;
        let before = tx.find::<Entity>().filter(Column::Track.eq(change.track)).one().await?;
        let new = || Model { id: tx.new_id(), organization_id, track: change.track, ..Model::default() };
        let was = before.clone().unwrap_or_else(new);
        let is = apply(&was, change, index)?;
        if is == was {
            continue;
        }
        records.extend(differences(&was, &is));
        match before {
            Some(before) => tx.update_without_event(&before, is).await?,
            None => tx.insert_without_event(is).await?,
        };
    }
    Ok(records)
}

fn apply(before: &Model, change: PortalChange, index: usize) -> Result<Model, UserError> {
    let field = |name: &str| format!("portals.{index}.{name}");
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = check::optional(&field("name"), name.as_deref(), check::NAME, check::line)?;
    }
    if let Some(color) = change.accent_color {
        after.accent_color = color.map(|color| check::color(&field("accent_color"), &color)).transpose()?;
    }
    if let Some(logo) = change.logo {
        after.logo = logo.map(|logo| check_logo(&field("logo"), &logo)).transpose()?;
    }
    Ok(after)
}

/// Returns the `data:` URL of a logo with the media type of its bytes. Browsers run nothing in the accepted formats.
fn check_logo(field: &str, url: &str) -> Result<String, UserError> {
    let message = "must be a data: URL of a PNG, JPEG or WebP image in Base64, such as data:image/png;base64,…";
    let data = url.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"));
    // Base64 makes three bytes four.
    let (_, data) = data.filter(|(_, data)| data.len() <= LOGO_BYTES.div_ceil(3) * 4).ok_or_else(|| {
        let too_large = data.is_some();
        let limit = format!("must be at most {} KiB", LOGO_BYTES >> 10);
        UserError::invalid(field, if too_large { limit } else { message.to_owned() })
    })?;
    let bytes = STANDARD.decode(data).map_err(|_| UserError::invalid(field, message))?;
    let format = image::guess_format(&bytes).ok();
    let format = format.filter(|format| [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP].contains(format));
    let format = format.ok_or_else(|| UserError::invalid(field, message))?;
    let size = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    let (width, height) = size.map_err(|_| UserError::invalid(field, message))?;
    if width.max(height) > LOGO_PIXELS || width.min(height) == 0 {
        let message = format!("must be an image of at most {LOGO_PIXELS} × {LOGO_PIXELS} pixels");
        return Err(UserError::invalid(field, message));
    }
    Ok(format!("data:{};base64,{data}", format.to_mime_type()))
}

/// Returns the differences for the audit log. Of a logo, it contains a digest.
fn differences(was: &Model, is: &Model) -> Vec<AuditChange> {
    let settings = |row: &Model| {
        let digest = |logo: &String| format!("SHA-256 {}", hex::sha256(logo.as_bytes()));
        [
            ("name", row.name.clone()),
            ("accent_color", row.accent_color.clone()),
            ("logo", row.logo.as_ref().map(digest)),
        ]
    };
    let pairs = settings(was).into_iter().zip(settings(is));
    let changed = pairs.filter(|((_, before), (_, after))| before != after);
    changed
        .map(|((name, before), (_, after))| AuditChange {
            field: format!("portals.{}.{name}", is.track.to_value()),
            before,
            after,
        })
        .collect()
}

/// Returns the portals of an organization that have settings of their own: at most one for each track. One statement reads those of several
/// organizations.
pub async fn of_organization(tx: &ReadTx, organization: Uuid) -> Result<Vec<Model>, Error> {
    let slice = dossier_data::Slice::new(
        dossier_data::Order { column: None, id: Column::Id, descending: false },
        dossier_data::Arguments { first: Some(2), ..dossier_data::Arguments::default() },
    )?;
    Ok(tx.find::<Entity>().page_of(Column::OrganizationId, organization, slice).await?.rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(bytes: &[u8]) -> String {
        format!("data:image/png;base64,{}", STANDARD.encode(bytes))
    }

    fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    #[test]
    fn small_images_are_logos() {
        let png = |width, height| file(width, height, ImageFormat::Png);
        assert!(check_logo("logo", &url(&png(512, 512))).is_ok());
        assert!(check_logo("logo", &url(&png(1_024, 1))).is_ok());
        assert!(check_logo("logo", &url(&png(1_025, 1))).is_err(), "too wide");
        assert!(check_logo("logo", &url(&[png(1, 1), vec![0; LOGO_BYTES]].concat())).is_err(), "too large");
        assert!(check_logo("logo", &url(&file(1, 1, ImageFormat::Bmp))).is_err(), "another format");
        assert!(check_logo("logo", &url(b"<svg onload=\"alert(1)\"/>")).is_err(), "a drawing may contain a script");
        assert!(check_logo("logo", "https://example.org/logo.png").is_err());
        assert!(check_logo("logo", "data:image/png;base64,%%%").is_err());
    }

    #[test]
    fn the_media_type_is_that_of_the_bytes() {
        let logo = check_logo("logo", &url(&file(4, 4, ImageFormat::Jpeg))).unwrap();
        assert!(logo.starts_with("data:image/jpeg;base64,"), "{logo}");
    }
}
