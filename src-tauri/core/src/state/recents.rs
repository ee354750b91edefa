//! The roles last opened.

use std::path::Path;

use serde_json::{Map, Value};

use super::kept::{Kept, Unsaved};
use crate::catalog::Name;

/// How many names are kept.
const MOST_RECENTS: usize = 20;
const RECENTS: &str = "recents";

/// The names of the roles last opened, latest first, kept in the state folder.
#[derive(Debug)]
pub struct Recents {
    kept: Kept,
    names: Vec<String>,
}

impl Recents {
    /// Reads what was kept. What cannot be read is an empty list: it holds nothing that a person made.
    pub fn load(folder: &Path) -> Recents {
        let kept = Kept::in_folder(folder, "recents");
        let found = kept.read_or_begin();
        let names = found.get(RECENTS).and_then(Value::as_array).into_iter().flatten();
        let names = names.filter_map(Value::as_str).take(MOST_RECENTS).map(str::to_owned).collect();
        Recents { kept, names }
    }

    /// The names, latest first.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Puts a role first.
    pub fn opened(&mut self, role: &Name) -> Unsaved {
        self.names.retain(|name| name != role.as_str());
        self.names.insert(0, role.as_str().to_owned());
        self.names.truncate(MOST_RECENTS);
        let names = self.names.clone();
        let change =
            move |whole: &mut Map<String, Value>| drop(whole.insert(RECENTS.to_owned(), names.into()));
        self.kept.unsaved(change, drop)
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
            recents.opened(&format!("role-{each}").parse().unwrap()).save().unwrap();
        }
        recents.opened(&"role-15".parse().unwrap()).save().unwrap();
        let again = Recents::load(folder.path());
        assert_eq!(again.names().len(), MOST_RECENTS);
        assert_eq!(&again.names()[..3], ["role-15", "role-29", "role-28"]);
    }

    #[test]
    fn what_is_no_list_of_names_is_an_empty_one() {
        for text in ["{", "{}", r#"{"recents": 3}"#, r#"{"recents": [1, {"a": 2}]}"#] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("recents.json"), text).unwrap();
            assert!(Recents::load(folder.path()).names().is_empty(), "{text}");
        }
    }
}
