//! One row a refusal: what AWS says, and what a person is told.

use super::*;

fn context(principal: &str) -> AssumeContext {
    AssumeContext {
        source: "work".into(),
        principal: principal.parse().unwrap(),
        role: "AWSEC2FULLACCESS".into(),
        arn: "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS".parse().unwrap(),
        region: "eu-west-1".into(),
        duration: 43_200,
    }
}

fn service(status: u16, code: &str, message: &str) -> Refusal {
    Refusal::Service { status, code: code.into(), message: message.into(), skew: None }
}

#[test]
fn each_refusal_of_sts_has_its_meaning() {
    let ada = context("arn:aws:iam::111122223333:user/ada");
    let not_authorized = "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:AssumeRole on resource: x";
    for (status, code, message, expected, says) in [
        (403, "AccessDenied", not_authorized.to_owned(), Code::AccessDenied, "trust policy must name arn:aws:iam::111122223333:user/ada"),
        (403, "AccessDenied", format!("{not_authorized} because no identity-based policy allows the sts:AssumeRole action"), Code::AccessDenied, "a policy that allows sts:AssumeRole"),
        (403, "AccessDenied", format!("{not_authorized} with an explicit deny in a service control policy"), Code::AccessDenied, "service control policy denies it"),
        (403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code".into(), Code::AccessDenied, "wait for the next one"),
        (400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.".into(), Code::DurationTooLong, "sessions of 12 h"),
        (400, "ValidationError", "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.".into(), Code::DurationTooLong, "at most 1 h"),
        (400, "ValidationError", "1 validation error detected: Value 'x'".into(), Code::AwsValidation, "does not take a value"),
        (403, "ExpiredToken", "The security token included in the request is expired".into(), Code::CredentialsExpired, "have ended"),
        (403, "InvalidClientTokenId", "The security token included in the request is invalid".into(), Code::KeyUnknown, "does not know the access key of `work`"),
        (403, "SignatureDoesNotMatch", "The request signature we calculated does not match".into(), Code::WrongSecret, "does not belong to its access key id"),
        (403, "SignatureDoesNotMatch", "Signature expired: 20160609T184512Z is now earlier than 20160610T013008Z".into(), Code::ClockSkew, "clock"),
        (403, "SignatureDoesNotMatch", "Signature not yet current: 20210502T183640Z is still later than".into(), Code::ClockSkew, "clock"),
        (403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region. ".into(), Code::AwsValidation, "another region"),
        (403, "RegionDisabledException", "STS is not activated in this region for account:1".into(), Code::RegionDisabled, "switched off in `eu-west-1`"),
        (400, "Throttling", "Rate exceeded".into(), Code::Throttled, "patience"),
        (503, "ServiceUnavailable", "no".into(), Code::AwsUnavailable, "503"),
        (403, "OptInRequired", "no".into(), Code::RegionDisabled, "switched this region on"),
    ] {
        let failure = classify_assume_role(&service(status, code, &message), &ada);
        assert_eq!(failure.code, expected, "{code}: {message}");
        assert!(failure.to_string().contains(says), "{code}: {failure}");
    }
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
fn a_wrong_clock_is_measured() {
    let refusal = Refusal::Service {
        status: 403,
        code: "SignatureDoesNotMatch".into(),
        message: "Signature expired: a is now earlier than b".into(),
        skew: Some(SignedDuration::from_mins(61)),
    };
    let failure = classify_caller_identity(&refusal, "work");
    assert_eq!(failure.message, "this computer's clock is 61 minutes behind AWS's");
}

#[test]
fn what_is_not_aws_is_told_apart() {
    for (refusal, code) in [
        (Refusal::NotAws { status: 200 }, Code::Network),
        (Refusal::NotAws { status: 502 }, Code::AwsUnavailable),
        (Refusal::Timeout, Code::Timeout),
        (Refusal::Unreachable { host: "sts.eu-west-1.amazonaws.com".into() }, Code::Network),
    ] {
        assert_eq!(classify_caller_identity(&refusal, "work").code, code);
    }
}
