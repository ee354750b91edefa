//! What is found in texts of each kind, and how names and differences come out.

use proptest::prelude::*;

use super::*;
use crate::catalog::Catalog;
use crate::failure::Failure;
use crate::profiles::{FileKind, ProfileFile};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

fn of(config: &str, credentials: &str) -> Finds {
    let file =
        |name: &str, text: &str, kind| ReadFile { path: name.into(), file: ProfileFile::read(text, kind) };
    Profiles::of(vec![
        file("config", config, FileKind::Config),
        file("credentials", credentials, FileKind::Credentials),
    ])
    .finds()
}

fn names(finds: &Finds) -> Vec<&str> {
    finds.roles.iter().map(|role| role.name.as_str()).collect()
}

#[test]
fn roles_keys_and_sources_are_told_apart() {
    let finds = of(
        "[default]\nregion = eu-west-1\n[profile prod]\nrole_arn = arn:aws:iam::111122223333:role/team/Admin\nsource_profile = default\nmfa_serial = arn:aws:iam::444455556666:mfa/ada\nexternal_id = a/b\nduration_seconds = 7200\nrole_session_name = ada\nregion = eu-central-1\noutput = json\n\
         [profile deep]\nrole_arn = arn:aws:iam::777788889999:role/Deep\nsource_profile = prod\n\
         [profile corp]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Dev\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://x\n\
         [profile tool]\ncredential_process = /opt/x --password hush\n[profile ours]\ncredential_process = guise credential-process prod\n\
         [profile pod]\nrole_arn = arn:aws:iam::111122223333:role/Pod\ncredential_source = EcsContainer\n",
        &format!(
            "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\n[old]\naws_access_key_id=ASIAIOSFODNN7EXAMPLE\naws_secret_access_key={SECRET}\naws_session_token=t\n"
        ),
    );
    assert_eq!(names(&finds), ["deep", "prod"]);
    let prod = finds.role("prod").unwrap();
    assert_eq!(prod.by, FoundBy::Profile("default".parse().unwrap()));
    assert_eq!(prod.external_id.as_ref().unwrap().as_str(), "a/b");
    assert_eq!((prod.duration.unwrap().seconds(), prod.notes.len()), (7200, 0));
    assert_eq!(finds.role("deep").unwrap().by, FoundBy::Role("prod".parse().unwrap()));
    let order: Vec<&str> = finds
        .in_order(&["deep".parse().unwrap(), "prod".parse().unwrap()])
        .iter()
        .map(|role| role.name.as_str())
        .collect();
    assert_eq!(order, ["prod", "deep"]);
    let keys: Vec<(&str, bool)> =
        finds.keys.iter().map(|key| (key.profile.as_str(), key.temporary)).collect();
    assert_eq!(keys, [("default", false), ("old", true)]);
    let lines: Vec<(usize, &str)> =
        finds.keys[0].lines.iter().map(|(place, key)| (place.line, *key)).collect();
    assert_eq!(lines, [(2, "aws_access_key_id"), (3, "aws_secret_access_key")]);
    assert_eq!(finds.centers[0].what, "Dev in account 111122223333");
    let others: Vec<&str> = finds.others.iter().map(|other| other.profile.as_str()).collect();
    assert_eq!(others, ["pod", "tool"]);
    assert!(finds.passed[0].why.contains("`ours` asks Guise"), "{:?}", finds.passed);
    let printed = format!("{finds:?}");
    assert!(!printed.contains("hush") && !printed.contains("wJalr"), "{printed}");
}

#[test]
fn what_is_not_whole_is_named_and_the_rest_is_kept() {
    let finds = of(
        "[profile a]\nrole_arn = nonsense\nsource_profile = k\n[profile b]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = gone\n\
         [profile c]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = d\n[profile d]\nrole_arn = arn:aws:iam::111122223333:role/y\nsource_profile = c\n\
         [profile e]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = k\nduration_seconds = 99999\nregion = \u{202e}moon\nmfa_process = rm -rf /\nendpoint_url = http://evil\n\
         [profile e]\nexternal_id = second\n[profile k]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n[x]\n",
        "",
    );
    assert_eq!(names(&finds), ["e"]);
    let role = finds.role("e").unwrap();
    assert_eq!(role.external_id.as_ref().unwrap().as_str(), "second");
    assert!(role.duration.is_none() && role.region.is_none());
    assert_eq!(role.notes.len(), 4, "{:?}", role.notes);
    assert!(!format!("{:?}", role.notes).contains("rm -rf") && !format!("{:?}", role.notes).contains("evil"));
    assert_eq!(finds.passed.len(), 6, "{:?}", finds.passed);
    assert!(finds.keys.is_empty());
}

#[test]
fn tags_come_along_and_those_that_go_on_are_among_them() {
    let finds = of(
        "[profile p]\nrole_arn=arn:aws:iam::444455556666:role/z\nsource_profile=k\nsession_tags = team=ops,cost centre=7\n\
         transitive_session_tags = team, cost centre ,nobody,,aws:x\n[profile k]\n",
        "",
    );
    let found = finds.role("p").unwrap();
    let keys: Vec<&str> = found.transitive_tags.iter().map(TagKey::as_str).collect();
    assert_eq!((keys, found.notes.len()), (vec!["cost centre", "team"], 2));
    let by = Assumer::Source("k".parse().unwrap());
    let mut role = found.as_role(by.clone());
    role.transitive_tags.clear();
    let (told, change) = difference(found, &by, Some(&role));
    let Difference::Changes(fields) = told else { panic!("{told:?}") };
    assert_eq!((fields[0].field, fields[0].new.as_deref()), ("transitive-tag", Some("cost centre,team")));
    assert_eq!(change.applied_to(role).transitive_tags, found.transitive_tags);
}

#[test]
fn the_extension_s_settings_are_read_by_its_rules() {
    let text = "\u{feff}[org] ; base\r\naws_account_id = 111122223333\r\nrole_name = Me\r\ntarget_role_name = Ops/Target\r\ntarget_region=eu-west-1\r\n\
                [profile One  Two]\r\naws_account_id=444455556666 # here\r\nsource_profile = org\r\ncolor = ff0000\r\n\
                [three]\nrole_arn = arn:aws-cn:iam::444455556666:role/a/b\n[four]\naws_account_id = alias\nrole_name = r\n[five]\naws_account_id = 444455556666\n[a\u{1b}[2Jb]\nrole_arn=arn:aws:iam::444455556666:role/z\n";
    let finds = read_any(text, "aesr".into());
    assert_eq!(names(&finds), ["One  Two", "three", "a[2Jb"]);
    assert_eq!(finds.roles[0].arn.to_string(), "arn:aws:iam::444455556666:role/Ops/Target");
    assert_eq!(finds.roles[0].region.as_ref().unwrap().as_str(), "eu-west-1");
    assert_eq!(finds.passed.len(), 2, "{:?}", finds.passed);
}

#[test]
fn links_are_read_wherever_they_stand() {
    let text = "https://signin.aws.amazon.com/switchrole?account=123456789012&roleName=team%2Fops%2FDev%2B1&displayName=Prod%20%7C%20Dev&color=F2B0A9\n\
                <a href=\"https://eu-west-1.signin.aws.amazon.com/switchrole?account=123456789012&amp;roleName=Admin\">x</a>\n\
                https://signin.amazonaws-us-gov.com/switchrole?account=my-alias&roleName=Admin\n\
                https://signin.aws.amazon.com.evil.example/switchrole?account=123456789012&roleName=Admin\n\
                https://signin.amazonaws.cn/switchrole?account=123456789012&roleName=Admin&displayName=a%0Ab%E2%80%AEc\n";
    let finds = read_any(text, "links".into());
    assert_eq!(names(&finds), ["Prod | Dev", "Admin @ 123456789012", "abc"]);
    assert_eq!(finds.roles[0].arn.to_string(), "arn:aws:iam::123456789012:role/team/ops/Dev+1");
    assert_eq!(finds.roles[2].arn.to_string(), "arn:aws-cn:iam::123456789012:role/Admin");
    let lines: Vec<usize> = finds.passed.iter().map(|passed| passed.place.line).collect();
    assert_eq!(lines, [3, 4]);
}

#[test]
fn hostile_and_like_names_become_names_that_differ() {
    let long = "x".repeat(300);
    let text: String = ["--force", "\u{202e}", &long, &long, "a", "a\u{200b}", SECRET]
        .iter()
        .map(|name| format!("[{name}]\nrole_arn=arn:aws:iam::444455556666:role/z\nimage=\n"))
        .collect();
    let finds = read_any(&text, "x".into());
    assert_eq!(names(&finds), ["force", &"x".repeat(64), &format!("{} (2)", "x".repeat(56)), "a", "a (2)"]);
    assert_eq!(finds.passed.len(), 2);
    assert!(!format!("{finds:?}").contains("wJalr"));
}

#[test]
fn a_role_that_exists_is_compared_field_by_field() {
    let found = of(
        "[profile p]\nrole_arn=arn:aws:iam::444455556666:role/z\nsource_profile=k\nregion=eu-west-1\n[profile k]\n",
        "",
    );
    let found = found.role("p").unwrap();
    let by = Assumer::Source("k".parse().unwrap());
    assert_eq!(difference(found, &by, None).0, Difference::New);
    let mut role = found.as_role(by.clone());
    role.favourite = true;
    assert_eq!(difference(found, &by, Some(&role)).0, Difference::None);
    role.arn = "arn:aws:iam::444455556666:role/other".parse().unwrap();
    role.region = None;
    let (told, change) = difference(found, &by, Some(&role));
    let Difference::Changes(fields) = told else { panic!("{told:?}") };
    assert_eq!(fields.iter().map(|field| field.field).collect::<Vec<_>>(), ["arn", "region"]);
    let changed = change.applied_to(role);
    assert!(changed.favourite);
    assert_eq!(changed.arn, found.arn);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_is_too_strange(text in "(\\PC|[\\n\\r=#;\\[\\]]|\\[profile a\\]\\n|role_arn = arn:aws:iam::444455556666:role/z\\n|source_profile = a\\n|https://signin.aws.amazon.com/switchrole\\?|&account=123456789012|&roleName=|role_name=x\\n){0,40}") {
        for finds in [read_any(&text, "x".into()), read_links(&text, "x".as_ref()), read_extension(&text, "x".as_ref()), of(&text, &text)] {
            let mut names: Vec<&Name> = finds.roles.iter().map(|role| &role.name).collect();
            let all = names.len();
            names.sort();
            names.dedup();
            prop_assert_eq!(names.len(), all);
            for passed in &finds.passed {
                prop_assert!(!passed.why.chars().any(crate::failure::is_unprintable));
            }
        }
    }
}

#[test]
fn a_chain_is_not_hung_on_another_role_of_the_same_name() {
    let finds = of(
        "[profile hub]\nrole_arn=arn:aws:iam::111122223333:role/Hub\nsource_profile=k\n\
         [profile behind]\nrole_arn=arn:aws:iam::111122223333:role/Behind\nsource_profile=hub\n[profile k]\n",
        "",
    );
    let behind = finds.role("behind").unwrap();
    let here = |arn: &str| {
        let source = "[sources.k]\nkind = \"profile\"\nprofile = \"k\"\narn = \"arn:aws:iam::111122223333:user/k\"\naccount = \"111122223333\"\n";
        Catalog::given(&format!("{source}[roles.hub]\narn = \"{arn}\"\nsource = \"k\"\n")).unwrap()
    };
    assert!(check_way(&finds, &here("arn:aws:iam::111122223333:role/Hub"), behind).is_ok());
    let other = here("arn:aws:iam::111122223333:role/Other");
    assert_eq!(check_way(&finds, &other, behind).unwrap_err(), Failure::import_other_way("behind", "hub"));
}

#[test]
fn no_import_makes_a_source_of_a_command() {
    let finds = of(
        "[profile cp]\ncredential_process = touch RAN\n[profile via]\nrole_arn=arn:aws:iam::111122223333:role/V\nsource_profile=cp\n",
        "",
    );
    let refused = Failure::import_runs_command("cp");
    let (catalog, wishes) = (Catalog::default(), Wishes::default());
    assert_eq!(source(&finds, &catalog, &"cp".parse().unwrap(), &wishes).unwrap_err(), refused);
    assert_eq!(assumer(&finds, &catalog, finds.role("via").unwrap(), &wishes).unwrap_err(), refused);
}
