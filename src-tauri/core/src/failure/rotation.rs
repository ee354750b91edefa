//! What a person reads about the keys of a user.

use super::{Code, Failure, shown};

impl Failure {
    /// The source is a profile, whose keys are not ours.
    pub fn profile_has_no_key(source: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("`{}` is a profile, and its keys are not Guise's", shown(source)),
        )
        .hint("change them where the profile has them from")
    }

    /// IAM does not let a user see to its own keys.
    pub fn own_keys_denied(source: &str, arn: &str, permission: &str) -> Failure {
        Failure::new(Code::AccessDenied, format!("IAM does not let `{}` see to its own keys", shown(source)))
            .hint(format!(
                "it needs {permission} on {}; whoever administers the account can do it instead",
                shown(arn)
            ))
    }

    /// A user has at most two keys.
    pub fn two_keys_already(source: &str) -> Failure {
        let source = shown(source);
        Failure::new(Code::AlreadyExists, format!("`{source}` has two keys already, and AWS allows no more"))
            .hint(format!("delete the one that is not used: guise source rotate {source} --delete-old"))
    }

    /// The new key belongs to somebody else.
    pub fn new_key_is_anothers(source: &str) -> Failure {
        Failure::new(
            Code::AwsUnavailable,
            format!("AWS made a key for `{}` that is another's", shown(source)),
        )
        .hint("nothing was changed; try again")
    }

    /// A new key could not be used, nor deleted again.
    pub fn new_key_left(source: &str, id: &str, failure: &Failure, why: &Failure) -> Failure {
        Failure::new(
            failure.code,
            format!("{}; the key of `{}` is as it was", failure.message, shown(source)),
        )
        .hint(format!("delete the new key {} in IAM: {}", shown(id), why.message))
    }

    /// There is no other key.
    pub fn no_old_key(source: &str) -> Failure {
        Failure::new(Code::NotFound, format!("`{}` has no other key", shown(source)))
            .hint("guise source rotate makes a new one first")
    }

    /// The other key still works, so that somebody may use it.
    pub fn old_key_active(id: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("the key {} is still switched on, and may be in use", shown(id)),
        )
        .hint("switch it off in IAM first, and see for a while whether anything misses it")
    }
}
