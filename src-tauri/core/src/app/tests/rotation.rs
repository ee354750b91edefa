//! Another key in the place of a source's: whatever fails, one that works is in the keychain.

use super::*;
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
