//! What AWS refuses, told apart: how a call ended, and the failure that a person reads for it.
//!
//! What AWS says is given its meaning by the table in `table.rs`, what the way to AWS did by `reach.rs`. Message text is
//! compared in that table and nowhere else, and only by the parts of it that AWS has kept stable.

mod about;
mod denied;
mod making;
mod meaning;
mod reach;
mod table;

pub use about::{AssumeContext, Factor, IamAction, IamContext, Sent, Signed};
pub(crate) use meaning::hours;
pub use reach::{Hop, Obstacle, Setting, Unreached};

use jiff::SignedDuration;

use self::about::About;
use super::{Code, Failure, shown};
use crate::arn::PrincipalArn;

/// How a call to AWS ended when it did not end well, before anybody gave it a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// AWS answered with an error of its own.
    Service {
        /// HTTP status.
        status: u16,
        /// AWS's error code.
        code: String,
        /// AWS's sentence.
        message: String,
        /// AWS's clock less ours, where the answer had a date.
        skew: Option<SignedDuration>,
    },
    /// Something answered that is not AWS: a sign-in page of the network, a proxy.
    NotAws {
        /// HTTP status.
        status: u16,
    },
    /// No answer came in time.
    Timeout,
    /// AWS was not reached, or not to the end of its answer.
    Unreached(Unreached),
    /// What the person set about proxies or certificates cannot be used.
    Setting(Setting),
    /// Our own side could not make the call.
    Local(String),
}

impl Refusal {
    /// Whether AWS surely did nothing: it said no by itself, or never heard of it.
    pub fn is_definite(&self) -> bool {
        match self {
            Refusal::Service { status, .. } => *status < 500,
            Refusal::Setting(_) | Refusal::Local(_) => true,
            Refusal::NotAws { .. } | Refusal::Timeout | Refusal::Unreached(_) => false,
        }
    }
}

/// Gives a refused `sts:AssumeRole` its meaning.
pub fn classify_assume_role(refusal: &Refusal, context: &AssumeContext) -> Failure {
    classify(refusal, About::Role(context))
}

/// Gives a refused `sts:GetSessionToken` on the way to a role its meaning.
pub fn classify_session_token(refusal: &Refusal, context: &AssumeContext) -> Failure {
    classify(refusal, About::SessionToken(context))
}

/// Gives a refused `sts:GetSessionToken` for a source's own keys its meaning.
pub fn classify_own_session_token(refusal: &Refusal, source: &str) -> Failure {
    classify(refusal, About::Name(source))
}

/// Gives a refused `sts:GetCallerIdentity` of the source its meaning.
pub fn classify_caller_identity(refusal: &Refusal, source: &str) -> Failure {
    classify(refusal, About::Name(source))
}

/// Gives a refused call of IAM's its meaning.
pub fn classify_iam(refusal: &Refusal, context: &IamContext) -> Failure {
    classify(refusal, About::Iam(context))
}

fn classify(refusal: &Refusal, about: About<'_>) -> Failure {
    match refusal {
        Refusal::Service { status, code, message, skew } => match table::row(*status, code, message) {
            Some(row) => row.means.failure(&meaning::Said { status: *status, message, skew: *skew, about }),
            // What AWS says next year is still better than silence.
            None => Failure::new(
                Code::AwsUnavailable,
                format!("AWS answered with an error: {} ({})", shown(message), shown(code)),
            ),
        },
        Refusal::NotAws { status } => reach::not_aws(*status),
        Refusal::Timeout => Failure::new(Code::Timeout, "AWS did not answer within 15 seconds")
            .hint("check the network, a proxy or a firewall, and try again"),
        Refusal::Unreached(unreached) => unreached.failure(),
        Refusal::Setting(setting) => setting.failure(),
        Refusal::Local(what) => Failure::internal(what),
    }
}

impl Failure {
    /// The sign-in endpoint did not take the credentials of `role`.
    pub fn signin_refused(role: &str) -> Failure {
        Failure::new(
            Code::SigninRefused,
            format!("AWS did not take the credentials of `{}` for the console", shown(role)),
        )
        .hint("try again; if it stays so, check that the region belongs to the role's partition")
    }

    /// The sign-in endpoint could not be asked.
    pub fn signin_unavailable(refusal: &Refusal, role: &str) -> Failure {
        match refusal {
            Refusal::Service { status: 429, .. } => classify(refusal, About::Name(role)),
            Refusal::Service { status, .. } if *status < 500 => Failure::signin_refused(role),
            Refusal::Service { .. }
            | Refusal::NotAws { .. }
            | Refusal::Timeout
            | Refusal::Unreached(_)
            | Refusal::Setting(_)
            | Refusal::Local(_) => classify(refusal, About::Name(role)),
        }
    }

    /// AWS lets nobody assume a role as who this is.
    pub fn assumes_nothing(principal: &PrincipalArn) -> Failure {
        let who = if principal.is_root() { "an account's root user" } else { "a federated user" };
        Failure::new(Code::AccessDenied, format!("AWS lets {who} assume no role"))
            .hint("add the access key of an IAM user as source, and have the role trust that user")
    }

    /// This computer's clock is off by `skew`, which is AWS's clock less ours.
    pub fn clock_off(skew: SignedDuration) -> Failure {
        meaning::clock_off(Some(skew))
    }
}

#[cfg(test)]
pub(crate) mod tests;
