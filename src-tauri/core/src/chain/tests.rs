//! Plans: what is called in which order, for how long, and what is asked.

use super::*;
use crate::catalog::{Account, Assumer, Source};

const ADA: &str = "arn:aws:iam::111122223333:user/ada";

/// The plan of a role that is assumed directly by a user's key.
pub(crate) fn plan() -> Plan {
    planned(&catalog(ADA, &[("AWSEC2FULLACCESS", role(&Assumer::Source(name("work"))))]), "AWSEC2FULLACCESS")
        .unwrap()
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn role(assumed_by: &Assumer) -> Role {
    let arn = "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS".parse().unwrap();
    Role { region: "eu-west-1".parse().ok(), ..Role::new(arn, assumed_by.clone()) }
}

fn via(text: &str) -> Role {
    role(&Assumer::Role(name(text)))
}

fn direct() -> Role {
    role(&Assumer::Source(name("work")))
}

fn catalog(principal: &str, roles: &[(&str, Role)]) -> Catalog {
    let source = Source {
        kind: SourceKind::AccessKey("AKIAIOSFODNN7EXAMPLE".parse().unwrap()),
        arn: principal.parse().unwrap(),
        account: "111122223333".parse().unwrap(),
        region: None,
        mfa_serial: None,
    };
    Catalog {
        sources: [(name("work"), source)].into(),
        roles: roles.iter().map(|(text, role)| (name(text), role.clone())).collect(),
        ..Catalog::default()
    }
}

fn with_device(mut catalog: Catalog) -> Catalog {
    let source = catalog.sources.get_mut("work").unwrap();
    source.mfa_serial = "arn:aws:iam::111122223333:mfa/ada".parse().ok();
    catalog
}

fn circumstances() -> Circumstances {
    Circumstances { host: "engine".into(), today: jiff::civil::date(2026, 11, 25) }
}

fn planned(catalog: &Catalog, role: &str) -> Result<Plan, Failure> {
    Plan::new(catalog, &name(role), Access::Usual, &circumstances())
}

/// The calls of a plan, in short: `T` for an MFA session, a role's name, `+` where a code goes along, and the seconds.
fn calls(plan: &Plan) -> String {
    let call = |call: Call<'_>| match call {
        Call::SessionToken(token) => format!("T {}", token.duration.seconds()),
        Call::AssumeRole(step) => {
            let code = if step.mfa.is_some() { "+" } else { "" };
            format!("{}{code} {}", step.role, step.duration.seconds())
        }
    };
    plan.calls().map(call).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_plan_is_a_sequence_of_calls() {
    let lasting = |duration: &str, role: Role| Role { duration: duration.parse().ok(), ..role };
    let mfa = |way: MfaWay, role: Role| Role { mfa: Some(way), ..role };
    let of = |roles: &[(&str, Role)]| catalog(ADA, roles);
    let sso = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_1/ada";
    let instance = "arn:aws:sts::111122223333:assumed-role/Machine/i-0123456789abcdef0";
    for (case, catalog, expected) in [
        ("alone", of(&[("a", direct())]), "a 3600"),
        ("alone and long", of(&[("a", lasting("12h", direct()))]), "a 43200"),
        ("two steps", of(&[("b", direct()), ("a", via("b"))]), "b 3600, a 3600"),
        ("two steps and long", of(&[("b", direct()), ("a", lasting("4h", via("b")))]), "b 3600, a 3600"),
        ("the first is long", of(&[("b", lasting("4h", direct())), ("a", via("b"))]), "b 14400, a 3600"),
        ("three steps", of(&[("c", direct()), ("b", via("c")), ("a", via("b"))]), "c 3600, b 3600, a 3600"),
        ("from a role", catalog(sso, &[("a", lasting("2h", direct()))]), "a 3600"),
        ("from an instance", catalog(instance, &[("a", lasting("2h", direct()))]), "a 7200"),
        ("a device", with_device(of(&[("a", direct())])), "T 43200, a 3600"),
        ("a device and long", with_device(of(&[("a", lasting("2h", direct()))])), "a+ 7200"),
        ("a device and an hour", with_device(of(&[("a", lasting("1h", direct()))])), "T 43200, a 3600"),
        ("a device, direct", with_device(of(&[("a", mfa(MfaWay::Direct, direct()))])), "a+ 3600"),
        (
            "a device, long by session",
            with_device(of(&[("a", mfa(MfaWay::Session, lasting("2h", direct())))])),
            "T 43200, a 3600",
        ),
        ("a device, off", with_device(of(&[("a", mfa(MfaWay::Off, lasting("2h", direct())))])), "a 7200"),
        (
            "a device and a chain",
            with_device(of(&[("b", direct()), ("a", lasting("4h", via("b")))])),
            "T 43200, b 3600, a 3600",
        ),
        (
            "a chain, direct",
            with_device(of(&[("b", direct()), ("a", mfa(MfaWay::Direct, via("b")))])),
            "b+ 3600, a 3600",
        ),
        (
            "the step before says how",
            with_device(of(&[("b", mfa(MfaWay::Direct, direct())), ("a", via("b"))])),
            "b+ 3600, a 3600",
        ),
    ] {
        let plan = planned(&catalog, "a").unwrap_or_else(|failure| panic!("{case}: {failure}"));
        assert_eq!(calls(&plan), expected, "{case}");
        // What the menu marks with an ellipsis is what asks.
        let role = catalog.role(&name("a")).unwrap();
        assert_eq!(uses_mfa(&catalog, role), expected.contains(['T', '+']), "{case}");
        assert!(!plan.explained().is_empty());
    }
}

#[test]
fn what_could_only_fail_is_refused_before_anything_is_called() {
    let mut other = via("b");
    other.arn = "arn:aws-cn:iam::111122223333:role/a".parse().unwrap();
    other.region = None;
    let long: Vec<(String, Role)> = (0..10)
        .map(|index| {
            let role = if index == 0 { direct() } else { via(&format!("r{}", index - 1)) };
            (format!("r{index}"), role)
        })
        .collect();
    let mut long: Vec<(&str, Role)> = long.iter().map(|(name, role)| (name.as_str(), role.clone())).collect();
    long.push(("a", via("r9")));
    let wants_code = Role { mfa: Some(MfaWay::Session), ..direct() };
    let sso = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_1/ada";
    for (case, catalog, part) in [
        ("a loop of one", catalog(ADA, &[("a", via("a"))]), "never ends: a → a"),
        ("a loop of two", catalog(ADA, &[("a", via("b")), ("b", via("a"))]), "never ends: a → b → a"),
        (
            "a loop further on",
            catalog(ADA, &[("a", via("b")), ("b", via("c")), ("c", via("b"))]),
            "b → c → b",
        ),
        ("a role that is not there", catalog(ADA, &[("a", via("b"))]), "no role `b`"),
        ("another partition", catalog(ADA, &[("a", other), ("b", direct())]), "aws-cn"),
        ("no end", catalog(ADA, &long), "more than 8 roles"),
        ("no device", catalog(ADA, &[("a", wants_code)]), "no device"),
        ("no user", with_device(catalog(sso, &[("a", direct())])), "only from an IAM user"),
    ] {
        let failure = planned(&catalog, "a").unwrap_err();
        assert!(failure.message.contains(part), "{case}: {failure}");
        assert!(failure.hint.is_some(), "{case}");
    }
}

#[test]
fn production_is_by_the_account_or_the_role_and_narrows_and_shortens() {
    let long = Role { duration: "4h".parse().ok(), ..direct() };
    let other = "arn:aws:iam::111122223333:role/Other".parse().unwrap();
    let mut catalog =
        catalog(ADA, &[("a", long.clone()), ("b", Role { production: true, arn: other, ..long })]);
    let plan = planned(&catalog, "a").unwrap();
    assert!(!plan.is_guarded() && plan.access == Access::Full && plan.lowered.is_none());
    catalog
        .accounts
        .insert("111122223333".parse().unwrap(), Account { production: true, ..Account::default() });
    for role in ["a", "b"] {
        let plan = planned(&catalog, role).unwrap();
        assert!(plan.is_guarded() && plan.goal.production);
        assert_eq!(plan.access, Access::ReadOnly);
        assert_eq!(plan.goal.policy_arns, [PolicyArn::read_only(plan.arn().partition())]);
        assert_eq!(plan.duration(), SessionDuration::HALF_HOUR);
        assert_eq!(plan.lowered.unwrap().because, Because::Production);
        let full = Plan::new(&catalog, &name(role), Access::Full, &circumstances()).unwrap();
        assert_eq!((full.access, full.goal.policy_arns.len()), (Access::Full, 0));
        assert_ne!(full.key(), plan.key());
    }
}

#[test]
fn production_on_the_way_is_asked_about_and_shortens_that_step_alone() {
    let there = Role { arn: "arn:aws:iam::444455556666:role/Hub".parse().unwrap(), ..direct() };
    let mut catalog = catalog(ADA, &[("hub", there), ("a", via("hub")), ("b", via("a"))]);
    assert!(!planned(&catalog, "b").unwrap().is_guarded());
    catalog
        .accounts
        .insert("444455556666".parse().unwrap(), Account { production: true, ..Account::default() });
    for role in ["a", "b"] {
        let plan = planned(&catalog, role).unwrap();
        assert!(plan.is_guarded() && !plan.goal.production);
        assert_eq!((plan.access, plan.duration(), plan.lowered), (Access::Full, SessionDuration::HOUR, None));
        assert_eq!(plan.way[0].duration, SessionDuration::HALF_HOUR);
        // A step has to assume the next.
        assert!(plan.way[0].policy_arns.is_empty());
        let told = plan.explained().join("\n");
        assert!(
            told.contains("production, and not narrowed") && told.contains("production on the way"),
            "{told}"
        );
        let mut before = plan.clone();
        while let Parent::Role(parent) = before.parent() {
            before = *parent;
        }
        assert!(before.goal.production, "a step that is shown by itself is as red");
    }
}

#[test]
fn a_role_is_not_narrowed_by_what_allows_everything() {
    let by = |policy: &str| {
        let role = Role { read_only: Some(true), read_only_policy: policy.parse().ok(), ..direct() };
        planned(&catalog(ADA, &[("a", role)]), "a")
    };
    let failure = by("arn:aws:iam::aws:policy/AdministratorAccess").unwrap_err();
    assert_eq!(failure, Failure::policy_narrows_nothing("arn:aws:iam::aws:policy/AdministratorAccess"));
    assert_eq!(by("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess").unwrap().narrowed_by(), None);
    let plan = by("arn:aws:iam::aws:policy/job-function/Billing").unwrap();
    assert!(
        plan.narrowed_by().is_some() && plan.explained().iter().any(|line| line.contains("narrowed: that"))
    );
}

#[test]
fn reading_stands_in_the_place_of_other_policies() {
    let narrowed = Role {
        policy: r#"{"Statement":[]}"#.parse().ok(),
        policy_arns: vec!["arn:aws:iam::aws:policy/AmazonEC2FullAccess".parse().unwrap()],
        ..direct()
    };
    let catalog = catalog(ADA, &[("a", narrowed)]);
    let plan = Plan::new(&catalog, &name("a"), Access::ReadOnly, &circumstances()).unwrap();
    assert_eq!(plan.goal.policy, None);
    assert_eq!(plan.goal.policy_arns.len(), 1);
    assert!(plan.explained().iter().any(|line| line.contains("ReadOnlyAccess")));
}

#[test]
fn everything_that_shapes_a_session_shapes_its_key() {
    let base = plan();
    let goal = |change: &dyn Fn(&mut AssumeRole)| {
        let mut plan = base.clone();
        change(&mut plan.goal);
        plan
    };
    let changed = [
        goal(&|goal| goal.arn = "arn:aws:iam::111122223333:role/Other".parse().unwrap()),
        goal(&|goal| goal.session_name = "grace".parse().unwrap()),
        goal(&|goal| goal.duration = "2h".parse().unwrap()),
        goal(&|goal| goal.region = "us-east-1".parse().unwrap()),
        goal(&|goal| goal.external_id = "ab".parse().ok()),
        goal(&|goal| goal.source_identity = "ab".parse().ok()),
        goal(&|goal| goal.mfa = "GAHT12345678".parse().ok()),
        goal(&|goal| goal.policy = r#"{"Statement":[]}"#.parse().ok()),
        goal(&|goal| goal.policy_arns = vec![PolicyArn::read_only(crate::arn::Partition::Aws)]),
        goal(&|goal| drop(goal.tags.insert("a".parse().unwrap(), "b".parse().unwrap()))),
        goal(&|goal| goal.transitive_tags = ["a".parse().unwrap()].into()),
        Plan { source: "other".parse().unwrap(), ..base.clone() },
        Plan { principal: "arn:aws:iam::111122223333:user/grace".parse().unwrap(), ..base.clone() },
        Plan { kind: SourceKind::Profile("work".parse().unwrap()), ..base.clone() },
        Plan { way: vec![base.goal.clone()], ..base.clone() },
        Plan { hosts: HostChoice { fips: true, dual_stack: false }, ..base.clone() },
    ];
    for (place, other) in changed.iter().enumerate() {
        assert_ne!(other.key(), base.key(), "{other:?}");
        assert!(changed[..place].iter().all(|before| before.key() != other.key()), "{other:?}");
    }
    let same = Plan { role: "renamed".parse().unwrap(), destination: "ec2".parse().ok(), ..base.clone() };
    assert_eq!(same.key(), base.key());
}

#[test]
fn a_key_tells_nothing_of_what_shaped_it() {
    assert_eq!(plan().key().0.len(), 64);
    assert!(!plan().key().0.contains("ada"));
}

#[test]
fn what_signs_a_call_is_a_plan_of_its_own() {
    let catalog = with_device(catalog(ADA, &[("b", direct()), ("a", via("b"))]));
    let (plan, before) = (planned(&catalog, "a").unwrap(), planned(&catalog, "b").unwrap());
    let Parent::Role(parent) = plan.parent() else { panic!("{plan:?}") };
    assert_eq!(parent.key(), before.key(), "the two share a session");
    let Parent::MfaSession(token) = parent.parent() else { panic!("{parent:?}") };
    assert_eq!(parent.key_of(&token), plan.key_of(&token));
    assert_eq!(super::tests::plan().parent(), Parent::Source);
}

#[test]
fn a_session_name_is_filled_in() {
    let named = Role { session_name: "{user}-{host}-{date}".parse().ok(), ..direct() };
    let plan = planned(&catalog(ADA, &[("a", named)]), "a").unwrap();
    assert_eq!(plan.session_name().as_str(), "ada-engine-2026-11-25");
}

#[test]
fn a_chain_keeps_the_source_identity_that_it_began_with() {
    let with = |role: Role, identity: &str| Role { source_identity: identity.parse().ok(), ..role };
    for (last, allowed) in [(with(via("b"), "ada"), true), (via("b"), true), (with(via("b"), "eve"), false)] {
        let catalog = catalog(ADA, &[("a", with(direct(), "ada")), ("b", via("a")), ("c", last)]);
        let planned = planned(&catalog, "c");
        assert_eq!(planned.is_ok(), allowed, "{planned:?}");
    }
}

#[test]
fn a_tag_that_is_handed_on_is_not_set_again_whatever_the_case_of_its_letters() {
    let tagged =
        |role: Role, key: &str| Role { tags: [(key.parse().unwrap(), "x".parse().unwrap())].into(), ..role };
    let first = |handed_on: bool| {
        let role = tagged(direct(), "team");
        let transitive_tags = handed_on.then(|| "team".parse().unwrap()).into_iter().collect();
        Role { transitive_tags, ..role }
    };
    for (handed_on, last, allowed) in
        [(true, "team", false), (true, "Team", false), (true, "stage", true), (false, "team", true)]
    {
        let catalog =
            catalog(ADA, &[("a", first(handed_on)), ("b", via("a")), ("c", tagged(via("b"), last))]);
        assert_eq!(planned(&catalog, "c").is_ok(), allowed, "{handed_on} {last}");
        assert!(planned(&catalog, "b").is_ok());
    }
}
