//! What the application keeps of what it did: the ledger, and what happens where nothing can be kept.

use super::*;
use crate::state::Ledger;

impl Stage {
    fn noted(&self) -> Vec<String> {
        let items = Ledger::of(&self.home).items().unwrap();
        assert!(items.iter().all(|item| item.service == self.home.keychain_service()));
        items.into_iter().map(|item| item.source).collect()
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
