//! The portals of an organization.

use crate::graphql::{client::ClientTrack, input::change};
use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use dossier_domain::portal::PortalChange;
use entities::portal::Model;

/// The portal of a track: what clients of the organization see.
#[derive(SimpleObject)]
pub struct Portal {
    /// The clients who use it.
    track: ClientTrack,
    /// The name that clients read. Null for the organization's name.
    name: Option<String>,
    /// The colour, such as `#1f5fbf`. Null for the organization's `accentColor`.
    accent_color: Option<String>,
    /// The logo as a `data:` URL of a PNG, JPEG or WebP image.
    logo: Option<String>,
}

impl From<Model> for Portal {
    fn from(row: Model) -> Self {
        Self { track: row.track.into(), name: row.name, accent_color: row.accent_color, logo: row.logo }
    }
}

/// Input for changing a portal. Omitted fields stay unchanged, and null clears a field.
#[derive(InputObject)]
pub struct PortalInput {
    /// The portal.
    track: ClientTrack,
    /// The name that clients read, up to 200 characters. Null for the organization's name.
    name: MaybeUndefined<String>,
    /// The colour, of the form `#RRGGBB`. Null for the organization's `accentColor`.
    accent_color: MaybeUndefined<String>,
    /// The logo as a `data:` URL: a PNG, JPEG or WebP image of at most 64 KiB and 1,024 × 1,024 pixels.
    logo: MaybeUndefined<String>,
}

impl From<PortalInput> for PortalChange {
    fn from(input: PortalInput) -> Self {
        Self {
            track: input.track.into(),
            name: change(input.name),
            accent_color: change(input.accent_color),
            logo: change(input.logo),
        }
    }
}
