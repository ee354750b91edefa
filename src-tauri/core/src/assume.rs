//! What `sts:AssumeRole` can be told, as values that cannot be wrong: each is checked once against STS's own model, and
//! counted in characters as STS counts.

mod identity;
mod mfa;
mod policy;
mod session_name;
mod tags;

pub use identity::{ExternalId, SourceIdentity};
pub use mfa::{MfaCode, MfaSerial, MfaWay};
pub(crate) use policy::MOST_POLICIES;
pub use policy::{Access, PolicyArn, SessionPolicy};
pub use session_name::{Filling, SessionNameTemplate};
pub(crate) use tags::MOST_TAGS;
pub use tags::{TagKey, TagValue, Tags, read_tag};

/// Whether a text has so many characters, all of them allowed.
fn is_of(text: &str, least: usize, most: usize, allowed: impl Fn(char) -> bool) -> bool {
    (least..=most).contains(&text.chars().count()) && text.chars().all(allowed)
}

/// ASCII's word characters, `\w`, and those of a list.
fn word_or(each: char, others: &str) -> bool {
    each.is_ascii_alphanumeric() || each == '_' || others.contains(each)
}

/// A type of checked text: how it is shown and read.
macro_rules! checked_text {
    ($type:ident, $check:expr, $refused:path) => {
        impl $type {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::failure::Failure;

            fn from_str(text: &str) -> Result<Self, crate::failure::Failure> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok($type(text.to_owned())) } else { Err($refused(text)) }
            }
        }
    };
}
use checked_text;
