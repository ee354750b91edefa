//! What a refusal of AWS's means, and the sentence and the next step for each meaning.

use jiff::SignedDuration;

use super::about::{About, AssumeContext, Signed};
use super::{Code, Failure, shown};
use crate::arn::Partition;
use crate::failure::typed;

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
    /// Signed for another service than the endpoint's.
    OtherService,
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
    /// Policies and tags, with those that were passed on, do not fit into a session.
    TokenTooLarge,
    /// A user has two keys, and no third.
    TooManyKeys,
    /// IAM has something of that name.
    AlreadyThere,
    /// What IAM was asked about is not there.
    Gone,
    /// IAM has not come to the end of a change.
    BeingChanged,
    /// Something hangs on what is to be deleted.
    StillInUse,
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

/// What AWS said, and about what.
pub(super) struct Said<'a> {
    pub(super) status: u16,
    pub(super) message: &'a str,
    pub(super) skew: Option<SignedDuration>,
    pub(super) about: About<'a>,
}

impl Meaning {
    /// The failure that a person reads.
    pub(super) fn failure(self, said: &Said<'_>) -> Failure {
        let (role, typed) = (said.role(), said.typed_role());
        let value = |what: String| Failure::new(Code::AwsValidation, what);
        if let Some(failure) = said.about_a_role_in_iam(self) {
            return failure;
        }
        match self {
            Meaning::MfaCode => Failure::new(Code::MfaCodeRefused, "AWS did not take the MFA code")
                .hint("it was wrong or already used; wait for the next one and try again"),
            Meaning::MfaDevice => said.mfa_device(),
            Meaning::NeedsLongTermKey => said.needs_long_term_key(),
            Meaning::RootUser => said.root_user(),
            Meaning::Denied(policy) => said.denied_by(policy),
            Meaning::MayNotTag => said.may_not_tag(),
            Meaning::MayNotSetSourceIdentity => said.may_not_set_source_identity(),
            Meaning::NoIdentityPolicy => said.no_identity_policy(),
            Meaning::NotTrusted => said.not_trusted(),
            Meaning::NotAllowed => said.not_allowed(),
            Meaning::LongerThanRole => Failure::new(
                Code::DurationTooLong,
                format!("`{role}` does not allow sessions of {}", said.duration()),
            )
            .hint(format!(
                "raise the role's maximum session duration in IAM, or: guise role edit {typed} --duration 1h"
            )),
            Meaning::LongerThanChain => Failure::new(
                Code::DurationTooLong,
                format!("AWS gives `{role}` for at most 1 h from these credentials"),
            )
            .hint(format!("guise role edit {typed} --duration 1h")),
            Meaning::SourceIdentitySet => {
                value(format!("the source identity of `{role}` cannot differ from the one that its chain began with"))
                    .hint("leave the source identity out, or give the same as the first role")
            }
            Meaning::Constraint => value(said.with_detail("AWS does not take a value"))
                .hint("mend that setting of the role; guise role edit --help lists them"),
            Meaning::Malformed => value(said.with_detail("AWS does not take the ARN"))
                .hint("copy the role's ARN from IAM, and add the role again"),
            Meaning::Value if said.message.is_empty() => {
                value("AWS does not take a value, and does not say which".to_owned())
                    .hint("look at the role's settings, those in other scripts than Latin first; guise role edit --help lists them")
            }
            Meaning::Value => value(said.with_detail("AWS does not take a value"))
                .hint("look at the role's settings; guise role edit --help lists them"),
            Meaning::Expired => said.expired(),
            Meaning::KeyUnknown => said.key_unknown(),
            Meaning::Clock => clock_off(said.skew),
            Meaning::OtherRegion => value(format!("the endpoint of `{}` belongs to another region", said.source()))
                .hint("give the region that the endpoint is for: guise source add … --region …"),
            Meaning::OtherService => value(format!("the endpoint of `{}` is not that of STS", said.source()))
                .hint("add the source again with the address of an STS: guise source add … --sts-endpoint …"),
            Meaning::WrongSecret => Failure::new(
                Code::WrongSecret,
                format!("the secret of `{}` does not belong to its access key id", said.source()),
            )
            .hint("copy both from the same key and add the source again"),
            Meaning::RegionDisabled => Failure::new(
                Code::RegionDisabled,
                format!("STS is switched off in `{}` for the role's account", said.region()),
            )
            .hint(format!("choose another region: guise role edit {typed} --region {}", said.usual_region())),
            Meaning::RegionNotChosen => {
                Failure::new(Code::RegionDisabled, "the account has not switched this region on")
                    .hint("choose another region, or switch it on in the account's settings")
            }
            Meaning::PolicyMalformed => value(said.with_detail("AWS does not take the policy"))
                .hint("mend the role's session policy; IAM's policy editor tells where it is wrong"),
            Meaning::PolicyTooLarge => {
                value("the policies and tags of the session are more than AWS takes".to_owned())
                    .hint("shorten the session policy, or leave session tags out")
            }
            Meaning::TokenTooLarge => {
                value("the session would hold more than AWS puts into one".to_owned()).hint(
                    "leave out session tags, the role's own or those that roles before it pass on, or shorten the session policy",
                )
            }
            Meaning::TooManyKeys => value(format!("the user of `{}` already has two access keys, and AWS gives no third", said.source()))
                .hint(format!("delete the one that nothing uses any more: guise source rotate {} --delete-old, or on the user's page in IAM", crate::failure::typed(&said.source()))),
            Meaning::AlreadyThere => Failure::new(Code::AlreadyExists, "IAM has something of that name already")
                .hint("choose another name"),
            Meaning::Gone => Failure::new(Code::NotFound, format!("IAM no longer has what `{}` asked about", said.source()))
                .hint("the user or its key was deleted meanwhile; look at the user's security credentials in IAM"),
            Meaning::BeingChanged => Failure::new(Code::Throttled, format!("IAM is still changing the user of `{}`", said.source()))
                .hint("wait a minute and try again"),
            Meaning::StillInUse => value(format!("IAM does not delete it while something of `{}` still hangs on it", said.source()))
                .hint("look at the user's page in IAM, and take off first what it names there"),
            Meaning::Throttled => Failure::new(Code::Throttled, "AWS asks for patience: too many requests at once")
                .hint("wait a minute and try again"),
            Meaning::Unsigned => value("the request reached AWS without its whole signature".to_owned())
                .hint("a proxy that changes requests may be in the way; go without it, or have it let AWS through"),
            Meaning::Unavailable => unavailable(said.status),
        }
    }
}

impl Said<'_> {
    fn context(&self) -> Option<&AssumeContext> {
        match self.about {
            About::Role(context) | About::SessionToken(context) => Some(context),
            About::Iam(_) | About::Name(_) => None,
        }
    }

    fn source(&self) -> String {
        match self.about {
            About::Role(context) | About::SessionToken(context) => shown(&context.source),
            About::Iam(context) => shown(&context.source),
            About::Name(name) => shown(name),
        }
    }

    fn role(&self) -> String {
        self.context().map_or_else(|| "the role".to_owned(), |context| shown(&context.role))
    }

    fn typed_role(&self) -> String {
        self.context().map_or_else(|| "…".to_owned(), |context| typed(&context.role))
    }

    fn region(&self) -> &str {
        self.context().map_or("the region", |context| &context.region)
    }

    /// A region of the role's partition that nobody has to switch on.
    fn usual_region(&self) -> String {
        let partition = self.context().map_or(Partition::Aws, |context| context.arn.partition());
        partition.default_region().to_string()
    }

    fn duration(&self) -> String {
        hours(self.context().map_or(0, |context| context.duration))
    }

    /// What did not go, and what AWS says about it.
    fn with_detail(&self, what: &str) -> String {
        let detail = self.message.trim_end_matches(['.', ' ']);
        if detail.is_empty() { what.to_owned() } else { format!("{what}: {}", shown(detail)) }
    }

    fn expired(&self) -> Failure {
        let ended = |whose: String| Failure::new(Code::CredentialsExpired, format!("the {whose} have ended"));
        match self.about {
            About::Role(AssumeContext { signed: Signed::Profile(profile), source, .. }) => {
                ended(format!("credentials of `{}`", shown(source))).hint(format!(
                    "renew them as you do for that profile, such as with: aws sso login --profile {}",
                    typed(profile)
                ))
            }
            About::Role(AssumeContext { signed: Signed::Role, by, .. }) => {
                ended(format!("credentials of `{}`", shown(by))).hint("try again; fresh ones are asked for")
            }
            About::Role(_) | About::SessionToken(_) | About::Iam(_) | About::Name(_) => {
                ended(format!("credentials of `{}`", self.source()))
                    .hint("try again; fresh ones are asked for")
            }
        }
    }

    /// AWS says the same of a key that was deleted and of a session whose role was.
    fn key_unknown(&self) -> Failure {
        let unknown = |what: String| Failure::new(Code::KeyUnknown, what);
        let signed = match self.about {
            About::Role(context) => &context.signed,
            About::SessionToken(_) | About::Iam(_) | About::Name(_) => &Signed::AccessKey,
        };
        match (signed, self.about) {
            (Signed::Role, About::Role(context)) => {
                unknown(format!("AWS no longer takes the session of `{}`", shown(&context.by)))
                    .hint("its role may have been deleted or made anew in IAM; try again, and a fresh session is asked for")
            }
            (Signed::MfaSession, _) => unknown(format!("AWS no longer takes the MFA session of `{}`", self.source()))
                .hint("the user's key may have been deleted or switched off; try again, and a new code is asked for"),
            (Signed::Profile(profile), _) => {
                unknown(format!("AWS does not know the credentials of `{}`", self.source())).hint(format!(
                    "look at the profile {}: its key may be deleted, or its session token left out",
                    typed(profile)
                ))
            }
            (Signed::AccessKey | Signed::Role, _) => {
                unknown(format!("AWS does not know the access key of `{}`", self.source())).hint(
                    "it may be deleted, switched off, or of another partition; look at the user's security credentials in IAM",
                )
            }
        }
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
