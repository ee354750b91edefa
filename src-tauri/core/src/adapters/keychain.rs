//! The OS keychain through `keyring-core`, with the one store of this system.

#[cfg_attr(target_os = "linux", path = "keychain/linux.rs")]
#[cfg_attr(target_os = "macos", path = "keychain/macos.rs")]
#[cfg_attr(windows, path = "keychain/windows.rs")]
mod system;

use std::sync::Arc;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};

use crate::ports::{Keychain, KeychainError};

/// The system's keychain, under a service name that sets one Guise home apart from another.
#[derive(Clone, Debug)]
pub struct OsKeychain {
    service: String,
}

impl OsKeychain {
    /// The keychain items of `service`.
    pub fn new(service: &str) -> Self {
        OsKeychain { service: service.to_owned() }
    }

    /// Connects afresh for each call: a keychain that was restarted knows nothing of an older connection.
    fn entry(&self, item: &str) -> Result<Entry, KeychainError> {
        let store: Arc<dyn CredentialStoreApi + Send + Sync> = system::store().map_err(meaning)?;
        store.build(&self.service, item, Some(&system::modifiers())).map_err(meaning)
    }
}

impl Keychain for OsKeychain {
    fn read(&self, item: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        match self.entry(item)?.get_secret() {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(meaning(error)),
        }
    }

    fn write(&self, item: &str, bytes: &[u8]) -> Result<(), KeychainError> {
        self.entry(item)?.set_secret(bytes).map_err(meaning)
    }

    fn remove(&self, item: &str) -> Result<bool, KeychainError> {
        match self.entry(item)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(meaning(error)),
        }
    }

    fn is_locked(&self) -> Result<bool, KeychainError> {
        system::is_locked()
    }

    fn items(&self) -> Result<Option<Vec<String>>, KeychainError> {
        system::items(&self.service)
    }
}

/// Tells apart what a person must know apart. The error's own text is logged by no one: some stores put values in it.
fn meaning(error: Error) -> KeychainError {
    match error {
        Error::NoDefaultStore => KeychainError::Absent,
        Error::NoStorageAccess(cause) => system::no_access(&*cause),
        Error::PlatformFailure(cause) => system::platform(&*cause),
        _ => KeychainError::Broken,
    }
}
