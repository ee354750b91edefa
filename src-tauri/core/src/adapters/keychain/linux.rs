//! Linux: the freedesktop Secret Service over D-Bus, spoken in pure Rust.

#[path = "linux/aws_vault.rs"]
pub(super) mod aws_vault;

use std::collections::HashMap;
use std::io::ErrorKind;
use std::time::Duration;

use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error};
use zbus::blocking::connection::Builder;
use zbus::fdo;

use crate::ports::KeychainError;

/// The label that the desktop's password tool shows.
const LABEL: &str = "Guise: AWS access key";
/// Bytes of ours, not a text.
const CONTENT: &str = "application/octet-stream";
/// A call may take as long as a person at a prompt, which some services answer only then. It ends all the same, and its
/// thread with it.
const WITH_PROMPT: Duration = Duration::from_secs(130);
/// A question that brings up no prompt.
const WITHOUT_PROMPT: Duration = Duration::from_secs(5);

pub(super) fn read(service: &str, name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    let keychain = connect(EncryptionType::Dh, WITH_PROMPT)?;
    let Some(item) = find(&keychain, service, name)? else { return Ok(None) };
    item.get_secret().map(Some).map_err(|error| told(&error))
}

pub(super) fn write(service: &str, name: &str, bytes: &[u8]) -> Result<(), KeychainError> {
    let keychain = connect(EncryptionType::Dh, WITH_PROMPT)?;
    if let Some(item) = find(&keychain, service, name)? {
        return item.set_secret(bytes, CONTENT).map_err(|error| told(&error));
    }
    let created = || {
        let collection = keychain.get_default_collection()?;
        if collection.is_locked()? {
            collection.unlock()?;
        }
        collection.create_item(LABEL, attributes(service, name), bytes, true, CONTENT).map(drop)
    };
    created().map_err(|error: Error| told(&error))
}

pub(super) fn remove(service: &str, name: &str) -> Result<bool, KeychainError> {
    let keychain = connect(EncryptionType::Plain, WITH_PROMPT)?;
    let Some(item) = find(&keychain, service, name)? else { return Ok(false) };
    item.delete().map_err(|error| told(&error))?;
    Ok(true)
}

/// Whether the default collection is locked.
pub(super) fn is_locked() -> Result<bool, KeychainError> {
    let keychain = connect(EncryptionType::Plain, WITHOUT_PROMPT)?;
    let locked = keychain.get_default_collection().and_then(|collection| collection.is_locked());
    locked.map_err(|error| told(&error))
}

/// A session with the service in which no call takes longer than that. What has a secret in it is encrypted on the bus.
fn connect(encryption: EncryptionType, longest: Duration) -> Result<SecretService<'static>, KeychainError> {
    let connection = Builder::session().and_then(|builder| builder.method_timeout(longest).build());
    let connection = connection.map_err(|error| bus(&error))?;
    SecretService::connect_with_existing(encryption, connection).map_err(|error| told(&error))
}

/// The one item of that name, unlocked if the person lets it be.
fn find<'a>(
    keychain: &'a SecretService<'a>,
    service: &str,
    name: &str,
) -> Result<Option<Item<'a>>, KeychainError> {
    let found = || {
        let mut found = keychain.search_items(attributes(service, name))?;
        if !found.locked.is_empty() {
            keychain.unlock_all(&found.locked.iter().collect::<Vec<_>>())?;
        }
        found.unlocked.append(&mut found.locked);
        Ok(found.unlocked)
    };
    let mut found: Vec<Item<'a>> = found().map_err(|error: Error| told(&error))?;
    // Two of a name are not ours to choose between.
    if found.len() > 1 { Err(KeychainError::Broken) } else { Ok(found.pop()) }
}

/// The names of the items of a service that are not locked. Nothing is unlocked for it, so nobody is asked.
pub(super) fn items(service: &str) -> Result<Option<Vec<String>>, KeychainError> {
    let keychain = connect(EncryptionType::Plain, WITHOUT_PROMPT)?;
    let names = || {
        let found = keychain.search_items(HashMap::from([("service", service)]))?;
        let mut names = Vec::with_capacity(found.unlocked.len());
        for item in &found.unlocked {
            names.extend(item.get_attributes()?.remove("username"));
        }
        Ok(names)
    };
    names().map(Some).map_err(|error: Error| told(&error))
}

/// What an item is found by.
fn attributes<'a>(service: &'a str, name: &'a str) -> HashMap<&'a str, &'a str> {
    HashMap::from([("service", service), ("username", name)])
}

fn told(error: &Error) -> KeychainError {
    match error {
        // A prompt that could not be shown, or that the person closed, leaves it locked.
        Error::Locked | Error::Prompt | Error::PromptDisconnected => KeychainError::Locked,
        // There is no default collection yet, or no bus, or nobody on it offers the service.
        Error::NoResult | Error::Unavailable => KeychainError::Absent,
        Error::Zbus(error) => bus(error),
        Error::ZbusFdo(error) => standard(error),
        _ => KeychainError::Broken,
    }
}

fn bus(error: &zbus::Error) -> KeychainError {
    match error {
        zbus::Error::InputOutput(error) | zbus::Error::Connection(error, _) => match error.kind() {
            ErrorKind::TimedOut => KeychainError::Hung,
            kind if nobody_there(kind) => KeychainError::Absent,
            _ => KeychainError::Broken,
        },
        zbus::Error::Address(_) | zbus::Error::Handshake(_) => KeychainError::Absent,
        zbus::Error::FDO(error) => standard(error),
        zbus::Error::MethodError(name, ..) => named(name),
        _ => KeychainError::Broken,
    }
}

fn standard(error: &fdo::Error) -> KeychainError {
    match error {
        fdo::Error::ZBus(error) => bus(error),
        fdo::Error::ServiceUnknown(_)
        | fdo::Error::NameHasNoOwner(_)
        | fdo::Error::SpawnServiceNotFound(_)
        | fdo::Error::SpawnFailed(_)
        | fdo::Error::SpawnExecFailed(_)
        | fdo::Error::SpawnForkFailed(_)
        | fdo::Error::SpawnChildExited(_)
        | fdo::Error::SpawnChildSignaled(_) => KeychainError::Absent,
        fdo::Error::AccessDenied(_) | fdo::Error::AuthFailed(_) => KeychainError::Denied,
        fdo::Error::Timeout(_) | fdo::Error::TimedOut(_) => KeychainError::Hung,
        _ => KeychainError::Broken,
    }
}

/// An error by its name on the bus.
fn named(name: &str) -> KeychainError {
    let last = name.rsplit('.').next().unwrap_or_default();
    match last {
        "ServiceUnknown" | "NameHasNoOwner" => KeychainError::Absent,
        _ if name.contains(".DBus.Error.Spawn.") => KeychainError::Absent,
        "IsLocked" => KeychainError::Locked,
        "AccessDenied" | "AuthFailed" => KeychainError::Denied,
        "Timeout" | "TimedOut" => KeychainError::Hung,
        _ => KeychainError::Broken,
    }
}

/// Whether nobody is at the bus's address.
fn nobody_there(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
            | ErrorKind::PermissionDenied
            | ErrorKind::NotADirectory
    )
}
