//! The catalog as commands that only read it see it: the last good one, with a warning, where the file is bad.

use guise_core::catalog::{Catalog, CatalogFile, Current, EntryKind, Unusable};
use guise_core::home::Home;
use serde_json::{Value, json};

use crate::say;

/// How many entries that cannot be used are said one by one.
const MOST_WARNINGS: usize = 5;

/// The catalog to read from, and whether it is all there.
pub(crate) struct Seen {
    pub(crate) catalog: Catalog,
    /// Whether the person has been told that something is wrong.
    pub(crate) warned: bool,
}

/// Reads the catalog, and says what is wrong with its file.
pub(crate) fn catalog(home: &Home) -> Seen {
    let file = CatalogFile::in_home(home);
    let Current { catalog, trouble, good } = file.current();
    if let Some(good) = good {
        file.remember(&good);
    }
    if let Some(failure) = &trouble {
        say::warning(failure);
    }
    Seen { catalog, warned: trouble.is_some() }
}

impl Seen {
    /// The entries of a kind that cannot be used.
    pub(crate) fn unusable(&self, kind: EntryKind) -> impl Iterator<Item = &Unusable> {
        self.catalog.unusable.iter().filter(move |entry| entry.kind == kind)
    }

    /// Says what cannot be used of a kind, beside the list of what can.
    pub(crate) fn warn_of_unusable(&self, kind: EntryKind) {
        for entry in self.unusable(kind).take(MOST_WARNINGS) {
            say::warning(&entry.failure);
        }
        let more = self.unusable(kind).count().saturating_sub(MOST_WARNINGS);
        if more > 0 {
            say::words(&format!("warning: {more} more cannot be used; --json tells of all"));
        }
    }
}

/// An entry that cannot be used, for programs.
pub(crate) fn value(entry: &Unusable) -> Value {
    json!({ "name": entry.name, "unusable": entry.failure.message })
}
