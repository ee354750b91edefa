//! aws-vault on Linux: a collection of its own in the Secret Service, its items by their labels.

use secret_service::blocking::{Collection, Item, SecretService};
use secret_service::{EncryptionType, Error};

use super::{WITH_PROMPT, WITHOUT_PROMPT, connect, told};
use crate::ports::KeychainError;

const COLLECTION: &str = "awsvault";

pub(in super::super) fn items() -> Result<Option<Vec<String>>, KeychainError> {
    let keychain = connect(EncryptionType::Plain, WITHOUT_PROMPT)?;
    let names = || {
        let Some(collection) = collection(&keychain)? else { return Ok(None) };
        // What is locked tells no labels, and to ask for it would ask the person.
        if collection.is_locked()? {
            return Err(Error::Locked);
        }
        let labels = collection.get_all_items()?.iter().map(Item::get_label).collect::<Result<_, _>>();
        labels.map(Some)
    };
    names().map_err(|error: Error| told(&error))
}

pub(in super::super) fn content(name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    let keychain = connect(EncryptionType::Dh, WITH_PROMPT)?;
    let content = || {
        let Some(collection) = collection(&keychain)? else { return Ok(None) };
        if collection.is_locked()? {
            collection.unlock()?;
        }
        for item in collection.get_all_items()? {
            if item.get_label()? == name {
                return item.get_secret().map(Some);
            }
        }
        Ok(None)
    };
    content().map_err(|error: Error| told(&error))
}

fn collection<'a>(keychain: &'a SecretService<'a>) -> Result<Option<Collection<'a>>, Error> {
    for collection in keychain.get_all_collections()? {
        if collection.collection_path.as_str().ends_with(&format!("/{COLLECTION}"))
            || collection.get_label()? == COLLECTION
        {
            return Ok(Some(collection));
        }
    }
    Ok(None)
}
