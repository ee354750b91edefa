//! Searches as people type them: what is found, in which order, and which letters.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::PageOrigin::{Recent, Service, Typed};
use super::*;
use crate::view::{AccountView, Activity, Status};

pub(super) fn role(name: &str, account: &str) -> RoleView {
    RoleView {
        name: name.into(),
        arn: format!("arn:aws:iam::{account}:role/{name}"),
        account: AccountView { name: named(account), id: account.into(), ..AccountView::default() },
        source: "work".into(),
        region: "eu-west-1".into(),
        destination: String::new(),
        via: None,
        through_production: Vec::new(),
        tags: vec![],
        favourite: false,
        production: false,
        read_only: false,
        asks: false,
        activity: Activity::Idle,
        shortened: None,
    }
}

fn named(account: &str) -> String {
    match account {
        "111122223333" => "acme-dev".into(),
        "444455556666" => "acme-prod".into(),
        other => format!("team-{other}"),
    }
}

fn snapshot(roles: Vec<RoleView>) -> Snapshot {
    Snapshot {
        version: String::new(),
        home: None,
        status: Status::Idle,
        sources: vec![],
        roles: roles.into_iter().map(Arc::new).collect(),
        favourites: vec![],
        recents: vec![],
        most_used: vec![],
        recent_pages: vec![],
        sessions: vec![],
        prompts: vec![],
        waiting_for_keychain: false,
        unusable: vec![],
        shortcut: crate::view::ShortcutView::Off,
        trouble: vec![],
        settings: vec![],
    }
}

fn usual() -> Snapshot {
    let billing = RoleView {
        source: "payer".into(),
        tags: vec!["team=finance".into()],
        ..role("Billing", "777788889999")
    };
    let admin = RoleView { production: true, ..role("Admin", "444455556666") };
    let renamed = RoleView {
        arn: "arn:aws:iam::444455556666:role/team/NetworkOps".into(),
        ..role("wires", "444455556666")
    };
    Snapshot {
        most_used: vec!["ec2-readonly".into(), "Billing".into()],
        recent_pages: vec![
            "https://eu-west-1.console.aws.amazon.com/lambda/home#/functions/resize".into(),
            "ec2".into(),
            "https://cn-north-1.console.amazonaws.cn/ec2/home".into(),
        ],
        ..snapshot(vec![
            role("AWSEC2FULLACCESS", "111122223333"),
            admin,
            billing,
            role("EC2Ops", "444455556666"),
            role("ec2-readonly", "111122223333"),
            renamed,
        ])
    }
}

fn find_in(snapshot: &Snapshot, text: &str, pasted: Option<&str>, account: Option<&str>) -> FoundRoles {
    let query = Query::Roles {
        text: text.into(),
        pasted: pasted.map(str::to_owned),
        account: account.map(str::to_owned),
    };
    match Index::new(snapshot).find(&query) {
        Found::Roles(found) => found,
        Found::Pages(_) => panic!("pages for roles"),
    }
}

fn names(found: &FoundRoles) -> Vec<&str> {
    found.roles.iter().map(|row| row.role.name.as_str()).collect()
}

fn found(text: &str) -> Vec<String> {
    names(&find_in(&usual(), text, None, None)).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_role_is_found_by_each_of_its_fields() {
    assert_eq!(found("ec2 dev"), ["ec2-readonly", "AWSEC2FULLACCESS"]);
    assert_eq!(found("ec2ops"), ["EC2Ops"]);
    assert_eq!(found("prod adm"), ["Admin"]);
    assert_eq!(found("production"), ["Admin"]);
    assert_eq!(found("7777"), ["Billing"]);
    assert_eq!(found("payer"), ["Billing"]);
    assert_eq!(found("finance"), ["Billing"]);
    assert_eq!(found("networkops"), ["wires"]);
    assert_eq!(found("7777 8888 9999"), ["Billing"]);
    assert_eq!(found("nothing-such"), Vec::<String>::new());
}

#[test]
fn among_equals_what_is_used_most_is_first_then_favourites_then_the_catalogs_order() {
    let all = ["ec2-readonly", "Billing", "AWSEC2FULLACCESS", "Admin", "EC2Ops", "wires"];
    assert_eq!(found(""), all);
    let favourites = vec!["wires".into(), "Billing".into(), "EC2Ops".into()];
    let found = find_in(&Snapshot { favourites, ..usual() }, "", None, None);
    assert_eq!(names(&found)[..4], ["ec2-readonly", "Billing", "wires", "EC2Ops"]);
    // The same name in two accounts is as good a match in each.
    let mut same = super::tests::snapshot(vec![role("Admin", "111122223333"), role("Admin", "444455556666")]);
    same.roles[1] = Arc::new(RoleView { name: "Admin2".into(), ..role("Admin", "444455556666") });
    same.roles[0] = Arc::new(RoleView { name: "Admin1".into(), ..role("Admin", "111122223333") });
    same.most_used = vec!["Admin2".into()];
    assert_eq!(names(&find_in(&same, "admin", None, None)), ["Admin2", "Admin1"]);
}

#[test]
fn the_letters_that_were_found_are_told_by_field() {
    let all = find_in(&usual(), "full dev 2222", None, None);
    assert_eq!(names(&all), ["AWSEC2FULLACCESS"]);
    let marks = &all.roles[0].marks;
    let told: Vec<_> =
        marks.iter().map(|mark| (mark.field, mark.text.as_str(), mark.spans.clone())).collect();
    assert_eq!(
        told,
        [
            (FoundIn::Name, "AWSEC2FULLACCESS", vec![(6, 10)]),
            (FoundIn::Account, "acme-dev", vec![(5, 8)]),
            (FoundIn::Id, "111122223333", vec![(4, 8)]),
        ]
    );
}

#[test]
fn a_link_shows_the_roles_that_can_open_it_and_that_very_page() {
    let link = "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/ec2/home#Volumes:";
    for found in [find_in(&usual(), link, None, None), find_in(&usual(), "", Some(link), None)] {
        assert_eq!(names(&found), ["ec2-readonly", "AWSEC2FULLACCESS"]);
        let pasted = found.pasted.unwrap();
        assert_eq!((pasted.kind, pasted.what.as_str()), (PastedKind::Page, "ec2/home#Volumes:"));
        assert_eq!(pasted.account.unwrap().name, "acme-dev");
        let page = "https://eu-west-1.console.aws.amazon.com/ec2/home#Volumes:";
        assert_eq!(pasted.destination.as_deref(), Some(page));
    }
    // Words behind it, or typed beside it, look among those.
    for found in
        [find_in(&usual(), &format!("{link} full"), None, None), find_in(&usual(), "full", Some(link), None)]
    {
        assert_eq!(names(&found), ["AWSEC2FULLACCESS"]);
    }
    let none = find_in(&usual(), "", Some("arn:aws:lambda:eu-west-1:999999999999:function:f"), None);
    assert!(none.roles.is_empty() && none.accounts.is_empty());
    assert_eq!(none.pasted.unwrap().account.unwrap().name, "9999 9999 9999");
}

#[test]
fn a_link_without_an_account_asks_which() {
    let link = "https://eu-west-1.console.aws.amazon.com/ec2/home";
    let asks = find_in(&usual(), "", Some(link), None);
    assert!(asks.roles.is_empty());
    let accounts: Vec<_> =
        asks.accounts.iter().map(|found| (found.account.name.as_str(), found.roles)).collect();
    assert_eq!(accounts, [("acme-dev", 2), ("team-777788889999", 1), ("acme-prod", 3)]);
    assert_eq!(asks.pasted.as_ref().unwrap().account, None);
    let typed = find_in(&usual(), "prod", Some(link), None);
    assert_eq!(typed.accounts.len(), 1);
    assert_eq!(typed.accounts[0].name_spans, [(5, 9)]);
    assert_eq!(find_in(&usual(), "8888", Some(link), None).accounts[0].id_spans, [(4, 8)]);

    let chosen = find_in(&usual(), "", Some(link), Some("444455556666"));
    assert_eq!(names(&chosen), ["Admin", "EC2Ops", "wires"]);
    assert_eq!(chosen.pasted.unwrap().destination.as_deref(), Some(link));

    // What stands in the link tells it, unless nobody here is of that account.
    let execution = |account: &str| format!("{link}#/x/arn:aws:states:eu-west-1:{account}:execution:a");
    assert_eq!(names(&find_in(&usual(), "", Some(&execution("777788889999")), None)), ["Billing"]);
    assert_eq!(find_in(&usual(), "", Some(&execution("999999999999")), None).accounts.len(), 3);

    // With one account there is nothing to ask; of another partition, nobody can open it.
    let one = snapshot(vec![role("Admin", "111122223333")]);
    assert_eq!(names(&find_in(&one, "", Some(link), None)), ["Admin"]);
    let china = find_in(&usual(), "", Some("https://cn-north-1.console.amazonaws.cn/ec2/home"), None);
    assert!(china.roles.is_empty() && china.accounts.is_empty());
}

#[test]
fn a_role_that_was_pasted_is_opened_as_itself_else_shown_by_another_of_its_account() {
    let saved = find_in(&usual(), "arn:aws:iam::444455556666:role/team/NetworkOps", None, None);
    assert_eq!(names(&saved), ["wires"]);
    assert_eq!(saved.pasted.unwrap().destination, None);
    let link = "https://signin.aws.amazon.com/switchrole?account=444455556666&roleName=EC2Ops&redirect_uri=https%3A%2F%2Fconsole.aws.amazon.com%2Fs3%2Fbuckets";
    let linked = find_in(&usual(), link, None, None);
    assert_eq!(names(&linked), ["EC2Ops"]);
    assert_eq!(
        linked.pasted.unwrap().destination.as_deref(),
        Some("https://console.aws.amazon.com/s3/buckets")
    );
    let unknown = find_in(&usual(), "arn:aws:iam::444455556666:role/Gone", None, None);
    assert_eq!(names(&unknown), ["Admin", "EC2Ops", "wires"]);
    assert!(unknown.pasted.unwrap().destination.unwrap().contains("/go/view?arn="));
    let account = find_in(&usual(), "4444-5555-6666", None, None);
    assert_eq!(names(&account), ["Admin", "EC2Ops", "wires"]);
    assert_eq!(account.pasted.unwrap().kind, PastedKind::Account);
}

fn pages(text: &str) -> FoundPages {
    let query = Query::Pages { role: "EC2Ops".into(), text: text.into() };
    match Index::new(&usual()).find(&query) {
        Found::Pages(found) => found,
        Found::Roles(_) => panic!("roles for pages"),
    }
}

#[test]
fn pages_are_services_by_name_recent_ones_and_what_was_typed() {
    let told = |text: &str| -> Vec<(PageOrigin, String)> {
        pages(text).pages.into_iter().map(|page| (page.origin, page.title)).take(3).collect()
    };
    let page = |origin, title: &str| (origin, title.to_owned());
    // A page of another partition is no page of this role.
    assert_eq!(
        told(""),
        [page(Recent, "lambda/home#/functions/resize"), page(Recent, "EC2"), page(Service, "Amplify")]
    );
    assert_eq!(told("dynamo")[0], page(Service, "DynamoDB"));
    assert_eq!(told("r53")[0], page(Service, "Route 53"));
    assert_eq!(told("resize"), [page(Recent, "lambda/home#/functions/resize"), page(Typed, "resize")]);
    assert_eq!(told("glue/home#x"), [page(Typed, "glue/home#x")]);
    assert_eq!(told("newservice"), [page(Typed, "newservice")]);
    assert_eq!(told("arn:aws:s3:::bucket")[0].0, Typed);
    let refused = pages("https://evil.example/");
    assert!(refused.pages.is_empty() && refused.failure.is_some());
    assert!(pages("https://cn-north-1.console.amazonaws.cn/ec2/home").failure.is_some());
    assert!(
        pages("").pages.iter().all(|page| page.destination.parse::<crate::console::Destination>().is_ok())
    );
}

#[test]
fn no_more_rows_are_given_than_are_drawn_and_ten_thousand_are_found_at_once() {
    let roles = (0..10_000).map(|each| {
        role(&format!("team-{:03}/role-{:02}", each / 25, each % 25), &format!("{:012}", each / 25))
    });
    let index = Index::new(&snapshot(roles.collect()));
    let query = |text: &str| Query::Roles { text: text.into(), pasted: None, account: None };
    let Found::Roles(all) = index.find(&query("")) else { panic!("pages for roles") };
    assert_eq!((all.roles.len(), all.total, all.all), (MOST_ROWS, 10_000, 10_000));
    let begun = Instant::now();
    for text in ["t", "te 12", "team-3 role-17", "0000 role"] {
        let Found::Roles(found) = index.find(&query(text)) else { panic!("pages for roles") };
        assert!(found.total > 0 && found.roles.len() <= MOST_ROWS, "{text}");
    }
    // The bench holds it to its aim; here the code is not optimised, and the machine may be busy.
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

proptest! {
    /// Whatever is typed: spans are within their texts, rows within their bounds, and each row has every word.
    #[test]
    fn anything_can_be_typed(text in "\\PC{0,40}") {
        let found = find_in(&usual(), &text, None, None);
        prop_assert!(found.roles.len() <= found.total && found.total <= found.all);
        for mark in found.roles.iter().flat_map(|row| &row.marks) {
            let length = u32::try_from(mark.text.encode_utf16().count()).unwrap();
            prop_assert!(mark.spans.iter().all(|(start, end)| start < end && *end <= length));
        }
        let _ = pages(&text);
    }
}

#[test]
fn a_link_of_another_account_is_no_page_for_a_role() {
    let index = Index::new(&snapshot(vec![role("ec2", "111122223333")]));
    let link = |account: &str| {
        format!("https://{account}-abcdefgh.eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1")
    };
    let pages = index.find_pages("ec2", &link("111122223333"));
    assert_eq!((pages.pages.len(), pages.failure), (1, None));
    let pages = index.find_pages("ec2", &link("444455556666"));
    assert!(pages.pages.is_empty());
    let failure = pages.failure.unwrap();
    assert!(failure.message.contains("4444 5555 6666") && failure.message.contains("acme-dev"), "{failure}");
}

#[test]
fn a_role_that_is_pasted_and_is_not_here_is_said_to_be_missing() {
    let index = Index::new(&snapshot(vec![role("ec2", "111122223333")]));
    for (text, missing) in [
        ("arn:aws:iam::111122223333:role/NotHere", true),
        ("arn:aws:iam::111122223333:role/ec2", false),
        ("\"arn:aws:iam::111122223333:role/ec2\",", false),
    ] {
        let found = index.find_roles(text, None, None);
        assert_eq!(found.pasted.unwrap().missing, missing, "{text}");
        assert_eq!(found.roles.len(), 1);
    }
}
