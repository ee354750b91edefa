//! The roles last opened.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::replace;
use crate::catalog::Name;
use crate::failure::Failure;

/// How many names are kept.
const MOST_RECENTS: usize = 20;

/// The names of the roles last opened, latest first, kept in the state folder.
#[derive(Debug)]
pub struct Recents {
    path: PathBuf,
    names: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    recents: Vec<String>,
}

impl Recents {
    /// Reads what was kept. A file that is gone or broken is an empty list: it holds nothing that a person made.
    pub fn load(folder: &Path) -> Recents {
        let path = folder.join("recents.json");
        let kept = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        let names = kept.map(|kept| kept.recents).unwrap_or_default();
        Recents { path, names: names.into_iter().take(MOST_RECENTS).collect() }
    }

    /// The names, latest first.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Puts a role first and keeps the list.
    pub fn opened(&mut self, role: &Name) -> Result<(), Failure> {
        self.names.retain(|name| name != role.as_str());
        self.names.insert(0, role.as_str().to_owned());
        self.names.truncate(MOST_RECENTS);
        let kept = Kept { recents: self.names.clone() };
        let json = serde_json::to_vec_pretty(&kept)
            .map_err(|_| Failure::internal("the recents could not be written"))?;
        replace(&self.path, &json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recents_are_kept_latest_first_and_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let mut recents = Recents::load(folder.path());
        for each in 0..30 {
            recents.opened(&format!("role-{each}").parse().unwrap()).unwrap();
        }
        recents.opened(&"role-15".parse().unwrap()).unwrap();
        let again = Recents::load(folder.path());
        assert_eq!(again.names().len(), MOST_RECENTS);
        assert_eq!(&again.names()[..3], ["role-15", "role-29", "role-28"]);
    }

    #[test]
    fn broken_recents_are_empty_ones() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("recents.json"), b"{").unwrap();
        assert!(Recents::load(folder.path()).names().is_empty());
    }
}
