//! Whole calls of STS against the tutorial's accounts, with the clock standing still.

use jiff::Timestamp;

use crate::clock::later;
use crate::data::Data;
use crate::http::{Answer, Request};
use crate::journal::{Call, CallKind};
use crate::policy::Policy;
use crate::session::{Origin, Principal, Session};
use crate::world::World;

const ADA: (&str, &str) = ("AKIASIMULATEDADA2222", "SIMULATED/ada/not+a+real+secret/22222222");
const GRACE: (&str, &str) = ("AKIASIMULATEDGRACE22", "SIMULATED/grace/not+a+real+secret/222222");
const SERIAL: &str = "arn:aws:iam::111122223333:mfa/grace";

struct Test {
    world: World,
    now: Timestamp,
}

/// Credentials as a client holds them.
struct Held {
    id: String,
    secret: String,
    token: Option<String>,
}

impl From<(&str, &str)> for Held {
    fn from((id, secret): (&str, &str)) -> Self {
        Self { id: id.into(), secret: secret.into(), token: None }
    }
}

impl Test {
    fn new() -> Self {
        let world = World::new(Data::tutorial(), "http://127.0.0.1:1".into());
        Self { world, now: "2026-01-02T03:04:05Z".parse().unwrap() }
    }

    fn send(&mut self, request: &Request) -> (Answer, Call) {
        let mut call = Call::new(CallKind::Sts, request.form().get("Action").unwrap_or_default());
        let answer = super::answer(&mut self.world, request, self.now, &mut call);
        (answer, call)
    }

    /// The body of the answer, which must be a success, or the code and sentence of the error.
    fn call(&mut self, by: &Held, form: &str) -> Result<String, String> {
        let request = Request::signed(
            "sts",
            &format!("{form}&Version=2011-06-15"),
            (&by.id, &by.secret, by.token.as_deref()),
            self.now,
        );
        let (answer, call) = self.send(&request);
        match call.error {
            None => Ok(answer.body),
            Some(code) => Err(format!("{} {code}: {}", answer.status, text(&answer.body, "Message"))),
        }
    }

    fn assume(&mut self, by: &Held, role: &str, more: &str) -> Result<Held, String> {
        let arn = if role.starts_with("arn") {
            role.to_owned()
        } else {
            format!("arn:aws:iam::111122223333:role/{role}")
        };
        self.call(by, &format!("Action=AssumeRole&RoleArn={arn}&RoleSessionName=ada{more}"))
            .map(|body| held(&body))
    }

    fn code(&self) -> String {
        crate::totp::code(
            &crate::encoding::base32_decode("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").unwrap(),
            crate::totp::step_at(self.now),
        )
    }
}

fn text(body: &str, element: &str) -> String {
    let (_, rest) = body.split_once(&format!("<{element}>")).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

fn held(body: &str) -> Held {
    Held {
        id: text(body, "AccessKeyId"),
        secret: text(body, "SecretAccessKey"),
        token: Some(text(body, "SessionToken")),
    }
}

/// Fails the test unless the call was refused with these words.
fn refused<T>(result: Result<T, String>, words: &str) {
    let error = result.err().unwrap();
    assert!(error.contains(words), "{error}");
}

#[test]
fn a_session_is_the_role_without_its_path_and_can_say_so() {
    let mut test = Test::new();
    let body = test
        .call(
            &ADA.into(),
            "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/team/ops/Deploy&RoleSessionName=ada",
        )
        .unwrap();
    assert_eq!(text(&body, "Arn"), "arn:aws:sts::111122223333:assumed-role/Deploy/ada");
    assert!(text(&body, "AssumedRoleId").ends_with(":ada"));
    assert_eq!(text(&body, "Expiration"), "2026-01-02T04:04:05Z");
    let identity = test.call(&held(&body), "Action=GetCallerIdentity").unwrap();
    assert_eq!(text(&identity, "Arn"), "arn:aws:sts::111122223333:assumed-role/Deploy/ada");
    assert_eq!(text(&identity, "Account"), "111122223333");
}

#[test]
fn a_missing_role_is_refused_in_the_words_of_a_forbidden_one() {
    let mut test = Test::new();
    for role in ["NotYetTrusted", "DoesNotExist"] {
        let expected = format!(
            "403 AccessDenied: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/{role}"
        );
        assert_eq!(test.assume(&ADA.into(), role, "").err().unwrap(), expected);
    }
}

#[test]
fn the_tutorial_roles_let_in_whom_they_should() {
    let mut test = Test::new();
    let (billing, admin) = ("arn:aws:iam::444455556666:role/Billing", "arn:aws:iam::444455556666:role/Admin");
    refused(
        test.assume(&ADA.into(), "ReadOnly", ""),
        "because no identity-based policy allows the sts:AssumeRole action",
    );
    refused(test.assume(&ADA.into(), billing, ""), "AccessDenied");
    refused(test.assume(&ADA.into(), "Partner", ""), "AccessDenied");
    refused(test.assume(&ADA.into(), "Partner", "&ExternalId=other"), "AccessDenied");
    assert!(test.assume(&ADA.into(), "Partner", "&ExternalId=acme-partner-42").is_ok());
    for role in ["ReadOnly", billing, admin] {
        assert!(test.assume(&GRACE.into(), role, "").is_ok(), "{role}");
    }
    let first = test.assume(&ADA.into(), "AWSEC2FULLACCESS", "").unwrap();
    for role in ["Second", admin] {
        assert!(test.assume(&first, role, "").is_ok(), "{role}");
    }
}

#[test]
fn the_length_of_a_session_is_checked_in_the_order_of_aws() {
    let mut test = Test::new();
    let max = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    let chain =
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    refused(
        test.assume(&ADA.into(), "DoesNotExist", "&DurationSeconds=899"),
        "400 ValidationError: 1 validation error detected",
    );
    refused(test.assume(&ADA.into(), "NotYetTrusted", "&DurationSeconds=7200"), "AccessDenied");
    refused(test.assume(&GRACE.into(), "ReadOnly", "&DurationSeconds=3601"), max);
    let first = test.assume(&ADA.into(), "AWSEC2FULLACCESS", "&DurationSeconds=43200").unwrap();
    refused(test.assume(&first, "Second", "&DurationSeconds=3601"), chain);
    refused(test.assume(&first, "arn:aws:iam::444455556666:role/Admin", "&DurationSeconds=7201"), max);
    let session = held(&test.call(&ADA.into(), "Action=GetSessionToken").unwrap());
    refused(test.assume(&session, "AWSEC2FULLACCESS", "&DurationSeconds=3601"), chain);
    assert!(test.assume(&session, "AWSEC2FULLACCESS", "&DurationSeconds=3600").is_ok());
}

#[test]
fn a_code_works_once_and_only_for_its_owner() {
    let mut test = Test::new();
    refused(test.assume(&GRACE.into(), "MfaRequired", ""), "AccessDenied: User:");
    let with_code = format!("&SerialNumber={SERIAL}&TokenCode={}", test.code());
    refused(
        test.assume(&ADA.into(), "MfaRequired", &with_code),
        "MultiFactorAuthentication failed, unable to validate MFA code",
    );
    refused(
        test.assume(&GRACE.into(), "MfaRequired", &format!("&SerialNumber={SERIAL}&TokenCode=000000")),
        "invalid MFA one time pass code",
    );
    assert!(test.assume(&GRACE.into(), "MfaRequired", &with_code).is_ok());
    refused(test.assume(&GRACE.into(), "MfaRequired", &with_code), "invalid MFA one time pass code");
}

#[test]
fn a_second_factor_is_carried_by_a_session_token_and_grows_old() {
    let mut test = Test::new();
    let plain = held(&test.call(&GRACE.into(), "Action=GetSessionToken").unwrap());
    refused(test.assume(&plain, "MfaRequired", ""), "AccessDenied");
    let code = test.code();
    let strong = held(
        &test
            .call(&GRACE.into(), &format!("Action=GetSessionToken&SerialNumber={SERIAL}&TokenCode={code}"))
            .unwrap(),
    );
    assert!(test.assume(&strong, "MfaRequired", "").is_ok());
    test.now = later(test.now, 3600);
    refused(test.assume(&strong, "MfaRequired", ""), "AccessDenied");
}

#[test]
fn a_session_token_is_for_long_term_keys_only() {
    let mut test = Test::new();
    let first = test.assume(&ADA.into(), "AWSEC2FULLACCESS", "").unwrap();
    refused(
        test.call(&first, "Action=GetSessionToken"),
        "403 AccessDenied: Cannot call GetSessionToken with session credentials",
    );
}

#[test]
fn credentials_are_checked_in_the_order_of_aws() {
    let mut test = Test::new();
    let identity = "Action=GetCallerIdentity";
    refused(test.call(&("AKIASIMULATEDADAOFF2", "x").into(), identity), "403 InvalidClientTokenId");
    refused(test.call(&("AKIAUNKNOWN222222222", "x").into(), identity), "403 InvalidClientTokenId");
    refused(
        test.call(&(ADA.0, "x").into(), identity),
        "403 SignatureDoesNotMatch: The request signature we calculated does not match",
    );
    let mut first = test.assume(&ADA.into(), "AWSEC2FULLACCESS", "").unwrap();
    test.now = later(test.now, 3600);
    // Expiry is noticed before a wrong signature is.
    first.secret = "x".into();
    refused(
        test.call(&first, identity),
        "403 ExpiredToken: The security token included in the request is expired",
    );
    first.token = None;
    refused(
        test.call(&first, identity),
        "403 InvalidClientTokenId: The security token included in the request is invalid",
    );
    let second = test.assume(&ADA.into(), "AWSEC2FULLACCESS", "").unwrap();
    test.world.data.roles.clear();
    refused(test.call(&second, identity), "403 InvalidClientTokenId");
}

#[test]
fn tags_and_a_source_identity_need_the_trust_policy_to_say_so() {
    let mut test = Test::new();
    let tagged = "&Tags.member.1.Key=team&Tags.member.1.Value=ops&TransitiveTagKeys.member.1=team";
    refused(
        test.assume(&ADA.into(), "AWSEC2FULLACCESS", tagged),
        "is not authorized to perform: sts:TagSession",
    );
    refused(
        test.assume(&ADA.into(), "AWSEC2FULLACCESS", "&SourceIdentity=ada"),
        "is not authorized to perform: sts:SetSourceIdentity",
    );
    let session =
        test.assume(&ADA.into(), "team/ops/Deploy", &format!("{tagged}&SourceIdentity=ada")).unwrap();
    assert_eq!(test.world.sessions[&session.id].transitive_tags, [("team".to_owned(), "ops".to_owned())]);
    refused(test.assume(&session, "Second", "&SourceIdentity=eve"), "The source identity is already set");
}

#[test]
fn what_is_no_call_is_refused_with_a_code() {
    let mut test = Test::new();
    refused(
        test.call(&ADA.into(), "Action=Nonsense"),
        "400 InvalidAction: Could not find operation Nonsense for version 2011-06-15",
    );
    refused(test.call(&ADA.into(), "X=1"), "400 MissingAction");
    refused(test.assume(&ADA.into(), "arn:aws:s3:::this-is-no-role-at-all", ""), "is invalid");
    let unsigned = Request::for_test("POST", "/", &[], "Action=GetCallerIdentity");
    assert_eq!(test.send(&unsigned).1.error.as_deref(), Some("MissingAuthenticationToken"));
}

#[test]
fn session_policies_narrow_what_a_session_assumes() {
    let mut test = Test::new();
    let everything = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let reading = "&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/ReadOnlyAccess";
    let narrow = test.assume(&ADA.into(), "AWSEC2FULLACCESS", reading).unwrap();
    refused(test.assume(&narrow, "Second", ""), "because no session policy allows the sts:AssumeRole action");
    // Several session policies add up.
    let both =
        test.assume(&ADA.into(), "AWSEC2FULLACCESS", &format!("{reading}&Policy={everything}")).unwrap();
    assert!(test.assume(&both, "Second", "").is_ok());
    refused(
        test.assume(&ADA.into(), "AWSEC2FULLACCESS", "&Policy={\"Statement\":"),
        "400 MalformedPolicyDocument",
    );
    refused(
        test.assume(
            &ADA.into(),
            "AWSEC2FULLACCESS",
            "&PolicyArns.member.1.arn=arn:aws:iam::444455556666:policy/Elsewhere",
        ),
        "400 ValidationError",
    );
}

#[test]
fn what_does_not_fit_into_a_session_token_is_refused() {
    let mut test = Test::new();
    let policy = |length: usize| {
        let frame = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Sid":""}]}"#;
        frame.replace("\"\"", &format!("\"{}\"", "x".repeat(length - frame.len())))
    };
    let assume = |test: &mut Test, more: &str| test.assume(&ADA.into(), "team/ops/Deploy", more);
    assert!(assume(&mut test, &format!("&Policy={}", policy(2048))).is_ok());
    refused(
        assume(&mut test, &format!("&Policy={}", policy(2049))),
        "400 PackedPolicyTooLarge: Packed size of session policy consumes 101% of allotted space.",
    );
    let tag = |index: usize| {
        format!("&Tags.member.{index}.Key=k{index}&Tags.member.{index}.Value={}", "v".repeat(256))
    };
    let tags = |count: usize| (1..=count).map(tag).collect::<String>();
    assert!(assume(&mut test, &tags(7)).is_ok());
    refused(assume(&mut test, &tags(8)), "400 PackedPolicyTooLarge: Packed size of session tags consumes");
    let many = (1..=51).map(|index| format!("&Tags.member.{index}.Key=k{index}&Tags.member.{index}.Value="));
    refused(assume(&mut test, &many.collect::<String>()), "Member must have length less than or equal to 50");
}

#[test]
fn tags_are_told_apart_without_letter_case_and_handed_on_only_once() {
    let mut test = Test::new();
    let deploy = "team/ops/Deploy";
    let team = "&Tags.member.1.Key=team&Tags.member.1.Value=ops";
    refused(
        test.assume(&ADA.into(), deploy, &format!("{team}&Tags.member.2.Key=TEAM&Tags.member.2.Value=x")),
        "400 InvalidParameterValue: Duplicate tag keys found.",
    );
    refused(
        test.assume(&ADA.into(), deploy, &format!("{team}&TransitiveTagKeys.member.1=other")),
        "400 InvalidParameterValue: The specified transitive tag key must be included",
    );
    refused(
        test.assume(&ADA.into(), deploy, "&Tags.member.1.Key=aws:team&Tags.member.1.Value=x"),
        "400 ValidationError",
    );
    let session =
        test.assume(&ADA.into(), deploy, &format!("{team}&TransitiveTagKeys.member.1=TEAM")).unwrap();
    refused(test.assume(&session, "Second", team), "400 InvalidParameterValue: One of the specified");
    refused(test.assume(&session, "Second", ""), "is not authorized to perform: sts:AssumeRole");
}

#[test]
fn a_machine_is_no_link_of_a_chain_and_a_permission_set_is() {
    let mut test = Test::new();
    let admin = "arn:aws:iam::444455556666:role/Admin";
    let issued = |test: &mut Test, role: &str, origin: Origin| {
        let arn = format!("arn:aws:iam::111122223333:role/{role}");
        let name = role.rsplit('/').next().unwrap();
        let principal = Principal::role("111122223333", "aws", &arn, name, "it");
        let session = Session::issue(principal, origin, later(test.now, 3600));
        test.world.sessions.insert(session.key_id.clone(), session.clone());
        Held {
            id: session.key_id,
            secret: session.secret.reveal().into(),
            token: Some(session.token.reveal().into()),
        }
    };
    let machine = issued(&mut test, "Machine", Origin::Instance);
    let developer = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Developer_0123456789abcdef";
    let developer = issued(&mut test, developer, Origin::FirstRole);
    assert!(test.assume(&machine, admin, "&DurationSeconds=7200").is_ok());
    refused(test.assume(&developer, admin, "&DurationSeconds=3601"), "1 hour session limit");
    assert!(test.assume(&developer, admin, "").is_ok());
}

#[test]
fn a_second_factor_does_not_reach_through_a_role() {
    let mut test = Test::new();
    test.world.data.set_trust(
        "arn:aws:iam::111122223333:role/Second",
        Policy::from_json(
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}"#,
        )
        .unwrap(),
    )
    .unwrap();
    let code = test.code();
    let form = format!("Action=GetSessionToken&SerialNumber={SERIAL}&TokenCode={code}");
    let strong = held(&test.call(&GRACE.into(), &form).unwrap());
    assert!(test.assume(&strong, "Second", "").is_ok());
    let first = test.assume(&strong, "ReadOnly", "").unwrap();
    refused(test.assume(&first, "Second", ""), "AccessDenied");
}

#[test]
fn the_journal_tells_all_that_was_asked_and_no_code() {
    let mut test = Test::new();
    let form = format!(
        "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/team/ops/Deploy&RoleSessionName=ada&DurationSeconds=900\
         &ExternalId=agreed&SerialNumber={SERIAL}&TokenCode=123456&Policy={{}}&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/X\
         &Tags.member.1.Key=team&Tags.member.1.Value=ops&TransitiveTagKeys.member.1=team&SourceIdentity=ada"
    );
    let request = Request::signed("sts", &form, (ADA.0, ADA.1, None), test.now);
    let mut call = Call::new(CallKind::Sts, "AssumeRole");
    super::note(&request, &request.form(), &mut call);
    super::answer(&mut test.world, &request, test.now, &mut call);
    assert_eq!(
        serde_json::to_value(&call).unwrap(),
        serde_json::json!({
            "time": "", "kind": "sts", "action": "AssumeRole", "region": "eu-west-1",
            "caller": "arn:aws:iam::111122223333:user/ada", "caller_kind": "user", "signed_by": ADA.0, "access_key": null,
            "role": "arn:aws:iam::111122223333:role/team/ops/Deploy", "session_name": "ada", "duration": "900",
            "external_id": "agreed", "serial": SERIAL, "with_code": true, "policy": "{}",
            "policy_arns": ["arn:aws:iam::aws:policy/X"], "tags": ["team=ops"], "transitive_tags": ["team"],
            "source_identity": "ada", "source_ip": "", "status": 0, "error": "MalformedPolicyDocument",
        })
    );
    assert!(!format!("{call} {call:?}").contains("123456"));
}

#[test]
fn a_pipeline_shows_its_identity_token_and_signs_nothing() {
    let mut test = Test::new();
    let ask = |test: &mut Test, role: &str, token: &str| {
        let form = format!(
            "Action=AssumeRoleWithWebIdentity&RoleArn=arn:aws:iam::111122223333:role/{role}&RoleSessionName=run&WebIdentityToken={token}"
        );
        let (answer, call) = test.send(&Request::for_test("POST", "/", &[], &form));
        call.error.map_or(Ok(answer.body), Err)
    };
    let token = test.world.data.web_identity.as_ref().unwrap().token.reveal().to_owned();
    let session = held(&ask(&mut test, "Pipeline", &token).unwrap());
    assert!(test.call(&session, "Action=GetCallerIdentity").unwrap().contains("assumed-role/Pipeline/run"));
    refused(test.assume(&session, "ReadOnly", "&DurationSeconds=3601"), "400 ValidationError");
    refused(ask(&mut test, "Pipeline", "another"), "InvalidIdentityToken");
    refused(ask(&mut test, "AWSEC2FULLACCESS", &token), "AccessDenied");
}
