//! Whole policies, as a person would put them into IAM.

use std::collections::BTreeMap;

use super::*;
use crate::catalog::{Assumer, Role, Source, SourceKind};

const ADA: &str = "arn:aws:iam::111122223333:user/staff/ada";

fn wanted(caller: Caller, role: &str) -> Wanted {
    Wanted {
        caller,
        role: role.parse().unwrap(),
        mfa: Mfa::Not,
        external_id: None,
        session_name: None,
        tags: Tags::new(),
        transitive_tags: BTreeSet::new(),
        passed_on: PassedOn::Nothing,
        source_identity: Behind::Nobody,
    }
}

fn source(arn: &str) -> Caller {
    Caller::Source(arn.parse().unwrap())
}

fn tags(all: &[(&str, &str)]) -> Tags {
    all.iter().map(|(key, value)| (key.parse().unwrap(), value.parse().unwrap())).collect()
}

#[test]
fn a_user_of_the_same_account_is_named_and_needs_nothing_else() {
    let wanted = wanted(source(ADA), "arn:aws:iam::111122223333:role/team/Deploy");
    assert_eq!(
        wanted.trust_policy(),
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:user/staff/ada"
      },
      "Action": "sts:AssumeRole"
    }
  ]
}"#
    );
    assert_eq!(wanted.needs_identity_policy(), None);
    assert_eq!(
        wanted.notes(),
        ["add these statements to the trust policy that the role has; what stands there for others stays"]
    );
}

#[test]
fn a_role_of_another_account_demands_what_is_sent_and_the_user_needs_a_policy_too() {
    let wanted = Wanted {
        mfa: Mfa::Proven,
        external_id: Some("cust-42:eu".parse().unwrap()),
        session_name: Some(NamePattern::of(None, &source(ADA), &ADA.parse().unwrap())),
        source_identity: Behind::Set("ada@example.com".parse().unwrap()),
        ..wanted(source(ADA), "arn:aws:iam::444455556666:role/Audit")
    };
    assert_eq!(
        wanted.trust_policy(),
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:user/staff/ada"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:SetSourceIdentity"
      ],
      "Condition": {
        "Bool": {
          "aws:MultiFactorAuthPresent": "true"
        },
        "StringEquals": {
          "sts:ExternalId": "cust-42:eu",
          "sts:SourceIdentity": "ada@example.com"
        },
        "StringLike": {
          "sts:RoleSessionName": "${aws:username}"
        }
      }
    }
  ]
}"#
    );
    assert_eq!(wanted.needs_identity_policy(), Some(Because::OtherAccount));
    assert!(wanted.notes()[1].contains("in another account"), "{:?}", wanted.notes());
    assert_eq!(
        wanted.identity_policy(),
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": [
        "sts:AssumeRole",
        "sts:SetSourceIdentity"
      ],
      "Resource": "arn:aws:iam::444455556666:role/Audit"
    }
  ]
}"#
    );
}

#[test]
fn tags_are_allowed_with_their_values_and_no_others() {
    let wanted = Wanted {
        tags: tags(&[("cost centre", "42"), ("team", "payments")]),
        transitive_tags: BTreeSet::from(["team".parse().unwrap()]),
        ..wanted(source(ADA), "arn:aws:iam::111122223333:role/Deploy")
    };
    assert_eq!(
        wanted.trust_policy(),
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:user/staff/ada"
      },
      "Action": "sts:AssumeRole"
    },
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:user/staff/ada"
      },
      "Action": "sts:TagSession",
      "Condition": {
        "ForAllValues:StringEquals": {
          "aws:TagKeys": [
            "cost centre",
            "team"
          ],
          "sts:TransitiveTagKeys": "team"
        },
        "StringEquals": {
          "aws:RequestTag/cost centre": "42",
          "aws:RequestTag/team": "payments"
        }
      }
    }
  ]
}"#
    );
}

#[test]
fn a_permission_set_is_named_by_both_paths_that_its_role_can_have() {
    let principal =
        "arn:aws-us-gov:sts::111122223333:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/ada";
    let wanted = wanted(source(principal), "arn:aws-us-gov:iam::111122223333:role/Deploy");
    assert_eq!(
        wanted.trust_policy(),
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws-us-gov:iam::111122223333:root"
      },
      "Action": "sts:AssumeRole",
      "Condition": {
        "ArnLike": {
          "aws:PrincipalArn": [
            "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0123456789abcdef",
            "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Developer_0123456789abcdef"
          ]
        }
      }
    }
  ]
}"#
    );
    assert_eq!(wanted.needs_identity_policy(), Some(Because::TrustsAccount));
    assert!(wanted.notes().iter().any(|note| note.contains("another ending")));
}

#[test]
fn a_session_of_another_role_is_named_by_the_role_and_its_path_left_to_the_person() {
    let machine = wanted(
        source("arn:aws:sts::111122223333:assumed-role/Build/i-0abc"),
        "arn:aws:iam::111122223333:role/Deploy",
    );
    assert!(machine.trust_policy().contains(r#""AWS": "arn:aws:iam::111122223333:role/Build""#));
    assert!(machine.notes().iter().any(|note| note.contains("`Build` has a path")));
}

#[test]
fn a_name_that_changes_may_be_anything_where_it_does() {
    let pattern = |template: &str, caller: &Caller| {
        NamePattern::of(Some(&template.parse().unwrap()), caller, &ADA.parse().unwrap()).0
    };
    let hub = Caller::Role("arn:aws:iam::111122223333:role/Hub".parse().unwrap());
    for (template, caller, expected) in [
        ("{user}", source(ADA), "${aws:username}"),
        ("{user}@{host}-{date}", source(ADA), "${aws:username}@*-*"),
        ("robot", source(ADA), "robot"),
        // IAM knows no user's name in a call of a role's.
        ("{user}@{host}", hub, "ada@*"),
    ] {
        assert_eq!(pattern(template, &caller), expected);
    }
}

/// `work` assumes `hub` with MFA, `hub` assumes `deep`.
fn catalog() -> Catalog {
    let work = Source {
        kind: SourceKind::AccessKey("AKIAIOSFODNN7EXAMPLE".parse().unwrap()),
        arn: ADA.parse().unwrap(),
        account: "111122223333".parse().unwrap(),
        region: None,
        mfa_serial: Some("arn:aws:iam::111122223333:mfa/ada".parse().unwrap()),
    };
    let hub = Role {
        tags: tags(&[("team", "payments")]),
        transitive_tags: BTreeSet::from(["team".parse().unwrap()]),
        source_identity: Some("ada".parse().unwrap()),
        ..Role::new(
            "arn:aws:iam::111122223333:role/net/Hub".parse().unwrap(),
            Assumer::Source("work".parse().unwrap()),
        )
    };
    let deep = Role::new(
        "arn:aws:iam::444455556666:role/Deep".parse().unwrap(),
        Assumer::Role("hub".parse().unwrap()),
    );
    Catalog {
        sources: BTreeMap::from([("work".parse().unwrap(), work)]),
        roles: BTreeMap::from([("hub".parse().unwrap(), hub), ("deep".parse().unwrap(), deep)]),
        ..Catalog::default()
    }
}

#[test]
fn a_step_of_a_chain_is_allowed_to_the_role_before_it_and_inherits() {
    let catalog = catalog();
    let first = Wanted::of(&catalog, &"hub".parse().unwrap()).unwrap();
    assert_eq!((&first.caller, first.mfa), (&source(ADA), Mfa::Proven));
    assert_eq!(first.source_identity, Behind::Set("ada".parse().unwrap()));
    let then = Wanted::of(&catalog, &"deep".parse().unwrap()).unwrap();
    assert_eq!(
        then.trust_policy(),
        r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:role/net/Hub"
      },
      "Action": [
        "sts:AssumeRole",
        "sts:SetSourceIdentity"
      ]
    },
    {
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:role/net/Hub"
      },
      "Action": "sts:TagSession"
    }
  ]
}"#
    );
    let notes = then.notes();
    assert!(notes.iter().any(|note| note.contains("pass tags on")), "{notes:?}");
    assert!(notes.iter().any(|note| note.contains("source identity")), "{notes:?}");
    let named = then.with_session_name(&catalog, &"deep".parse().unwrap()).unwrap();
    assert!(named.trust_policy().contains(r#""sts:RoleSessionName": "ada""#));
}

#[test]
fn who_can_assume_nothing_gets_no_policy() {
    for arn in ["arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/ada"] {
        let mut catalog = catalog();
        for source in catalog.sources.values_mut() {
            source.arn = arn.parse().unwrap();
        }
        let failure = Wanted::of(&catalog, &"hub".parse().unwrap()).unwrap_err();
        assert!(failure.to_string().contains("assume no role"), "{failure}");
    }
}

#[test]
fn a_policy_that_iam_would_find_too_long_is_told() {
    let many: Vec<(String, &str)> =
        (0..50).map(|n| (format!("a-rather-long-key-{n}"), "and its value")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(key, value)| (key.as_str(), *value)).collect();
    let wanted = Wanted { tags: tags(&many), ..wanted(source(ADA), "arn:aws:iam::111122223333:role/Deploy") };
    assert!(wanted.notes().iter().any(|note| note.contains("longer than the 2048")), "{:?}", wanted.notes());
}
