//! Every no of STS and IAM, with AWS's status, code and sentence.

use std::fmt;

use crate::authorization::Denial;
use crate::sigv4::Fault;

/// Why STS or IAM refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The signature is missing, unreadable or wrong.
    Signature(Fault),
    /// The key is unknown, inactive, or not the one the token belongs to.
    InvalidToken,
    /// The temporary credentials are over.
    Expired,
    /// Not allowed.
    Denied { caller: String, action: &'static str, resource: String, denial: Denial },
    /// A wrong or already used code.
    WrongCode,
    /// A device that is not the caller's.
    WrongDevice,
    /// An action long-term keys alone may call.
    SessionCredentials(&'static str),
    /// Parameters outside their schema, one sentence each.
    Invalid(Vec<String>),
    /// A role ARN that is none.
    InvalidArn(String),
    /// A parameter of the wrong type.
    Malformed,
    /// Longer than the role allows.
    MaxSession,
    /// Longer than a chain allows.
    Chaining,
    /// Another source identity than the inherited one.
    SourceIdentitySet,
    /// An inline policy that is no policy.
    MalformedPolicy,
    /// A managed session policy of another account than the role's.
    ForeignPolicy(String),
    /// Session policies and tags that do not fit into a session token: what there is of them, and the percentage it takes.
    PackedPolicy(&'static str, usize),
    /// Two tags whose keys differ in nothing but letter case.
    DuplicateTags,
    /// A transitive key that is none of the tags.
    TransitiveKeyWithoutTag,
    /// A tag that the calling session hands on already.
    TransitiveTagSet,
    /// A token of no identity provider that is known.
    IdentityToken,
    /// A role that does not trust the identity provider.
    NotForWebIdentity,
    /// A third access key.
    KeyLimit,
    /// An access key that the user does not have.
    NoSuchKey(String),
    /// Another user than the calling one.
    NoSuchUser(String),
    /// A role whose name is taken.
    RoleExists(String),
    /// A role that is not there.
    NoSuchRole(String),
    /// A policy that is not there, or not attached.
    NoSuchPolicy(String),
    /// A role that has policies cannot be deleted.
    RoleInUse,
    /// A trust policy that names nobody that there is.
    InvalidPrincipal(String),
    /// No such action.
    UnknownAction(String, String),
    /// No action at all.
    MissingAction,
}

impl Refusal {
    /// The HTTP status and the error code.
    pub(crate) fn status_and_code(&self) -> (u16, &'static str) {
        match self {
            Self::Signature(Fault::Missing) => (403, "MissingAuthenticationToken"),
            Self::Signature(Fault::Incomplete(_)) => (400, "IncompleteSignature"),
            Self::Signature(Fault::Mismatch(_)) => (403, "SignatureDoesNotMatch"),
            Self::InvalidToken => (403, "InvalidClientTokenId"),
            Self::Expired => (403, "ExpiredToken"),
            Self::Denied { .. }
            | Self::WrongCode
            | Self::WrongDevice
            | Self::NotForWebIdentity
            | Self::SessionCredentials(_) => (403, "AccessDenied"),
            Self::Invalid(_)
            | Self::InvalidArn(_)
            | Self::MaxSession
            | Self::Chaining
            | Self::ForeignPolicy(_)
            | Self::SourceIdentitySet => (400, "ValidationError"),
            Self::PackedPolicy(..) => (400, "PackedPolicyTooLarge"),
            Self::DuplicateTags | Self::TransitiveKeyWithoutTag | Self::TransitiveTagSet => {
                (400, "InvalidParameterValue")
            }
            Self::IdentityToken => (400, "InvalidIdentityToken"),
            Self::KeyLimit => (409, "LimitExceeded"),
            Self::NoSuchKey(_) | Self::NoSuchUser(_) | Self::NoSuchRole(_) | Self::NoSuchPolicy(_) => {
                (404, "NoSuchEntity")
            }
            Self::RoleExists(_) => (409, "EntityAlreadyExists"),
            Self::RoleInUse => (409, "DeleteConflict"),
            Self::Malformed => (400, "MalformedInput"),
            Self::MalformedPolicy | Self::InvalidPrincipal(_) => (400, "MalformedPolicyDocument"),
            Self::UnknownAction(..) => (400, "InvalidAction"),
            Self::MissingAction => (400, "MissingAction"),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signature(Fault::Missing) => formatter.write_str("Request is missing Authentication Token"),
            Self::Signature(Fault::Incomplete(sentence) | Fault::Mismatch(sentence)) => formatter.write_str(sentence),
            Self::InvalidToken => formatter.write_str("The security token included in the request is invalid"),
            Self::Expired => formatter.write_str("The security token included in the request is expired"),
            Self::Denied { caller, action, resource, denial } => {
                write!(formatter, "User: {caller} is not authorized to perform: {action} on resource: {resource}")?;
                match denial {
                    Denial::Unsaid => Ok(()),
                    Denial::ByTrust => formatter.write_str(" with an explicit deny in the role trust policy"),
                    Denial::ByIdentity => formatter.write_str(" with an explicit deny in an identity-based policy"),
                    Denial::NoIdentityPolicy => {
                        write!(formatter, " because no identity-based policy allows the {action} action")
                    }
                    Denial::BySession => {
                        write!(formatter, " because no session policy allows the {action} action")
                    }
                }
            }
            Self::WrongCode => {
                formatter.write_str("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
            }
            Self::WrongDevice => formatter.write_str("MultiFactorAuthentication failed, unable to validate MFA code. "),
            Self::SessionCredentials(action) => write!(formatter, "Cannot call {action} with session credentials"),
            Self::Invalid(violations) => {
                let plural = if violations.len() == 1 { "" } else { "s" };
                write!(formatter, "{} validation error{plural} detected: {}", violations.len(), violations.join("; "))
            }
            Self::InvalidArn(text) => write!(formatter, "{text} is invalid"),
            Self::Malformed => formatter.write_str("Could not parse the request"),
            Self::MaxSession => {
                formatter.write_str("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
            }
            Self::Chaining => formatter.write_str(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            ),
            Self::SourceIdentitySet => {
                formatter.write_str("The source identity is already set for this assume role session")
            }
            Self::MalformedPolicy => formatter.write_str("Syntax errors in policy."),
            Self::ForeignPolicy(arn) => write!(formatter, "{arn} is not a policy of the role's account"),
            Self::PackedPolicy(what, percent) => {
                write!(formatter, "Packed size of {what} consumes {percent}% of allotted space.")
            }
            Self::DuplicateTags => formatter
                .write_str("Duplicate tag keys found. Please note that Tag keys are case insensitive."),
            Self::TransitiveKeyWithoutTag => formatter
                .write_str("The specified transitive tag key must be included in the requested tags."),
            Self::TransitiveTagSet => formatter.write_str(
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the \
                 calling session.",
            ),
            Self::IdentityToken => {
                formatter.write_str("No OpenIDConnect provider found in your account for the token")
            }
            Self::NotForWebIdentity => {
                formatter.write_str("Not authorized to perform sts:AssumeRoleWithWebIdentity")
            }
            Self::KeyLimit => formatter.write_str("Cannot exceed quota for AccessKeysPerUser: 2"),
            Self::NoSuchKey(id) => write!(formatter, "The Access Key with id {id} cannot be found."),
            Self::NoSuchUser(name) => write!(formatter, "The user with name {name} cannot be found."),
            Self::RoleExists(name) => write!(formatter, "Role with name {name} already exists."),
            Self::NoSuchRole(name) => write!(formatter, "The role with name {name} cannot be found."),
            Self::NoSuchPolicy(arn) => write!(formatter, "Policy {arn} does not exist or is not attachable."),
            Self::RoleInUse => formatter.write_str("Cannot delete entity, must detach all policies first."),
            Self::InvalidPrincipal(arn) => write!(formatter, "Invalid principal in policy: \"AWS\":\"{arn}\""),
            Self::UnknownAction(action, version) => {
                write!(formatter, "Could not find operation {action} for version {version}")
            }
            Self::MissingAction => formatter.write_str("The request must contain the parameter Action."),
        }
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Signature(fault)
    }
}
