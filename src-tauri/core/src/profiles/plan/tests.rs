//! Every kind of profile, and every way to nowhere.

use std::collections::BTreeMap;

use super::*;
use crate::failure::Code;

/// Profiles as `name: key=value key=value`, sign-ins as `@name`.
struct Written(BTreeMap<String, BTreeMap<String, String>>);

impl Texts for Written {
    fn has(&self, profile: &str) -> bool {
        self.0.contains_key(profile)
    }

    fn get(&self, profile: &str, key: &str) -> Option<&str> {
        self.0.get(profile)?.get(key).map(String::as_str)
    }

    fn has_session(&self, name: &str) -> bool {
        self.0.contains_key(&format!("@{name}"))
    }
}

fn way(text: &str, asked: &str) -> Result<Way, Failure> {
    let profiles = text.lines().map(|line| {
        let (name, keys) = line.split_once(':').unwrap();
        let keys = keys.split(" ; ").filter_map(|pair| pair.trim().split_once('='));
        (name.to_owned(), keys.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    });
    way_of(&Written(profiles.collect()), &asked.parse().unwrap())
}

const KEY: &str = "aws_access_key_id=AKIA ; aws_secret_access_key=x";

#[test]
fn each_kind_of_profile_is_told() {
    for (keys, base) in [
        (KEY, Base::Key),
        ("credential_process=/bin/x", Base::Process("/bin/x".into())),
        ("role_arn=r ; web_identity_token_file=/t", Base::WebIdentity { token_file: "/t".into() }),
        ("sso_start_url=u ; sso_region=r ; sso_account_id=1 ; sso_role_name=x", Base::IdentityCenter),
        ("sso_session=corp ; sso_account_id=1 ; sso_role_name=x", Base::IdentityCenter),
        ("login_session=arn", Base::Login),
        ("role_arn=r ; credential_source=Environment", Base::Environment),
        ("role_arn=r ; credential_source=Ec2InstanceMetadata", Base::Instance),
        ("role_arn=r ; credential_source=EcsContainer", Base::Container),
    ] {
        let way = way(&format!("p:{keys}\n@corp:sso_region=r"), "p").unwrap();
        assert_eq!(way.base, base, "{keys}");
        assert_eq!(way.steps.len(), usize::from(keys.contains("credential_source")), "{keys}");
    }
}

#[test]
fn roles_come_in_the_order_in_which_they_are_assumed() {
    let found = way(
        &format!("top:role_arn=three ; source_profile=mid\nmid:role_arn=two ; source_profile=low ; external_id=e\nlow:role_arn=one ; source_profile=base\nbase:{KEY}"),
        "top",
    )
    .unwrap();
    let roles: Vec<&str> = found.steps.iter().map(|step| step.role_arn.as_str()).collect();
    assert_eq!((found.begins.as_str(), found.base, roles), ("base", Base::Key, vec!["one", "two", "three"]));
    assert_eq!(found.steps[1].external_id.as_deref(), Some("e"));
    // A profile may be its own source, and behind the first one a key comes before a role.
    assert_eq!(way(&format!("a:role_arn=r ; source_profile=a ; {KEY}"), "a").unwrap().steps.len(), 1);
    let shadowed =
        way(&format!("a:role_arn=r ; source_profile=b\nb:role_arn=s ; source_profile=c ; {KEY}"), "a");
    assert_eq!(shadowed.unwrap().begins, "b");
}

#[test]
fn what_leads_nowhere_is_refused_with_a_sentence_and_a_next_step() {
    let long: String =
        (0..20).map(|each| format!("p{each}:role_arn=r ; source_profile=p{}\n", each + 1)).collect();
    for (text, asked, sentence) in [
        ("a:x=1", "b", "there is no profile `b`"),
        ("a:role_arn=r ; source_profile=b", "a", "profile `a` names the profile `b`, which is not there"),
        (
            "a:role_arn=r ; source_profile=b\nb:role_arn=s ; source_profile=a",
            "a",
            "the profiles go round in a circle: a → b → a",
        ),
        ("a:role_arn=r", "a", "neither `source_profile` nor"),
        ("a:role_arn=r ; source_profile=b ; credential_source=Environment", "a", "both `source_profile`"),
        ("a:region=x", "a", "it says nothing about credentials"),
        ("a:aws_access_key_id=x", "a", "without its secret"),
        ("a:sso_session=gone ; sso_account_id=1 ; sso_role_name=x", "a", "names no section"),
        ("a:sso_start_url=u ; sso_region=r", "a", "lacks `sso_account_id`"),
        ("a:role_arn=r ; credential_source=Moon", "a", "is none of Environment"),
        (
            "a:role_arn=r ; source_profile=b ; mfa_serial=arn:aws:iam::111122223333:mfa/ada",
            "a",
            "asks for an MFA code of `arn:aws:iam::111122223333:mfa/ada`",
        ),
        ("a:credential_process=guise credential-process x", "a", "profile `a` asks Guise for credentials"),
        (
            "a:role_arn=r ; source_profile=b\nb:credential_process=/usr/bin/env guise credential-process x",
            "a",
            "by way of `b`, asks Guise",
        ),
        (&long, "p0", "more than 16 others"),
    ] {
        let failure = way(text, asked).unwrap_err();
        assert!(failure.message.contains(sentence), "{failure}");
        assert!(
            failure.hint.is_some() && matches!(failure.code, Code::NotFound | Code::InvalidInput),
            "{failure}"
        );
    }
}
