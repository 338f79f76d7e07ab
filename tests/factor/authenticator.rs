//! An authenticator in software: it makes passkeys and signs with them as a device does. Its fields can be set wrongly.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// The person was present.
pub const PRESENT: u8 = 0x01;
/// The person was verified by a finger, a face or a PIN.
pub const VERIFIED: u8 = 0x04;
const WITH_CREDENTIAL: u8 = 0x40;

/// A device with one passkey.
pub struct Authenticator {
    key: EcdsaKeyPair,
    credential: Vec<u8>,
    user_handle: Option<String>,
    pub origin: String,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
}

impl Authenticator {
    /// Creates a device without a passkey.
    pub fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        Self {
            credential: digest(&SHA256, key.public_key().as_ref()).as_ref()[..16].to_vec(),
            key,
            user_handle: None,
            origin: "http://localhost:4000".to_owned(),
            rp_id: "localhost".to_owned(),
            flags: PRESENT | VERIFIED,
            counter: 1,
        }
    }

    /// Answers the options of a registration, as `navigator.credentials.create` does.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.user_handle = options["user"]["id"].as_str().map(str::to_owned);
        let mut data = self.authenticator_data(self.flags | WITH_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).unwrap().to_be_bytes());
        data.extend(&self.credential);
        data.extend(self.cose_key());
        let response = json!({
            "clientDataJSON": encode(&self.client_data("webauthn.create", &options)),
            "attestationObject": encode(&attestation(&data)),
        });
        self.credential_json(&response)
    }

    /// Answers the options of an authentication, as `navigator.credentials.get` does.
    pub fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.counter += 1;
        let data = self.authenticator_data(self.flags);
        let client_data = self.client_data("webauthn.get", &options);
        let signed = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        let response = json!({
            "clientDataJSON": encode(&client_data),
            "authenticatorData": encode(&data),
            "signature": encode(signature.as_ref()),
            "userHandle": self.user_handle,
        });
        self.credential_json(&response)
    }

    /// Returns the id of the credential as options name it.
    pub fn credential_id(&self) -> String {
        encode(&self.credential)
    }

    fn credential_json(&self, response: &Value) -> String {
        let id = self.credential_id();
        json!({ "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": response })
            .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["challenge"];
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn authenticator_data(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Returns the public key in CBOR: `{ kty: EC2, alg: ES256, crv: P-256, x, y }`.
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], x, &[0x22, 0x58, 32], y].concat()
    }
}

/// Returns `{ fmt: "none", attStmt: {}, authData }` in CBOR.
fn attestation(data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).unwrap();
    [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[length][..], data].concat()
}

fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
