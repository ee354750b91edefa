//! What Guise learns and keeps in the state folder: the roles last opened.

mod recents;
mod replace;

pub use recents::Recents;
pub(crate) use replace::{private_folder, replace};
