//! The ways to authenticate, as the log and metrics name them.

/// A way to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A password.
    Password,
    /// A code of the second factor.
    Code,
    /// A passkey.
    Passkey,
    /// A refresh token.
    RefreshToken,
    /// The link of an invitation.
    Invitation,
    /// The link of a password reset.
    PasswordReset,
    /// The link of a change of the address.
    AddressChange,
    /// An API key.
    ApiKey,
    /// An account at an identity provider.
    ExternalSignIn,
    /// An access token of an external issuer.
    ExternalToken,
}

impl Way {
    /// All ways.
    pub(super) const ALL: [Self; 10] = [
        Self::Password,
        Self::Code,
        Self::Passkey,
        Self::RefreshToken,
        Self::Invitation,
        Self::PasswordReset,
        Self::AddressChange,
        Self::ApiKey,
        Self::ExternalSignIn,
        Self::ExternalToken,
    ];

    /// Returns its name in the log and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Passkey => "passkey",
            Self::RefreshToken => "refresh-token",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password-reset",
            Self::AddressChange => "address-change",
            Self::ApiKey => "api-key",
            Self::ExternalSignIn => "external-sign-in",
            Self::ExternalToken => "external-token",
        }
    }
}
