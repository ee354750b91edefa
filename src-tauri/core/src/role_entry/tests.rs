//! Forms held against the catalog's own rules.

use super::RoleField as F;
use super::*;
use crate::catalog::{Catalog, CatalogFile};
use crate::chain::Circumstances;
use crate::failure::Code;

const WRITTEN: &str = r#"
[sources.work]
access_key_id = "AKIAIOSFODNN7EXAMPLE"
arn = "arn:aws:iam::111122223333:user/ada"
account = "111122223333"
region = "eu-west-1"

[sources.china]
access_key_id = "AKIAIOSFODNN7EXAMPLE"
arn = "arn:aws-cn:iam::111122223333:user/ada"
account = "111122223333"

[roles.ec2]
arn = "arn:aws:iam::111122223333:role/ec2"
source = "work"
destination = "ec2"
duration = "12h"
tags = { team = "blue" }
transitive_tags = ["team"]
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
read_only = true
external_id = "acme-2026"
mfa = "direct"
mfa_serial = "arn:aws:iam::111122223333:mfa/ada"

[roles.step]
arn = "arn:aws:iam::444455556666:role/step"
via = "ec2"
"#;

fn catalog() -> Catalog {
    let folder = tempfile::tempdir().unwrap();
    let file = CatalogFile::in_folder(folder.path());
    std::fs::write(file.path(), WRITTEN).unwrap();
    file.load().unwrap()
}

fn circumstances() -> Circumstances {
    Circumstances { host: "laptop".into(), today: jiff::civil::date(2026, 3, 2) }
}

fn typed() -> RoleEntry {
    RoleEntry {
        name: "new".into(),
        arn: "arn:aws:iam::111122223333:role/new".into(),
        source: "work".into(),
        ..RoleEntry::default()
    }
}

fn problems(form: &RoleEntry, editing: Option<&str>) -> Vec<(RoleField, String)> {
    let before = editing.map(|name| {
        let name = name.parse::<Name>().unwrap();
        RoleEntry::of(&name, catalog().role(&name).unwrap())
    });
    let checked = form.checked(&catalog(), before.as_ref(), &circumstances());
    checked.problems.into_iter().map(|each| (each.field, each.failure.message)).collect()
}

#[test]
fn a_role_comes_out_of_its_form_as_it_went_in() {
    for (name, role) in &catalog().roles {
        let form = RoleEntry::of(name, role);
        assert_eq!(form.read().unwrap(), (name.clone(), role.clone()));
        assert_eq!(problems(&form, Some(name.as_str())), []);
    }
}

#[test]
fn a_form_that_is_right_is_told_the_plan_of_the_role_that_it_makes() {
    let form = RoleEntry {
        duration: "12h".into(),
        mfa_serial: "arn:aws:iam::111122223333:mfa/ada".into(),
        destination: "ec2".into(),
        ..typed()
    };
    let plan = form.checked(&catalog(), None, &circumstances()).plan.unwrap();
    assert_eq!(plan.way, "work (arn:aws:iam::111122223333:user/ada) ──MFA code──▶ new");
    assert_eq!(
        plan.steps[0].does,
        "sts:AssumeRole arn:aws:iam::111122223333:role/new in eu-west-1, 12 h, session name \"ada\""
    );
    assert_eq!(plan.steps[0].details, ["asks for a code from arn:aws:iam::111122223333:mfa/ada, each time"]);
    assert_eq!(plan.steps[1].does, "console in eu-west-1 at ec2, 12 h");
    assert_eq!(
        plan.instead.as_deref(),
        Some("Instead, with one code a day: choose “once a day”; each step then lasts at most 1 h")
    );
}

#[test]
fn each_field_says_what_is_wrong_with_it_and_the_rest_is_read_all_the_same() {
    let form = RoleEntry {
        name: " -x".into(),
        region: "westeros".into(),
        destination: "http://evil.example/".into(),
        session_name: "a b".into(),
        duration: "13h".into(),
        external_id: "x".into(),
        source_identity: "ä".into(),
        tags: "team=blue\nnonsense".into(),
        policy: "{".into(),
        policy_arns: "arn:aws:s3:::bucket".into(),
        mfa: "often".into(),
        mfa_serial: "1".into(),
        read_only: "perhaps".into(),
        ..typed()
    };
    let fields: Vec<RoleField> = problems(&form, None).into_iter().map(|(field, _)| field).collect();
    let all = [
        F::Name,
        F::Tags,
        F::Region,
        F::Destination,
        F::SessionName,
        F::Duration,
        F::ExternalId,
        F::SourceIdentity,
        F::Policy,
        F::PolicyArns,
        F::Mfa,
        F::MfaSerial,
        F::ReadOnly,
    ];
    assert_eq!(fields, all);
    assert!(form.checked(&catalog(), None, &circumstances()).plan.is_some(), "the way is known");
    assert_eq!(form.read().unwrap_err().len(), all.len());
}

#[test]
fn what_is_missing_is_asked_for_in_a_sentence() {
    let said = problems(&RoleEntry::default(), None);
    assert_eq!(
        said,
        [
            (RoleField::Name, "a name cannot be empty".to_owned()),
            (RoleField::Arn, "a role needs its ARN".to_owned()),
            (RoleField::AssumedBy, "a role needs a source, or a role, that assumes it".to_owned()),
        ]
    );
}

#[test]
fn a_name_that_another_role_has_is_refused_and_ones_own_is_not() {
    let form = RoleEntry { name: "ec2".into(), ..typed() };
    assert_eq!(problems(&form, None), [(RoleField::Name, "there is already a role `ec2`".to_owned())]);
    assert_eq!(problems(&form, Some("ec2")), []);
    assert_eq!(problems(&form, Some("step"))[0].0, RoleField::Name);
}

#[test]
fn what_fits_nothing_else_is_said_at_the_field_that_is_to_blame() {
    let cases: Vec<(RoleEntry, F)> = vec![
        (RoleEntry { region: "cn-north-1".into(), ..typed() }, F::Region),
        (RoleEntry { source: "china".into(), ..typed() }, F::AssumedBy),
        (RoleEntry { source: "nobody".into(), ..typed() }, F::AssumedBy),
        (RoleEntry { source: String::new(), via: "nobody".into(), ..typed() }, F::AssumedBy),
        (
            RoleEntry { destination: "https://console.amazonaws.cn/ec2/home".into(), ..typed() },
            F::Destination,
        ),
        (RoleEntry { transitive_tags: "team".into(), ..typed() }, F::TransitiveTags),
        (
            RoleEntry { policy_arns: "arn:aws-cn:iam::aws:policy/ReadOnlyAccess".into(), ..typed() },
            F::PolicyArns,
        ),
        (
            RoleEntry { read_only_policy: "arn:aws:iam::999999999999:policy/Mine".into(), ..typed() },
            F::ReadOnlyPolicy,
        ),
        (RoleEntry { mfa: "direct".into(), ..typed() }, F::Mfa),
        (RoleEntry { tags: (0..51).map(|each| format!("k{each}=v\n")).collect(), ..typed() }, F::Tags),
    ];
    for (form, field) in cases {
        let fields: Vec<F> = problems(&form, None).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, [field], "{form:?}");
    }
    let itself = RoleEntry { source: String::new(), via: "step".into(), ..typed() };
    let said = problems(&RoleEntry { name: "ec2".into(), ..itself }, Some("ec2"));
    assert!(said[0].1.contains("ec2 → step → ec2"), "{said:?}");
}

#[test]
fn two_assumers_are_one_too_many() {
    let form = RoleEntry { via: "ec2".into(), ..typed() };
    let checked = form.checked(&catalog(), None, &circumstances());
    assert_eq!(
        (checked.problems[0].field, checked.problems[0].failure.code),
        (RoleField::AssumedBy, Code::InvalidInput)
    );
}
