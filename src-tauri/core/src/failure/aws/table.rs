//! The classifier of STS's and IAM's errors as data: by code, and where one code means several things by a part of the sentence.
//! The first row that fits counts, so that what is particular stands before what is general.

use super::meaning::{Meaning, Policy};

/// One thing that AWS says, and what it means.
pub(super) struct Row {
    codes: &'static [&'static str],
    /// A part of AWS's sentence; empty where any will do.
    says: &'static str,
    pub(super) means: Meaning,
}

const DENIED: &[&str] = &["AccessDenied", "AccessDeniedException"];
const INVALID: &[&str] = &["ValidationError"];
const SIGNATURE: &[&str] = &["SignatureDoesNotMatch"];
/// Any code that comes with a status of 500 or more.
const SERVER: &[&str] = &[];

/// Every row.
pub(super) const ROWS: &[Row] = &[
    when(DENIED, "MultiFactorAuthentication failed with invalid MFA one time pass code", Meaning::MfaCode),
    when(DENIED, "MultiFactorAuthentication failed, unable to validate MFA code", Meaning::MfaDevice),
    when(DENIED, "Cannot call GetSessionToken", Meaning::NeedsLongTermKey),
    when(DENIED, "Cannot call GetFederationToken", Meaning::NeedsLongTermKey),
    when(DENIED, "Roles may not be assumed by root accounts", Meaning::RootUser),
    when(DENIED, "explicit deny in a service control policy", Meaning::Denied(Policy::ServiceControl)),
    when(DENIED, "explicit deny in a resource control policy", Meaning::Denied(Policy::ResourceControl)),
    when(DENIED, "explicit deny in an identity-based policy", Meaning::Denied(Policy::Identity)),
    when(DENIED, "explicit deny in the role trust policy", Meaning::Denied(Policy::Trust)),
    when(DENIED, "explicit deny in a permissions boundary", Meaning::Denied(Policy::Boundary)),
    when(DENIED, "explicit deny in a session policy", Meaning::Denied(Policy::Session)),
    when(DENIED, "explicit deny in a VPC endpoint policy", Meaning::Denied(Policy::VpcEndpoint)),
    when(DENIED, "explicit deny", Meaning::Denied(Policy::Unnamed)),
    when(DENIED, "sts:TagSession", Meaning::MayNotTag),
    when(DENIED, "sts:SetSourceIdentity", Meaning::MayNotSetSourceIdentity),
    when(DENIED, "no identity-based policy allows", Meaning::NoIdentityPolicy),
    when(DENIED, "no role trust policy allows", Meaning::NotTrusted),
    when(DENIED, "", Meaning::NotAllowed),
    when(INVALID, "exceeds the MaxSessionDuration", Meaning::LongerThanRole),
    when(INVALID, "1 hour session limit", Meaning::LongerThanChain),
    when(INVALID, "source identity is already set", Meaning::SourceIdentitySet),
    when(INVALID, "failed to satisfy constraint", Meaning::Constraint),
    when(INVALID, " is invalid", Meaning::Malformed),
    when(&["ValidationError", "MalformedInput", "InvalidParameterValue"], "", Meaning::Value),
    when(&["ExpiredToken", "ExpiredTokenException"], "", Meaning::Expired),
    when(&["InvalidClientTokenId", "UnrecognizedClientException"], "", Meaning::KeyUnknown),
    when(SIGNATURE, "Signature expired", Meaning::Clock),
    when(SIGNATURE, "Signature not yet current", Meaning::Clock),
    when(SIGNATURE, "Credential should be scoped to correct service", Meaning::OtherService),
    when(SIGNATURE, "Credential should be scoped", Meaning::OtherRegion),
    when(SIGNATURE, "", Meaning::WrongSecret),
    when(&["RequestExpired", "RequestTimeTooSkewed"], "", Meaning::Clock),
    when(&["RegionDisabledException"], "", Meaning::RegionDisabled),
    when(&["OptInRequired"], "", Meaning::RegionNotChosen),
    when(&["MalformedPolicyDocument"], "", Meaning::PolicyMalformed),
    when(&["PackedPolicyTooLarge"], "Serialized token too large", Meaning::TokenTooLarge),
    when(&["PackedPolicyTooLarge"], "", Meaning::PolicyTooLarge),
    when(&["LimitExceeded", "LimitExceededException"], "", Meaning::TooManyKeys),
    when(&["EntityAlreadyExists"], "", Meaning::AlreadyThere),
    when(&["NoSuchEntity", "NoSuchEntityException"], "", Meaning::Gone),
    when(&["EntityTemporarilyUnmodifiable", "ConcurrentModification"], "", Meaning::BeingChanged),
    when(&["DeleteConflict"], "", Meaning::StillInUse),
    when(
        &["Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"],
        "",
        Meaning::Throttled,
    ),
    when(&["IncompleteSignature", "MissingAuthenticationToken"], "", Meaning::Unsigned),
    when(SERVER, "", Meaning::Unavailable),
];

const fn when(codes: &'static [&'static str], says: &'static str, means: Meaning) -> Row {
    Row { codes, says, means }
}

/// The first row that fits what AWS said.
pub(super) fn place(status: u16, code: &str, message: &str) -> Option<usize> {
    let fits = |row: &Row| {
        let by_code = if row.codes.is_empty() { status >= 500 } else { row.codes.contains(&code) };
        by_code && message.contains(row.says)
    };
    ROWS.iter().position(fits)
}

/// The same, as the row itself.
pub(super) fn row(status: u16, code: &str, message: &str) -> Option<&'static Row> {
    ROWS.get(place(status, code, message)?)
}
