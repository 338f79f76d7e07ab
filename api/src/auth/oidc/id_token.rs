//! ID tokens (`OpenID` Connect Core 1.0, section 2), and their validation (section 3.1.3.7).

use super::{
    attempt::Attempt,
    claims::{Audience, LEEWAY, NumericDate, is_subject},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

/// The payload of an ID token.
#[derive(Clone, Deserialize)]
pub struct IdToken {
    iss: String,
    pub(super) sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: NumericDate,
    iat: NumericDate,
    nonce: Option<String>,
    auth_time: Option<NumericDate>,
    #[serde(flatten)]
    pub(super) address: Address,
}

/// The address of an account, and whether the provider has verified it.
#[derive(Clone, Deserialize)]
pub struct Address {
    pub(super) email: Option<String>,
    /// Some providers send a text here. Only `true` counts.
    #[serde(default)]
    email_verified: Value,
}

/// The answer of the endpoint for claims (`OpenID` Connect Core 1.0, section 5.3).
#[derive(Deserialize)]
pub struct UserInfo {
    pub(super) sub: String,
    #[serde(flatten)]
    pub(super) address: Address,
}

impl Address {
    /// Returns the address in lower case.
    pub(super) fn email(&self) -> Option<String> {
        let given = self.email.as_deref()?.trim();
        let email = given.to_ascii_lowercase();
        // Lower case turns some other letters into ASCII, such as the sign of the kelvin into `k`.
        let is_plain = email == given.to_lowercase() && email.contains('@') && !email.chars().any(char::is_control);
        (is_plain && email.len() <= 254).then_some(email)
    }

    /// Returns whether the provider has verified the address, and its domain is one of these.
    pub(super) fn is_trusted(&self, domains: &[String]) -> bool {
        let email = self.email();
        let domain = email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain);
        self.email_verified == Value::Bool(true) && domain.is_some_and(|domain| domains.iter().any(|one| one == domain))
    }
}

impl IdToken {
    /// Fails with the reason unless the token is the answer to a sign-in of this client.
    pub fn check(&self, issuer: &str, client: &str, attempt: &Attempt, now: DateTime<Utc>) -> Result<(), &'static str> {
        let is_for_client = self.azp.as_ref().map_or(!self.aud.has_several(), |azp| azp == client);
        let is_recent =
            |issued_at: DateTime<Utc>| attempt.began_at() - LEEWAY <= issued_at && issued_at <= now + LEEWAY;
        match () {
            () if self.iss != issuer => Err("another issuer"),
            () if !self.aud.contains(client) || !is_for_client => Err("another audience"),
            () if self.exp.time().is_none_or(|expires_at| expires_at + LEEWAY <= now) => Err("expired"),
            () if !self.iat.time().is_some_and(is_recent) => Err("issued at another time"),
            () if self.nonce.as_deref() != Some(&attempt.nonce) => Err("another nonce"),
            () if !is_subject(&self.sub) => Err("an invalid subject"),
            () if attempt.reauthenticate && !self.authenticated_at().is_some_and(is_recent) => {
                Err("the person was not asked again")
            }
            () => Ok(()),
        }
    }

    /// Returns when the person proved to the provider who they are, if it says so.
    pub fn authenticated_at(&self) -> Option<DateTime<Utc>> {
        self.auth_time?.time()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use serde_json::json;

    /// Returns the reason for which an ID token with these changed claims is refused.
    fn refusal(changed: &Value, reauthenticate: bool) -> Option<&'static str> {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let attempt = Attempt::new(
            now - TimeDelta::minutes(1),
            "state",
            "nonce".into(),
            "verifier".into(),
            "https://app.example/back".into(),
            reauthenticate,
        );
        let mut claims = json!({
            "iss": "https://login.example", "sub": "1", "aud": "dossier", "nonce": "nonce",
            "iat": 1_800_000_000, "exp": 1_800_000_300.5, "auth_time": 1_799_999_980,
        });
        for (name, value) in changed.as_object().unwrap() {
            claims[name] = value.clone();
        }
        let token: IdToken = serde_json::from_value(claims).unwrap();
        token.check("https://login.example", "dossier", &attempt, now).err()
    }

    #[test]
    fn each_claim_is_checked() {
        for accepted in [
            json!({}),
            json!({ "aud": ["dossier"] }),
            json!({ "aud": ["other", "dossier"], "azp": "dossier" }),
            json!({ "azp": "dossier" }),
            json!({ "exp": 1_799_999_970 }),
            json!({ "iat": 1_800_000_030 }),
            json!({ "auth_time": 1 }),
        ] {
            assert_eq!(refusal(&accepted, false), None, "{accepted}");
        }
        for (changed, reason) in [
            (json!({ "iss": "https://login.example/" }), "another issuer"),
            (json!({ "aud": "other" }), "another audience"),
            (json!({ "aud": [] }), "another audience"),
            (json!({ "aud": ["other", "dossier"] }), "another audience"),
            (json!({ "azp": "other" }), "another audience"),
            (json!({ "exp": 1_799_999_940 }), "expired"),
            (json!({ "exp": 1e300 }), "expired"),
            (json!({ "iat": 1_800_000_090 }), "issued at another time"),
            (json!({ "iat": 1_799_999_000 }), "issued at another time"),
            (json!({ "nonce": "other" }), "another nonce"),
            (json!({ "nonce": null }), "another nonce"),
            (json!({ "sub": "" }), "an invalid subject"),
            (json!({ "sub": "x".repeat(256) }), "an invalid subject"),
        ] {
            assert_eq!(refusal(&changed, false), Some(reason), "{changed}");
        }
    }

    #[test]
    fn a_repeated_proof_is_from_after_the_beginning() {
        assert_eq!(refusal(&json!({}), true), None);
        let reason = Some("the person was not asked again");
        assert_eq!(refusal(&json!({ "auth_time": 1_799_999_000 }), true), reason);
        assert_eq!(refusal(&json!({ "auth_time": null }), true), reason);
    }

    #[test]
    fn only_verified_addresses_of_trusted_domains_are_trusted() {
        let domains = ["atelier.example".to_owned()];
        let is_trusted = |address: Value| serde_json::from_value::<Address>(address).unwrap().is_trusted(&domains);
        assert!(is_trusted(json!({ "email": "Olga@Atelier.Example", "email_verified": true })));
        for wrong in [
            json!({ "email": "olga@atelier.example" }),
            json!({ "email": "olga@atelier.example", "email_verified": false }),
            json!({ "email": "olga@atelier.example", "email_verified": "true" }),
            json!({ "email": "olga@sub.atelier.example", "email_verified": true }),
            json!({ "email": "olga@evil-atelier.example", "email_verified": true }),
            json!({ "email": "olga@atelier.example@evil.example", "email_verified": true }),
            json!({ "email": "atelier.example", "email_verified": true }),
            json!({ "email_verified": true }),
        ] {
            assert!(!is_trusted(wrong.clone()), "{wrong}");
        }
    }
}
