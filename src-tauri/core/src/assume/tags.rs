//! Session tags: what policies can tell sessions apart by.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use super::{checked_text, is_of};
use crate::failure::Failure;

/// The tags of a session, by key; STS takes 50.
pub type Tags = BTreeMap<TagKey, TagValue>;

/// How many tags STS takes.
pub(crate) const MOST_TAGS: usize = 50;

/// A tag's key: 1 to 128 letters, spaces, digits or any of `_.:/=+-@`. AWS keeps its own prefix to itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagKey(String);

/// A tag's value: at most 256 of the same; it may be empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TagValue(String);

checked_text!(
    TagKey,
    |text| is_of(text, 1, 128, is_tag_character) && !text.to_ascii_lowercase().starts_with("aws:"),
    Failure::malformed_tag_key
);
checked_text!(TagValue, |text| is_of(text, 0, 256, is_tag_character), Failure::malformed_tag_value);

impl TagKey {
    /// Whether AWS takes both for one key: it keeps the case of their letters, and tells none apart by it.
    pub fn is_same(&self, other: &TagKey) -> bool {
        self.0.to_lowercase() == other.0.to_lowercase()
    }
}

impl Borrow<str> for TagKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// `\p{L}\p{Z}\p{N}` and a few signs. The standard library's letters and digits are a little wider (combining vowels of some
/// scripts); AWS says what it does not take of those.
fn is_tag_character(each: char) -> bool {
    let separator = matches!(
        each,
        ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    );
    each.is_alphanumeric() || separator || "_.:/=+-@".contains(each)
}

/// A tag as it is typed: `KEY=VALUE`.
pub fn read_tag(text: &str) -> Result<(TagKey, TagValue), Failure> {
    let (key, value) = text.split_once('=').ok_or_else(|| Failure::malformed_tag(text))?;
    Ok((key.parse()?, value.parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_what_sts_takes() {
        for text in ["a", "cost centre", "größe", "a_.:/=+-@", "部門", &"k".repeat(128)] {
            assert_eq!(text.parse::<TagKey>().unwrap().as_str(), text);
        }
        for text in ["", "a\nb", "a*", "aws:x", "AWS:x", "a\u{202e}", &"k".repeat(129)] {
            assert!(text.parse::<TagKey>().is_err(), "{text:?}");
        }
        for text in ["", "v", &"ü".repeat(256)] {
            assert!(text.parse::<TagValue>().is_ok(), "{text:?}");
        }
        for text in ["\u{7}", "a;b", &"v".repeat(257)] {
            assert!(text.parse::<TagValue>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_tag_is_typed_as_a_pair() {
        let (key, value) = read_tag("team=a=b").unwrap();
        assert_eq!((key.as_str(), value.as_str()), ("team", "a=b"));
        assert!(read_tag("team").is_err());
        assert!(read_tag("=a").is_err());
    }
}
