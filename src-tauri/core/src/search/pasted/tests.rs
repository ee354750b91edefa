//! Anything of AWS's that can be pasted, and what is none of it.

use proptest::prelude::*;

use super::*;

fn id(digits: &str) -> Option<AccountId> {
    digits.parse().ok()
}

/// What a text leads to: its kind, its account or the likely one, and the page.
fn read(text: &str) -> Option<(&'static str, Option<String>, Option<String>)> {
    let pasted = Pasted::read(text)?;
    let account = pasted.account().or(pasted.likely()).map(ToString::to_string);
    Some(match pasted {
        Pasted::Page { page, .. } => ("page", account, Some(page.to_string())),
        Pasted::Resource { page, .. } => ("resource", account, Some(page.to_string())),
        Pasted::Role { page, .. } => ("role", account, page.map(|page| page.to_string())),
        Pasted::Account(_) => ("account", account, None),
    })
}

#[test]
#[allow(clippy::too_many_lines, reason = "one table of what people copy")]
fn what_people_copy_from_aws_is_understood() {
    let acme = Some("111122223333");
    for (text, kind, account, page) in [
        (
            "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
            "page",
            None,
            Some("https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:"),
        ),
        // Several sessions in one browser: the host names the account, and is good for that browser alone.
        (
            "  https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/s3/buckets/b?tab=objects \n",
            "page",
            acme,
            Some("https://eu-west-1.console.aws.amazon.com/s3/buckets/b?tab=objects"),
        ),
        (
            "<https://console.aws.amazon.com/billing/home>",
            "page",
            None,
            Some("https://console.aws.amazon.com/billing/home"),
        ),
        (
            "eu-west-1.console.aws.amazon.com/ec2/home",
            "page",
            None,
            Some("https://eu-west-1.console.aws.amazon.com/ec2/home"),
        ),
        // What the page shows tells the account that it is most likely in.
        (
            "https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/executions/details/arn:aws:states:us-east-1:111122223333:execution:a:b",
            "page",
            acme,
            Some(
                "https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/executions/details/arn:aws:states:us-east-1:111122223333:execution:a:b",
            ),
        ),
        (
            "https://us-east-1.console.aws.amazon.com/sqs/v3/home?region=us-east-1#/queues/https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F111122223333%2Fjobs",
            "page",
            acme,
            Some(
                "https://us-east-1.console.aws.amazon.com/sqs/v3/home?region=us-east-1#/queues/https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F111122223333%2Fjobs",
            ),
        ),
        ("arn:aws:iam::111122223333:role/team/Ops", "role", acme, None),
        ("arn:aws:sts::111122223333:assumed-role/Ops/ada", "role", acme, None),
        ("arn:aws:iam::111122223333:root", "account", acme, None),
        (
            "arn:aws:lambda:eu-west-1:111122223333:function:resize",
            "resource",
            acme,
            Some(
                "https://eu-west-1.console.aws.amazon.com/go/view?arn=arn%3Aaws%3Alambda%3Aeu%2Dwest%2D1%3A111122223333%3Afunction%3Aresize&region=eu-west-1",
            ),
        ),
        (
            "\"arn:aws:s3:::bucket/key\"",
            "resource",
            None,
            Some(
                "https://us-east-1.console.aws.amazon.com/go/view?arn=arn%3Aaws%3As3%3A%3A%3Abucket%2Fkey&region=us-east-1",
            ),
        ),
        (
            "arn:aws-us-gov:s3:::bucket",
            "resource",
            None,
            Some(
                "https://us-gov-west-1.console.amazonaws-us-gov.com/go/view?arn=arn%3Aaws%2Dus%2Dgov%3As3%3A%3A%3Abucket&region=us-gov-west-1",
            ),
        ),
        (
            "https://signin.aws.amazon.com/switchrole?account=111122223333&roleName=team%2FOps&displayName=x",
            "role",
            acme,
            None,
        ),
        (
            "https://signin.aws.amazon.com/switchrole?account=acme&roleName=Ops&redirect_uri=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fbuckets",
            "role",
            None,
            Some("https://console.aws.amazon.com/s3/buckets"),
        ),
        ("https://111122223333.signin.aws.amazon.com/console", "account", acme, None),
        (
            "https://acme.awsapps.com/start/#/console?account_id=111122223333&role_name=Admin",
            "account",
            acme,
            None,
        ),
        (
            "https://acme.awsapps.com/start/#/console?account_id=111122223333&destination=https%3A%2F%2Feu-west-2.console.aws.amazon.com%2Fec2%2Fhome",
            "page",
            acme,
            Some("https://eu-west-2.console.aws.amazon.com/ec2/home"),
        ),
        ("111122223333", "account", acme, None),
        ("1111 2222 3333", "account", acme, None),
        ("1111-2222-3333", "account", acme, None),
        ("http://127.0.0.1:4000/ec2/home", "page", None, Some("http://127.0.0.1:4000/ec2/home")),
    ] {
        let expected = Some((kind, account.map(str::to_owned), page.map(str::to_owned)));
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_of_aws_is_only_text() {
    for text in [
        "",
        "ec2 dev",
        "arn:",
        "arn:aws:s3",
        "arn:elsewhere:s3:::b",
        "arn:aws:s3:::",
        "arn:aws:ec2:not a region:111122223333:x",
        "https://evil.example/ec2/home",
        "https://console.aws.amazon.com.evil.example/ec2/home",
        "https://evil.example/console.aws.amazon.com/",
        "console.aws.amazon.com.evil.example/x",
        "javascript://console.aws.amazon.com/%0aalert(1)",
        "https://user@console.aws.amazon.com/",
        "https://signin.aws.amazon.com/switchrole?account=111122223333",
        "https://signin.aws.amazon.com/federation?Action=login&SigninToken=x",
        "https://acme.awsapps.com/start/#/console?account_id=1",
        "https://acme.awsapps.com/start/#/console?account_id=111122223333&destination=https%3A%2F%2Fevil.example",
        "11112222333",
        "1111 2222 33333",
        "1111.2222.3333",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    assert_eq!(Pasted::read(&format!("https://console.aws.amazon.com/{}", "a".repeat(5000))), None);
}

#[test]
fn a_role_is_the_one_that_was_pasted_by_its_whole_arn_or_by_its_session() {
    let role = |arn: &str| RoleView {
        name: "any".into(),
        arn: arn.into(),
        account: crate::view::AccountView {
            id: arn.split(':').nth(4).unwrap_or_default().into(),
            ..Default::default()
        },
        ..crate::search::tests::role("any", "111122223333")
    };
    let ops = "arn:aws:iam::111122223333:role/team/Ops";
    for (pasted, saved, is) in [
        (ops, ops, true),
        (ops, "arn:aws:iam::111122223333:role/Ops", false),
        ("arn:aws:sts::111122223333:assumed-role/Ops/ada", ops, true),
        ("arn:aws:sts::444455556666:assumed-role/Ops/ada", ops, false),
        ("arn:aws-cn:sts::111122223333:assumed-role/Ops/ada", ops, false),
        ("https://signin.aws.amazon.com/switchrole?account=acme&roleName=Ops", ops, true),
        ("111122223333", ops, false),
    ] {
        assert_eq!(Pasted::read(pasted).is_some_and(|pasted| pasted.is_role(&role(saved))), is, "{pasted}");
    }
    assert_eq!(Pasted::read(ops).and_then(|pasted| pasted.account().cloned()), id("111122223333"));
}

proptest! {
    /// Nothing that is pasted leads anywhere but to a console, whatever stands in it.
    #[test]
    fn what_is_pasted_leads_to_a_console_or_nowhere(text in hostile()) {
        let Some(pasted) = Pasted::read(&text) else { return Ok(()) };
        let page = match &pasted {
            Pasted::Page { page, .. } | Pasted::Resource { page, .. } => Some(page),
            Pasted::Role { about, .. } => about.as_ref(),
            Pasted::Account(_) => None,
        };
        let console = "https://eu-west-1.console.aws.amazon.com/".parse().unwrap();
        let region = "eu-west-1".parse().unwrap();
        if let Some(page) = page {
            prop_assert_eq!(&page.to_string().parse::<Destination>().unwrap(), page);
            if let Ok(url) = Destination::resolve(Some(page), &console, &region) {
                prop_assert_eq!(url.host_str(), Some("eu-west-1.console.aws.amazon.com"), "{}", text);
            }
        }
        if let Some(account) = pasted.account() {
            prop_assert!(account.as_str().len() == 12);
        }
    }
}

/// Links and ARNs with anything in their middle, and anything at all.
fn hostile() -> impl Strategy<Value = String> {
    let shape = prop_oneof![
        Just("https://{}.console.aws.amazon.com/ec2/home"),
        Just("https://111122223333-abc.eu-west-1.console.aws.amazon.com/{}"),
        Just("https://eu-west-1.console.aws.amazon.com/{}?region={}#{}"),
        Just("https://signin.aws.amazon.com/switchrole?account=111122223333&roleName={}&redirect_uri={}"),
        Just("https://x.awsapps.com/start/#/console?account_id=111122223333&destination={}"),
        Just("{}console.aws.amazon.com/{}"),
        Just("arn:aws:{}:{}:111122223333:{}"),
        Just("arn:aws:iam::111122223333:role/{}"),
        Just("{}"),
    ];
    let part = prop_oneof![
        "[a-z0-9:/@?#%.-]{0,24}",
        "\\PC{0,12}",
        Just("//evil.example/".to_owned()),
        Just("%2F%2Fevil.example".to_owned())
    ];
    (shape, proptest::collection::vec(part, 3)).prop_map(|(shape, parts)| {
        parts.iter().fold(shape.to_owned(), |text, part| text.replacen("{}", part, 1))
    })
}

#[test]
fn a_role_that_iam_lets_nobody_name_so_is_no_role() {
    for link in [
        "https://signin.aws.amazon.com/switchrole?account=acme&roleName=a%07b",
        "https://signin.aws.amazon.com/switchrole?account=111122223333&roleName=a%E2%80%AEb",
        "https://signin.aws.amazon.com/switchrole?account=acme&roleName=",
        "arn:aws:sts::111122223333:assumed-role/a<b>/alice",
    ] {
        assert_eq!(Pasted::read(link), None, "{link}");
    }
}
