//! macOS: the login keychain.

#[path = "macos/aws_vault.rs"]
pub(super) mod aws_vault;

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::Error;
use keyring_core::api::CredentialStoreApi;

pub(super) use super::store::{read, remove, write};
use crate::ports::KeychainError;

pub(super) fn store() -> Result<Arc<dyn CredentialStoreApi + Send + Sync>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// The system makes a label of its own.
pub(super) fn modifiers() -> HashMap<&'static str, &'static str> {
    HashMap::new()
}

/// The system shows its own prompt and says nothing of it; a call that takes long is taken to be waiting for it.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail to tell")]
pub(super) fn is_locked() -> Result<bool, KeychainError> {
    Ok(true)
}

/// A search tells names without opening an item, so the system asks nobody.
pub(super) fn items(service: &str) -> Result<Option<Vec<String>>, KeychainError> {
    let found = store().and_then(|store| store.search(&HashMap::from([("service", service)])));
    let found = found.map_err(|error| super::store::meaning(&error))?;
    Ok(Some(found.iter().filter_map(|entry| Some(entry.get_specifiers()?.1)).collect()))
}
