//! What a refusal of AWS's means, and the sentence and the next step for each meaning.

use jiff::SignedDuration;

use super::{AssumeContext, Code, Failure, shown};

/// What AWS meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The MFA code is wrong or used.
    MfaCode,
    /// The MFA device is not the caller's.
    MfaDevice,
    /// The call takes an access key, not a session.
    NeedsLongTermKey,
    /// Root assumes nothing.
    RootUser,
    /// A policy says no, whatever others say.
    Denied(Policy),
    /// Session tags need a permission of their own.
    MayNotTag,
    /// So does a source identity.
    MayNotSetSourceIdentity,
    /// The caller's own policies do not allow it.
    NoIdentityPolicy,
    /// The role's trust policy does not.
    NotTrusted,
    /// AWS does not say why: no trust, no policy, no such role.
    NotAllowed,
    /// Longer than the role's maximum.
    LongerThanRole,
    /// Longer than a chain's hour.
    LongerThanChain,
    /// A chain cannot change who began it.
    SourceIdentitySet,
    /// A value outside its bounds.
    Constraint,
    /// An ARN that is none.
    Malformed,
    /// Another value that AWS does not take.
    Value,
    /// The credentials have ended.
    Expired,
    /// The key is not there, or switched off.
    KeyUnknown,
    /// The request's time is not AWS's.
    Clock,
    /// Signed for another region than the endpoint's.
    OtherRegion,
    /// The secret is not the key's.
    WrongSecret,
    /// STS is switched off there.
    RegionDisabled,
    /// The account has not switched the region on.
    RegionNotChosen,
    /// A policy that is no policy.
    PolicyMalformed,
    /// Policies and tags together are too much.
    PolicyTooLarge,
    /// Too many requests.
    Throttled,
    /// The signature did not arrive whole.
    Unsigned,
    /// AWS is out of order.
    Unavailable,
}

/// Which policy says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    ServiceControl,
    ResourceControl,
    Identity,
    Trust,
    Boundary,
    Session,
    VpcEndpoint,
    Unnamed,
}

impl Policy {
    fn name(self) -> &'static str {
        match self {
            Policy::ServiceControl => "a service control policy",
            Policy::ResourceControl => "a resource control policy",
            Policy::Identity => "a policy of the user's own",
            Policy::Trust => "the role's trust policy",
            Policy::Boundary => "a permissions boundary",
            Policy::Session => "a session policy",
            Policy::VpcEndpoint => "the policy of a VPC endpoint",
            Policy::Unnamed => "a policy",
        }
    }
}

/// What AWS said, and about what.
pub(super) struct Said<'a> {
    pub(super) status: u16,
    pub(super) message: &'a str,
    pub(super) skew: Option<SignedDuration>,
    /// The source's name, or the role's where the sign-in endpoint was asked.
    pub(super) source: &'a str,
    /// Absent where no role was assumed.
    pub(super) context: Option<&'a AssumeContext>,
}

impl Meaning {
    /// The failure that a person reads.
    pub(super) fn failure(self, said: &Said<'_>) -> Failure {
        let (source, role) = (shown(said.source), said.role());
        let refused = || Failure::new(Code::AccessDenied, said.refused());
        let value = |what: String| Failure::new(Code::AwsValidation, what);
        match self {
            Meaning::MfaCode => {
                Failure::new(Code::MfaCodeRefused, said.refused()).hint("the MFA code was wrong or already used; wait for the next one and try again")
            }
            Meaning::MfaDevice => refused().hint(
                "the MFA device is not one of this user's; give its serial as IAM shows it, arn:aws:iam::…:mfa/…",
            ),
            Meaning::NeedsLongTermKey => {
                refused().hint("AWS takes this only from a user's access key; choose a source that is one")
            }
            Meaning::RootUser => {
                refused().hint("AWS lets no root user assume a role; add the access key of an IAM user as source")
            }
            Meaning::Denied(policy) => refused().hint(format!(
                "{} denies it outright; whoever keeps that policy has to change it",
                policy.name()
            )),
            Meaning::MayNotTag => {
                refused().hint("the role's trust policy must also allow sts:TagSession, or the role go without session tags")
            }
            Meaning::MayNotSetSourceIdentity => refused().hint(
                "the role's trust policy must also allow sts:SetSourceIdentity, or the role go without a source identity",
            ),
            Meaning::NoIdentityPolicy => refused().hint(said.needs_policy()),
            Meaning::NotTrusted => refused().hint(said.needs_trust()),
            Meaning::NotAllowed => refused().hint(said.reasons()),
            Meaning::LongerThanRole => Failure::new(
                Code::DurationTooLong,
                format!("`{role}` does not allow sessions of {}", said.duration()),
            )
            .hint(format!(
                "raise the role's maximum session duration in IAM, or: guise role edit {role} --duration 1h"
            )),
            Meaning::LongerThanChain => Failure::new(
                Code::DurationTooLong,
                format!("AWS gives `{role}` for at most 1 h from these credentials"),
            )
            .hint(format!("guise role edit {role} --duration 1h")),
            Meaning::SourceIdentitySet => {
                value(format!("the source identity of `{role}` cannot differ from the one that its chain began with"))
                    .hint("leave the source identity out, or give the same as the first role")
            }
            Meaning::Constraint => value(format!("AWS does not take a value: {}", shown(said.message)))
                .hint("mend that setting of the role; guise role edit --help lists them"),
            Meaning::Malformed => value(format!("AWS does not take the ARN: {}", shown(said.message)))
                .hint("copy the role's ARN from IAM, and add the role again"),
            Meaning::Value => value(format!("AWS does not take a value: {}", shown(said.message)))
                .hint("look at the role's settings; guise role edit --help lists them"),
            Meaning::Expired => {
                Failure::new(Code::CredentialsExpired, format!("the credentials of `{source}` have ended"))
                    .hint("try again; fresh ones are asked for")
            }
            Meaning::KeyUnknown => {
                Failure::new(Code::KeyUnknown, format!("AWS does not know the access key of `{source}`")).hint(
                    "it may be deleted, switched off, or of another partition; look at the user's security credentials in IAM",
                )
            }
            Meaning::Clock => clock_off(said.skew),
            Meaning::OtherRegion => value(format!("the endpoint of `{source}` belongs to another region"))
                .hint("give the region that the endpoint is for: guise source add … --region …"),
            Meaning::WrongSecret => Failure::new(
                Code::WrongSecret,
                format!("the secret of `{source}` does not belong to its access key id"),
            )
            .hint("copy both from the same key and add the source again"),
            Meaning::RegionDisabled => Failure::new(
                Code::RegionDisabled,
                format!("STS is switched off in `{}` for the role's account", said.region()),
            )
            .hint(format!("choose another region: guise role edit {role} --region us-east-1")),
            Meaning::RegionNotChosen => {
                Failure::new(Code::RegionDisabled, "the account has not switched this region on")
                    .hint("choose another region, or switch it on in the account's settings")
            }
            Meaning::PolicyMalformed => value(format!("AWS does not take the policy: {}", shown(said.message)))
                .hint("mend the role's session policy; IAM's policy editor tells where it is wrong"),
            Meaning::PolicyTooLarge => value("the policies and tags of the session are more than AWS takes".to_owned())
                .hint("shorten the session policy, or leave session tags out"),
            Meaning::Throttled => Failure::new(Code::Throttled, "AWS asks for patience: too many requests at once")
                .hint("wait a minute and try again"),
            Meaning::Unsigned => value("the request reached AWS without its whole signature".to_owned())
                .hint("a proxy that changes requests may be in the way; go without it, or have it let AWS through"),
            Meaning::Unavailable => unavailable(said.status),
        }
    }
}

impl Said<'_> {
    fn role(&self) -> String {
        self.context.map_or_else(|| "the role".to_owned(), |context| shown(&context.role))
    }

    fn region(&self) -> &str {
        self.context.map_or("the region", |context| &context.region)
    }

    fn refused(&self) -> String {
        let source = shown(self.source);
        match self.context {
            Some(context) => format!("AWS refused to let `{source}` assume `{}`", shown(&context.role)),
            None => format!("AWS refused `{source}`"),
        }
    }

    fn duration(&self) -> String {
        hours(self.context.map_or(0, |context| context.duration))
    }

    fn needs_policy(&self) -> String {
        match self.context {
            Some(AssumeContext { principal, arn, .. }) => {
                format!("give {principal} a policy that allows sts:AssumeRole on {arn}")
            }
            None => "the user needs a policy that allows it".to_owned(),
        }
    }

    fn needs_trust(&self) -> String {
        let principal = self.context.map(|context| context.principal.to_string());
        format!("the role's trust policy must name {}", principal.unwrap_or_else(|| "the user".to_owned()))
    }

    /// All that it can be where AWS does not say.
    fn reasons(&self) -> String {
        let Some(AssumeContext { principal, arn, .. }) = self.context else { return self.needs_policy() };
        if principal.is_root() {
            return "AWS lets no root user assume a role; add the access key of an IAM user as source"
                .to_owned();
        }
        let mut reasons = self.needs_trust();
        if principal.account().as_ref() != Some(arn.account()) {
            reasons.push_str(&format!(
                "\nand, as it is in another account, {principal} needs a policy that allows sts:AssumeRole on {arn}"
            ));
        }
        reasons.push_str(
            "\nif it does: check that the ARN is spelled as in IAM, and that the policy asks for no MFA or external id",
        );
        reasons
    }
}

/// A length of time as a person says it.
pub(crate) fn hours(seconds: u32) -> String {
    if seconds.is_multiple_of(3600) {
        format!("{} h", seconds / 3600)
    } else {
        format!("{} min", seconds / 60)
    }
}

/// AWS is out of order.
pub(super) fn unavailable(status: u16) -> Failure {
    Failure::new(Code::AwsUnavailable, format!("AWS is not working right now (it answered {status})"))
        .hint("try again in a minute, or choose another region")
}

/// This computer's clock is off, by as much as is known.
pub(super) fn clock_off(skew: Option<SignedDuration>) -> Failure {
    let message = match skew {
        Some(skew) if skew.as_secs().abs() >= 60 => {
            let minutes = skew.as_secs().abs() / 60;
            let way = if skew.is_positive() { "behind" } else { "ahead of" };
            format!("this computer's clock is {} {way} AWS's", length(minutes))
        }
        _ => "this computer's clock differs from AWS's by more than 15 minutes".to_owned(),
    };
    Failure::new(Code::ClockSkew, message).hint("set the clock, or let the system set it, and try again")
}

fn length(minutes: i64) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        2..120 => format!("{minutes} minutes"),
        120..2880 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}
