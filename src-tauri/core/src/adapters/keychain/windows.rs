//! Windows: the Credential Manager, which is open while its user is signed in.

#[path = "windows/aws_vault.rs"]
pub(super) mod aws_vault;

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::Error;
use keyring_core::api::CredentialStoreApi;

pub(super) use super::store::{read, remove, write};
use crate::ports::KeychainError;

pub(super) fn store() -> Result<Arc<dyn CredentialStoreApi + Send + Sync>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Kept on this machine: the store's own default would carry the key to every machine of a domain.
pub(super) fn modifiers() -> HashMap<&'static str, &'static str> {
    HashMap::from([("persistence", "local")])
}

#[expect(clippy::unnecessary_wraps, reason = "other systems can fail to tell")]
pub(super) fn is_locked() -> Result<bool, KeychainError> {
    Ok(false)
}

/// The credentials of every program are one list there, so ours are picked out of it by their service.
pub(super) fn items(service: &str) -> Result<Option<Vec<String>>, KeychainError> {
    let found = store().and_then(|store| store.search(&HashMap::new()));
    let found = found.map_err(|error| super::store::meaning(&error))?;
    let ours = found.iter().filter_map(|entry| entry.get_specifiers().filter(|(each, _)| each == service));
    Ok(Some(ours.map(|(_, name)| name).collect()))
}
