//! The OS keychain: the one store of this system.

pub mod aws_vault;
#[cfg(not(target_os = "linux"))]
mod store;
#[cfg_attr(target_os = "linux", path = "keychain/linux.rs")]
#[cfg_attr(target_os = "macos", path = "keychain/macos.rs")]
#[cfg_attr(windows, path = "keychain/windows.rs")]
mod system;

use crate::ports::{Keychain, KeychainError};

/// The system's keychain, under a service name that sets one Guise home apart from another. It connects afresh for each
/// call: a keychain that was restarted knows nothing of an older connection.
#[derive(Clone, Debug)]
pub struct OsKeychain {
    service: String,
}

impl OsKeychain {
    /// The keychain items of `service`.
    pub fn new(service: &str) -> Self {
        OsKeychain { service: service.to_owned() }
    }
}

impl Keychain for OsKeychain {
    fn read(&self, item: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        system::read(&self.service, item)
    }

    fn write(&self, item: &str, bytes: &[u8]) -> Result<(), KeychainError> {
        system::write(&self.service, item, bytes)
    }

    fn remove(&self, item: &str) -> Result<bool, KeychainError> {
        system::remove(&self.service, item)
    }

    fn is_locked(&self) -> Result<bool, KeychainError> {
        system::is_locked()
    }

    fn items(&self) -> Result<Option<Vec<String>>, KeychainError> {
        system::items(&self.service)
    }
}
