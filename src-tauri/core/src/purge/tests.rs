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

fn is_all_gone(left: &Left) -> bool {
    left.failures.is_empty() && left.of_others.is_empty()
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
    fs::create_dir_all(home.state.join(WEB_VIEW).join("storage")).unwrap();
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

    assert!(is_all_gone(&left), "{left:?}");
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
    let keychain = keychain(None);
    let claim = agent::claim(&home).unwrap().unwrap();

    assert!(is_all_gone(&remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap()));

    assert!(keychain.items.lock().unwrap().is_empty());
    assert!(!home.state.exists());
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

    let left = left.failures;
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

    assert!(is_all_gone(&remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap()));

    assert!(dotfiles.exists() && !home.configuration.exists());
    assert!(keychain.items.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_keeps_nothing_from_being_taken_out() {
    let (_folder, home) = home();
    Ledger::of(&home).note_key(&"ada".parse().unwrap()).unwrap();
    // As on a full disk, a change fails: the lock of the state folder cannot be opened.
    let lock = home.state.join("state.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    assert!(Ledger::of(&home).note_key(&"odd".parse().unwrap()).is_err());
    let keychain = keychain(None);
    let claim = agent::claim(&home).unwrap().unwrap();

    let left = remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap();

    assert!(keychain.items.lock().unwrap().is_empty());
    assert_eq!(left.failures.len(), 1, "{left:?}");
    assert_eq!(entries(&home.state).unwrap(), [lock]);
}

#[tokio::test]
async fn a_copy_of_a_home_leaves_the_first_one_its_keys() {
    let (folder, first) = home();
    for source in ["ada", "old"] {
        Ledger::of(&first).note_key(&source.parse().unwrap()).unwrap();
    }
    let copy = Home::at(&folder.path().join("copy"));
    fs::create_dir_all(&copy.state).unwrap();
    fs::create_dir_all(&copy.configuration).unwrap();
    fs::copy(first.state.join("ledger.json"), copy.state.join("ledger.json")).unwrap();
    fs::copy(first.configuration.join("catalog.toml"), copy.configuration.join("catalog.toml")).unwrap();
    let services = Mutex::new(BTreeSet::new());
    let keychain_of = |service: &str| -> Arc<dyn Keychain> {
        services.lock().unwrap().insert(service.to_owned());
        keychain(None)
    };
    let claim = agent::claim(&copy).unwrap().unwrap();

    let left = remove(&copy, claim, keychain_of, || ()).await.unwrap();

    assert_eq!(*services.lock().unwrap(), BTreeSet::from([copy.keychain_service()]));
    let said: Vec<&str> = left.of_others.iter().map(|failure| failure.message.as_str()).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[1].contains("`old`") && said[1].contains(&first.keychain_service()), "{said:?}");
    assert!(left.failures.is_empty() && !copy.state.exists());

    // The first one is moved: its keys go with it, by the name of its old place.
    let moved = Home::at(&folder.path().join("moved"));
    fs::rename(first.chosen.as_ref().unwrap(), moved.chosen.as_ref().unwrap()).unwrap();
    let claim = agent::claim(&moved).unwrap().unwrap();
    assert!(is_all_gone(&remove(&moved, claim, keychain_of, || ()).await.unwrap()));
    assert!(services.lock().unwrap().contains(&first.keychain_service()));
}

#[tokio::test]
async fn a_ledger_can_name_nothing_but_an_entry_at_login() {
    let (folder, home) = home();
    let (file, theirs) = (folder.path().join("org.guise.Guise.desktop"), folder.path().join("theirs"));
    fs::write(&file, "X-Guise-Setting=start_at_login").unwrap();
    fs::create_dir_all(theirs.join("deep")).unwrap();
    for path in [&file, &theirs] {
        Ledger::of(&home).note_file(path).unwrap();
    }
    let keychain = keychain(None);
    let claim = agent::claim(&home).unwrap().unwrap();

    let left = remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap();

    assert!(file.exists() && theirs.join("deep").exists() && !home.state.exists());
    assert_eq!(left.of_others.len(), 2, "{left:?}");
    assert!(left.of_others[1].message.contains("theirs` is not Guise's"), "{left:?}");
}

#[tokio::test]
async fn a_name_that_only_begins_like_one_of_ours_is_somebody_elses() {
    let (_folder, home) = home();
    let claim = agent::claim(&home).unwrap().unwrap();
    let theirs = [
        home.configuration.join(".guise-notes"),
        home.configuration.join("catalog.toml.mine"),
        home.state.join("catalog.bak.mine"),
        home.state.join("journal.txt"),
        home.state.join("recents.broken-old.json"),
        home.state.join(WEB_VIEW).join("mine"),
        home.runtime.join("agent.py"),
    ];
    let ours = [
        home.configuration.join(".guise-A1b2C3.tmp"),
        home.configuration.join("catalog.toml.lock"),
        home.state.join("journal.jsonl.1"),
        home.state.join("recents.broken.json"),
        home.state.join("ledger.broken-12.json"),
        home.state.join("unsettled-keys.json"),
        home.runtime.join("agent.sock"),
    ];
    for path in theirs.iter().chain(&ours) {
        fs::write(path, "").unwrap();
    }
    let keychain = keychain(None);

    let left = remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap();

    assert!(theirs.iter().all(|path| path.exists()), "{left:?}");
    assert!(!ours.iter().any(|path| path.exists()) && !home.state.join(WEB_VIEW).join("storage").exists());
    assert_eq!(left.failures.len(), theirs.len(), "{left:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_configuration_folder_that_is_a_link_is_emptied_of_ours_and_stays() {
    let (folder, home) = home();
    let dotfiles = folder.path().join("dotfiles");
    fs::rename(&home.configuration, &dotfiles).unwrap();
    std::os::unix::fs::symlink(&dotfiles, &home.configuration).unwrap();
    fs::write(dotfiles.join("README"), "mine").unwrap();
    let keychain = keychain(None);
    let claim = agent::claim(&home).unwrap().unwrap();

    assert!(is_all_gone(&remove(&home, claim, |_| keychain.clone(), || ()).await.unwrap()));

    assert!(home.configuration.is_symlink() && !home.state.exists());
    assert_eq!(entries(&dotfiles).unwrap(), [dotfiles.join("README")]);
}
