//! What Guise has put outside its own folders, so that it can be taken out again: keychain items and files.
//!
//! Each entry tells in which folder its ledger stood. That tells a home that was moved, whose things are its own, from
//! one that was copied, whose things are still the other's.
//!
//! An entry is written before the thing itself and taken out after it, so that whatever happens in between leaves an
//! entry too many, never a thing that nobody knows of. The sources of the catalog have keys as well, should the ledger
//! be lost: whoever takes everything out looks at both.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::kept::Kept;
use crate::catalog::Name;
use crate::failure::Failure;
use crate::home::Home;

const ITEMS: &str = "keychain";
const FILES: &str = "files";
/// The state folder that an entry was made in.
const FOLDER: &str = "folder";

/// The ledger of a Guise, as it stands on the disk.
#[derive(Clone, Debug)]
pub struct Ledger {
    kept: Kept,
    folder: PathBuf,
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

/// Whose something in a ledger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    /// This home's, which may have been moved since.
    ThisHome,
    /// Another home's, which this one is a copy of; or nothing tells.
    AnotherHome,
}

impl Ledger {
    /// The ledger of a home.
    pub fn of(home: &Home) -> Ledger {
        let folder = home.state.clone();
        Ledger { kept: Kept::in_folder(&folder, "ledger"), folder, service: home.keychain_service() }
    }

    /// The keychain items that may be there.
    pub fn items(&self) -> Result<Vec<(Item, Whose)>, Failure> {
        let whole = self.kept.read()?;
        let found = list(&whole, ITEMS).filter_map(|entry| {
            let item = item(entry)?;
            let whose = if item.service == self.service { Whose::ThisHome } else { self.whose(entry) };
            Some((item, whose))
        });
        Ok(found.collect())
    }

    /// The files that may be there, such as the entry that starts Guise at login.
    pub fn files(&self) -> Result<Vec<(PathBuf, Whose)>, Failure> {
        let whole = self.kept.read()?;
        let found = list(&whole, FILES)
            .filter_map(|entry| Some((PathBuf::from(entry.get("path")?.as_str()?), self.whose(entry))));
        Ok(found.collect())
    }

    /// Whose an entry is, by the folder that it was made in.
    fn whose(&self, entry: &Value) -> Whose {
        let Some(made_in) = entry.get(FOLDER).and_then(Value::as_str) else { return Whose::AnotherHome };
        let is_gone =
            matches!(fs::symlink_metadata(made_in), Err(error) if error.kind() == ErrorKind::NotFound);
        let is_same = || match (fs::canonicalize(made_in), fs::canonicalize(&self.folder)) {
            (Ok(there), Ok(here)) => there == here,
            (Ok(_) | Err(_), Err(_)) | (Err(_), Ok(_)) => false,
        };
        if is_gone || is_same() { Whose::ThisHome } else { Whose::AnotherHome }
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

    fn note(&self, what: &str, mut entry: Value, same: impl Fn(&Value) -> bool) -> Result<(), Failure> {
        // A folder that is not Unicode cannot be kept; the entry is taken for another's once the home was moved.
        let folder = self.folder.to_str().map(Value::from);
        entry[FOLDER] = folder.clone().unwrap_or_default();
        self.kept.change(|whole| {
            let entries = whole.entry(what).or_insert_with(|| json!([]));
            // A newer version that keeps them in another way is not written over.
            let Value::Array(entries) = entries else { return };
            match entries.iter_mut().find(|found| same(found)) {
                Some(Value::Object(found)) => {
                    found.extend(folder.map(|folder| (FOLDER.to_owned(), folder)));
                }
                Some(_) | None => entries.push(entry),
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
        let sources: Vec<String> = again.items().unwrap().into_iter().map(|(item, _)| item.source).collect();
        assert_eq!(sources, ["work", "other"]);
        let file = PathBuf::from("/home/ada/.config/autostart/guise.desktop");
        assert_eq!(again.files().unwrap(), [(file, Whose::ThisHome)]);

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
        assert_ne!(items[0].0.service, items[1].0.service);
        assert_eq!((items[0].1, items[1].1), (Whose::ThisHome, Whose::ThisHome));
        after.forget_item(&items[0].0).unwrap();
        assert_eq!(after.items().unwrap(), items[1..]);
    }

    #[test]
    fn a_copy_of_a_home_takes_nothing_of_the_first_ones_for_its_own() {
        let (first, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ledger = Ledger::of(&Home::at(first.path()));
        ledger.note_key(&name("work")).unwrap();
        ledger.note_file(Path::new("/home/ada/.config/autostart/guise.desktop")).unwrap();
        fs::create_dir(copy.path().join("state")).unwrap();
        let path = copy.path().join("state/ledger.json");
        fs::copy(first.path().join("state/ledger.json"), &path).unwrap();
        let copied = Ledger::of(&Home::at(copy.path()));
        let whose = || (copied.items().unwrap()[0].1, copied.files().unwrap()[0].1);
        assert_eq!(whose(), (Whose::AnotherHome, Whose::AnotherHome));

        // Where the first one is gone, it was moved; and an entry of old says nothing.
        drop(first);
        assert_eq!(whose(), (Whose::ThisHome, Whose::ThisHome));
        let old = fs::read_to_string(&path).unwrap().replace(FOLDER, "other");
        fs::write(&path, old).unwrap();
        assert_eq!(whose(), (Whose::AnotherHome, Whose::AnotherHome));
    }
}
