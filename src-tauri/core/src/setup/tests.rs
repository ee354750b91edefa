//! Roles that are to be, written out whole, and that nothing in them gets out of its quotes.

use proptest::prelude::*;

use super::*;
use crate::catalog::SourceKind;

const FULL: &str = include_str!("tests/full.txt");
const PLAIN: &str = include_str!("tests/plain.txt");
const ELSEWHERE: &str = include_str!("tests/elsewhere.txt");

fn source(arn: &str) -> Source {
    Source {
        kind: SourceKind::Profile("p".parse().unwrap()),
        account: arn.split(':').nth(4).unwrap().parse().unwrap(),
        arn: arn.parse().unwrap(),
        region: None,
        mfa_serial: None,
    }
}

fn form() -> RoleForm {
    RoleForm { source: "work".into(), role: "AWSEC2FULLACCESS".into(), ..RoleForm::default() }
}

/// Everything that is written about a role, one after the other.
fn whole(draft: &RoleDraft) -> String {
    let mut parts = vec![("the role", Some(draft.written().unwrap()))];
    parts.push(("the caller's part", draft.callers_part_written().unwrap()));
    let mut text = String::new();
    for (title, written) in parts {
        let Some(written) = written else { continue };
        for (way, each) in [
            ("cli", written.cli),
            ("cloudformation", written.cloudformation),
            ("terraform", written.terraform),
        ] {
            text.push_str(&format!("=== {title}, {way}\n{each}"));
        }
    }
    text.push_str("=== line by line\n");
    for line in draft.wanted().unwrap().explained() {
        text.push_str(&format!(
            "{}{}{}\n",
            line.text,
            if line.means.is_empty() { "" } else { "  ← " },
            line.means
        ));
    }
    let link =
        |link: Result<url::Url, Failure>| link.map_or_else(|failure| failure.message, |url| url.to_string());
    text.push_str(&format!("=== links\n{}\n{}\n", link(iam_page(draft)), link(switch_role_link(draft))));
    text
}

/// Compares with a committed file; `UPDATE=1` writes it anew, and whoever does that reads it.
fn is_written_as(draft: &RoleDraft, file: &str, expected: &str) {
    let text = whole(draft);
    if text != expected && std::env::var_os("UPDATE").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/setup/tests").join(file);
        std::fs::write(path, &text).unwrap();
        return;
    }
    assert_eq!(text, expected, "{file}");
}

#[test]
fn a_role_with_nothing_more_is_plain() {
    let draft = form().read(&source("arn:aws:iam::111122223333:user/ada")).unwrap();
    is_written_as(&draft, "plain.txt", PLAIN);
    assert_eq!(draft.callers_part().unwrap(), None);
    assert_eq!(draft.calls().unwrap().len(), 1);
}

#[test]
fn a_role_with_every_condition_has_each_of_them() {
    let form = RoleForm {
        policy: "AmazonEC2FullAccess".into(),
        mfa: true,
        mfa_serial: "arn:aws:iam::111122223333:mfa/ada".into(),
        external_id: "cust-42:eu".into(),
        named_after_user: true,
        longest: "12h".into(),
        ..form()
    };
    let draft = form.read(&source("arn:aws:iam::111122223333:user/staff/ada")).unwrap();
    is_written_as(&draft, "full.txt", FULL);
    assert_eq!(draft.page().unwrap().to_string(), "ec2");
    let role =
        draft.role(&"work".parse().unwrap(), &source("arn:aws:iam::111122223333:user/staff/ada")).unwrap();
    assert_eq!(role.duration.unwrap().seconds(), 43_200);
    assert!(role.mfa_serial.is_some() && role.external_id.is_some());
}

#[test]
fn a_role_of_another_account_in_china_has_the_callers_part_and_chinas_hosts() {
    let form = RoleForm { account: "4444-5555 6666".into(), policy: "ReadOnlyAccess".into(), ..form() };
    let draft = form.read(&source("arn:aws-cn:iam::111122223333:user/ada")).unwrap();
    assert!(draft.is_elsewhere());
    is_written_as(&draft, "elsewhere.txt", ELSEWHERE);
}

#[test]
fn who_needs_a_part_of_its_own_is_told_by_what_it_is() {
    for (arn, account, holder) in [
        ("arn:aws:iam::111122223333:user/staff/ada", "444455556666", Some(Holder::User("ada".into()))),
        (
            "arn:aws:sts::111122223333:assumed-role/Build/i-1",
            "444455556666",
            Some(Holder::Role("Build".into())),
        ),
        ("arn:aws:sts::111122223333:assumed-role/Build/i-1", "", None),
        (
            "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Dev_0123456789abcdef/ada",
            "",
            Some(Holder::PermissionSet("AWSReservedSSO_Dev_0123456789abcdef".into())),
        ),
    ] {
        let draft = RoleForm { account: account.into(), ..form() }.read(&source(arn)).unwrap();
        assert_eq!(draft.callers_part().unwrap().map(|part| part.holder), holder, "{arn}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_where() {
    let form = RoleForm {
        role: "a b".into(),
        account: "12".into(),
        policy: "no such policy".into(),
        mfa: true,
        external_id: "x".into(),
        named_after_user: true,
        longest: "30m".into(),
        ..form()
    };
    let problems = form.read(&source("arn:aws:iam::111122223333:user/a")).unwrap_err();
    let fields: Vec<Field> = problems.iter().map(|problem| problem.field).collect();
    assert_eq!(
        fields,
        [
            Field::Role,
            Field::Account,
            Field::Policy,
            Field::Mfa,
            Field::ExternalId,
            Field::Naming,
            Field::Longest
        ]
    );
    for arn in ["arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/ada"] {
        assert_eq!(self::form().read(&source(arn)).unwrap_err()[0].field, Field::Source, "{arn}");
    }
    let policy = "arn:aws:iam::444455556666:policy/Own".to_owned();
    let foreign = RoleForm { policy, ..self::form() }.read(&source("arn:aws:iam::111122223333:user/ada"));
    assert_eq!(foreign.unwrap_err()[0].field, Field::Policy);
}

#[test]
fn a_source_with_a_device_is_not_asked_for_a_code_that_nobody_demands() {
    let mut source = source("arn:aws:iam::111122223333:user/ada");
    source.mfa_serial = Some("arn:aws:iam::111122223333:mfa/ada".parse().unwrap());
    let name = "work".parse().unwrap();
    let free = form().read(&source).unwrap();
    assert_eq!(free.role(&name, &source).unwrap().mfa, Some(MfaWay::Off));
    let bound = RoleForm { mfa: true, ..form() }.read(&source).unwrap();
    let role = bound.role(&name, &source).unwrap();
    assert_eq!((role.mfa, role.mfa_serial), (None, None));
}

#[test]
fn where_the_console_is_not_public_there_is_no_link() {
    let draft = form().read(&source("arn:aws-iso:iam::111122223333:user/ada")).unwrap();
    assert!(iam_page(&draft).is_err() && switch_role_link(&draft).is_err());
    assert!(draft.written().unwrap().cli.contains("--region us-iso-east-1"));
}

/// What a shell makes of quoted words that stand one after the other.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut rest) = (Vec::new(), None::<String>, text.chars());
    while let Some(each) = rest.next() {
        match each {
            '\'' => {
                let inside: String = rest.by_ref().take_while(|each| *each != '\'').collect();
                word.get_or_insert_default().push_str(&inside);
            }
            '\\' => match rest.next() {
                Some('\n') | None => {}
                Some(next) => word.get_or_insert_default().push(next),
            },
            each if each.is_whitespace() => words.extend(word.take()),
            each => word.get_or_insert_default().push(each),
        }
    }
    words.extend(word);
    words
}

/// What Terraform makes of a quoted text; a template in it is nothing that may be.
fn unquoted(text: &str) -> String {
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap();
    let (mut out, mut rest) = (String::new(), inside);
    while let Some(each) = rest.chars().next() {
        if let Some(code) = rest.strip_prefix("\\u") {
            out.push(char::from_u32(u32::from_str_radix(&code[..4], 16).unwrap()).unwrap());
            rest = &code[4..];
        } else if rest.starts_with("$${") || rest.starts_with("%%{") {
            out.push_str(&rest[1..3]);
            rest = &rest[3..];
        } else if let Some(escaped) = rest.strip_prefix('\\') {
            out.push(escaped.chars().next().unwrap());
            rest = &escaped[1..];
        } else {
            assert!(!rest.starts_with("${") && !rest.starts_with("%{") && each != '"', "{text}");
            out.push(each);
            rest = &rest[each.len_utf8()..];
        }
    }
    out
}

proptest! {
    #[test]
    fn no_value_gets_out_of_its_quotes(text in r#"[ -~'"\\$%{}]{0,40}"#) {
        prop_assert_eq!(words(&cli::Quoted(&text).to_string()).concat(), text.clone());
        prop_assert_eq!(unquoted(&terraform::quoted(&text)), text.clone());
        let yaml = cloudformation::quoted(&text);
        let inside = yaml.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
        prop_assert!(!inside.replace("''", "").contains('\''));
        prop_assert_eq!(inside.replace("''", "'"), text);
    }

    #[test]
    fn whatever_aws_takes_comes_through_a_shell_unchanged(
        role in r"[a-zA-Z0-9_+=,.@-]{1,64}", user in r"[a-zA-Z0-9+=,.@_-]{2,64}", id in r"[a-zA-Z0-9_+=,.@:/-]{2,40}"
    ) {
        let form = RoleForm {
            role: role.clone(),
            external_id: id,
            policy: "AmazonEC2FullAccess".into(),
            account: "444455556666".into(),
            ..form()
        };
        let draft = form.read(&source(&format!("arn:aws:iam::111122223333:user/{user}"))).unwrap();
        let command = draft.written().unwrap().cli;
        let command = words(command.split_once('\n').unwrap().1);
        let name = format!("--role-name={role}");
        prop_assert_eq!(&command[..4], ["aws", "iam", "create-role", name.as_str()]);
        prop_assert_eq!(&command[7], &draft.wanted().unwrap().trust_policy());
        prop_assert_eq!(&command[8..12], ["aws", "iam", "attach-role-policy", name.as_str()]);
        let part = draft.callers_part_written().unwrap().unwrap().cli;
        let part = words(part.split_once('\n').unwrap().1);
        prop_assert_eq!(&part[3], &format!("--user-name={user}"));
        prop_assert_eq!(part.last().unwrap(), &draft.callers_part().unwrap().unwrap().policy);
    }
}
