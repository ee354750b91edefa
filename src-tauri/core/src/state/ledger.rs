//! What Guise has put outside its own folders, so that it can be taken out again: keychain items and files.
//!
//! An entry is written before the thing itself and taken out after it, so that whatever happens in between leaves an
//! entry too many, never a thing that nobody knows of. The sources of the catalog have keys as well, should the ledger
//! be lost: whoever takes everything out looks at both.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::kept::Kept;
use crate::catalog::Name;
use crate::failure::Failure;
use crate::home::Home;

const ITEMS: &str = "keychain";
const FILES: &str = "files";

/// The ledger of a Guise, as it stands on the disk.
#[derive(Clone, Debug)]
pub struct Ledger {
    kept: Kept,
    service: String,
}

/// An item in the keychain. A long key is split into several keychain items, all known by the name of the first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// What the items of that Guise home begin with; another than this home's, if the home was moved.
    pub service: String,
    /// The name of the source.
    pub source: String,
}

impl Ledger {
    /// The ledger of a home.
    pub fn of(home: &Home) -> Ledger {
        Ledger { kept: Kept::in_folder(&home.state, "ledger"), service: home.keychain_service() }
    }

    /// The keychain items that may be there.
    pub fn items(&self) -> Result<Vec<Item>, Failure> {
        let whole = self.kept.read()?;
        Ok(list(&whole, ITEMS).filter_map(item).collect())
    }

    /// The files that may be there, such as the entry that starts Guise at login.
    pub fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        let whole = self.kept.read()?;
        Ok(list(&whole, FILES)
            .filter_map(|entry| Some(PathBuf::from(entry.get("path")?.as_str()?)))
            .collect())
    }

    /// Notes that the key of a source is about to be written.
    pub fn note_key(&self, source: &Name) -> Result<(), Failure> {
        let entry = json!({ "service": self.service, "source": source.as_str() });
        self.note(ITEMS, entry, |found| self.is_of(found, source))
    }

    /// Notes that the key of a source is gone.
    pub fn forget_key(&self, source: &Name) -> Result<(), Failure> {
        self.forget(ITEMS, |found| self.is_of(found, source))
    }

    /// Notes that an item of another home's is gone.
    pub fn forget_item(&self, gone: &Item) -> Result<(), Failure> {
        self.forget(ITEMS, |found| item(found).is_some_and(|found| found == *gone))
    }

    /// Notes that a file is about to be written. A path that is not Unicode cannot be kept in JSON.
    pub fn note_file(&self, path: &Path) -> Result<(), Failure> {
        let text = path.to_str().ok_or_else(|| Failure::state_path(path))?;
        self.note(FILES, json!({ "path": text }), |found| is_path(found, text))
    }

    /// Notes that a file is gone.
    pub fn forget_file(&self, path: &Path) -> Result<(), Failure> {
        let text = path.to_str().ok_or_else(|| Failure::state_path(path))?;
        self.forget(FILES, |found| is_path(found, text))
    }

    fn note(&self, what: &str, entry: Value, same: impl Fn(&Value) -> bool) -> Result<(), Failure> {
        self.kept.change(|whole| {
            let entries = whole.entry(what).or_insert_with(|| json!([]));
            // A newer version that keeps them in another way is not written over.
            let Value::Array(entries) = entries else { return };
            if !entries.iter().any(same) {
                entries.push(entry);
            }
        })
    }

    fn forget(&self, what: &str, same: impl Fn(&Value) -> bool) -> Result<(), Failure> {
        self.kept.change(|whole| {
            if let Some(Value::Array(entries)) = whole.get_mut(what) {
                entries.retain(|entry| !same(entry));
            }
        })
    }

    fn is_of(&self, found: &Value, source: &Name) -> bool {
        item(found).is_some_and(|item| item.service == self.service && item.source == source.as_str())
    }
}

fn list<'a>(whole: &'a Map<String, Value>, what: &str) -> impl Iterator<Item = &'a Value> {
    whole.get(what).and_then(Value::as_array).into_iter().flatten()
}

fn item(entry: &Value) -> Option<Item> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Item { service: text("service")?, source: text("source")? })
}

fn is_path(entry: &Value, path: &str) -> bool {
    entry.get("path").and_then(Value::as_str) == Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_put_outside_is_known_until_it_is_taken_out() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::of(&Home::at(folder.path()));
        ledger.note_key(&name("work")).unwrap();
        ledger.note_key(&name("work")).unwrap();
        ledger.note_key(&name("other")).unwrap();
        ledger.note_file(Path::new("/home/ada/.config/autostart/guise.desktop")).unwrap();

        let again = Ledger::of(&Home::at(folder.path()));
        let sources: Vec<String> = again.items().unwrap().into_iter().map(|item| item.source).collect();
        assert_eq!(sources, ["work", "other"]);
        assert_eq!(again.files().unwrap(), [Path::new("/home/ada/.config/autostart/guise.desktop")]);

        again.forget_key(&name("work")).unwrap();
        again.forget_file(Path::new("/home/ada/.config/autostart/guise.desktop")).unwrap();
        assert_eq!(ledger.items().unwrap().len(), 1);
        assert!(ledger.files().unwrap().is_empty());
    }

    #[test]
    fn a_home_that_was_moved_still_knows_the_items_of_its_old_place() {
        let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let before = Ledger::of(&Home::at(old.path()));
        before.note_key(&name("work")).unwrap();
        std::fs::rename(old.path().join("state"), new.path().join("state")).unwrap();
        let after = Ledger::of(&Home::at(new.path()));
        after.note_key(&name("work")).unwrap();
        let items = after.items().unwrap();
        assert_ne!(items[0].service, items[1].service);
        after.forget_item(&items[0]).unwrap();
        assert_eq!(after.items().unwrap(), items[1..]);
    }
}
