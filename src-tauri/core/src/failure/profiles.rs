//! What a person reads when a profile of the AWS CLI is not what it is meant to be.

use super::{Code, Failure, shown};

impl Failure {
    /// `text` cannot name a profile.
    pub fn malformed_profile_name(text: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}` cannot be the name of a profile", shown(text)))
            .hint("guise import lists the profiles that there are")
    }
}
