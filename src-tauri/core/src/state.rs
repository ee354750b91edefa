//! What Guise learns and keeps in the state folder, apart from the catalog that people edit.
//!
//! Recents, [`Ledger`] and ceilings are files that are replaced in one step; [`Journal`] and log are appended to. None
//! of them holds a secret. A click never fails because one of them could not be kept.

mod appended;
mod ceilings;
mod journal;
mod kept;
mod ledger;
mod lock;
mod recents;
mod replace;
mod told;

pub(crate) use appended::Appended;
pub use ceilings::Ceilings;
pub use journal::{By, Deed, Entry, Journal};
pub use kept::Unsaved;
pub use ledger::{Item, Ledger, Whose};
pub use recents::Recents;
pub(crate) use replace::{Fresh, is_temporary, private_folder, removed, replace, sweep};
pub use told::{Once, Told};

#[cfg(test)]
mod tests;
