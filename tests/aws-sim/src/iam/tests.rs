//! Whole calls of IAM against the tutorial's accounts, with the clock standing still.

use jiff::Timestamp;

use crate::clock::later;
use crate::data::Data;
use crate::http::Request;
use crate::journal::{Call, CallKind};
use crate::totp;
use crate::world::World;

const ROSA: Key<'static> = ("AKIASIMULATEDROSA222", "SIMULATED/rosa/not+a+real+secret/2222222", None);
const ADA: Key<'static> = ("AKIASIMULATEDADA2222", "SIMULATED/ada/not+a+real+secret/22222222", None);

/// Id, secret and token.
type Key<'a> = (&'a str, &'a str, Option<&'a str>);

struct Test {
    world: World,
    now: Timestamp,
}

impl Test {
    fn new() -> Self {
        let world = World::new(Data::tutorial(), "http://127.0.0.1:1".into());
        Self { world, now: "2026-01-02T03:04:05Z".parse().unwrap() }
    }

    /// The body of the answer, which must be a success, or the code and sentence of the error.
    fn call(&mut self, kind: CallKind, by: Key<'_>, form: &str) -> Result<String, String> {
        let service = if kind == CallKind::Iam { "iam" } else { "sts" };
        let request = Request::signed(service, form, by, self.now);
        let mut call = Call::new(kind, request.form().get("Action").unwrap_or_default());
        let answer = if kind == CallKind::Iam {
            super::answer(&mut self.world, &request, self.now, &mut call)
        } else {
            crate::sts::answer(&mut self.world, &request, self.now, &mut call)
        };
        match call.error {
            None => Ok(answer.body),
            Some(code) => Err(format!("{} {code}: {}", answer.status, text(&answer.body, "Message"))),
        }
    }

    fn iam(&mut self, by: Key<'_>, form: &str) -> Result<String, String> {
        self.call(CallKind::Iam, by, form)
    }

    fn sts(&mut self, by: Key<'_>, form: &str) -> Result<String, String> {
        self.call(CallKind::Sts, by, form)
    }
}

fn text(body: &str, element: &str) -> String {
    let (_, rest) = body.split_once(&format!("<{element}>")).unwrap();
    rest.split('<').next().unwrap().to_owned()
}

/// Fails the test unless the call was refused with these words.
fn refused<T>(result: Result<T, String>, words: &str) {
    let error = result.err().unwrap();
    assert!(error.contains(words), "{error}");
}

#[test]
fn a_key_is_made_used_switched_off_and_deleted() {
    let mut test = Test::new();
    let made = test.iam(ROSA, "Action=CreateAccessKey").unwrap();
    assert!(made.contains("https://iam.amazonaws.com/doc/2010-05-08/"), "{made}");
    assert_eq!((text(&made, "UserName").as_str(), text(&made, "Status").as_str()), ("rosa", "Active"));
    assert_eq!(text(&made, "CreateDate"), "2026-01-02T03:04:05Z");
    let (id, secret) = (text(&made, "AccessKeyId"), text(&made, "SecretAccessKey"));
    let fresh: Key<'_> = (&id, &secret, None);
    let listed = test.iam(fresh, "Action=ListAccessKeys").unwrap();
    assert!(listed.contains("2025-03-04T05:06:07Z") && listed.contains(&id), "{listed}");
    test.iam(fresh, &format!("Action=UpdateAccessKey&AccessKeyId={}&Status=Inactive", ROSA.0)).unwrap();
    refused(test.sts(ROSA, "Action=GetCallerIdentity"), "403 InvalidClientTokenId");
    refused(test.iam(ROSA, "Action=ListAccessKeys"), "403 InvalidClientTokenId");
    assert!(test.iam(fresh, "Action=ListAccessKeys").unwrap().contains("<Status>Inactive<"));
    test.iam(fresh, &format!("Action=DeleteAccessKey&UserName=rosa&AccessKeyId={}", ROSA.0)).unwrap();
    assert!(!test.iam(fresh, "Action=ListAccessKeys").unwrap().contains(ROSA.0));
    refused(
        test.iam(fresh, &format!("Action=DeleteAccessKey&AccessKeyId={}", ROSA.0)),
        "404 NoSuchEntity: The Access Key with id AKIASIMULATEDROSA222 cannot be found.",
    );
    assert_eq!(test.world.made_keys, [("rosa".to_owned(), secret.clone().into())]);
}

#[test]
fn a_user_has_two_keys_at_most() {
    let mut test = Test::new();
    test.iam(ROSA, "Action=CreateAccessKey").unwrap();
    refused(
        test.iam(ROSA, "Action=CreateAccessKey"),
        "409 LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2",
    );
}

#[test]
fn a_late_key_is_refused_as_often_as_was_asked() {
    let mut test = Test::new();
    test.world.late_keys.insert(ROSA.0.into(), 2);
    for _ in 0..2 {
        refused(test.sts(ROSA, "Action=GetCallerIdentity"), "403 InvalidClientTokenId");
    }
    assert!(test.sts(ROSA, "Action=GetCallerIdentity").is_ok());
}

#[test]
fn the_last_use_of_a_key_is_told_with_the_service_and_the_region() {
    let mut test = Test::new();
    let made = test.iam(ROSA, "Action=CreateAccessKey").unwrap();
    let (id, secret) = (text(&made, "AccessKeyId"), text(&made, "SecretAccessKey"));
    let question = format!("Action=GetAccessKeyLastUsed&AccessKeyId={id}");
    let never = test.iam(ROSA, &question).unwrap();
    assert!(text(&never, "ServiceName") == "N/A" && !never.contains("LastUsedDate"), "{never}");
    test.sts((&id, &secret, None), "Action=GetCallerIdentity").unwrap();
    test.now = later(test.now, 60);
    let used = test.iam(ROSA, &question).unwrap();
    assert_eq!(text(&used, "LastUsedDate"), "2026-01-02T03:04:05Z");
    assert_eq!((text(&used, "ServiceName").as_str(), text(&used, "Region").as_str()), ("sts", "eu-west-1"));
}

#[test]
fn nobody_does_more_than_the_policy_says_or_looks_after_others() {
    let mut test = Test::new();
    refused(
        test.iam(ADA, "Action=CreateAccessKey"),
        "403 AccessDenied: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: iam:CreateAccessKey on resource: \
         user ada because no identity-based policy allows the iam:CreateAccessKey action",
    );
    refused(test.iam(ROSA, "Action=ListAccessKeys&UserName=ada"), "403 AccessDenied");
    assert!(test.iam(ROSA, "Action=ListMFADevices").unwrap().contains("arn:aws:iam::111122223333:mfa/rosa"));
    refused(test.iam(ROSA, "Action=DeleteUser"), "400 InvalidAction");
    refused(
        test.iam(ROSA, "Action=UpdateAccessKey&AccessKeyId=AKIA222222222222&Status=Off"),
        "400 ValidationError",
    );
    let wrong = Request::signed("sts", "Action=ListAccessKeys", ROSA, test.now);
    let mut call = Call::new(CallKind::Iam, "ListAccessKeys");
    let answer = super::answer(&mut test.world, &wrong, test.now, &mut call);
    assert!(
        answer.body.contains("correct service: &#39;iam&#39;")
            || answer.body.contains("correct service: 'iam'"),
        "{}",
        answer.body
    );
}

#[test]
fn a_session_needs_a_second_factor_for_iam() {
    let mut test = Test::new();
    let held =
        |body: &str| (text(body, "AccessKeyId"), text(body, "SecretAccessKey"), text(body, "SessionToken"));
    let plain = held(&test.sts(ROSA, "Action=GetSessionToken").unwrap());
    refused(
        test.iam((&plain.0, &plain.1, Some(&plain.2)), "Action=ListAccessKeys"),
        "403 InvalidClientTokenId",
    );
    let seed = crate::encoding::base32_decode("KRSXG5BAON2HE2LOM4QGC3TEEB3GK4TZ").unwrap();
    let code = totp::code(&seed, totp::step_at(test.now));
    let form =
        format!("Action=GetSessionToken&SerialNumber=arn:aws:iam::111122223333:mfa/rosa&TokenCode={code}");
    let strong = held(&test.sts(ROSA, &form).unwrap());
    assert!(test.iam((&strong.0, &strong.1, Some(&strong.2)), "Action=ListAccessKeys").is_ok());
}

const MARY: Key<'static> = ("AKIASIMULATEDMARY222", "SIMULATED/mary/not+a+real+secret/2222222", None);
const TRUST: &str = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22AWS%22%3A%22arn%3Aaws%3Aiam%3A%3A111122223333%3Auser%2Fmary%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D";

#[test]
fn a_role_is_made_given_a_policy_and_assumed_once_the_news_has_spread() {
    let mut test = Test::new();
    let create =
        format!("Action=CreateRole&RoleName=Fresh&MaxSessionDuration=7200&AssumeRolePolicyDocument={TRUST}");
    let made = test.iam(MARY, &create).unwrap();
    assert_eq!(text(&made, "Arn"), "arn:aws:iam::111122223333:role/Fresh");
    refused(test.iam(MARY, &create), "409 EntityAlreadyExists: Role with name Fresh already exists.");
    let policy = "PolicyArn=arn:aws:iam::aws:policy/AmazonEC2FullAccess";
    test.iam(MARY, &format!("Action=AttachRolePolicy&RoleName=Fresh&{policy}")).unwrap();
    refused(
        test.iam(MARY, "Action=AttachRolePolicy&RoleName=Fresh&PolicyArn=arn:aws:iam::aws:policy/Nothing"),
        "404 NoSuchEntity",
    );
    let assume = "Action=AssumeRole&RoleArn=arn:aws:iam::111122223333:role/Fresh&RoleSessionName=mary&DurationSeconds=7200";
    refused(test.sts(MARY, assume), "403 AccessDenied");
    refused(test.sts(MARY, assume), "403 AccessDenied");
    test.sts(MARY, assume).unwrap();
    refused(test.iam(MARY, "Action=DeleteRole&RoleName=Fresh"), "409 DeleteConflict");
    test.iam(MARY, &format!("Action=DetachRolePolicy&RoleName=Fresh&{policy}")).unwrap();
    test.iam(MARY, "Action=DeleteRole&RoleName=Fresh").unwrap();
    refused(test.iam(MARY, "Action=GetRole&RoleName=Fresh"), "404 NoSuchEntity");
}

#[test]
fn a_role_is_made_by_those_alone_who_may_and_for_those_that_there_are() {
    let mut test = Test::new();
    let create = format!("Action=CreateRole&RoleName=Fresh&AssumeRolePolicyDocument={TRUST}");
    refused(
        test.iam(ADA, &create),
        "403 AccessDenied: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: iam:CreateRole on resource: \
         arn:aws:iam::111122223333:role/Fresh because no identity-based policy allows the iam:CreateRole action",
    );
    refused(
        test.iam(MARY, &create.replace("mary", "nobody")),
        "400 MalformedPolicyDocument: Invalid principal in policy",
    );
    refused(test.iam(MARY, &format!("{create}&MaxSessionDuration=900")), "400 ValidationError");
    refused(
        test.iam(MARY, "Action=CreateRole&RoleName=Fresh&AssumeRolePolicyDocument=no"),
        "400 MalformedPolicyDocument",
    );
}
