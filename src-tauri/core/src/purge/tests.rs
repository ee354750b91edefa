//! Nothing of ours stays, nothing of others goes, and what failed can be tried again.

use std::collections::HashMap;
use std::sync::Mutex;

use super::*;
use crate::agent;
use crate::failure::Code;
use crate::ports::KeychainError;

const CATALOG: &str = r#"
[sources.ada]
access_key_id = "AKIASIMULATEDADA2222"
arn = "arn:aws:iam::111122223333:user/ada"
account = "111122223333"

[sources.odd]
kind = "from-the-future"
"#;

/// A keychain that refuses one item.
#[derive(Default)]
struct Items {
    items: Mutex<HashMap<String, Vec<u8>>>,
    refuses: Option<&'static str>,
}

impl Keychain for Items {
    fn read(&self, item: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(self.items.lock().unwrap().get(item).cloned())
    }
    fn write(&self, item: &str, bytes: &[u8]) -> Result<(), KeychainError> {
        self.items.lock().unwrap().insert(item.into(), bytes.into());
        Ok(())
    }
    fn remove(&self, item: &str) -> Result<bool, KeychainError> {
        if self.refuses == Some(item) {
            return Err(KeychainError::Denied);
        }
        Ok(self.items.lock().unwrap().remove(item).is_some())
    }
    fn is_locked(&self) -> Result<bool, KeychainError> {
        Ok(false)
    }
}

fn home() -> (tempfile::TempDir, Home) {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::at(&folder.path().join("g"));
    for path in [&home.configuration, &home.state] {
        fs::create_dir_all(path).unwrap();
    }
    fs::write(home.configuration.join("catalog.toml"), CATALOG).unwrap();
    fs::write(home.state.join("guise.log.1"), "").unwrap();
    fs::write(home.state.join("recents.json"), "{}").unwrap();
    fs::create_dir_all(home.state.join(WEB_VIEW).join("salt")).unwrap();
    (folder, home)
}

fn keychain(refuses: Option<&'static str>) -> Arc<Items> {
    let items = Items { refuses, ..Items::default() };
    items.write("source/ada", b"guise1 2\n{").unwrap();
    items.write("source/ada#1", b"}").unwrap();
    items.write("source/odd", b"guise1 1\n{}").unwrap();
    Arc::new(items)
}

#[tokio::test]
async fn everything_of_a_home_goes_and_the_home_with_it() {
    let (folder, home) = home();
    let keychain = keychain(None);
    let claim = agent::claim(&home).unwrap().unwrap();
    let kept = look(&home).unwrap();
    let sources: Vec<&str> = kept.keys.iter().map(|key| key.source.as_str()).collect();
    assert_eq!(sources, ["ada", "odd"]);
    assert_eq!(kept.files.len(), 5, "{kept:?}");

    let left = remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap();

    assert!(left.is_empty(), "{left:?}");
    assert!(keychain.items.lock().unwrap().is_empty());
    assert_eq!(entries(folder.path()).unwrap(), Vec::<PathBuf>::new());
    assert!(look(&home).unwrap().is_empty());
}

#[tokio::test]
async fn where_the_catalog_is_broken_the_ledger_knows_the_keys() {
    let (_folder, home) = home();
    fs::write(home.configuration.join("catalog.toml"), "[sources").unwrap();
    assert_eq!(look(&home).unwrap_err().code, Code::CatalogUnreadable);
    let ledger = Ledger::of(&home);
    for source in ["ada", "odd"] {
        ledger.note_key(&source.parse().unwrap()).unwrap();
    }
    let elsewhere = home.chosen.clone().unwrap().with_file_name("entry.desktop");
    fs::write(&elsewhere, "").unwrap();
    ledger.note_file(&elsewhere).unwrap();
    let keychain = keychain(None);
    let claim = agent::claim(&home).unwrap().unwrap();

    assert!(remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap().is_empty());

    assert!(keychain.items.lock().unwrap().is_empty());
    assert!(!elsewhere.exists() && !home.state.exists());
}

#[tokio::test]
async fn a_key_that_stays_keeps_everything_else() {
    let (_folder, home) = home();
    let keychain = keychain(Some("source/odd"));
    let claim = agent::claim(&home).unwrap().unwrap();

    let failure = remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap_err();

    assert_eq!(failure.code, Code::KeychainDenied);
    assert!(failure.message.contains("`odd`"), "{failure}");
    assert_eq!(look(&home).unwrap().keys.len(), 2);
    assert_eq!(keychain.items.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_somebody_else_put_there_stays_and_is_said() {
    let (_folder, home) = home();
    let keychain = keychain(None);
    fs::write(home.configuration.join("notes.txt"), "mine").unwrap();
    fs::create_dir(home.state.join("catalog.old")).unwrap();
    let claim = agent::claim(&home).unwrap().unwrap();

    let left = remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap();

    let said: Vec<String> = left.iter().map(|failure| failure.message.clone()).collect();
    assert_eq!(left.len(), 2, "{said:?}");
    assert!(said[0].contains("notes.txt") && said[1].contains("catalog.old"), "{said:?}");
    assert!(home.configuration.join("notes.txt").exists() && !home.runtime.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_catalog_that_is_a_link_loses_the_link_alone() {
    let (folder, home) = home();
    let dotfiles = folder.path().join("dotfiles.toml");
    fs::rename(home.configuration.join("catalog.toml"), &dotfiles).unwrap();
    std::os::unix::fs::symlink(&dotfiles, home.configuration.join("catalog.toml")).unwrap();
    let keychain = keychain(None);
    let claim = agent::claim(&home).unwrap().unwrap();

    assert!(remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap().is_empty());

    assert!(dotfiles.exists() && !home.configuration.exists());
    assert!(keychain.items.lock().unwrap().is_empty());
}
