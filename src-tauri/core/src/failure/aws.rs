//! What AWS refuses, told apart: the classifier of STS errors, and the sentences for them.
//!
//! The table follows the errors that STS is known to give. Message text is compared here and nowhere else, and only
//! by the parts of it that AWS has kept stable.

use jiff::SignedDuration;

use super::{Code, Failure, shown};
use crate::arn::{PrincipalArn, RoleArn};

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
    /// No connection could be made; the host that was tried.
    Unreachable {
        /// Whom we tried to reach.
        host: String,
    },
    /// Our own side could not make the call.
    Local(String),
}

/// What an assumption was about, for its sentences.
#[derive(Clone, Debug)]
pub struct AssumeContext {
    /// The source's name in the catalog.
    pub source: String,
    /// Who the source is.
    pub principal: PrincipalArn,
    /// The role's name in the catalog.
    pub role: String,
    /// The role's ARN.
    pub arn: RoleArn,
    /// The region whose STS was asked.
    pub region: String,
    /// What was asked for, in seconds.
    pub duration: u32,
}

/// Gives a refused `sts:AssumeRole` its meaning.
pub fn classify_assume_role(refusal: &Refusal, context: &AssumeContext) -> Failure {
    let (role, region) = (shown(&context.role), &context.region);
    let Refusal::Service { code, message, .. } = refusal else {
        return classify_shared(refusal, &context.source);
    };
    match code.as_str() {
        "AccessDenied" | "AccessDeniedException" => access_denied(message, context),
        "ValidationError" if message.contains("exceeds the MaxSessionDuration") => Failure::new(
            Code::DurationTooLong,
            format!("`{role}` does not allow sessions of {}", hours(context.duration)),
        )
        .hint(format!(
            "raise the role's maximum session duration in IAM, or: guise role edit {role} --duration 1h"
        )),
        "ValidationError" if message.contains("1 hour session limit") => Failure::new(
            Code::DurationTooLong,
            format!("AWS gives `{role}` for at most 1 h from these credentials"),
        )
        .hint(format!("guise role edit {role} --duration 1h")),
        "RegionDisabledException" => Failure::new(
            Code::RegionDisabled,
            format!("STS is switched off in `{region}` for the role's account"),
        )
        .hint(format!("choose another region: guise role edit {role} --region us-east-1")),
        _ => classify_shared(refusal, &context.source),
    }
}

/// Gives a refused `sts:GetCallerIdentity` of the source its meaning.
pub fn classify_caller_identity(refusal: &Refusal, source: &str) -> Failure {
    classify_shared(refusal, source)
}

fn access_denied(message: &str, context: &AssumeContext) -> Failure {
    let (source, role) = (shown(&context.source), shown(&context.role));
    let principal = &context.principal;
    let same_account = principal.account().as_ref() == Some(context.arn.account());
    let failure = Failure::new(Code::AccessDenied, format!("AWS refused to let `{source}` assume `{role}`"));
    if message.contains("explicit deny") {
        let policy =
            ["service control policy", "resource control policy", "permissions boundary", "session policy"]
                .into_iter()
                .find(|kind| message.contains(kind))
                .unwrap_or("policy");
        return failure
            .hint(format!("a {policy} denies it outright; whoever keeps that policy has to change it"));
    }
    if message.contains("MultiFactorAuthentication failed") {
        return failure.hint("the MFA code was wrong or already used; wait for the next one and try again");
    }
    if message.contains("no identity-based policy allows") {
        return failure
            .hint(format!("give {principal} a policy that allows sts:AssumeRole on {}", context.arn));
    }
    if context.principal.is_root() {
        return failure
            .hint("AWS lets no root user assume a role; add the access key of an IAM user as source");
    }
    let mut hint = format!("the role's trust policy must name {principal}");
    if !same_account {
        hint.push_str(&format!(
            "\nand, as it is in another account, {principal} needs a policy that allows sts:AssumeRole on {}",
            context.arn
        ));
    }
    hint.push_str("\nif it does: check that the ARN is spelled as in IAM, and that the policy asks for no MFA or external id");
    failure.hint(hint)
}

fn classify_shared(refusal: &Refusal, source: &str) -> Failure {
    let source = shown(source);
    match refusal {
        Refusal::Service { status, code, message, skew } => match code.as_str() {
            "InvalidClientTokenId" => {
                Failure::new(Code::KeyUnknown, format!("AWS does not know the access key of `{source}`")).hint(
                    "it may be deleted, switched off, or of another partition; look at the user's security credentials in IAM",
                )
            }
            "SignatureDoesNotMatch" if is_clock_message(message) => clock_skew(*skew),
            "RequestExpired" | "RequestTimeTooSkewed" => clock_skew(*skew),
            "SignatureDoesNotMatch" if message.contains("Credential should be scoped") => {
                Failure::new(Code::AwsValidation, format!("the endpoint of `{source}` belongs to another region"))
                    .hint("give the region that the endpoint is for: guise source add … --region …")
            }
            "SignatureDoesNotMatch" | "IncompleteSignature" => {
                Failure::new(Code::WrongSecret, format!("the secret of `{source}` does not belong to its access key id"))
                    .hint("copy both from the same key and add the source again")
            }
            "ExpiredToken" | "ExpiredTokenException" => {
                Failure::new(Code::CredentialsExpired, format!("the credentials of `{source}` have ended"))
                    .hint("try again; fresh ones are asked for")
            }
            "OptInRequired" => Failure::new(Code::RegionDisabled, "the account has not switched this region on")
                .hint("choose another region, or switch it on in the account's settings"),
            "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException" => {
                Failure::new(Code::Throttled, "AWS asks for patience: too many requests at once")
                    .hint("wait a minute and try again")
            }
            "ValidationError" | "MalformedInput" | "InvalidParameterValue" => {
                Failure::new(Code::AwsValidation, format!("AWS does not take a value: {}", shown(message)))
            }
            _ if *status >= 500 => unavailable(*status),
            _ => Failure::new(Code::AwsUnavailable, format!("AWS answered with an error: {} ({})", shown(message), shown(code))),
        },
        Refusal::NotAws { status } if *status >= 500 => unavailable(*status),
        Refusal::NotAws { .. } => Failure::new(Code::Network, "something other than AWS answered")
            .hint("does this network ask you to sign in first? open any page in the browser, then try again"),
        Refusal::Timeout => Failure::new(Code::Timeout, "AWS did not answer within 15 seconds")
            .hint("check the network, a proxy or a firewall, and try again"),
        Refusal::Unreachable { host } => Failure::new(Code::Network, format!("`{}` cannot be reached", shown(host)))
            .hint("check the network, a proxy or a firewall, and try again"),
        Refusal::Local(what) => Failure::internal(what),
    }
}

fn unavailable(status: u16) -> Failure {
    Failure::new(Code::AwsUnavailable, format!("AWS is not working right now (it answered {status})"))
        .hint("try again in a minute, or choose another region")
}

fn is_clock_message(message: &str) -> bool {
    message.contains("Signature expired") || message.contains("Signature not yet current")
}

fn clock_skew(skew: Option<SignedDuration>) -> Failure {
    let message = match skew {
        Some(skew) if skew.as_secs().abs() >= 60 => {
            let minutes = skew.as_secs().abs() / 60;
            let way = if skew.is_positive() { "behind" } else { "ahead of" };
            format!("this computer's clock is {minutes} minutes {way} AWS's")
        }
        _ => "this computer's clock differs from AWS's by more than 15 minutes".to_owned(),
    };
    Failure::new(Code::ClockSkew, message).hint("set the clock, or let the system set it, and try again")
}

/// A length of time as a person says it.
pub(crate) fn hours(seconds: u32) -> String {
    if seconds.is_multiple_of(3600) {
        format!("{} h", seconds / 3600)
    } else {
        format!("{} min", seconds / 60)
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
        if matches!(refusal, Refusal::Service { status, .. } if *status < 500) {
            return Failure::signin_refused(role);
        }
        classify_shared(refusal, role)
    }
}

#[cfg(test)]
mod tests;
