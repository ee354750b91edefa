//! aws-vault on Windows: generic credentials whose targets begin with its name.

use std::collections::HashMap;

use keyring_core::Entry;
use keyring_core::api::CredentialStoreApi;
use windows_native_keyring_store::Store;

use super::super::store::meaning;
use crate::ports::KeychainError;

/// Its targets are this, a colon, and the name of an item, which may hold colons itself.
const BEGINS: &str = "aws-vault:aws-vault";

pub(in super::super) fn items() -> Result<Option<Vec<String>>, KeychainError> {
    Ok(Some(entries()?.into_iter().map(|(name, _)| name).collect()))
}

pub(in super::super) fn content(name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    let found = entries()?.into_iter().find(|(each, _)| each == name);
    found.map(|(_, entry)| entry.get_secret().map_err(|error| meaning(&error))).transpose()
}

/// The store tells a target by what it takes for a service and a user: here the two sides of the last colon.
fn entries() -> Result<Vec<(String, Entry)>, KeychainError> {
    let pattern = format!("^{BEGINS}:");
    let spec = HashMap::from([("pattern", pattern.as_str())]);
    let store = Store::new_with_configuration(&HashMap::from([("prefix", BEGINS), ("divider", ":")]));
    let found = store.and_then(|store| store.search(&spec)).map_err(|error| meaning(&error))?;
    let named = |entry: Entry| {
        let (after, before) = entry.get_specifiers()?;
        let name = format!("{before}:{after}").strip_prefix(':')?.to_owned();
        Some((name, entry))
    };
    Ok(found.into_iter().filter_map(named).collect())
}
