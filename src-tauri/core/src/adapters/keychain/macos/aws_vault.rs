//! aws-vault on macOS: a keychain file of its own, its items by their accounts.

use security_framework::item::{ItemClass, ItemSearchOptions, Limit};
use security_framework::os::macos::keychain::SecKeychain;

use crate::ports::KeychainError;

const SERVICE: &str = "aws-vault";
const FILE: &str = "Library/Keychains/aws-vault.keychain-db";
/// What the system calls an item of which there is none.
const NOT_FOUND: i32 = -25300;

/// A search for attributes opens no item, so the system asks nobody.
pub(in super::super) fn items() -> Result<Option<Vec<String>>, KeychainError> {
    let Some(keychain) = keychain()? else { return Ok(None) };
    let mut search = ItemSearchOptions::new();
    search.keychains(&[keychain]).class(ItemClass::generic_password()).service(SERVICE);
    search.load_attributes(true).limit(Limit::All);
    let found = match search.search() {
        Ok(found) => found,
        Err(error) if error.code() == NOT_FOUND => Vec::new(),
        Err(_) => return Err(KeychainError::Broken),
    };
    Ok(Some(found.iter().filter_map(|item| item.simplify_dict()?.remove("acct")).collect()))
}

pub(in super::super) fn content(name: &str) -> Result<Option<Vec<u8>>, KeychainError> {
    let Some(keychain) = keychain()? else { return Ok(None) };
    match keychain.find_generic_password(SERVICE, name) {
        Ok((password, _)) => Ok(Some(password.to_vec())),
        Err(error) if error.code() == NOT_FOUND => Ok(None),
        Err(_) => Err(KeychainError::Denied),
    }
}

fn keychain() -> Result<Option<SecKeychain>, KeychainError> {
    let file = dirs::home_dir().map(|home| home.join(FILE)).filter(|file| file.exists());
    file.map(|file| SecKeychain::open(file).map_err(|_| KeychainError::Broken)).transpose()
}
