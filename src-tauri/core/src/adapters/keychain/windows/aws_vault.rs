//! aws-vault on Windows: generic credentials whose targets begin with its name.

use std::collections::HashMap;

use keyring_core::Entry;
use windows_native_keyring_store::cred::Cred;

use super::super::store::meaning;
use super::store;
use crate::ports::KeychainError;

const BEGINS: &str = "aws-vault:aws-vault:";

pub(in super::super) fn items() -> Result<Option<Vec<String>>, KeychainError> {
    Ok(Some(entries()?.into_iter().map(|(name, _)| name).collect()))
}

pub(in super::super) fn content(name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    let found = entries()?.into_iter().find(|(each, _)| each == name);
    found.map(|(_, entry)| entry.get_secret().map_err(|error| meaning(&error))).transpose()
}

fn entries() -> Result<Vec<(String, Entry)>, KeychainError> {
    let pattern = format!("^{BEGINS}");
    let spec = HashMap::from([("pattern", pattern.as_str())]);
    let found = store().and_then(|store| store.search(&spec)).map_err(|error| meaning(&error))?;
    let named = |entry: Entry| {
        let target = entry.as_any().downcast_ref::<Cred>()?.target_name.clone();
        Some((target.strip_prefix(BEGINS)?.to_owned(), entry))
    };
    Ok(found.into_iter().filter_map(named).collect())
}
