//! Taking everything out that Guise keeps for a home: keys, catalog, state, log, socket and the start at login.
//!
//! The keys go first. Where the keychain refuses one, all else stays, so that it is known what to try again.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::adapters::login::LoginEntry;
use crate::agent::Claim;
use crate::catalog::{CatalogFile, Current, EntryKind, Name};
use crate::failure::Failure;
use crate::home::Home;
use crate::keychain::BoundedKeychain;
use crate::ports::Keychain;
use crate::state::{Item, Ledger};

/// How the names of our files begin: in the configuration folder, in the state folder, in the runtime folder. What is
/// called otherwise was put there by somebody else, and stays.
const OURS: [&[&str]; 3] = [
    &["catalog.toml", ".guise-"],
    &[
        "catalog.",
        "ceilings.",
        "guise.log",
        "journal.",
        "ledger.",
        "recents.",
        "unsettled-keys.",
        "state.lock",
        "told.",
        ".guise-",
    ],
    &["agent."],
];

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

/// Takes all of it out, and gives what could not be. Whoever has the claim knows that no agent is at work.
/// `keychain` gives the keychain of a service, `waiting` is called when it waits for the person.
pub async fn remove(
    home: &Home,
    claim: Claim,
    keychain: impl Fn(&str) -> Arc<dyn Keychain>,
    waiting: impl Fn() + Send + Sync,
) -> Result<Vec<Failure>, Failure> {
    let ledger = Ledger::of(home);
    for Key { service, source } in keys(home)? {
        let removed = BoundedKeychain::new(keychain(&service), &home.state).remove(&source, &waiting).await;
        removed.map_err(|failure| Failure::key_not_purged(source.as_str(), &failure))?;
        ledger.forget_item(&Item { service, source: source.to_string() })?;
    }
    let mut left = Vec::new();
    left.extend(LoginEntry::of(home).remove().err());
    for path in files(home)? {
        let removed = if is_folder(&path) { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        left.extend(gone(&path, removed));
    }
    // Its file is gone already; nobody else had the home until now.
    drop(claim);
    for folder in folders(home).into_iter().chain(&home.chosen) {
        match entries(folder)?.as_slice() {
            [] => left.extend(gone(folder, fs::remove_dir(folder))),
            // The chosen folder may well have been somebody's before.
            _ if Some(folder) == home.chosen.as_ref() => {}
            others => left.extend(others.iter().map(|path| Failure::not_ours(path))),
        }
    }
    Ok(left)
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
    let of_ledger = Ledger::of(home).items()?.into_iter();
    let of_ledger =
        of_ledger.filter_map(|item| Some(Key { source: item.source.parse().ok()?, service: item.service }));
    let keys: BTreeSet<Key> = of_catalog.chain(of_ledger).collect();
    match trouble {
        // Nothing tells whether there are any.
        Some(failure) if keys.is_empty() => Err(failure),
        Some(_) | None => Ok(keys),
    }
}

/// The files of ours in the folders of the home, and those that were put elsewhere and are still there.
fn files(home: &Home) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for (folder, ours) in folders(home).into_iter().zip(OURS) {
        found.extend(entries(folder)?.into_iter().filter(|path| is_named(path, ours)));
    }
    let entry = LoginEntry::of(home).place().map(PathBuf::from);
    found.extend(
        Ledger::of(home).files()?.into_iter().filter(|path| path.exists() && Some(path) != entry.as_ref()),
    );
    Ok(found)
}

fn folders(home: &Home) -> [&PathBuf; 3] {
    [&home.configuration, &home.state, &home.runtime]
}

fn is_named(path: &Path, ours: &[&str]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if is_folder(path) { name == WEB_VIEW } else { ours.iter().any(|beginning| name.starts_with(beginning)) }
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

/// What is wrong, unless it is gone now, by whomever.
fn gone(path: &Path, removed: std::io::Result<()>) -> Option<Failure> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Some(Failure::not_removed(path, &error)),
        Ok(()) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests;
