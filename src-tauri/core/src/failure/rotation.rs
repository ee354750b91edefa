//! What a person reads about the keys of a user.

use super::{Code, Failure, shown, typed};

impl Failure {
    /// The source is a profile, whose keys are not ours.
    pub fn profile_has_no_key(source: &str) -> Failure {
        Failure::new(
            Code::InvalidInput,
            format!("`{}` is a profile, and its keys are not Guise's", shown(source)),
        )
        .hint("change them where the profile has them from")
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

    /// The keychain failed while it was given a new key, and may hold either; both work.
    pub fn both_keys_stay(source: &str, id: &str, failure: &Failure) -> Failure {
        Failure::new(
            failure.code,
            format!("{}; both keys of `{}` stay, as either may be the one that is kept", failure.message, shown(source)),
        )
        .hint(format!(
            "see that the keychain works, and find out which it is: guise source test {}\nthen delete the one that guise source show does not name, in IAM; the new one is {}",
            typed(source),
            typed(id)
        ))
    }

    /// The answer of IAM was lost, so that a key may have been made all the same.
    #[must_use]
    pub fn key_perhaps_made(mut self, source: &str) -> Failure {
        let more = format!(
            "a key may have been made all the same: guise source show {} lists them; of one that was nobody has the secret, so delete it in IAM",
            shown(source)
        );
        self.hint = Some(self.hint.map_or(more.clone(), |hint| format!("{hint}\n{more}")));
        self
    }

    /// IAM takes its time, and nobody waits for it.
    pub fn keys_not_told() -> Failure {
        Failure::new(Code::Timeout, "IAM did not tell in time")
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
        .hint("switch it off in IAM first, and see for a while whether anything misses it; one that a rotation left behind is missed by nothing")
    }
}
