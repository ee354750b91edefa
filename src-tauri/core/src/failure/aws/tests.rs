//! One example a row of the table, in AWS's words, and what a person is told for it.

use std::collections::BTreeSet;

use super::*;
use crate::chain::Plan;
use crate::trust_policy::Caller;

/// What AWS says, and what must come of it.
pub(crate) struct Example {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    means: Code,
    says: &'static str,
}

/// What stands between the colon and the reason in AWS's own words.
macro_rules! not_authorized {
    ($rest:literal) => {
        concat!(
            "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:AssumeRole on resource: \
             arn:aws:iam::111122223333:role/AWSEC2FULLACCESS",
            $rest
        )
    };
}

const fn example(
    status: u16,
    code: &'static str,
    message: &'static str,
    means: Code,
    says: &'static str,
) -> Example {
    Example { status, code, message, means, says }
}

#[rustfmt::skip]
pub(crate) const EXAMPLES: &[Example] = &[
    example(403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ", Code::MfaCodeRefused, "wait for the next one"),
    example(403, "AccessDenied", "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.", Code::AccessDenied, "give its serial as IAM shows it"),
    example(403, "AccessDenied", "Cannot call GetSessionToken with session credentials", Code::AccessDenied, "only from a user's access key"),
    example(403, "AccessDenied", "Cannot call GetFederationToken with session credentials", Code::AccessDenied, "only from a user's access key"),
    example(403, "AccessDenied", "Roles may not be assumed by root accounts.", Code::AccessDenied, "no root user"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny in a service control policy"), Code::AccessDenied, "a service control policy denies it outright"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny in a resource control policy"), Code::AccessDenied, "a resource control policy denies it outright"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny in an identity-based policy"), Code::AccessDenied, "a policy of the user's own denies it outright"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny in the role trust policy"), Code::AccessDenied, "the role's trust policy denies it outright"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny in a permissions boundary"), Code::AccessDenied, "a permissions boundary denies it outright"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny in a session policy"), Code::AccessDenied, "a session policy denies it outright"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny in a VPC endpoint policy"), Code::AccessDenied, "the policy of a VPC endpoint denies it outright"),
    example(403, "AccessDenied", not_authorized!(" with an explicit deny"), Code::AccessDenied, "a policy denies it outright"),
    example(403, "AccessDenied", "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:TagSession on resource: x because no identity-based policy allows the sts:TagSession action", Code::AccessDenied, "must also allow sts:TagSession"),
    example(403, "AccessDenied", "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:SetSourceIdentity on resource: x", Code::AccessDenied, "must also allow sts:SetSourceIdentity"),
    example(403, "AccessDenied", not_authorized!(" because no identity-based policy allows the sts:AssumeRole action"), Code::AccessDenied, "give arn:aws:iam::111122223333:user/ada a policy that allows sts:AssumeRole on arn:aws:iam::111122223333:role/AWSEC2FULLACCESS"),
    example(403, "AccessDenied", not_authorized!(" because no role trust policy allows the sts:AssumeRole action"), Code::AccessDenied, "trust policy must name arn:aws:iam::111122223333:user/ada"),
    example(403, "AccessDenied", not_authorized!(""), Code::AccessDenied, "compare arn:aws:iam::111122223333:role/AWSEC2FULLACCESS with IAM"),
    example(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", Code::DurationTooLong, "sessions of 12 h"),
    example(400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", Code::DurationTooLong, "at most 1 h"),
    example(400, "ValidationError", "The source identity is already set for this assume role session", Code::AwsValidation, "leave the source identity out"),
    example(400, "ValidationError", "2 validation errors detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2; Value 'x' at 'externalId' failed to satisfy constraint: Member must have length greater than or equal to 2", Code::AwsValidation, "'roleSessionName' failed to satisfy"),
    example(400, "ValidationError", "arn:aws:iam::111122223333:rolle/x is invalid", Code::AwsValidation, "copy the role's ARN from IAM"),
    example(400, "MalformedInput", "Unexpected list element termination", Code::AwsValidation, "does not take a value"),
    example(403, "ExpiredToken", "The security token included in the request is expired", Code::CredentialsExpired, "the credentials of `work` have ended"),
    example(403, "InvalidClientTokenId", "The security token included in the request is invalid", Code::KeyUnknown, "does not know the access key of `work`"),
    example(403, "SignatureDoesNotMatch", "Signature expired: 20160609T184512Z is now earlier than 20160610T013008Z (20160610T014508Z - 15 min.)", Code::ClockSkew, "clock"),
    example(403, "SignatureDoesNotMatch", "Signature not yet current: 20210502T183640Z is still later than 20210502T175140Z (20210502T173640Z + 15 min.)", Code::ClockSkew, "clock"),
    example(403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region. ", Code::AwsValidation, "another region"),
    example(403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'. ", Code::AwsValidation, "not that of STS"),
    example(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.", Code::WrongSecret, "does not belong to its access key id"),
    example(400, "RequestExpired", "Request has expired.", Code::ClockSkew, "clock"),
    example(403, "RegionDisabledException", "STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.", Code::RegionDisabled, "switched off in `eu-west-1`"),
    example(403, "OptInRequired", "The AWS Access Key Id needs a subscription for the service", Code::RegionDisabled, "has not switched this region on"),
    example(400, "MalformedPolicyDocument", "Syntax errors in policy.", Code::AwsValidation, "AWS does not take the policy: Syntax errors"),
    example(400, "PackedPolicyTooLarge", "Packed size of session tags consumes 138% of allotted space.", Code::AwsValidation, "more than AWS takes"),
    example(400, "PackedPolicyTooLarge", "Serialized token too large for session", Code::AwsValidation, "more than AWS puts into one"),
    example(409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", Code::AwsValidation, "already has two access keys"),
    example(409, "EntityAlreadyExists", "Role with name Fresh already exists.", Code::AlreadyExists, "already"),
    example(404, "NoSuchEntity", "The Access Key with id AKIAIOSFODNN7EXAMPLE cannot be found.", Code::NotFound, "deleted meanwhile"),
    example(409, "EntityTemporarilyUnmodifiable", "The user with name ada is being modified.", Code::Throttled, "still changing the user"),
    example(409, "DeleteConflict", "Cannot delete entity, must delete access keys first.", Code::AwsValidation, "still hangs on it"),
    example(400, "Throttling", "Rate exceeded", Code::Throttled, "patience"),
    example(400, "IncompleteSignature", "Authorization header requires 'Signature' parameter.", Code::AwsValidation, "without its whole signature"),
    example(503, "ServiceUnavailable", "Service Unavailable", Code::AwsUnavailable, "it answered 503"),
];

/// A role that is assumed directly, with nothing that it may be without.
pub(crate) fn context(principal: &str) -> AssumeContext {
    let principal: PrincipalArn = principal.parse().unwrap();
    AssumeContext {
        source: "work".into(),
        by: "work".into(),
        factor: if principal.is_user() { Factor::Unused } else { Factor::Impossible },
        caller: Caller::Source(principal),
        signed: Signed::AccessKey,
        role: "AWSEC2FULLACCESS".into(),
        arn: "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS".parse().unwrap(),
        region: "eu-west-1".into(),
        duration: 43_200,
        external_id: Sent::Not,
        tags: Sent::Not,
        source_identity: Sent::Not,
        other_name: None,
    }
}

fn service(status: u16, code: &str, message: &str) -> Refusal {
    Refusal::Service { status, code: code.into(), message: message.into(), skew: None }
}

#[test]
fn f23_each_refusal_of_sts_has_its_meaning_and_a_next_step() {
    let ada = context("arn:aws:iam::111122223333:user/ada");
    for Example { status, code, message, means, says } in EXAMPLES {
        let failure = classify_assume_role(&service(*status, code, message), &ada);
        assert_eq!(failure.code, *means, "{code}: {message}");
        assert!(failure.to_string().contains(says), "{code}: {failure}");
        assert!(failure.hint.is_some(), "{failure}");
        // Whatever the call was, the code is the same, there is a next step, and what may be a key's id is not said again.
        let looks_after = IamContext {
            source: "work".into(),
            principal: "arn:aws:iam::111122223333:user/ada".parse().unwrap(),
            action: IamAction::CreateAccessKey,
        };
        for failure in [
            failure,
            classify_caller_identity(&service(*status, code, message), "work"),
            classify_session_token(&service(*status, code, message), &ada),
            classify_iam(&service(*status, code, message), &looks_after),
        ] {
            assert_eq!(failure.code, *means, "{code}: {message}");
            assert!(failure.hint.is_some(), "{failure}");
            assert!(!failure.message.ends_with('.') && !failure.to_string().contains("AKIA"), "{failure}");
        }
    }
}

#[test]
fn f23_the_table_and_its_examples_have_the_same_rows() {
    let of_example = |each: &Example| table::place(each.status, each.code, each.message);
    let found: Vec<usize> = EXAMPLES.iter().filter_map(of_example).collect();
    let rows: BTreeSet<usize> = (0..table::ROWS.len()).collect();
    assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), rows, "a row has no example");
    assert_eq!(found.len(), table::ROWS.len(), "a row has two examples, and another is not reached");
}

#[test]
fn f23_what_is_not_in_the_table_keeps_awss_own_sentence_made_fit_to_be_read() {
    let refusal = service(418, "IAmATeapot", "short and \u{1b}[31mstout\u{202e}");
    let failure = classify_caller_identity(&refusal, "work");
    assert_eq!(failure.message, "AWS answered with an error: short and [31mstout (IAmATeapot)");
}

#[test]
fn a_role_of_another_account_needs_both_sides() {
    let failure = classify_assume_role(
        &service(403, "AccessDenied", "is not authorized to perform: sts:AssumeRole"),
        &context("arn:aws:iam::444455556666:user/ada"),
    );
    assert!(failure.to_string().contains("in another account"), "{failure}");
}

#[test]
fn a_root_user_is_told_that_it_can_assume_nothing() {
    let failure =
        classify_assume_role(&service(403, "AccessDenied", "no"), &context("arn:aws:iam::111122223333:root"));
    assert!(failure.to_string().contains("no root user"), "{failure}");
}

#[test]
fn f24_a_wrong_clock_is_measured() {
    for (minutes, says) in [
        (61, "61 minutes behind"),
        (-61, "61 minutes ahead of"),
        (60 * 24, "24 hours behind"),
        (-60 * 72, "3 days ahead of"),
    ] {
        let refusal = Refusal::Service {
            status: 403,
            code: "SignatureDoesNotMatch".into(),
            message: "Signature expired: a is now earlier than b".into(),
            skew: Some(SignedDuration::from_mins(minutes)),
        };
        let failure = classify_caller_identity(&refusal, "work");
        assert_eq!(failure.message, format!("this computer's clock is {says} AWS's"));
    }
}

#[test]
fn f21_what_is_in_the_way_is_told_apart() {
    let aws = |obstacle| {
        let hop = Hop::Aws("sts.eu-west-1.amazonaws.com".into());
        Refusal::Unreached(Unreached { hop, obstacle })
    };
    let proxy =
        |obstacle| Refusal::Unreached(Unreached { hop: Hop::Proxy("proxy.example:3128".into()), obstacle });
    let certificates = Setting::Certificates {
        variable: "AWS_CA_BUNDLE",
        path: "/tmp/ca.pem".into(),
        why: "there are none in it".into(),
    };
    for (refusal, code, says) in [
        (Refusal::NotAws { status: 200 }, Code::Network, "ask you to sign in first"),
        (Refusal::NotAws { status: 302 }, Code::Network, "points elsewhere"),
        (Refusal::NotAws { status: 511 }, Code::Network, "sign in first"),
        (Refusal::NotAws { status: 502 }, Code::AwsUnavailable, "it answered 502"),
        (Refusal::NotAws { status: 407 }, Code::Proxy, "NAME:PASSWORD@HOST"),
        (Refusal::Timeout, Code::Timeout, "within 15 seconds"),
        (aws(Obstacle::NoName), Code::Network, "`sts.eu-west-1.amazonaws.com` was not found by its name"),
        (aws(Obstacle::NoRoute), Code::Network, "no network leads to"),
        (aws(Obstacle::Refused), Code::Network, "was refused"),
        (aws(Obstacle::Closed), Code::Network, "was cut off"),
        (aws(Obstacle::Silent), Code::Network, "nobody answers"),
        (aws(Obstacle::Garbled), Code::Network, "ask you to sign in first"),
        (aws(Obstacle::Untrusted), Code::Certificate, "AWS_CA_BUNDLE"),
        (aws(Obstacle::WrongName), Code::Certificate, "for another name"),
        (aws(Obstacle::Ended), Code::Certificate, "has ended"),
        (aws(Obstacle::NotYet), Code::Certificate, "not valid yet"),
        (proxy(Obstacle::NoName), Code::Network, "the proxy `proxy.example:3128` was not found"),
        (proxy(Obstacle::Refused), Code::Network, "check HTTPS_PROXY"),
        (proxy(Obstacle::SignIn), Code::Proxy, "asks for a name and a password"),
        (proxy(Obstacle::Declined(503)), Code::Proxy, "it answered 503"),
        (
            Refusal::Setting(certificates),
            Code::Certificate,
            "`/tmp/ca.pem` cannot be used: there are none in it",
        ),
        (Refusal::Setting(Setting::NoCertificates), Code::Certificate, "no CA certificates"),
        (
            Refusal::Setting(Setting::Proxy { place: "HTTPS_PROXY" }),
            Code::Proxy,
            "in HTTPS_PROXY cannot be used",
        ),
    ] {
        for failure in [
            classify_caller_identity(&refusal, "work"),
            classify_assume_role(&refusal, &context("arn:aws:iam::111122223333:user/ada")),
            Failure::signin_unavailable(&refusal, "AWSEC2FULLACCESS"),
        ] {
            assert_eq!(failure.code, code, "{refusal:?}");
            assert!(failure.to_string().contains(says), "{refusal:?}: {failure}");
            assert!(failure.hint.is_some(), "{failure}");
        }
    }
}

/// What a person is told of a refusal for which AWS gives no reason.
fn unexplained(context: &AssumeContext) -> String {
    classify_assume_role(&service(403, "AccessDenied", not_authorized!("")), context).to_string()
}

#[test]
fn the_causes_of_a_refusal_are_those_of_this_very_call_the_likeliest_first() {
    let ada = context("arn:aws:iam::111122223333:user/ada");
    assert_eq!(
        unexplained(&ada),
        "AWS refused to let `work` assume `AWSEC2FULLACCESS`\n\n\
         hint: the role's trust policy must name arn:aws:iam::111122223333:user/ada\n      \
         if it demands MFA: guise source edit work --mfa-serial arn:aws:iam::…:mfa/…\n      \
         if it demands an external id: guise role edit AWSEC2FULLACCESS --external-id ID\n      \
         if there is no such role: compare arn:aws:iam::111122223333:role/AWSEC2FULLACCESS with IAM; capitals count\n      \
         if it was changed just now: try again in a minute\n      \
         guise trust-policy AWSEC2FULLACCESS prints one that would allow it"
    );
    let chained = AssumeContext {
        by: "first hop".into(),
        caller: Caller::Role("arn:aws:iam::444455556666:role/net/Hub".parse().unwrap()),
        signed: Signed::Role,
        role: "the goal".into(),
        factor: Factor::Impossible,
        external_id: Sent::Here,
        tags: Sent::Before,
        source_identity: Sent::Here,
        ..ada.clone()
    };
    assert_eq!(
        unexplained(&chained),
        "AWS refused to let `first hop` assume `the goal`\n\n\
         hint: the role's trust policy must name arn:aws:iam::444455556666:role/net/Hub\n      \
         and, as it is in another account, arn:aws:iam::444455556666:role/net/Hub needs a policy that allows sts:AssumeRole on \
         arn:aws:iam::111122223333:role/AWSEC2FULLACCESS\n      \
         the external id must be the one that it demands; capitals count\n      \
         if it demands MFA: no code goes on along a chain, so assume it from a user: guise role edit 'the goal' --source …\n      \
         as the session has tags, it must allow sts:TagSession too\n      \
         as a source identity is set, it must allow sts:SetSourceIdentity too\n      \
         if there is no such role: compare arn:aws:iam::111122223333:role/AWSEC2FULLACCESS with IAM; capitals count\n      \
         if it was changed just now: try again in a minute\n      \
         guise trust-policy 'the goal' prints one that would allow it"
    );
    let serial = "arn:aws:iam::111122223333:mfa/ada".parse().unwrap();
    let with_code = unexplained(&AssumeContext { factor: Factor::Code(serial), ..ada.clone() });
    assert!(!with_code.contains("MFA"), "{with_code}");
    let machine = unexplained(&context("arn:aws:sts::111122223333:assumed-role/Build/i-0abc"));
    assert!(machine.contains("must name arn:aws:iam::111122223333:role/Build\n"), "{machine}");
    assert!(machine.contains("only an IAM user can give a code"), "{machine}");
}

#[test]
fn a_plan_tells_who_calls_for_its_last_step_and_what_goes_with_it() {
    let direct = crate::chain::tests::plan();
    let of = AssumeContext::of(&direct);
    assert_eq!((of.by.as_str(), &of.signed, &of.factor), ("work", &Signed::AccessKey, &Factor::Unused));
    let before = crate::chain::AssumeRole {
        role: "hub".parse().unwrap(),
        arn: "arn:aws:iam::111122223333:role/net/Hub".parse().unwrap(),
        source_identity: Some("ada".parse().unwrap()),
        ..direct.goal.clone()
    };
    let of = AssumeContext::of(&Plan { way: vec![before], ..direct.clone() });
    assert_eq!(
        (of.by.as_str(), of.caller.to_string().as_str()),
        ("hub", "arn:aws:iam::111122223333:role/net/Hub")
    );
    assert_eq!((&of.signed, &of.factor), (&Signed::Role, &Factor::Impossible));
    assert_eq!((of.source_identity, of.tags, of.external_id), (Sent::Before, Sent::Not, Sent::Not));
    let serial: crate::assume::MfaSerial = "arn:aws:iam::111122223333:mfa/ada".parse().unwrap();
    let session = crate::chain::SessionToken {
        serial: serial.clone(),
        duration: direct.duration(),
        region: direct.region.clone(),
    };
    let of = AssumeContext::of(&Plan { mfa_session: Some(session), ..direct });
    assert_eq!((of.signed, of.factor), (Signed::MfaSession, Factor::Session(serial)));
}

#[test]
fn what_signed_the_call_decides_what_is_to_be_renewed() {
    let ada = context("arn:aws:iam::111122223333:user/ada");
    let unknown =
        service(403, "InvalidClientTokenId", "The security token included in the request is invalid");
    let expired = service(403, "ExpiredToken", "The security token included in the request is expired");
    for (signed, of_unknown, of_expired) in [
        (Signed::AccessKey, "AWS does not know the access key of `work`", "fresh ones are asked for"),
        (Signed::Profile("dev".into()), "look at the profile dev", "aws sso login --profile dev"),
        (Signed::MfaSession, "no longer takes the MFA session of `work`", "fresh ones are asked for"),
        (Signed::Role, "no longer takes the session of `hub`", "the credentials of `hub` have ended"),
    ] {
        let context = AssumeContext { signed, by: "hub".into(), ..ada.clone() };
        for (refusal, says) in [(&unknown, of_unknown), (&expired, of_expired)] {
            let failure = classify_assume_role(refusal, &context);
            assert!(failure.to_string().contains(says), "{failure}");
        }
    }
}

#[test]
fn an_mfa_session_and_a_look_after_keys_have_sentences_of_their_own() {
    let ada = context("arn:aws:iam::111122223333:user/ada");
    let denied = service(403, "AccessDenied", "User: x is not authorized to perform: y");
    let failure = classify_session_token(&denied, &ada);
    assert_eq!(failure.message, "AWS refused to start an MFA session for `work`");
    assert!(failure.to_string().contains("guise role edit AWSEC2FULLACCESS --mfa direct"), "{failure}");
    for (action, says) in [
        (IamAction::CreateAccessKey, "make an access key"),
        (IamAction::ListAccessKeys, "see its access keys"),
        (IamAction::UpdateAccessKey, "switch an access key on or off"),
        (IamAction::DeleteAccessKey, "delete an access key"),
        (IamAction::ListMfaDevices, "see its MFA devices"),
    ] {
        let principal = "arn:aws:iam::111122223333:user/ada".parse().unwrap();
        let failure = classify_iam(&denied, &IamContext { source: "work".into(), principal, action });
        assert_eq!(failure.message, format!("AWS refused to let `work` {says}"));
        let needs =
            format!("a policy that allows {} on arn:aws:iam::111122223333:user/ada", action.permission());
        assert!(failure.to_string().contains(&needs), "{failure}");
    }
}

#[test]
fn a_value_that_aws_does_not_name_is_said_to_be_so() {
    let ada = context("arn:aws:iam::111122223333:user/ada");
    let failure = classify_assume_role(&service(400, "MalformedInput", ""), &ada);
    assert_eq!(failure.message, "AWS does not take a value, and does not say which");
}

#[test]
fn what_iam_refuses_of_a_role_is_said_of_the_role() {
    let said = |code: &str, action| {
        let refusal = Refusal::Service { status: 400, code: code.into(), message: String::new(), skew: None };
        let principal = "arn:aws:iam::111122223333:user/ada".parse().unwrap();
        classify_iam(&refusal, &IamContext { source: "work".into(), principal, action })
    };
    for (code, action, part) in [
        ("EntityAlreadyExists", IamAction::CreateRole, "a role of that name already"),
        ("LimitExceeded", IamAction::CreateRole, "as many of them"),
        ("MalformedPolicyDocument", IamAction::CreateRole, "trust policy"),
        ("ConcurrentModification", IamAction::AttachRolePolicy, "changing the role"),
        ("NoSuchEntity", IamAction::AttachRolePolicy, "no such policy"),
        ("DeleteConflict", IamAction::DeleteRole, "something hangs on it"),
        ("AccessDenied", IamAction::DetachRolePolicy, "take the policy off the role"),
        ("AccessDenied", IamAction::DeleteRole, "delete the role"),
    ] {
        let failure = said(code, action);
        assert!(failure.message.contains(part) && failure.hint.is_some(), "{code}: {failure}");
        assert!(!failure.to_string().contains("key"), "{failure}");
    }
    let denied = said("AccessDenied", IamAction::AttachRolePolicy).to_string();
    assert!(denied.contains("allows iam:AttachRolePolicy on the role"), "{denied}");
}
