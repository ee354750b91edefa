//! Names from outside, made fit to be ours.

use std::collections::BTreeSet;

use crate::catalog::Name;
use crate::failure::is_unprintable;

/// The names that were given so far.
#[derive(Default)]
pub(super) struct Naming {
    taken: BTreeSet<Name>,
}

impl Naming {
    /// A name of what another tool calls it: without what cannot be read, cut to what fits, and unlike all before it. `None`
    /// where nothing is left, or where it is no name but a secret.
    pub(super) fn name(&mut self, text: &str) -> Option<Name> {
        let clean: String = text.chars().filter(|each| !is_unprintable(*each)).collect();
        let clean = clean.trim().trim_start_matches('-').trim_start();
        let cut = |most: usize| clean.chars().take(most).collect::<String>().trim_end().to_owned();
        let first: Name = cut(64).parse().ok()?;
        let others = (2..=9999).filter_map(|number| format!("{} ({number})", cut(56)).parse().ok());
        let name = std::iter::once(first).chain(others).find(|name| !self.taken.contains(name))?;
        self.taken.insert(name.clone());
        Some(name)
    }
}
