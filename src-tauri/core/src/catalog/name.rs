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
        let valid = (1..=64).contains(&text.chars().count())
            && !text.starts_with('-')
            && text.trim() == text
            && !text.chars().any(is_unprintable);
        if valid { Ok(Name(text.to_owned())) } else { Err(Failure::malformed_name(text)) }
    }
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
}
