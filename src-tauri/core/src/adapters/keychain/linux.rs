//! Linux: the freedesktop Secret Service over D-Bus, spoken in pure Rust.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;

use keyring_core::Error;
use keyring_core::api::CredentialStoreApi;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use zbus::fdo;

use crate::ports::KeychainError;

/// A connection to the service, with the secret encrypted on the bus.
pub(super) fn store() -> Result<Arc<dyn CredentialStoreApi + Send + Sync>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

/// The label that the desktop's password tool shows.
pub(super) fn modifiers() -> HashMap<&'static str, &'static str> {
    HashMap::from([("label", "Guise: AWS access key")])
}

/// Whether the default collection is locked.
pub(super) fn is_locked() -> Result<bool, KeychainError> {
    let locked = || -> Result<bool, secret_service::Error> {
        SecretService::connect(EncryptionType::Plain)?.get_default_collection()?.is_locked()
    };
    locked().map_err(|error| told(&error))
}

/// The names of the items of a service that are not locked. The store's own search would unlock the others, and ask for it.
pub(super) fn items(service: &str) -> Result<Option<Vec<String>>, KeychainError> {
    let names = || -> Result<Vec<String>, secret_service::Error> {
        let connection = SecretService::connect(EncryptionType::Plain)?;
        let found = connection.search_items(HashMap::from([("service", service)]))?;
        let mut names = Vec::with_capacity(found.unlocked.len());
        for item in &found.unlocked {
            names.extend(item.get_attributes()?.remove("username"));
        }
        Ok(names)
    };
    names().map(Some).map_err(|error| told(&error))
}

pub(super) fn no_access(cause: &(dyn StdError + 'static)) -> KeychainError {
    cause.downcast_ref().map_or(KeychainError::Locked, told)
}

pub(super) fn platform(cause: &(dyn StdError + 'static)) -> KeychainError {
    cause.downcast_ref().map_or(KeychainError::Broken, told)
}

fn told(error: &secret_service::Error) -> KeychainError {
    match error {
        // A prompt that could not be shown, or that the person closed, leaves it locked.
        secret_service::Error::Locked
        | secret_service::Error::Prompt
        | secret_service::Error::PromptDisconnected => KeychainError::Locked,
        // There is no default collection yet, or no bus, or nobody on it offers the service.
        secret_service::Error::NoResult | secret_service::Error::Unavailable => KeychainError::Absent,
        secret_service::Error::Zbus(error) => bus(error),
        secret_service::Error::ZbusFdo(error) => bus(&zbus::Error::FDO(Box::new(error.clone()))),
        _ => KeychainError::Broken,
    }
}

fn bus(error: &zbus::Error) -> KeychainError {
    match error {
        zbus::Error::Address(_) | zbus::Error::InputOutput(_) | zbus::Error::Handshake(_) => {
            KeychainError::Absent
        }
        zbus::Error::MethodError(name, ..) if nobody_answers_to(name) => KeychainError::Absent,
        zbus::Error::FDO(error)
            if matches!(**error, fdo::Error::ServiceUnknown(_) | fdo::Error::NameHasNoOwner(_)) =>
        {
            KeychainError::Absent
        }
        zbus::Error::MethodError(name, ..) if name.ends_with(".IsLocked") => KeychainError::Locked,
        zbus::Error::MethodError(name, ..) if name.ends_with(".AccessDenied") => KeychainError::Denied,
        zbus::Error::MethodError(name, ..) if name.ends_with(".NoReply") || name.ends_with(".TimedOut") => {
            KeychainError::Hung
        }
        _ => KeychainError::Broken,
    }
}

/// Whether an error of the bus says that nobody offers the service, and that it cannot be started.
fn nobody_answers_to(name: &str) -> bool {
    name.ends_with(".ServiceUnknown")
        || name.ends_with(".NameHasNoOwner")
        || name.contains(".DBus.Error.Spawn.")
}
