//! Codes of authenticator apps: time-based one-time passwords (TOTP, RFC 6238) with six digits and steps of 30 seconds,
//! over SHA-1. All apps support these values.

use chrono::{DateTime, Utc};
use dossier_core::{error::Error, secret::random_bytes};
use dossier_data::{Purpose, Sealer};
use qrcode::{QrCode, render::svg};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

/// The length of a secret in bytes, as RFC 4226, section 4, recommends.
const SECRET_LENGTH: usize = 20;

/// The number of digits of a code.
const DIGITS: usize = 6;

/// The name that authenticator apps show beside the account.
const ISSUER: &str = "Dossier";

/// The size of a QR code in pixels. It can be scaled.
const QR_CODE_SIZE: u32 = 240;

/// The data that an authenticator app needs.
pub struct Enrollment {
    /// The secret in base 32, for apps without a camera.
    pub secret: String,
    /// The `otpauth` URI.
    pub uri: String,
    /// The URI as a QR code, as the text of an SVG image.
    pub qr_code: String,
}

/// A secret as it is stored. The person is a part, so that it works for no other account.
#[derive(Serialize, Deserialize)]
struct Sealed {
    user: Uuid,
    secret: Vec<u8>,
}

const SECRET: Purpose = Purpose { kind: "totp secret", organization: Uuid::nil(), scope: None };

/// Creates a secret. Returns it sealed, and with the data for the app.
pub(crate) fn generate(sealer: &Sealer, user: Uuid, email: &str) -> Result<(String, Enrollment), Error> {
    let secret = random_bytes(SECRET_LENGTH).map_err(Error::internal)?;
    let totp = totp(secret.clone(), email)?;
    let stored = sealer.seal(&SECRET, &Sealed { user, secret })?;
    let uri = totp.to_url().map_err(Error::internal)?;
    let code = QrCode::new(&uri).map_err(Error::internal)?;
    let qr_code = code.render::<svg::Color<'_>>().min_dimensions(QR_CODE_SIZE, QR_CODE_SIZE).build();
    Ok((stored, Enrollment { secret: totp.secret().to_base32(), uri, qr_code }))
}

/// Returns a sealed secret as the present `JWT_SECRET` seals it. Returns `None` if no accepted secret has sealed it.
pub(crate) fn seal_again(sealer: &Sealer, stored: &str) -> Result<Option<String>, Error> {
    sealer.open::<Sealed>(&SECRET, stored).map(|opened| sealer.seal(&SECRET, &opened)).transpose()
}

/// Returns whether a text has the form of a code.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the time step of a right code: the present step, or one before or after, because clocks differ. Returns
/// `None` for a wrong code, and for a secret that another `JWT_SECRET` has sealed.
pub(crate) fn step_of(
    sealer: &Sealer,
    user: Uuid,
    stored: &str,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>, Error> {
    let Some(opened) = sealer.open::<Sealed>(&SECRET, stored).filter(|opened| opened.user == user) else {
        return Ok(None);
    };
    let now = u64::try_from(now.timestamp()).map_err(Error::internal)?;
    let step = totp(opened.secret, "")?.check(code, now);
    step.map(i64::try_from).transpose().map_err(Error::internal)
}

/// The label of the URI contains a colon between issuer and account. A name must therefore have none.
fn totp(secret: Vec<u8>, account: &str) -> Result<Totp, Error> {
    let totp =
        Builder::new().with_secret(secret).with_account_name(account.replace(':', " ")).with_issuer(Some(ISSUER));
    totp.build().map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{SECRET, Sealed, generate, is_code, step_of};
    use chrono::DateTime;
    use dossier_data::Sealer;
    use uuid::Uuid;

    /// The first 20-byte test vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let (sealer, user) = (Sealer::new(&"secret".into()).unwrap(), Uuid::from_u128(1));
        let stored = sealer.seal(&SECRET, &Sealed { user, secret: b"12345678901234567890".to_vec() }).unwrap();
        let step = |code: &str, at: i64| {
            step_of(&sealer, user, &stored, code, DateTime::from_timestamp(at, 0).unwrap()).unwrap()
        };
        assert_eq!(step("287082", 59), Some(1));
        assert_eq!(step("081804", 1_111_111_109), Some(37_037_036));
        assert_eq!(step("005924", 1_234_567_890), Some(41_152_263));
        assert_eq!(step("287082", 89), Some(1), "the step before");
        assert_eq!(step("287082", 120), None, "two steps later");
        assert_eq!(step("287083", 59), None);
        let other = step_of(&sealer, Uuid::from_u128(2), &stored, "287082", DateTime::from_timestamp(59, 0).unwrap());
        assert_eq!(other.unwrap(), None, "the secret of another person");
        let rotated = Sealer::new(&"another".into()).unwrap();
        let opened = step_of(&rotated, user, &stored, "287082", DateTime::from_timestamp(59, 0).unwrap());
        assert_eq!(opened.unwrap(), None, "another JWT_SECRET");
    }

    #[test]
    fn an_enrollment_names_the_account_and_reveals_no_secret_when_sealed() {
        let sealer = Sealer::new(&"secret".into()).unwrap();
        let (stored, enrollment) = generate(&sealer, Uuid::from_u128(1), "a:b@example.org").unwrap();
        assert!(enrollment.uri.starts_with("otpauth://totp/Dossier:a%20b%40example.org?secret="), "{}", enrollment.uri);
        assert!(enrollment.uri.contains(&enrollment.secret) && enrollment.secret.len() == 32);
        assert!(enrollment.qr_code.contains("<svg") && !stored.contains(&enrollment.secret));
        assert!(is_code("012345") && !is_code("12345") && !is_code("１２３４５６") && !is_code("+12345"));
    }
}
