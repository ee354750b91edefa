//! What a trust policy may ask for besides who is calling: an external id and a source identity.

use super::{checked_text, is_of, word_or};
use crate::failure::Failure;

/// What the owner of a role in another account demands: 2 to 1,224 of `[\w+=,.@:\/-]`. AWS does not treat it as a secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExternalId(String);

checked_text!(
    ExternalId,
    |text| is_of(text, 2, 1224, |each| word_or(each, "+=,.@:/-")),
    Failure::malformed_external_id
);

/// Who stands behind the whole chain, as CloudTrail keeps it: 2 to 256 of `[\w+=,.@-]`, and AWS's own prefix is taken. The
/// model says 64; the service takes 256.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceIdentity(String);

checked_text!(
    SourceIdentity,
    |text| is_of(text, 2, 256, |each| word_or(each, "+=,.@-"))
        && !text.to_ascii_lowercase().starts_with("aws:"),
    Failure::malformed_source_identity
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_id_is_what_sts_takes() {
        for text in ["ab", "a:b/c", "_+=,.@:/-", &"x".repeat(1224)] {
            assert_eq!(text.parse::<ExternalId>().unwrap().as_str(), text);
        }
        for text in ["", "a", "a b", "é1", "a\n", &"x".repeat(1225)] {
            assert!(text.parse::<ExternalId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_source_identity_is_what_sts_takes() {
        for text in ["ab", "ada@example.com", &"x".repeat(256)] {
            assert_eq!(text.parse::<SourceIdentity>().unwrap().as_str(), text);
        }
        for text in ["", "a", "a b", "a:b", "aws:ada", "AWS:ada", &"x".repeat(257)] {
            assert!(text.parse::<SourceIdentity>().is_err(), "{text:?}");
        }
    }
}
