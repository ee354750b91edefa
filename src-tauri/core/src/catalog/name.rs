//! The name of a source or a role, as the person chose it.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use crate::failure::{Failure, is_unprintable};

/// 1 to 64 printable characters that neither a command line nor a screen can misread.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names are compared and hashed as their text, so a map of names can be asked with a text.
impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if looks_like_a_secret(text) {
            return Err(Failure::name_is_secret());
        }
        let valid = (1..=64).contains(&text.chars().count())
            && !text.starts_with('-')
            && text.trim() == text
            && !text.chars().any(is_unprintable);
        if valid { Ok(Name(text.to_owned())) } else { Err(Failure::malformed_name(text)) }
    }
}

/// Whether somebody pasted a secret access key into the place of a name, which is shown and written down: 40 characters of
/// base64, of all kinds.
fn looks_like_a_secret(text: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    text.len() == 40
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_a_person_can_read_and_type() {
        for text in ["work", "AWSEC2FULLACCESS", "acme / billing", "größe", "a.b", "x"] {
            assert_eq!(text.parse::<Name>().unwrap().as_str(), text);
        }
        let long = "x".repeat(65);
        for text in ["", " a", "a ", "--force", "a\nb", "a\u{202e}b", "a\u{200b}b", &long] {
            assert!(text.parse::<Name>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_secret_access_key_is_no_name_and_is_not_shown() {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let failure = secret.parse::<Name>().unwrap_err();
        assert!(!failure.to_string().contains(&secret[..8]), "{failure}");
        // As long, and no key.
        for text in ["a-role-of-forty-characters-and-not-a-key", &"x".repeat(40), &"A1".repeat(20)] {
            assert!(text.parse::<Name>().is_ok(), "{text}");
        }
    }
}
