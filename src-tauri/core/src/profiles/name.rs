//! A profile's name, as it stands in the AWS CLI's files.

use std::fmt;
use std::str::FromStr;

use crate::failure::{Failure, is_unprintable};

/// 1 to 128 printable characters, of which none ends a section's head.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileName(String);

impl ProfileName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for ProfileName {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let valid = (1..=128).contains(&text.chars().count())
            && text.trim() == text
            && !text.contains(['[', ']'])
            && !text.chars().any(is_unprintable);
        if valid { Ok(ProfileName(text.to_owned())) } else { Err(Failure::malformed_profile_name(text)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_name_is_what_stands_between_brackets() {
        for text in ["default", "acme/prod.admin", "my profile", "größe", &"x".repeat(128)] {
            assert_eq!(text.parse::<ProfileName>().unwrap().as_str(), text);
        }
        for text in ["", " a", "a]", "[a", "a\nb", "a\u{202e}", &"x".repeat(129)] {
            assert!(text.parse::<ProfileName>().is_err(), "{text:?}");
        }
    }
}
