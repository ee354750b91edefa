//! Menus compared with menus.

use std::sync::Arc;

use super::*;
use crate::failure::Failure;
use crate::view::{AccountView, ConsoleView, Status};

fn account(name: &str, production: bool) -> AccountView {
    AccountView {
        name: name.into(),
        id: if production { "444455556666" } else { "111122223333" }.into(),
        production,
        ..AccountView::default()
    }
}

fn role(name: &str, account: AccountView, favourite: bool) -> Arc<RoleView> {
    Arc::new(RoleView {
        name: name.into(),
        arn: format!("arn:aws:iam::{}:role/{name}", account.id),
        production: account.production,
        read_only: account.production,
        asks: account.production,
        account,
        via: None,
        through_production: Vec::new(),
        source: "work".into(),
        region: "eu-west-1".into(),
        destination: String::new(),
        tags: vec![],
        favourite,
        activity: Activity::Idle,
        shortened: None,
    })
}

fn snapshot() -> Snapshot {
    Snapshot {
        version: "0.1.0".into(),
        home: None,
        status: Status::Idle,
        sources: vec![],
        roles: vec![
            role("AWSEC2FULLACCESS", account("acme-dev", false), true),
            role("Admin", account("acme-prod", true), false),
            role("ReadOnly", account("acme-prod", true), false),
        ],
        favourites: vec!["AWSEC2FULLACCESS".into()],
        recents: vec!["ReadOnly".into(), "AWSEC2FULLACCESS".into(), "gone".into()],
        most_used: vec![],
        recent_pages: vec![],
        sessions: vec![],
        prompts: vec![],
        waiting_for_keychain: false,
        unusable: vec![],
        shortcut: ShortcutView::Works { keys: "Ctrl+Alt+Space".into() },
        trouble: vec![],
        settings: vec![],
    }
}

fn session() -> SessionView {
    SessionView {
        id: "s1".into(),
        role: "AWSEC2FULLACCESS".into(),
        account: account("acme-dev", false),
        session_name: "ada".into(),
        production: false,
        access: Access::Full,
        since: "2026-11-23T15:42:00Z".parse().unwrap(),
        expires: "2026-11-23T16:42:10Z".parse().unwrap(),
        console: Some(ConsoleView {
            page: "ec2".into(),
            region: "eu-west-1".into(),
            opened: "2026-11-23T15:42:10Z".parse().unwrap(),
            until: "2026-11-23T16:42:10Z".parse().unwrap(),
        }),
    }
}

fn unusable(each: usize) -> crate::catalog::Unusable {
    crate::catalog::Unusable {
        kind: crate::catalog::EntryKind::Role,
        name: format!("r{each}"),
        failure: Failure::entry_unusable(
            "role",
            &format!("r{each}"),
            "kind `sso` is not known to this version",
        ),
    }
}

fn made(snapshot: &Snapshot) -> Menu {
    menu(snapshot, "2026-11-23T16:00:00Z".parse().unwrap(), &TimeZone::UTC)
}

fn open(label: &str, role: &str) -> Entry {
    open_with(label, role, Access::Usual)
}

fn open_with(label: &str, role: &str, access: Access) -> Entry {
    item(label, Action::OpenConsole { role: role.into(), access })
}

fn copy(label: &str, role: &str, access: Access) -> Entry {
    item(label, Action::CopyCredentials { role: role.into(), access })
}

fn submenu(label: &str, entries: Vec<Entry>) -> Entry {
    Entry::Submenu { label: label.into(), menu: Menu { entries } }
}

#[test]
fn the_menu_has_favourites_recents_accounts_and_deeds() {
    let copies = vec![
        copy("ReadOnly… · acme-prod · PRODUCTION", "ReadOnly", Access::Usual),
        copy("AWSEC2FULLACCESS · acme-dev", "AWSEC2FULLACCESS", Access::Usual),
        copy("Admin… · acme-prod · PRODUCTION", "Admin", Access::Usual),
    ];
    let narrowed = vec![open_with("AWSEC2FULLACCESS · acme-dev", "AWSEC2FULLACCESS", Access::ReadOnly)];
    let full = vec![
        open_with("ReadOnly… · acme-prod · PRODUCTION", "ReadOnly", Access::Full),
        open_with("Admin… · acme-prod · PRODUCTION", "Admin", Access::Full),
    ];
    assert_eq!(
        made(&snapshot()).entries,
        vec![
            open("★ AWSEC2FULLACCESS · acme-dev", "AWSEC2FULLACCESS"),
            Entry::Separator,
            open("ReadOnly… · acme-prod · PRODUCTION", "ReadOnly"),
            Entry::Separator,
            submenu("acme-dev", vec![open("AWSEC2FULLACCESS", "AWSEC2FULLACCESS")]),
            submenu("acme-prod · PRODUCTION", vec![open("Admin…", "Admin"), open("ReadOnly…", "ReadOnly")]),
            Entry::Separator,
            submenu("Copy credentials", copies),
            submenu("Open read-only", narrowed),
            submenu("Open with full access", full),
            Entry::Separator,
            item("Search… · Ctrl+Alt+Space", Action::Show(WindowName::Switcher)),
            item("Manage…", Action::Show(WindowName::Manager)),
            item("Quit Guise", Action::Quit),
        ]
    );
}

#[test]
fn a_live_session_shows_what_is_left_and_what_can_be_done() {
    let mut snapshot = snapshot();
    snapshot.sessions = vec![session()];
    let menu = made(&snapshot);
    assert!(
        menu.entries.contains(&open("★ AWSEC2FULLACCESS · acme-dev · open until 16:42", "AWSEC2FULLACCESS"))
    );
    let deeds = vec![
        item("Go to ec2 in eu-west-1", Action::OpenPage("s1".into())),
        copy("Copy credentials", "AWSEC2FULLACCESS", Access::Full),
        item("Renew", Action::Renew { role: "AWSEC2FULLACCESS".into(), access: Access::Full }),
        item("Copy sign-in URL", Action::CopySigninUrl("s1".into())),
        item("End (copies stay valid until 16:42)", Action::EndSession("s1".into())),
    ];
    let sessions = submenu("Sessions (1)", vec![submenu("AWSEC2FULLACCESS · acme-dev · 42 min left", deeds)]);
    assert!(menu.entries.contains(&sessions), "{menu:#?}");
}

#[test]
fn a_session_says_how_dangerous_it_is_and_copies_what_it_is() {
    let mut snapshot = snapshot();
    snapshot.sessions = vec![SessionView {
        role: "live".into(),
        production: true,
        access: Access::ReadOnly,
        expires: "2026-11-23T16:12:10Z".parse().unwrap(),
        console: None,
        ..session()
    }];
    let menu = made(&snapshot);
    let deeds = vec![
        item("Open console", Action::OpenPage("s1".into())),
        copy("Copy credentials", "live", Access::ReadOnly),
        item("Renew", Action::Renew { role: "live".into(), access: Access::ReadOnly }),
        item("Copy sign-in URL", Action::CopySigninUrl("s1".into())),
        item("End (copies stay valid until 16:12)", Action::EndSession("s1".into())),
    ];
    let label = "live · acme-dev · PRODUCTION · read-only · 12 min left";
    let sessions = submenu("Sessions (1)", vec![submenu(label, deeds)]);
    assert!(menu.entries.contains(&sessions), "{menu:#?}");
}

#[test]
fn a_role_that_is_production_by_itself_says_so_where_its_account_does_not() {
    let mut snapshot = snapshot();
    let role = Arc::make_mut(&mut snapshot.roles[0]);
    (role.production, role.asks) = (true, true);
    let menu = made(&snapshot);
    assert_eq!(menu.entries[0], open("★ AWSEC2FULLACCESS… · acme-dev · PRODUCTION", "AWSEC2FULLACCESS"));
    let account = submenu("acme-dev", vec![open("AWSEC2FULLACCESS… · PRODUCTION", "AWSEC2FULLACCESS")]);
    assert!(menu.entries.contains(&account), "{menu:#?}");
}

#[test]
fn what_is_under_way_and_what_failed_stands_beside_the_role() {
    let mut snapshot = snapshot();
    for (activity, label) in [
        (Activity::SigningIn, "★ AWSEC2FULLACCESS · acme-dev · signing in…"),
        (Activity::Asking { prompt: 1 }, "★ AWSEC2FULLACCESS · acme-dev · waiting for you…"),
        (Activity::WaitingForKeychain, "★ AWSEC2FULLACCESS · acme-dev · waiting for the keychain…"),
        (
            Activity::Failed { failure: Failure::keychain_absent() },
            "★ AWSEC2FULLACCESS · acme-dev · ⚠ there is no keychain to keep the key in",
        ),
    ] {
        Arc::make_mut(&mut snapshot.roles[0]).activity = activity;
        assert_eq!(made(&snapshot).entries[0], open(label, "AWSEC2FULLACCESS"));
    }
}

#[test]
fn an_empty_catalog_leads_on() {
    let mut empty = snapshot();
    empty.roles.clear();
    empty.home = Some("/tmp/demo".into());
    assert_eq!(
        made(&empty).entries[..2],
        [Entry::Note { label: "Guise home: /tmp/demo".into() }, Entry::Note { label: "No roles yet".into() }]
    );
    let guide = item("Setup guide…", Action::Show(WindowName::Guide));
    assert!(made(&empty).entries.contains(&guide));
    assert!(!made(&snapshot()).entries.contains(&guide), "there is something to open");
}

#[test]
fn keys_that_do_not_open_it_do_not_stand_beside_search() {
    for shortcut in [
        ShortcutView::Off,
        ShortcutView::DesktopsOwn { command: "guise-desktop --window switcher".into() },
        ShortcutView::Failed { failure: Failure::shortcut_taken("F12") },
    ] {
        let menu = made(&Snapshot { shortcut, ..snapshot() });
        assert!(menu.entries.contains(&item("Search…", Action::Show(WindowName::Switcher))), "{menu:#?}");
    }
}

#[test]
fn favourites_stand_in_the_persons_order() {
    let mut snapshot = snapshot();
    snapshot.favourites = vec!["ReadOnly".into(), "gone".into(), "AWSEC2FULLACCESS".into()];
    let labels = made(&snapshot).entries.into_iter().filter_map(|entry| match entry {
        Entry::Item { label, .. } => label.strip_prefix("★ ").map(str::to_owned),
        Entry::Separator | Entry::Note { .. } | Entry::Submenu { .. } => None,
    });
    let labels: Vec<String> = labels.collect();
    assert_eq!(labels, ["ReadOnly… · acme-prod · PRODUCTION", "AWSEC2FULLACCESS · acme-dev"]);
}

#[test]
fn the_menu_is_bounded_however_many_roles_there_are() {
    for count in [0, 1, 15, 300, 10_000] {
        let mut many = snapshot();
        many.roles = (0..count)
            .map(|each| {
                let id = format!("{:012}", each % 400);
                role(
                    &format!("role-{each:05}"),
                    AccountView { name: id.clone(), id, ..AccountView::default() },
                    each % 3 == 0,
                )
            })
            .collect();
        for role in many.roles.iter_mut().step_by(2) {
            Arc::make_mut(role).read_only = true;
        }
        many.sessions = vec![session(); count.min(50)];
        many.home = Some("/tmp/demo".into());
        many.trouble = vec![Failure::keychain_absent(); count.min(50)];
        many.unusable = (0..count).map(unusable).collect();
        let favourites = many.roles.iter().filter(|role| role.favourite);
        many.favourites = favourites.map(|role| role.name.clone()).collect();
        many.recents = many.roles.iter().map(|role| role.name.clone()).collect();
        assert!(made(&many).size() <= MOST_ITEMS, "{count} roles gave {}", made(&many).size());
    }
    let mut one_account = snapshot();
    one_account.roles =
        (0..10_000).map(|each| role(&format!("r{each:05}"), account("big", false), false)).collect();
    let accounts = made(&one_account).entries.into_iter();
    let big = accounts.filter(|entry| matches!(entry, Entry::Submenu { label, .. } if label == "big"));
    assert_eq!(
        big.map(|entry| Menu { entries: vec![entry] }.size()).sum::<usize>(),
        27,
        "room enough for one"
    );
}

#[test]
fn time_left_is_said_as_a_person_says_it() {
    for (seconds, said) in
        [(59, "under 1 min"), (60, "1 min"), (2_530, "42 min"), (3_600, "1 h"), (11_100, "3 h 5 min")]
    {
        assert_eq!(time_left(SignedDuration::from_secs(seconds)), said);
    }
}

#[test]
fn what_cannot_be_used_is_said_and_cannot_be_clicked() {
    let mut snapshot = snapshot();
    snapshot.roles.clear();
    snapshot.unusable = (0..10_000).map(unusable).collect();
    let menu = made(&snapshot);
    let note = |label: &str| Entry::Note { label: label.into() };
    assert_eq!(menu.entries[0], note("⚠ role `r0` cannot be used: kind `sso` is not known to this v…"));
    assert_eq!(menu.entries[5], note("⚠ 9995 more: open Manage…"));
    assert!(!menu.entries.contains(&note("No roles yet")), "there are roles");
    assert!(menu.size() < 15, "{menu:#?}");
}

#[test]
fn more_than_one_session_can_be_ended_at_once_and_a_long_page_is_named_shortly() {
    let mut snapshot = snapshot();
    let page = "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:";
    let console = ConsoleView { page: page.into(), ..session().console.unwrap() };
    snapshot.sessions = vec![session(), SessionView { id: "s2".into(), console: Some(console), ..session() }];
    let menu = made(&snapshot);
    let sessions = menu.entries.iter().find_map(|entry| match entry {
        Entry::Submenu { label, menu } => (label == "Sessions (2)").then_some(menu),
        Entry::Separator | Entry::Item { .. } | Entry::Note { .. } => None,
    });
    let entries = &sessions.unwrap().entries;
    assert_eq!(entries[2..], [Entry::Separator, item("End all 2", Action::EndAllSessions)]);
    let Entry::Submenu { menu, .. } = &entries[1] else { panic!("{entries:?}") };
    assert_eq!(menu.entries[0], item("Go to ec2/home in eu-west-1", Action::OpenPage("s2".into())));
}
