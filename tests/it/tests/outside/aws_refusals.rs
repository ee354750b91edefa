//! Every refusal of STS that AWS documents or that was seen of it, given by the simulator: each ends in a sentence and a next
//! step, none is asked for again and again, and the key that was refused still works when the trouble is over.

use aws_sim::{Fault, FaultKind, FaultTarget};
use desktop_tests::{Because, EC2_ROLE, Result, finish_with, programs};

use crate::world::{COMMAND, World};

/// One refusal, in AWS's words, and what a person reads.
struct Row {
    status: u16,
    code: &'static str,
    /// Some answers have none.
    message: Option<&'static str>,
    /// A part of the sentence.
    says: &'static str,
    /// A part of the next step.
    next: &'static str,
    calls: Calls,
}

/// How often STS may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calls {
    /// It would only be refused again.
    Once,
    /// At first for twelve hours, then for the one that every role allows.
    OnceMoreForAnHour,
    /// It may pass by itself: some times, with a pause between.
    AFew,
}

const fn row(
    (status, code): (u16, &'static str),
    message: &'static str,
    calls: Calls,
    says: &'static str,
    next: &'static str,
) -> Row {
    Row { status, code, message: Some(message), says, next, calls }
}

const DENIED: (u16, &str) = (403, "AccessDenied");
const INVALID: (u16, &str) = (400, "ValidationError");
const SIGNATURE: (u16, &str) = (403, "SignatureDoesNotMatch");
const REFUSED: &str = "AWS refused to let `ada` assume `ROLE`";

/// What stands between the colon and the reason in AWS's own words.
macro_rules! not_authorized {
    ($action:literal, $rest:literal) => {
        concat!(
            "User: arn:aws:iam::111122223333:user/ada is not authorized to perform: ",
            $action,
            " on resource: arn:aws:iam::111122223333:role/AWSEC2FULLACCESS",
            $rest
        )
    };
    ($rest:literal) => {
        not_authorized!("sts:AssumeRole", $rest)
    };
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(DENIED, not_authorized!(""), Calls::Once, REFUSED, "the role's trust policy must name arn:aws:iam::111122223333:user/ada"),
    row(DENIED, not_authorized!(" because no identity-based policy allows the sts:AssumeRole action"), Calls::Once, REFUSED, "a policy that allows sts:AssumeRole"),
    row(DENIED, not_authorized!(" because no role trust policy allows the sts:AssumeRole action"), Calls::Once, REFUSED, "trust policy must name"),
    row(DENIED, not_authorized!(" with an explicit deny in a service control policy"), Calls::Once, REFUSED, "a service control policy denies it outright"),
    row(DENIED, not_authorized!(" with an explicit deny in a resource control policy"), Calls::Once, REFUSED, "a resource control policy denies it outright"),
    row(DENIED, not_authorized!(" with an explicit deny in an identity-based policy"), Calls::Once, REFUSED, "a policy of the user's own denies it outright"),
    row(DENIED, not_authorized!(" with an explicit deny in the role trust policy"), Calls::Once, REFUSED, "the role's trust policy denies it outright"),
    row(DENIED, not_authorized!(" with an explicit deny in a permissions boundary"), Calls::Once, REFUSED, "a permissions boundary denies it outright"),
    row(DENIED, not_authorized!(" with an explicit deny in a session policy"), Calls::Once, REFUSED, "a session policy denies it outright"),
    row(DENIED, not_authorized!(" with an explicit deny in a VPC endpoint policy"), Calls::Once, REFUSED, "the policy of a VPC endpoint denies it outright"),
    row(DENIED, not_authorized!("sts:TagSession", ""), Calls::Once, REFUSED, "must also allow sts:TagSession"),
    row(DENIED, not_authorized!("sts:SetSourceIdentity", ""), Calls::Once, REFUSED, "must also allow sts:SetSourceIdentity"),
    row(DENIED, "Roles may not be assumed by root accounts.", Calls::Once, REFUSED, "no root user"),
    row(DENIED, "Cannot call GetSessionToken with session credentials", Calls::Once, REFUSED, "only from a user's access key"),
    row(DENIED, "Cannot call GetFederationToken with session credentials", Calls::Once, REFUSED, "only from a user's access key"),
    row(DENIED, "MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and associated with this user.", Calls::Once, REFUSED, "serial"),
    row(INVALID, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", Calls::OnceMoreForAnHour, "`ROLE`", "--duration 1h"),
    row(INVALID, "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.", Calls::OnceMoreForAnHour, "`ROLE`", "--duration 1h"),
    row(INVALID, "2 validation errors detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2; Value 'x' at 'externalId' failed to satisfy constraint: Member must have length greater than or equal to 2", Calls::Once, "'roleSessionName' failed to satisfy", "guise role edit"),
    row(INVALID, "The source identity is already set for this assume role session", Calls::Once, "source identity of `ROLE`", "leave the source identity out"),
    row(INVALID, "arn:aws:iam::111122223333:role is invalid", Calls::Once, "is invalid", "ARN"),
    row((403, "ExpiredToken"), "The security token included in the request is expired", Calls::Once, "the credentials of `ada` have ended", "try again"),
    row((400, "ExpiredTokenException"), "The security token included in the request is expired", Calls::Once, "the credentials of `ada` have ended", "try again"),
    row((403, "InvalidClientTokenId"), "The security token included in the request is invalid", Calls::Once, "AWS does not know the access key of `ada`", "deleted, switched off"),
    row(SIGNATURE, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.", Calls::Once, "the secret of `ada` does not belong to its access key id", "add the source again"),
    row(SIGNATURE, "Credential should be scoped to a valid region. ", Calls::Once, "belongs to another region", "--region"),
    row(SIGNATURE, "Credential should be scoped to correct service: 'sts'. ", Calls::Once, "is not that of STS", "--sts-endpoint"),
    row((403, "RegionDisabledException"), "STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.", Calls::Once, "STS is switched off in `eu-west-1`", "--region us-east-1"),
    row((403, "OptInRequired"), "The AWS Access Key Id needs a subscription for the service", Calls::Once, "has not switched this region on", "another region"),
    row((400, "MalformedPolicyDocument"), "Syntax errors in policy.", Calls::Once, "AWS does not take the policy: Syntax errors", "session policy"),
    row((400, "PackedPolicyTooLarge"), "Packed size of session tags consumes 138% of allotted space.", Calls::Once, "more than AWS takes", "session tags"),
    row((400, "PackedPolicyTooLarge"), "Serialized token too large for session", Calls::Once, "more than AWS puts into one", "session tags"),
    row((400, "IncompleteSignature"), "Authorization header requires 'Signature' parameter.", Calls::Once, "without its whole signature", "proxy"),
    row((403, "MissingAuthenticationToken"), "Request is missing Authentication Token", Calls::Once, "without its whole signature", "proxy"),
    Row { status: 400, code: "MalformedInput", message: None, says: "AWS does not take a value", next: "guise role edit", calls: Calls::Once },
    row((400, "Throttling"), "Rate exceeded", Calls::AFew, "AWS asks for patience", "wait"),
    row((400, "RequestLimitExceeded"), "Request limit exceeded.", Calls::AFew, "AWS asks for patience", "wait"),
    row((500, "InternalFailure"), "We encountered an internal error. Please try again.", Calls::AFew, "it answered 500", "try again"),
    row((503, "ServiceUnavailable"), "Service Unavailable", Calls::AFew, "it answered 503", "try again"),
];

#[test]
fn every_refusal_of_sts_ends_in_a_sentence_and_a_next_step_and_leaves_the_key_alone() -> Result<()> {
    let world = World::start("aws-refusals")?;
    world.add_ada()?;
    for (index, row) in ROWS.iter().enumerate() {
        // A role of its own, so that no row has another's session or what another taught about the role.
        let role = format!("row-{index}");
        let session_name = format!("ada-{index}");
        let mut arguments =
            vec!["role", "add", &role, "--arn", EC2_ROLE, "--source", "ada", "--session-name", &session_name];
        if row.calls == Calls::OnceMoreForAnHour {
            arguments.extend(["--duration", "12h"]);
        }
        world.tell(&arguments)?;
        let row_name = format!("{role}: {} {:?}", row.code, row.message);

        let before = world.aws.simulator().calls().len();
        world.aws.simulator().fault(Fault::always(
            FaultTarget::Sts,
            FaultKind::Refuse {
                status: row.status,
                code: row.code.to_owned(),
                message: row.message.map(str::to_owned),
            },
        ));
        let refused = world.run(&["credentials", &role])?;
        world.aws.simulator().clear_faults();
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{row_name}: {}", refused.stderr);
        let (error, hint) = refused.stderr.split_once("\nhint: ").unwrap_or((&refused.stderr, ""));
        assert!(error.contains(&row.says.replace("ROLE", &role)), "{row_name}: {}", refused.stderr);
        assert!(hint.contains(row.next), "{row_name}: {}", refused.stderr);

        let asked = &world.aws.simulator().calls()[before..];
        assert!(asked.iter().all(|call| call.action == "AssumeRole"), "{row_name}: {asked:?}");
        let durations: Vec<_> = asked.iter().map(|call| call.duration.as_deref()).collect();
        match row.calls {
            Calls::Once => assert_eq!(durations, [Some("3600")], "{row_name}"),
            Calls::OnceMoreForAnHour => assert_eq!(durations, [Some("43200"), Some("3600")], "{row_name}"),
            Calls::AFew => assert!((2..=5).contains(&asked.len()), "{row_name}: {} calls", asked.len()),
        }

        // The key was not thrown away, and nobody has to wait.
        let credentials = world.tell(&["credentials", &role, "--format", "json"])?;
        assert!(credentials.contains("SessionToken"), "{row_name}");
    }
    world.finish()
}

const GRACES_SECRET: &str = "SIMULATED/grace/not+a+real+secret/222222";
const GRACES_SEED: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const GRACES_DEVICE: &str = "arn:aws:iam::111122223333:mfa/grace";

/// The role that wants MFA, asked for with this much of it wrong.
struct WrongCode<'a> {
    case: &'a str,
    serial: &'a str,
    /// What prints the code.
    command: &'a [&'a str],
    /// How often AWS is asked.
    calls: usize,
    says: &'a str,
    next: &'a str,
}

#[test]
fn what_is_wrong_with_mfa_is_said_once_and_mended_by_the_person() -> Result<()> {
    let world = World::start("mfa-refusals")?;
    let device = device(&world)?;
    let good = device.each_ref().map(String::as_str);
    let refused = "AWS refused to let `grace` assume `MfaRequired`";
    let rows = [
        WrongCode {
            case: "a code that is wrong",
            serial: GRACES_DEVICE,
            command: &["printf", "WRONG"],
            calls: 1,
            says: "AWS did not take the MFA code",
            next: "wait for the next one",
        },
        WrongCode {
            case: "somebody else's device",
            serial: "arn:aws:iam::111122223333:mfa/ada",
            command: &["printf", "WRONG"],
            calls: 1,
            says: refused,
            next: "serial",
        },
        WrongCode {
            case: "a command that fails",
            serial: GRACES_DEVICE,
            command: &["false"],
            calls: 0,
            says: "`false`",
            next: "--mfa-process",
        },
        WrongCode {
            case: "a command that prints no code",
            serial: GRACES_DEVICE,
            command: &["printf", "no code"],
            calls: 0,
            says: "did not print a code of six digits",
            next: "nothing else",
        },
    ];
    add_grace(&world)?;
    // Another wrong code each time: the same would not be sent again.
    for (way, wrong) in [("session", "000000"), ("direct", "111111")] {
        world.tell(&["role", "edit", "MfaRequired", "--mfa", way])?;
        for row in &rows {
            let case = format!("{way}: {}", row.case);
            let edit = ["source", "edit", "grace", "--mfa-serial", row.serial, "--mfa-process"];
            let command: Vec<&str> =
                row.command.iter().map(|word| if *word == "WRONG" { wrong } else { word }).collect();
            world.tell(&[&edit[..], &command].concat())?;
            let before = world.aws.simulator().calls().len();
            let answered = world.run(&["credentials", "MfaRequired"])?;
            assert_eq!((answered.code, answered.stdout.as_str()), (1, ""), "{case}: {}", answered.stderr);
            let (error, hint) = answered.stderr.split_once("\nhint: ").unwrap_or((&answered.stderr, ""));
            // Which call was refused is a matter of the way.
            let of_session = way == "session" && row.says == refused;
            let says = if of_session { "AWS refused to start an MFA session for `grace`" } else { row.says };
            assert!(error.contains(says) && hint.contains(row.next), "{case}: {}", answered.stderr);
            let calls = &world.aws.simulator().calls()[before..];
            assert_eq!(calls.iter().filter(|call| call.with_code).count(), row.calls, "{case}: {calls:?}");
            assert_eq!(calls.len(), row.calls, "{case}: {calls:?}");
        }
        let mend = ["source", "edit", "grace", "--mfa-serial", GRACES_DEVICE, "--mfa-process"];
        world.tell(&[&mend[..], &good].concat())?;
        world.tell(&["credentials", "MfaRequired"])?;
    }
    world.finish()
}

#[test]
fn no_code_is_taken_from_what_a_program_reads() -> Result<()> {
    let world = World::start("mfa-stdin")?;
    add_grace(&world)?;
    world.tell(&["source", "edit", "grace", "--mfa-serial", GRACES_DEVICE])?;
    let asked = world.command(&["credential-process", "MfaRequired"])?;
    // What the program leaves of its standard input is printed.
    let mut shell = world.session.command("sh");
    shell.args(["-c", "\"$0\" \"$@\"; cat"]).arg(asked.get_program()).args(asked.get_args());
    shell.envs(asked.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let before = world.aws.simulator().calls().len();
    let finished = finish_with(shell, b"123456\n654321\n", COMMAND)?;
    assert_eq!(String::from_utf8_lossy(&finished.stdout), "123456\n654321\n", "{}", finished.stderr);
    assert!(finished.stderr.contains("there is nowhere to ask"), "{}", finished.stderr);
    assert_eq!(world.aws.simulator().calls().len(), before);
    world.finish()
}

#[test]
fn an_mfa_session_outlives_the_agent_and_is_forgotten_when_aws_no_longer_takes_it() -> Result<()> {
    let world = World::start("mfa-session")?;
    let device = device(&world)?;
    add_grace(&world)?;
    let command = device.each_ref().map(String::as_str);
    let edit = ["source", "edit", "grace", "--mfa-serial", GRACES_DEVICE, "--mfa-process"];
    world.tell(&[&edit[..], &command].concat())?;
    let made = |expected: &[&str], before: usize| {
        let calls = world.aws.simulator().calls();
        let actions: Vec<_> = calls[before..].iter().map(|call| call.action.as_str()).collect();
        assert_eq!(actions, expected);
        calls.len()
    };
    let before = world.aws.simulator().calls().len();
    world.tell(&["credentials", "MfaRequired"])?;
    let before = made(&["GetSessionToken", "AssumeRole"], before);

    world.end_agent()?;
    world.tell(&["credentials", "MfaRequired"])?;
    let before = made(&["AssumeRole"], before);

    // The user's key was deleted, or everybody's sessions were ended: AWS has both for a token that is not valid.
    world.tell(&["role", "edit", "MfaRequired", "--session-name", "grace-again"])?;
    let gone = FaultKind::Refuse {
        status: 403,
        code: "InvalidClientTokenId".to_owned(),
        message: Some("The security token included in the request is invalid".to_owned()),
    };
    world.aws.simulator().fault(Fault::once(FaultTarget::Sts, gone));
    world.run(&["credentials", "MfaRequired"])?.assert_failed("");
    let before = made(&["AssumeRole"], before);
    world.tell(&["credentials", "MfaRequired"])?;
    made(&["GetSessionToken", "AssumeRole"], before);
    world.finish()
}

#[test]
fn a_refusal_on_the_way_names_the_role_that_was_refused() -> Result<()> {
    let world = World::start("way-refusals")?;
    world.add_ada()?;
    let closed = "arn:aws:iam::111122223333:role/NotYetTrusted";
    world.tell(&["role", "add", "closed", "--arn", closed, "--source", "ada"])?;
    world.tell(&["role", "add", "first", "--arn", EC2_ROLE, "--source", "ada"])?;
    world.tell(&["role", "add", "behind", "--arn", EC2_ROLE, "--via", "closed"])?;
    world.tell(&["role", "add", "goal", "--arn", closed, "--via", "first"])?;
    let ada = "must name arn:aws:iam::111122223333:user/ada";
    for (role, refused, trusts, calls) in [
        ("behind", "let `ada` assume `closed`, on the way to `behind`\n", ada.to_owned(), 1),
        ("goal", "let `first` assume `goal`\n", format!("must name {EC2_ROLE}"), 2),
    ] {
        let before = world.aws.simulator().calls().len();
        let answered = world.run(&["credentials", role])?;
        assert_eq!((answered.code, answered.stdout.as_str()), (1, ""), "{role}: {}", answered.stderr);
        assert!(answered.stderr.contains(refused), "{role}: {}", answered.stderr);
        assert!(answered.stderr.contains(&trusts), "{role}: {}", answered.stderr);
        assert_eq!(world.aws.simulator().calls().len(), before + calls, "{role}");
    }
    world.finish()
}

#[test]
fn a_source_identity_that_differs_is_refused_beforehand_or_by_aws_in_a_sentence() -> Result<()> {
    let world = World::start("identities")?;
    world.add_ada()?;
    let (deploy, second) =
        ("arn:aws:iam::111122223333:role/team/ops/Deploy", "arn:aws:iam::111122223333:role/Second");
    world.tell(&["role", "add", "deploy", "--arn", deploy, "--source", "ada", "--source-identity", "ada"])?;
    let goal = ["role", "add", "goal", "--arn", second, "--source-identity", "eve"];
    let by_way_of_it = [&goal[..], &["--via", "deploy"]].concat();
    world.fails(&by_way_of_it, "the chain to `goal` sets more than one source identity")?;

    // What a profile's session began with, Guise does not see.
    let held = world.tell(&["credentials", "deploy", "--format", "json"])?;
    let held: serde_json::Value = serde_json::from_str(&held).expect("credentials are JSON");
    let text = |key: &str| held[key].as_str().expect("a text").to_owned();
    let (folder, url) = (world.session.home().join(".aws"), world.aws.url());
    std::fs::create_dir_all(&folder).because("make the AWS CLI's folder")?;
    let profile = format!(
        "[profile held]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\nregion = eu-west-1\n",
        text("AccessKeyId"),
        text("SecretAccessKey"),
        text("SessionToken"),
    );
    std::fs::write(folder.join("config"), profile).because("write a profile")?;
    world.tell(&["source", "add", "held", "--profile", "held", "--sts-endpoint", url])?;
    world.tell(&[&goal[..], &["--source", "held"]].concat())?;
    world.fails(&["credentials", "goal"], "the source identity of `goal` cannot differ")?;
    let calls = world.aws.calls("AssumeRole");
    assert_eq!(calls.last().and_then(|call| call.error.as_deref()), Some("ValidationError"));
    std::fs::remove_file(folder.join("config")).because("take the profile out")?;
    world.finish()
}

/// Grace, who has a device, and the role that wants a code from it.
fn add_grace(world: &World) -> Result<()> {
    world.keep_secret("grace's key", GRACES_SECRET);
    let add = [
        "source",
        "add",
        "grace",
        "--access-key-id",
        "AKIASIMULATEDGRACE22",
        "--secret-stdin",
        "--region",
        "eu-west-1",
        "--sts-endpoint",
        world.aws.url(),
    ];
    let added = world.run_with_input(&add, GRACES_SECRET)?;
    assert_eq!(added.code, 0, "{}", added.stderr);
    let arn = "arn:aws:iam::111122223333:role/MfaRequired";
    world.tell(&["role", "add", "MfaRequired", "--arn", arn, "--source", "grace"])?;
    Ok(())
}

/// The command that shows a code of grace's device.
fn device(world: &World) -> Result<[String; 3]> {
    let device = world.session.home().join("grace.device");
    std::fs::write(&device, GRACES_SEED).because("write a device")?;
    let simulator = programs()?.join("aws-sim");
    Ok([simulator.display().to_string(), "--code-of".to_owned(), device.display().to_string()])
}
