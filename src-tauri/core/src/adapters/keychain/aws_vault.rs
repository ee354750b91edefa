//! The items that aws-vault keeps in the same keychain: their names, without a question to anybody, and one item's content on
//! request. Nothing of it is changed.

use zeroize::Zeroizing;

use super::system;
use crate::ports::KeychainError;

/// The names of its items; `None` where it has never kept any. A keychain that is locked stays so.
pub fn items() -> Result<Option<Vec<String>>, KeychainError> {
    match system::aws_vault::items() {
        Err(KeychainError::Absent) => Ok(None),
        answered => answered,
    }
}

/// What an item holds; the system may ask the person first.
pub fn content(item: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
    system::aws_vault::content(item).map(|bytes| bytes.map(Zeroizing::new))
}
