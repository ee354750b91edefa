//! What a person reads when something that a role is assumed with cannot be what it is meant to be, or cannot go together.

use super::{Code, Failure, hours, shown, typed};
use crate::session::SessionDuration;

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new(Code::InvalidInput, message)
}

impl Failure {
    /// It was a role before `role` in its chain. What AWS did not say is not the step's and is told as it is.
    #[must_use]
    pub(crate) fn on_the_way_to(mut self, role: &str) -> Failure {
        let is_the_steps = matches!(
            self.code,
            Code::AccessDenied
                | Code::AwsValidation
                | Code::CredentialsExpired
                | Code::DurationTooLong
                | Code::KeyUnknown
                | Code::MfaCodeRefused
                | Code::RegionDisabled
                | Code::WrongSecret
        );
        if is_the_steps {
            self.message = format!("{}, on the way to `{}`", self.message, shown(role));
        }
        self
    }

    /// `text` is no external id that STS takes.
    pub fn malformed_external_id(text: &str) -> Failure {
        invalid(format!("`{}` is not an external id that AWS takes", shown(text)))
            .hint("it has 2 to 1,224 letters, digits or any of _+=,.@:/-; whoever owns the role tells it")
    }

    /// `text` is no source identity that STS takes.
    pub fn malformed_source_identity(text: &str) -> Failure {
        invalid(format!("`{}` is not a source identity that AWS takes", shown(text)))
            .hint("it has 2 to 256 letters, digits or any of _+=,.@-, and does not begin with aws:")
    }

    /// `text` is no tag key that STS takes.
    pub fn malformed_tag_key(text: &str) -> Failure {
        invalid(format!("`{}` is not a tag key that AWS takes", shown(text)))
            .hint("it has 1 to 128 letters, digits, spaces or any of _.:/=+-@, and does not begin with aws:")
    }

    /// `text` is no tag value that STS takes.
    pub fn malformed_tag_value(text: &str) -> Failure {
        invalid(format!("`{}` is not a tag value that AWS takes", shown(text)))
            .hint("it has at most 256 letters, digits, spaces or any of _.:/=+-@")
    }

    /// `text` is no tag.
    pub fn malformed_tag(text: &str) -> Failure {
        invalid(format!("`{}` is not a tag", shown(text))).hint("give KEY=VALUE, such as team=payments")
    }

    /// More tags than STS takes.
    pub fn too_many_tags() -> Failure {
        invalid("AWS takes at most 50 session tags").hint("leave some out")
    }

    /// A key is to be passed on that no tag of the role has.
    pub fn unknown_transitive_tag(key: &str) -> Failure {
        invalid(format!("`{}` is to be passed on along the chain, but the role has no such tag", shown(key)))
            .hint(format!("give the tag too: --tag {}=…", shown(key)))
    }

    /// `text` is no ARN of a managed policy.
    pub fn malformed_policy_arn(text: &str) -> Failure {
        invalid(format!("`{}` is not the ARN of a policy", shown(text)))
            .hint("it looks like arn:aws:iam::aws:policy/ReadOnlyAccess")
    }

    /// More managed policies than STS takes.
    pub fn too_many_policies() -> Failure {
        invalid("AWS takes at most 10 policies with a session").hint("leave some out")
    }

    /// A policy of an account that is not the role's.
    pub fn foreign_policy(arn: &str) -> Failure {
        invalid(format!("the policy `{}` is not in the role's account", shown(arn)))
            .hint("a session is narrowed by policies of AWS's own or of the role's account")
    }

    /// Two keys that AWS takes for one.
    pub fn same_tag_twice(key: &str) -> Failure {
        invalid(format!(
            "the tag `{}` is there twice, in different letter case; AWS takes both for one",
            shown(key)
        ))
        .hint("give it once")
    }

    /// What is to stand for reading only allows everything.
    pub fn policy_narrows_nothing(arn: &str) -> Failure {
        invalid(format!("the policy `{}` does not only read", shown(arn)))
            .hint("give one that narrows, such as AWS's ViewOnlyAccess or one of the role's account, or none for ReadOnlyAccess")
    }

    /// What was given as policy cannot be one; `why` tells what is wrong.
    pub fn malformed_session_policy(why: &str) -> Failure {
        invalid(format!("that is not a session policy: {}", shown(why)))
            .hint("it is a policy document as IAM has it, with at most 2,048 characters; spaces do not count")
    }

    /// The file of a policy cannot be read.
    pub fn policy_unreadable(path: &std::path::Path, error: &std::io::Error) -> Failure {
        let kind = error.kind();
        let why = if kind == std::io::ErrorKind::NotFound {
            "it is not there".to_owned()
        } else if kind == std::io::ErrorKind::InvalidData {
            "it is not text".to_owned()
        } else {
            error.to_string()
        };
        invalid(format!("the policy in `{}` cannot be read: {why}", super::shown_path(path)))
    }

    /// A role says a longer duration than its sessions can have, and `why`.
    pub fn duration_lowered(role: &str, says: SessionDuration, lasts: SessionDuration, why: &str) -> Failure {
        Failure::new(
            Code::DurationTooLong,
            format!(
                "sessions of `{}` last {}, not {}",
                shown(role),
                hours(lasts.seconds()),
                hours(says.seconds())
            ),
        )
        .hint(why)
    }

    /// `text` is no MFA device.
    pub fn malformed_mfa_serial(text: &str) -> Failure {
        invalid(format!("`{}` is not an MFA device", shown(text)))
            .hint("give its ARN, arn:aws:iam::111122223333:mfa/NAME, or the serial number of a hardware device; IAM shows it on the user's page")
    }

    /// `text` is no way of MFA.
    pub fn malformed_mfa_way(text: &str) -> Failure {
        invalid(format!("`{}` is no way to use MFA", shown(text))).hint(
            "ways are direct (a code each time, up to 12 h), session (one code a day, 1 h each) and off",
        )
    }

    /// What was given as MFA code is not one. It is not shown.
    pub fn malformed_mfa_code() -> Failure {
        Failure::new(Code::MfaCodeMalformed, "that is not an MFA code")
            .hint("it has six digits; the device shows a new one every 30 seconds")
    }

    /// A role asks for MFA, and nobody has said with which device.
    pub fn mfa_serial_missing(role: &str, source: &str) -> Failure {
        invalid(format!("`{}` is to be assumed with MFA, but no device is known", shown(role)))
            .hint(format!("give it: guise source edit {} --mfa-serial arn:aws:iam::…:mfa/…", typed(source)))
    }

    /// MFA belongs to a user, and the source is none.
    pub fn mfa_needs_user(role: &str, source: &str) -> Failure {
        invalid(format!(
            "`{}` is to be assumed with MFA, which AWS takes only from an IAM user, and `{}` is none",
            shown(role),
            shown(source)
        ))
        .hint(format!("take it away with: guise role edit {} --mfa off", typed(role)))
    }

    /// An MFA device for a source that is no user.
    pub fn mfa_of_no_user(source: &str) -> Failure {
        invalid(format!("`{}` is no IAM user, and AWS takes MFA codes only from one", shown(source)))
            .hint("leave --mfa-serial out")
    }

    /// A chain comes back to where it was.
    pub fn chain_loops(way: &str) -> Failure {
        invalid(format!("the chain never ends: {}", shown(way)))
            .hint("give one of these roles another --via, or a --source")
    }

    /// Two roles of a chain set source identities that differ.
    pub fn source_identity_changes(role: &str) -> Failure {
        invalid(format!(
            "the chain to `{}` sets more than one source identity, and AWS keeps the first",
            shown(role)
        ))
        .hint("give all its roles the same --source-identity, or only the first one")
    }

    /// A chain sets a tag that a role before hands on.
    pub fn handed_on_tag_set_again(role: &str, key: &str) -> Failure {
        invalid(format!(
            "the chain to `{}` sets the tag `{}` again, which a role before hands on; AWS refuses that",
            shown(role),
            shown(key)
        ))
        .hint("set it in the first role only, with --transitive-tag; those after it have it too")
    }

    /// A chain is longer than anybody needs.
    pub fn chain_too_long(role: &str, most: usize) -> Failure {
        invalid(format!("`{}` is reached by more than {most} roles", shown(role)))
            .hint("assume it from a role that is nearer to the source")
    }

    /// A catalog's role names both who assumes it.
    pub fn two_assumers(role: &str) -> Failure {
        invalid(format!("`{}` names a source and a role that it is assumed by", shown(role)))
            .hint("keep one of `source` and `via`")
    }

    /// A role that others are assumed by is to go.
    pub fn role_is_needed(role: &str, by: &[String]) -> Failure {
        let names = by.iter().map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(", ");
        invalid(format!("`{}` is the way to {names}", shown(role)))
            .hint("give those another --via or --source first")
    }

    /// The same failure, said of a role among many.
    #[must_use]
    pub(crate) fn of_role(mut self, role: &str) -> Failure {
        self.message = format!("`{}`: {}", shown(role), self.message);
        self
    }
}
