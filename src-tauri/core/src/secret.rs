//! The types of everything that must not leak: no `Serialize`, no `Deref`, a `Debug` that tells nothing, wiped on drop.
//!
//! `expose_secret()` is the only door, so a review can count the places that open one.

use std::fmt;

use jiff::Timestamp;
pub use secrecy::{ExposeSecret, SecretString};

use crate::failure::Failure;

/// A long-term access key of an IAM user: an id, which is no secret, and the secret.
#[derive(Clone)]
pub struct AccessKey {
    id: AccessKeyId,
    secret: SecretString,
}

impl AccessKey {
    /// Pairs an id with its secret. The secret is refused where it cannot be one: AWS's are base64 of 30
    /// bytes, 40 characters, but the length is AWS's business, so only emptiness, size and alphabet are judged.
    pub fn new(id: AccessKeyId, secret: SecretString) -> Result<Self, Failure> {
        let text = secret.expose_secret();
        let plausible = (16..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/+=".contains(&byte));
        if plausible { Ok(AccessKey { id, secret }) } else { Err(Failure::implausible_secret_access_key()) }
    }

    /// The key's id.
    pub fn id(&self) -> &AccessKeyId {
        &self.id
    }

    /// The secret access key.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The id of an access key, such as `AKIA…`. Not a secret: AWS prints it in CloudTrail.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccessKeyId(String);

impl AccessKeyId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether AWS made it for a long-term key of a user (`AKIA`), not for a session (`ASIA`).
    pub fn is_long_term(&self) -> bool {
        !self.0.starts_with("ASIA")
    }
}

impl std::str::FromStr for AccessKeyId {
    type Err = Failure;

    /// Takes an access key id: 16 to 128 letters and digits (the `accessKeyIdType` of AWS's model).
    fn from_str(text: &str) -> Result<Self, Failure> {
        if (16..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            Ok(AccessKeyId(text.to_owned()))
        } else {
            Err(Failure::malformed_access_key_id())
        }
    }
}

/// Credentials that end by themselves, as STS hands them out.
#[derive(Clone)]
pub struct TemporaryCredentials {
    /// The id, `ASIA…`; not a secret.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: SecretString,
    /// The session token; without it the other two are worth nothing.
    pub session_token: SecretString,
    /// When AWS stops taking them, by AWS's clock.
    pub expires: Timestamp,
}

impl fmt::Debug for TemporaryCredentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("TemporaryCredentials").field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// What signs a call to AWS.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A user's own key.
    LongTerm(AccessKey),
    /// A session's.
    Temporary(TemporaryCredentials),
}

/// What the sign-in endpoint gives for temporary credentials; good for one sign-in within 15 minutes.
#[derive(Clone, Debug)]
pub struct SigninToken(SecretString);

impl SigninToken {
    /// Wraps a token fresh from the sign-in endpoint.
    pub fn new(token: SecretString) -> Self {
        SigninToken(token)
    }

    /// Opens the token.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A federated console address. It holds a [`SigninToken`], so whoever has it is signed in.
#[derive(Clone, Debug)]
pub struct SigninUrl(SecretString);

impl SigninUrl {
    /// Wraps an address that holds a sign-in token.
    pub fn new(address: SecretString) -> Self {
        SigninUrl(address)
    }

    /// Opens the address.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }

    /// Gives the address as plain secret text, for the clipboard and the command line.
    pub fn into_text(self) -> SecretString {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    #[test]
    fn nothing_secret_is_printed() {
        let key = AccessKey::new("AKIAIOSFODNN7EXAMPLE".parse().unwrap(), SECRET.into()).unwrap();
        let session = TemporaryCredentials {
            access_key_id: "ASIAIOSFODNN7EXAMPLE".into(),
            secret_access_key: SECRET.into(),
            session_token: "FwoGZXIvYXdzEXAMPLE".into(),
            expires: Timestamp::UNIX_EPOCH,
        };
        let token = SigninToken::new("VCQgs5qZZt3Q6fn8Tr5EXAMPLE".into());
        let url = SigninUrl::new("https://signin.aws.amazon.com/federation?SigninToken=VCQgs5qZ".into());
        let printed = format!("{key:?} {session:?} {token:?} {url:?}");
        for secret in [SECRET, "FwoGZXIvYXdz", "VCQgs5qZ"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert!(printed.contains("AKIAIOSFODNN7EXAMPLE"));
    }

    #[test]
    fn what_cannot_be_a_secret_access_key_is_refused_without_showing_it() {
        let id: AccessKeyId = "AKIAIOSFODNN7EXAMPLE".parse().unwrap();
        for text in [
            "",
            "short",
            "has a space in the middle of forty chars",
            "line\nbreak/line/break/line/break/line",
        ] {
            let failure = AccessKey::new(id.clone(), text.into()).unwrap_err();
            assert!(text.is_empty() || !failure.to_string().contains(text));
        }
    }
}
