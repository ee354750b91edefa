//! Copies of the catalog in the state folder: the last one that could be read, and the one before the last change
//! that was not ours. So no slip of an editor, of a disk or of a hand loses what was there.

use std::fs;
use std::path::{Path, PathBuf};

use super::on_disk::{self, Found};
use super::read::read;
use super::{Catalog, form::Form};
use crate::failure::Failure;

#[derive(Clone, Debug)]
pub(super) struct LastGood {
    last: PathBuf,
    before: PathBuf,
}

impl LastGood {
    pub(super) fn in_folder(state: &Path) -> Self {
        LastGood { last: state.join("catalog.last.toml"), before: state.join("catalog.before.toml") }
    }

    /// Where the last good catalog is.
    pub(super) fn path(&self) -> &Path {
        &self.last
    }

    /// What it says; `None` where there is none that can be read.
    pub(super) fn catalog(&self) -> Option<Catalog> {
        read(&Form::taken_off(&self.text()?).1).ok()
    }

    /// Whether there is one, and something in it.
    pub(super) fn holds_something(&self) -> bool {
        self.catalog().is_some_and(|catalog| catalog != Catalog::default())
    }

    /// Keeps a catalog that somebody else wrote. The last good one becomes the one before.
    pub(super) fn seen(&self, text: &str) {
        let last = self.text();
        if last.as_deref() == Some(text) {
            return;
        }
        if last.is_some() {
            self.set_aside();
        }
        self.kept(text);
    }

    /// Keeps a catalog that we wrote.
    pub(super) fn saved(&self, text: &str) {
        self.kept(text);
    }

    /// Makes the last good one the one before.
    pub(super) fn set_aside(&self) {
        if let Err(error) = fs::rename(&self.last, &self.before) {
            tracing::warn!(kind = ?error.kind(), "the catalog before this one was not kept");
        }
    }

    /// A copy that cannot be kept stops nothing.
    fn kept(&self, text: &str) {
        if let Err(Failure { code, .. }) = crate::state::replace(&self.last, text.as_bytes()) {
            tracing::warn!(?code, "the last good catalog was not kept");
        }
    }

    fn text(&self) -> Option<String> {
        match on_disk::read(&self.last) {
            Ok(Found::Text { text, .. }) => Some(text),
            Ok(Found::Nothing) | Err(_) => None,
        }
    }
}
