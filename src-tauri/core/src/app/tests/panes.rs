//! What the manager's panes ask for: settings, the journal, sessions, and sources that take long.

use super::*;
use crate::catalog::Setting;
use crate::ports::{KeyState, OwnKey};
use crate::view::{Answer, Entered, EnteredKey, WindowIntent};

async fn asked(stage: &Stage, intent: WindowIntent) -> Result<Outcome, Failure> {
    stage.app.ask(intent.try_into()?, Origin::Window).await
}

fn set(setting: &str, value: &str) -> WindowIntent {
    WindowIntent::Set { setting: setting.into(), value: value.into() }
}

#[tokio::test]
async fn a_setting_is_changed_by_the_cores_own_rules_and_shown_with_its_usual_value() {
    let stage = Stage::with(World::default()).await;
    asked(&stage, set("theme", "dark")).await.unwrap();
    assert_eq!(stage.snapshot().setting(Setting::Theme), Some("dark"));
    let failure = asked(&stage, set("clipboard_seconds", "4")).await.unwrap_err();
    assert!(failure.hint.unwrap().contains("from 5 to 600"));
    assert_eq!(asked(&stage, set("colour", "red")).await.unwrap_err().code, Code::NotFound);
    asked(&stage, set("theme", "")).await.unwrap();
    let snapshot = stage.snapshot();
    let theme = snapshot.settings.iter().find(|each| each.name == "theme").unwrap();
    assert_eq!((theme.value.as_str(), theme.usual.as_str()), ("system", "system"));
    assert_eq!(snapshot.settings.len(), Setting::ALL.len());
}

#[tokio::test]
async fn the_journal_is_told_newest_first() {
    let stage = Stage::with(World::default()).await;
    stage.app.ask(Intent::TestSource { source: name("work") }, Origin::Window).await.unwrap();
    let Outcome::Told(answer) = asked(&stage, WindowIntent::ReadJournal { last: 10 }).await.unwrap() else {
        panic!()
    };
    let Answer::Journal { entries } = *answer else { panic!() };
    let deeds: Vec<&str> = entries.iter().map(|entry| entry.deed.as_str()).collect();
    assert_eq!(deeds, ["source tested", "source added"]);
    assert!(entries.iter().all(|entry| entry.by == "window" && entry.about == "work"));
}

#[tokio::test]
async fn all_sessions_end_at_once_with_one_sign_out() {
    let stage = Stage::with(World::default()).await;
    let other = Role { arn: "arn:aws:iam::111122223333:role/Other".parse().unwrap(), ..role() };
    stage.catalog().add_role(&name("other"), &other).unwrap();
    assert_eq!(asked(&stage, WindowIntent::EndAllSessions).await.unwrap_err().code, Code::NotFound);
    for role in ["ec2", "other"] {
        stage.app.ask(credentials_of(role), Origin::Window).await.unwrap();
    }
    opened(&stage).await;
    let ended = asked(&stage, WindowIntent::EndAllSessions).await.unwrap();
    assert!(matches!(ended, Outcome::SessionEnded { signed_out: true, .. }));
    assert!(stage.snapshot().sessions.is_empty());
    assert_eq!(stage.world.opened.lock().unwrap().len(), 1);
    let Outcome::Told(answer) = asked(&stage, WindowIntent::ReadJournal { last: 2 }).await.unwrap() else {
        panic!("the journal is read")
    };
    let Answer::Journal { entries } = *answer else { panic!("{answer:?}") };
    let mut lines: Vec<_> = entries.iter().map(|entry| (entry.deed.as_str(), entry.about.as_str())).collect();
    lines.sort_unstable();
    assert_eq!(lines, [("session ended", "ec2"), ("session ended", "other")]);
}

/// Opens the console of `ec2`, and sees that the browser comes for it.
async fn opened(stage: &Stage) {
    opened_by(stage, open()).await;
}

async fn opened_by(stage: &Stage, intent: Intent) {
    let app = stage.app.clone();
    let opening = tokio::spawn(async move { app.ask(intent, Origin::Window).await });
    fetched(&stage.browser_started().await).await;
    opening.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_console_outlives_the_renewal_of_its_session_and_each_browser_signs_out_when_that_ends() {
    let stage = Stage::with(World::default()).await;
    opened(&stage).await;
    let before = stage.snapshot().sessions[0].clone();
    asked(&stage, set("browser", "firefox")).await.unwrap();
    opened(&stage).await;
    asked(&stage, set("browser", "")).await.unwrap();
    let renew = WindowIntent::RenewSession { role: "ec2".into(), access: Access::Usual };
    asked(&stage, renew).await.unwrap();
    let after = stage.snapshot().sessions[0].clone();
    assert_ne!(after.id, before.id);
    assert!(after.console.is_some());
    let ended = asked(&stage, WindowIntent::EndSession { session: after.id }).await.unwrap();
    assert!(matches!(ended, Outcome::SessionEnded { signed_out: true, .. }));
    let pages = stage.world.opened.lock().unwrap().clone();
    assert_eq!(pages.len(), 2, "{pages:?}");
    assert!(pages.iter().all(|page| page.query() == Some("Action=logout")), "{pages:?}");
}

#[tokio::test]
async fn a_session_that_is_renewed_is_another_and_lasts_as_long_as_the_role_says() {
    let stage = Stage::with(World::default()).await;
    stage.credentials().await.unwrap();
    let before = stage.snapshot().sessions[0].clone();
    stage.world.now.fetch_add(1800, Ordering::SeqCst);
    stage.world.steady.fetch_add(1800, Ordering::SeqCst);
    let renew = WindowIntent::RenewSession { role: "ec2".into(), access: Access::Usual };
    asked(&stage, renew).await.unwrap();
    let after = stage.snapshot().sessions.clone();
    assert_eq!(after.len(), 1);
    assert!(after[0].expires > before.expires);
    assert_eq!(stage.world.assumed.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_source_that_is_stopped_while_aws_is_asked_leaves_nothing_behind() {
    let stage = Stage::with(World::default()).await;
    stage.world.identity_gate.forget_permits(1000);
    let (wanted, stop) = Wanted::until_stopped();
    let new = WindowIntent::AddSource {
        name: "late".into(),
        key: EnteredKey::AccessKey { id: "AKIAI44QH8DHBEXAMPLE".into(), secret: Entered(SECRET.into()) },
        mfa_serial: String::new(),
        region: String::new(),
    };
    let (app, intent) = (stage.app.clone(), Intent::try_from(new).unwrap());
    let adding = tokio::spawn(async move { app.ask_while(wanted, intent, Origin::Window).await });
    tokio::task::yield_now().await;
    stop.stop();
    assert_eq!(adding.await.unwrap().unwrap_err().code, Code::Cancelled);
    assert!(!stage.catalog().load().unwrap().has_source(&name("late")));
    assert!(stage.world.items.lock().unwrap().keys().all(|item| !item.contains("late")));
    // And the next one is not kept waiting by it.
    stage.world.identity_gate.add_permits(1);
    stage.app.ask(Intent::TestSource { source: name("work") }, Origin::Window).await.unwrap();
}

#[tokio::test]
async fn a_rotation_that_is_stopped_while_the_new_key_is_tried_takes_it_back() {
    let old = OwnKey {
        id: "AKIAIOSFODNN7EXAMPLE".parse().unwrap(),
        made: Timestamp::UNIX_EPOCH,
        state: KeyState::Active,
    };
    let stage = Stage::with(World { keys: Mutex::new(vec![old.clone()]), ..World::default() }).await;
    stage.world.identity_gate.forget_permits(1000);
    let (wanted, stop) = Wanted::until_stopped();
    let app = stage.app.clone();
    let rotate = Intent::RotateSource { source: name("work") };
    let rotating = tokio::spawn(async move { app.ask_while(wanted, rotate, Origin::Window).await });
    while stage.world.keys.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    stop.stop();
    assert_eq!(rotating.await.unwrap().unwrap_err().code, Code::Cancelled);
    assert_eq!(*stage.world.keys.lock().unwrap(), [old]);
    assert_eq!(
        stage.catalog().load().unwrap().sources["work"].access_key_id().unwrap().as_str(),
        "AKIAIOSFODNN7EXAMPLE"
    );
}

#[tokio::test]
async fn a_browser_that_signs_out_does_so_of_every_console_in_it() {
    let stage = Stage::with(World::default()).await;
    let other = Role { arn: "arn:aws:iam::444455556666:role/Other".parse().unwrap(), ..role() };
    stage.catalog().add_role(&name("other"), &other).unwrap();
    opened(&stage).await;
    let open_other = Intent::OpenConsole(OpenConsole {
        role: name("other"),
        destination: None,
        region: None,
        access: Access::Usual,
    });
    opened_by(&stage, open_other).await;
    let session = |role: &str| {
        let sessions = stage.snapshot().sessions.clone();
        sessions.into_iter().find(|session| session.role == role)
    };
    assert!(session("other").unwrap().console.is_some());
    let end = Intent::EndSession { session: session("ec2").unwrap().id };
    stage.app.ask(end, Origin::Window).await.unwrap();
    // It lives on, and is opened nowhere any more.
    let kept = session("other").unwrap();
    assert!(kept.console.is_none(), "{kept:?}");
}
