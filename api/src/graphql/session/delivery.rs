//! The delivery of refresh tokens.

use async_graphql::Enum;

/// How the caller gets a refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum RefreshTokenDelivery {
    /// In the response, for phones and scripts. The caller stores it safely.
    #[default]
    Body,
    /// In a cookie that scripts of the page cannot read, for browsers. The request must come over HTTP with the header
    /// `Dossier-Session`, from a page of this server or of an origin in `CORS_ORIGINS`.
    Cookie,
}
