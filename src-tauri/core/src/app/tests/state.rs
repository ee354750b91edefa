//! What the application keeps of what it did: ledger, ceilings and journal, and what happens where nothing can be kept.

use serde_json::{Map, Value};

use std::sync::atomic::AtomicI64;

use super::*;
use crate::catalog::{Change, RoleChange};
use crate::state::{Ceilings, Journal, Ledger};

impl Stage {
    fn noted(&self) -> Vec<String> {
        let items = Ledger::of(&self.home).items().unwrap();
        assert!(items.iter().all(|(item, _)| item.service == self.home.keychain_service()));
        items.into_iter().map(|(item, _)| item.source).collect()
    }

    /// Has the role ask for sessions of this length.
    fn wish(&self, duration: &str) {
        let change = RoleChange { duration: Change::Set(duration.parse().unwrap()), ..RoleChange::default() };
        self.catalog().edit_role(&name("ec2"), &change).unwrap();
    }

    /// The session that is handed out, in seconds of its length, and what AWS was asked for to get it.
    async fn lasts(&self) -> (i64, Vec<i64>) {
        let session = self.credentials().await.unwrap();
        let asked = std::mem::take(&mut *self.world.durations.lock().unwrap());
        (session.expires().duration_since(session.since).as_secs(), asked)
    }

    fn journal(&self) -> Vec<String> {
        let entries = Journal::last(&self.home.state, 100).unwrap();
        let text =
            |entry: &Map<String, Value>, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let line = |entry: &Map<String, Value>| {
            let by = entry["by"]["kind"].as_str().map(str::to_owned);
            let told =
                ["deed", "role", "source", "account", "session_name", "failure"].map(|key| text(entry, key));
            told.into_iter().chain([by]).flatten().collect::<Vec<_>>().join(" ")
        };
        entries.iter().map(line).collect()
    }
}

#[tokio::test]
async fn the_ledger_knows_a_key_from_before_it_is_written_until_after_it_is_removed() {
    let stage = Stage::with(World::default()).await;
    assert_eq!(stage.noted(), ["work"]);
    // The catalog can be read but not written: the key is taken out again, and nothing is left of it.
    let lock = stage.home.configuration.join("catalog.toml.lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    let failure = stage.app.ask(Intent::AddSource(source("other")), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::WriteFailed);
    assert_eq!((stage.noted(), stage.world.items.lock().unwrap().len()), (vec!["work".to_owned()], 1));
    std::fs::remove_dir(&lock).unwrap();

    stage.app.ask(Intent::AddSource(source("third")), Origin::Window).await.unwrap();
    assert_eq!(stage.noted(), ["work", "third"]);
    stage.app.ask(Intent::RemoveSource { source: name("third") }, Origin::Window).await.unwrap();
    assert_eq!(stage.noted(), ["work"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_in_the_ledger_before_it_is_in_the_keychain() {
    let stage = Stage::with(World::default()).await;
    // While this thread has it, the keychain takes nothing.
    let (world, (go_on, may_go_on)) = (stage.world.clone(), std::sync::mpsc::channel::<()>());
    let (held, is_held) = oneshot::channel();
    let holder = std::thread::spawn(move || {
        let _items = world.items.lock().unwrap();
        held.send(()).unwrap();
        may_go_on.recv().unwrap();
    });
    is_held.await.unwrap();
    let app = stage.app.clone();
    let adding =
        tokio::spawn(async move { app.ask(Intent::AddSource(source("other")), Origin::Window).await });
    let begun = std::time::Instant::now();
    while stage.noted() != ["work", "other"] {
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", stage.noted());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(!adding.is_finished());
    go_on.send(()).unwrap();
    holder.join().unwrap();
    adding.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_role_that_allows_less_is_asked_for_an_hour_and_the_next_time_straight_away() {
    let stage = Stage::with(World { allows: AtomicI64::new(7200), ..World::default() }).await;
    stage.wish("12h");
    assert_eq!(stage.lasts().await, (3600, vec![43_200, 3600]));
    assert_eq!(stage.lasts().await, (3600, vec![]), "the session is found again");
    let note = stage.snapshot().roles[0].shortened.clone().unwrap();
    assert_eq!(note.message, "`ec2` lasts 1 h: its maximum in IAM is below 12 h");

    // The console may stay signed in for longer than the credentials last.
    let print = OpenConsole { role: name("ec2"), destination: None, region: None, access: Access::Usual };
    stage.app.ask(Intent::SigninUrl(print), Origin::Window).await.unwrap();
    assert!(stage.world.exchanged.lock().unwrap()[0].contains("SessionDuration=43200"));

    // Its end, the end of what was learned, and somebody who raised the maximum.
    stage.world.now.fetch_add(3600, Ordering::SeqCst);
    assert_eq!(stage.lasts().await, (3600, vec![3600]));
    stage.world.now.fetch_add(24 * 3600, Ordering::SeqCst);
    assert_eq!(stage.lasts().await, (3600, vec![43_200, 3600]));
    stage.world.now.fetch_add(24 * 3600, Ordering::SeqCst);
    stage.world.allows.store(43_200, Ordering::SeqCst);
    assert_eq!(stage.lasts().await, (43_200, vec![43_200]));
    assert_eq!(stage.snapshot().roles[0].shortened, None);
}

#[tokio::test]
async fn an_edited_role_is_asked_for_what_it_says_now() {
    let stage = Stage::with(World { allows: AtomicI64::new(7200), ..World::default() }).await;
    stage.wish("12h");
    assert_eq!(stage.lasts().await, (3600, vec![43_200, 3600]));
    // Nothing is known of two hours but that they are less than what was refused.
    stage.wish("2h");
    assert_eq!(stage.lasts().await, (7200, vec![7200]));
    stage.wish("12h");
    assert_eq!(stage.lasts().await, (7200, vec![]), "two hours are known to be allowed");
    // At an hour nothing bounds it, and so it is forgotten.
    stage.wish("1h");
    assert_eq!(stage.lasts().await.0, 3600);
    stage.world.allows.store(43_200, Ordering::SeqCst);
    stage.wish("12h");
    assert_eq!(stage.lasts().await, (43_200, vec![43_200]));
}

#[tokio::test]
async fn what_the_command_line_forgets_is_asked_again() {
    let stage = Stage::with(World { allows: AtomicI64::new(3600), ..World::default() }).await;
    stage.wish("12h");
    assert_eq!(stage.lasts().await, (3600, vec![43_200, 3600]));
    let kept = stage.home.state.join("ceilings.json");
    for _ in 0..500 {
        if kept.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ceilings::load(&stage.home.state).forget(&role().arn).unwrap().save().unwrap();
    stage.world.allows.store(43_200, Ordering::SeqCst);
    assert_eq!(stage.lasts().await, (43_200, vec![43_200]));
}

#[tokio::test]
async fn a_shorter_session_is_told_to_whoever_clicks_and_its_expiry_is_by_its_own_length() {
    let stage = Stage::with(World { allows: AtomicI64::new(3600), ..World::default() }).await;
    stage.wish("12h");
    stage.app.click(Intent::CopyCredentials { role: name("ec2"), format: None, access: Access::Usual });
    let mut snapshots = stage.app.snapshots();
    let made = snapshots.wait_for(|now| !now.sessions.is_empty());
    let session =
        tokio::time::timeout(Duration::from_secs(5), made).await.unwrap().unwrap().sessions[0].clone();
    assert_eq!(session.expires.duration_since(session.since), SignedDuration::from_hours(1));
    let notices = stage.world.notices.lock().unwrap().clone();
    assert_eq!(notices[0].title, "ec2 lasts 1 h, not 12 h");
    assert!(notices[0].body.contains("guise role edit ec2 --duration 12h"), "{notices:?}");
}

#[tokio::test]
async fn the_journal_tells_what_was_done_as_whom() {
    let stage = Stage::with(World::default()).await;
    let session = stage.credentials().await.unwrap();
    let copy = Intent::CopyCredentials { role: name("ec2"), format: None, access: Access::Usual };
    stage.app.ask(copy, Origin::Tray).await.unwrap();
    let program = crate::app::Program {
        pid: Some(4711),
        name: Some("guise".into()),
        parent: None,
        ..crate::app::Program::default()
    };
    let print = OpenConsole { role: name("ec2"), destination: None, region: None, access: Access::Usual };
    stage.app.ask(Intent::SigninUrl(print), Origin::Program(program)).await.unwrap();
    stage.app.ask(Intent::CopySigninUrl { session: session.id.clone() }, Origin::Tray).await.unwrap();
    stage.app.ask(Intent::TestSource { source: name("work") }, Origin::Window).await.unwrap();
    let app = stage.app.clone();
    let opening = tokio::spawn(async move { app.ask(open(), Origin::Tray).await });
    fetched(&stage.browser_started().await).await;
    opening.await.unwrap().unwrap();
    stage.app.ask(Intent::EndSession { session: session.id.clone() }, Origin::Tray).await.unwrap();
    let denied =
        Refusal::Service { status: 403, code: "AccessDenied".into(), message: "no".into(), skew: None };
    *stage.world.refuse.lock().unwrap() = Some(denied);
    stage.credentials().await.unwrap_err();
    *stage.world.refuse.lock().unwrap() = None;
    stage.app.ask(Intent::RemoveSource { source: name("work") }, Origin::Window).await.unwrap();
    // What nobody has a name for may be anything, even a secret in the wrong place.
    let wrong = name("wJalrXUtnFEMI-K7MDENG");
    stage
        .app
        .ask(Intent::Credentials { role: wrong.clone(), access: Access::Usual }, Origin::Window)
        .await
        .unwrap_err();
    stage.app.ask(Intent::TestSource { source: wrong }, Origin::Window).await.unwrap_err();
    assert_eq!(
        stage.journal(),
        [
            "source-added work 111122223333 window",
            "session-made ec2 111122223333 ada window",
            "credentials-given ec2 111122223333 ada window",
            "credentials-copied ec2 111122223333 ada tray",
            "signin-url-given ec2 111122223333 ada program",
            "signin-url-copied ec2 111122223333 ada tray",
            "source-tested work 111122223333 window",
            "console-opened ec2 111122223333 ada tray",
            "session-ended ec2 111122223333 ada tray",
            "credentials-given ec2 111122223333 ada access-denied window",
            "source-removed work 111122223333 window",
            "credentials-given not-found window",
            "source-tested not-found window",
        ]
    );
    let text = std::fs::read_to_string(stage.home.state.join("journal.jsonl")).unwrap();
    for secret in [SECRET, SESSION_SECRET, "canary-signin-token", "wJalr", "ASIA", "AKIA"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn where_nothing_can_be_kept_every_click_succeeds_and_the_person_is_told_once() {
    let stage = Stage::with(World { allows: AtomicI64::new(3600), ..World::default() }).await;
    for file in ["journal.jsonl", "recents.json", "ceilings.json", "ledger.json"] {
        let path = stage.home.state.join(file);
        let _ = std::fs::remove_file(&path);
        std::fs::create_dir(&path).unwrap();
    }
    stage.wish("12h");
    assert_eq!(stage.lasts().await, (3600, vec![43_200, 3600]));
    stage.world.now.fetch_add(3600, Ordering::SeqCst);
    assert_eq!(stage.lasts().await, (3600, vec![3600]), "it is known all the same");
    let app = stage.app.clone();
    let opening = tokio::spawn(async move { app.ask(open(), Origin::Window).await });
    fetched(&stage.browser_started().await).await;
    assert!(matches!(opening.await.unwrap(), Ok(Outcome::ConsoleOpened)));
    assert_eq!(stage.snapshot().recents, ["ec2"]);
    stage.app.ask(Intent::AddSource(source("other")), Origin::Window).await.unwrap();
    stage.app.ask(Intent::RemoveSource { source: name("other") }, Origin::Window).await.unwrap();

    let mut snapshots = stage.app.snapshots();
    let told = snapshots.wait_for(|now| !now.trouble.is_empty());
    let snapshot = tokio::time::timeout(Duration::from_secs(5), told).await.unwrap().unwrap().clone();
    assert_eq!(snapshot.trouble.len(), 1, "{:?}", snapshot.trouble);
    assert_eq!(snapshot.status, Status::Live, "nothing that matters is in trouble");
    for file in ["journal.jsonl", "recents.json", "ceilings.json", "ledger.json"] {
        std::fs::remove_dir(stage.home.state.join(file)).unwrap();
    }
    stage.credentials().await.unwrap();
    let app = stage.app.clone();
    let opening = tokio::spawn(async move { app.ask(open(), Origin::Window).await });
    fetched(&stage.browser_started().await).await;
    opening.await.unwrap().unwrap();
    assert_eq!(stage.journal().last().unwrap(), "console-opened ec2 111122223333 ada window");
}
