//! What IAM's refusals mean where a role is made: the same codes, said of something else than a user's keys.

use super::about::{About, IamAction};
use super::meaning::{Meaning, Said};
use super::{Code, Failure};

/// What is said, and what to do, where it differs from what is said of keys.
const SAYS: &[(Meaning, Code, &str, &str)] = &[
    (
        Meaning::AlreadyThere,
        Code::AlreadyExists,
        "the account has a role of that name already",
        "choose another name; or go on without making it, if that role is the one and trusts you",
    ),
    (
        Meaning::TooManyKeys,
        Code::AwsValidation,
        "IAM has as many of them as the account may have",
        "look at the account's quotas for roles, and for policies of a role",
    ),
    (
        Meaning::PolicyMalformed,
        Code::AwsValidation,
        "IAM does not take the trust policy",
        "it has to know whom the policy names: a user that was made just now takes some seconds, and a deleted one is gone",
    ),
    (Meaning::BeingChanged, Code::Throttled, "IAM is still changing the role", "wait a minute and try again"),
    (
        Meaning::StillInUse,
        Code::AwsValidation,
        "IAM does not delete the role while something hangs on it",
        "look at the role's page in IAM, and take off first what it has besides",
    ),
];

impl Said<'_> {
    /// The failure of a call about a role, where it differs from that of one about keys.
    pub(super) fn about_a_role_in_iam(&self, meaning: Meaning) -> Option<Failure> {
        let About::Iam(context) = self.about else { return None };
        if !context.action.is_about_a_role() {
            return None;
        }
        if meaning == Meaning::Gone && context.action == IamAction::AttachRolePolicy {
            return Some(
                Failure::new(Code::NotFound, "IAM knows no such policy")
                    .hint("compare its name with the list of policies in IAM; capitals count"),
            );
        }
        let (_, code, message, hint) = SAYS.iter().find(|(means, ..)| *means == meaning)?;
        Some(Failure::new(*code, *message).hint(*hint))
    }
}
