//! Another key in the place of a source's: whatever fails, one that works is in the keychain.

use super::*;
use crate::catalog::{Change, SourceChange};
use crate::ports::{KeyState, OwnKey};

const OLD: &str = "AKIAIOSFODNN7EXAMPLE";
const NEW: &str = "AKIANEWKEYNEWKEY2222";

fn world() -> World {
    let old = OwnKey { id: OLD.parse().unwrap(), made: Timestamp::UNIX_EPOCH, state: KeyState::Active };
    World { keys: Mutex::new(vec![old]), ..World::default() }
}

impl Stage {
    fn keys(&self) -> Vec<(String, KeyState)> {
        let keys = self.world.keys.lock().unwrap();
        keys.iter().map(|key| (key.id.as_str().to_owned(), key.state)).collect()
    }

    /// The id in the keychain and the one in the catalog.
    fn kept(&self) -> (bool, String) {
        let items = self.world.items.lock().unwrap();
        let item = String::from_utf8_lossy(&items["source/work"]).into_owned();
        let catalog = self.catalog().load().unwrap();
        (item.contains(NEW), catalog.sources["work"].access_key_id().unwrap().as_str().to_owned())
    }
}

#[tokio::test]
async fn a_rotation_ends_with_the_old_key_switched_off_and_deleted_only_later() {
    let stage = Stage::with(world()).await;
    let rotate = Intent::RotateSource { source: name("work") };
    let Outcome::Rotated { trouble: None, .. } = stage.app.ask(rotate, Origin::Window).await.unwrap() else {
        panic!()
    };
    assert_eq!(stage.keys(), [(OLD.into(), KeyState::Inactive), (NEW.into(), KeyState::Active)]);
    assert_eq!(stage.kept(), (true, NEW.into()));
    stage.credentials().await.unwrap();
    let delete = || Intent::DeleteOldKey { source: name("work") };
    stage.app.ask(delete(), Origin::Window).await.unwrap();
    assert_eq!(stage.keys(), [(NEW.into(), KeyState::Active)]);
    assert_eq!(stage.app.ask(delete(), Origin::Window).await.unwrap_err().code, Code::NotFound);
}

#[tokio::test]
async fn a_new_key_that_does_not_work_is_taken_back_and_the_old_one_stays() {
    let stage = Stage::with(world()).await;
    let denied = Refusal::Service {
        status: 403,
        code: "SignatureDoesNotMatch".into(),
        message: "no".into(),
        skew: None,
    };
    *stage.world.refuse.lock().unwrap() = Some(denied);
    let rotate = Intent::RotateSource { source: name("work") };
    let failure = stage.app.ask(rotate, Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::WrongSecret);
    assert_eq!(stage.keys(), [(OLD.into(), KeyState::Active)]);
    assert_eq!(stage.kept(), (false, OLD.into()));
}

#[tokio::test]
async fn a_catalog_that_cannot_be_written_leaves_the_old_key_in_its_place() {
    let stage = Stage::with(world()).await;
    std::fs::write(stage.catalog().path(), "this is [no catalog").unwrap();
    let rotate = Intent::RotateSource { source: name("work") };
    stage.app.ask(rotate, Origin::Window).await.unwrap_err();
    assert_eq!(stage.keys(), [(OLD.into(), KeyState::Active)]);
}

/// A stage whose user has a device, and whose IAM wants a code of it.
async fn with_factor() -> Stage {
    let stage = Stage::with(World { iam: IamIs::WantingFactor, ..world() }).await;
    let change = SourceChange {
        mfa_serial: Change::Set("arn:aws:iam::111122223333:mfa/ada".parse().unwrap()),
        ..SourceChange::default()
    };
    stage.catalog().edit_source(&name("work"), &change).unwrap();
    stage
}

#[tokio::test]
async fn where_iam_wants_mfa_one_code_is_asked_for_and_serves_the_whole_rotation() {
    let stage = with_factor().await;
    let sessions =
        || stage.world.calls.lock().unwrap().iter().filter(|call| *call == "session token").count();
    let rotate = stage.asked(Intent::RotateSource { source: name("work") }, Origin::Window);
    let prompt = stage.prompt(|_| true).await;
    assert_eq!((prompt.role.as_str(), prompt.keys_of.as_deref()), ("work", Some("work")));
    assert_eq!(prompt.account.id, "111122223333");
    stage.answer(&prompt, RIGHT_CODE).await;
    let Outcome::Rotated { trouble: None, .. } = rotate.await.unwrap().unwrap() else { panic!() };
    assert_eq!(stage.keys(), [(OLD.into(), KeyState::Inactive), (NEW.into(), KeyState::Active)]);
    assert_eq!(sessions(), 1);

    // The session was the old key's. A code that was sent is not sent again, and a no changes nothing.
    let delete = stage.asked(Intent::DeleteOldKey { source: name("work") }, Origin::Window);
    let prompt = stage.prompt(|_| true).await;
    stage.answer(&prompt, RIGHT_CODE).await;
    let again = stage.prompt(|other| other.id != prompt.id).await;
    assert_eq!(again.again.unwrap().code, Code::MfaCodeRefused);
    stage.app.ask(Intent::DismissPrompt { prompt: again.id }, Origin::Window).await.unwrap();
    assert!(delete.await.unwrap().unwrap_err().is_cancelled());
    assert_eq!((stage.keys().len(), sessions()), (2, 1));
}

#[tokio::test]
async fn a_look_at_the_keys_asks_nobody_and_uses_the_session_that_is_there() {
    let stage = with_factor().await;
    let look = || stage.app.ask(Intent::SourceKeys { source: name("work") }, Origin::Window);
    assert_eq!(look().await.unwrap_err().code, Code::AccessDenied);
    assert!(stage.snapshot().prompts.is_empty());
    let credentials = stage.asked(credentials_of("ec2"), Origin::Window);
    let prompt = stage.prompt(|_| true).await;
    stage.answer(&prompt, RIGHT_CODE).await;
    credentials.await.unwrap().unwrap();
    let Outcome::Keys(keys) = look().await.unwrap() else { panic!() };
    assert_eq!(keys.len(), 1);
    // And looks at it without taking it away.
    assert!(stage.world.items.lock().unwrap().contains_key("mfa/work"));
}

#[tokio::test]
async fn a_look_at_the_keys_does_not_wait_for_iam() {
    let stage = Stage::with(World { iam: IamIs::Hanging, ..world() }).await;
    let look = stage.app.ask(Intent::SourceKeys { source: name("work") }, Origin::Window);
    let ended = tokio::time::timeout(Duration::from_secs(20), look).await.expect("an end");
    assert_eq!(ended.unwrap_err().message, "IAM did not tell in time");
}

#[tokio::test]
async fn a_keychain_that_gives_the_new_key_back_otherwise_keeps_the_old_one() {
    let stage = Stage::with(world()).await;
    stage.world.writes.lock().unwrap().push_back(Writes::Garbled);
    let failure = stage.app.ask(rotated(), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainBroken);
    assert_eq!(stage.keys(), [(OLD.into(), KeyState::Active)]);
    assert_eq!(stage.kept(), (false, OLD.into()));
    stage.credentials().await.unwrap();
}

#[tokio::test]
async fn a_keychain_that_can_put_nothing_back_leaves_both_keys_alive() {
    let stage = Stage::with(world()).await;
    stage.world.writes.lock().unwrap().extend([Writes::Garbled, Writes::Never]);
    let failure = stage.app.ask(rotated(), Origin::Window).await.unwrap_err();
    assert!(failure.message.contains("both keys of `work` stay"), "{failure}");
    assert!(failure.hint.unwrap().contains(NEW));
    assert_eq!(stage.keys(), [(OLD.into(), KeyState::Active), (NEW.into(), KeyState::Active)]);
}

#[tokio::test]
async fn the_old_key_is_the_one_that_is_not_kept_whatever_the_catalog_says() {
    let stage = Stage::with(world()).await;
    stage.app.ask(rotated(), Origin::Window).await.unwrap();
    // As after an end between keychain and catalog.
    let was = crate::catalog::Source {
        kind: crate::catalog::SourceKind::AccessKey(OLD.parse().unwrap()),
        ..stage.catalog().load().unwrap().sources["work"].clone()
    };
    stage.catalog().replace_source(&name("work"), &was).unwrap();
    stage.app.ask(Intent::DeleteOldKey { source: name("work") }, Origin::Window).await.unwrap();
    assert_eq!(stage.keys(), [(NEW.into(), KeyState::Active)]);
}

#[tokio::test]
async fn a_test_tells_which_of_two_keys_is_kept() {
    let stage = Stage::with(world()).await;
    stage.app.ask(rotated(), Origin::Window).await.unwrap();
    let was = crate::catalog::Source {
        kind: crate::catalog::SourceKind::AccessKey(OLD.parse().unwrap()),
        ..stage.catalog().load().unwrap().sources["work"].clone()
    };
    stage.catalog().replace_source(&name("work"), &was).unwrap();
    assert_eq!(stage.kept(), (true, OLD.into()));
    stage.app.ask(Intent::TestSource { source: name("work") }, Origin::Window).await.unwrap();
    assert_eq!(stage.kept(), (true, NEW.into()));
}

#[tokio::test]
async fn a_keychain_that_takes_the_new_key_too_late_holds_one_that_works() {
    let stage = Stage::with(world()).await;
    stage.world.writes.lock().unwrap().push_back(Writes::Late);
    let failure = stage.app.ask(rotated(), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainHung);
    let both = [(OLD.to_owned(), KeyState::Active), (NEW.to_owned(), KeyState::Active)];
    assert_eq!(stage.keys(), both);
    // It is put back as soon as the keychain answers, as the person was told that it failed.
    let settled = async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        while stage.kept() != (false, OLD.into()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), settled).await.expect("the old key is back");
    assert_eq!(stage.keys(), both);
}

#[tokio::test]
async fn an_old_key_that_cannot_be_switched_off_is_told_and_the_new_one_is_kept() {
    let stage = Stage::with(world()).await;
    let denied =
        Refusal::Service { status: 403, code: "AccessDenied".into(), message: "no".into(), skew: None };
    stage.world.refuse_iam.lock().unwrap().insert("UpdateAccessKey", denied);
    let rotated = stage.app.ask(rotated(), Origin::Window).await.unwrap();
    let Outcome::Rotated { trouble: Some(trouble), .. } = rotated else { panic!("{rotated:?}") };
    assert!(trouble.hint.unwrap().contains("iam:UpdateAccessKey"));
    assert_eq!(stage.keys(), [(OLD.into(), KeyState::Active), (NEW.into(), KeyState::Active)]);
    assert_eq!(stage.kept(), (true, NEW.into()));
    stage.credentials().await.unwrap();
}

fn rotated() -> Intent {
    Intent::RotateSource { source: name("work") }
}
