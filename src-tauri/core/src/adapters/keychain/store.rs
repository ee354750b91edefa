//! macOS and Windows: the system's store through `keyring-core`.

use std::sync::Arc;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};

use super::system;
use crate::ports::KeychainError;

pub(super) fn read(service: &str, item: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    match entry(service, item)?.get_secret() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(meaning(&error)),
    }
}

pub(super) fn write(service: &str, item: &str, bytes: &[u8]) -> Result<(), KeychainError> {
    entry(service, item)?.set_secret(bytes).map_err(|error| meaning(&error))
}

pub(super) fn remove(service: &str, item: &str) -> Result<bool, KeychainError> {
    match entry(service, item)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(meaning(&error)),
    }
}

fn entry(service: &str, item: &str) -> Result<Entry, KeychainError> {
    let store: Arc<dyn CredentialStoreApi + Send + Sync> =
        system::store().map_err(|error| meaning(&error))?;
    store.build(service, item, Some(&system::modifiers())).map_err(|error| meaning(&error))
}

/// Tells apart what a person must know apart. The error's own text is logged by no one: some stores put values in it.
pub(super) fn meaning(error: &Error) -> KeychainError {
    match error {
        Error::NoDefaultStore => KeychainError::Absent,
        Error::NoStorageAccess(_) => KeychainError::Denied,
        _ => KeychainError::Broken,
    }
}
