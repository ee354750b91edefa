//! Taking everything out that Guise keeps for a home: keys, catalog, state, log, socket and the start at login.
//!
//! What a ledger names that was copied from another home stays, and so does what only resembles a file of ours.
//! The keys go first. Where the keychain refuses one, all else stays, so that it is known what to try again.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::adapters::login::{LoginEntry, is_entry};
use crate::agent::Claim;
use crate::catalog::{CatalogFile, Current, EntryKind, Name};
use crate::failure::Failure;
use crate::home::Home;
use crate::keychain::BoundedKeychain;
use crate::ports::Keychain;
use crate::state::{self, Item, Ledger, Whose};

mod names;

/// The folder that a window's web view keeps its own things in; none of them is of any worth.
pub const WEB_VIEW: &str = "web-view";

/// All that Guise keeps for a home.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The sources whose keys may be in the keychain.
    pub keys: BTreeSet<Key>,
    /// Where the entry is that starts Guise at login.
    pub login_entry: Option<String>,
    /// Files and folders of ours.
    pub files: Vec<PathBuf>,
}

/// What taking everything out left.
#[derive(Debug, Default)]
pub struct Left {
    /// What stands in the way, or lies in our folders: the home is not gone.
    pub failures: Vec<Failure>,
    /// What the ledger knows of and is another's; it is right that it stays.
    pub of_others: Vec<Failure>,
}

/// A key in the keychain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// What the items of its Guise home begin with.
    pub service: String,
    /// The source that it belongs to.
    pub source: Name,
}

impl Kept {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Kept::default()
    }
}

/// What Guise keeps for a home now.
pub fn look(home: &Home) -> Result<Kept, Failure> {
    Ok(Kept { keys: keys(home)?, login_entry: LoginEntry::of(home).place(), files: files(home)? })
}

/// Takes all of it out, and gives what is left. Whoever has the claim knows that no agent is at work.
/// `keychain` gives the keychain of a service, `waiting` is called when it waits for the person.
pub async fn remove(
    home: &Home,
    claim: Claim,
    keychain: impl Fn(&str) -> Arc<dyn Keychain>,
    waiting: impl Fn() + Send + Sync,
) -> Result<Left, Failure> {
    let ledger = Ledger::of(home);
    // Whatever cannot be read is found out while everything is still there.
    files(home)?;
    let mut left = Left { of_others: of_others(home)?, ..Left::default() };
    for Key { service, source } in keys(home)? {
        let removed = BoundedKeychain::new(keychain(&service), &home.state).remove(&source, &waiting).await;
        removed.map_err(|failure| Failure::key_not_purged(source.as_str(), &failure))?;
        // The ledger goes itself in a moment; a full disk takes no word of it, and is made room on all the same.
        if let Err(failure) = ledger.forget_item(&Item { service, source: source.to_string() }) {
            tracing::warn!(code = ?failure.code, "the ledger was not kept");
        }
    }
    left.failures.extend(LoginEntry::of(home).remove().err());
    for path in files(home)? {
        let removed = if is_folder(&path) { remove_web_view(&path) } else { fs::remove_file(&path) };
        left.failures.extend(state::removed(&path, removed).err());
    }
    // Its file is gone already; nobody else had the home until now.
    drop(claim);
    for folder in folders(home).into_iter().chain(&home.chosen) {
        // A link was made by the person, and so was the folder that it leads to.
        let may_be_anothers = folder.is_symlink() || Some(folder) == home.chosen.as_ref();
        match entries(folder)?.as_slice() {
            [] if folder.is_symlink() => {}
            [] => left.failures.extend(state::removed(folder, fs::remove_dir(folder)).err()),
            _ if may_be_anothers => {}
            others => left.failures.extend(others.iter().map(|path| Failure::not_ours(path))),
        }
    }
    Ok(left)
}

/// Takes out what the web view keeps of itself, and the folder if that was all.
fn remove_web_view(folder: &Path) -> std::io::Result<()> {
    for path in fs::read_dir(folder)?.flatten().map(|entry| entry.path()) {
        if !names::is_of_web_view(&path) {
            continue;
        }
        if is_folder(&path) { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }?;
    }
    match fs::remove_dir(folder) {
        // What is in it is somebody's, and is said with all else that is.
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
        removed => removed,
    }
}

/// What the ledger names and is not to be taken out, each as a sentence.
fn of_others(home: &Home) -> Result<Vec<Failure>, Failure> {
    let ledger = Ledger::of(home);
    let keys = ledger.items()?.into_iter().filter(|(_, whose)| *whose == Whose::AnotherHome);
    let keys = keys.map(|(item, _)| Failure::another_homes_key(&item.source, &item.service));
    let own = LoginEntry::of(home).place().map(PathBuf::from);
    let files = ledger.files()?.into_iter().filter(|(path, _)| Some(path) != own.as_ref());
    let files = files.filter(|(path, _)| path.symlink_metadata().is_ok());
    let files = files.filter_map(|(path, whose)| match (is_entry(&path), whose) {
        (true, Whose::ThisHome) => None,
        (true, Whose::AnotherHome) => Some(Failure::another_homes_entry(&path)),
        (false, _) => Some(Failure::not_ours(&path)),
    });
    Ok(keys.chain(files).collect())
}

/// The keys that the catalog, its last good copy or the ledger know of.
fn keys(home: &Home) -> Result<BTreeSet<Key>, Failure> {
    let Current { catalog, trouble, .. } = CatalogFile::in_home(home).current();
    // What is said of a source may not be right; its key is to be found all the same.
    let unusable = catalog.unusable.iter().filter(|entry| entry.kind == EntryKind::Source);
    let named = unusable.filter_map(|entry| entry.name.parse().ok());
    let service = home.keychain_service();
    let of_catalog =
        catalog.sources.keys().cloned().chain(named).map(|source| Key { service: service.clone(), source });
    let of_ledger = Ledger::of(home).items()?.into_iter().filter(|(_, whose)| *whose == Whose::ThisHome);
    let of_ledger = of_ledger
        .filter_map(|(item, _)| Some(Key { source: item.source.parse().ok()?, service: item.service }));
    let keys: BTreeSet<Key> = of_catalog.chain(of_ledger).collect();
    match trouble {
        // Nothing tells whether there are any.
        Some(failure) if keys.is_empty() => Err(failure),
        Some(_) | None => Ok(keys),
    }
}

/// The files of ours in the folders of the home, and the entry that an earlier place of it has at login.
fn files(home: &Home) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for (folder, is_ours) in folders(home).into_iter().zip(names::OURS) {
        found.extend(entries(folder)?.into_iter().filter(|path| is_ours(path)));
    }
    let own = LoginEntry::of(home).place().map(PathBuf::from);
    let noted = Ledger::of(home).files()?.into_iter().filter(|(_, whose)| *whose == Whose::ThisHome);
    found.extend(noted.map(|(path, _)| path).filter(|path| Some(path) != own.as_ref() && is_entry(path)));
    Ok(found)
}

fn folders(home: &Home) -> [&PathBuf; 3] {
    [&home.configuration, &home.state, &home.runtime]
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() && !path.is_symlink()
}

/// What is in a folder; nothing where there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = match fs::read_dir(folder) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect::<Vec<_>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(Failure::not_removed(folder, &error)),
    };
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests;
