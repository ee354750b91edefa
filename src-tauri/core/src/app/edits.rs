//! Changes of the catalog that a window asks for. They are the file's own edits, so what people wrote in it stays.

use super::asker::{Effect, blocking};
use super::record::Reply;
use super::{App, Origin};
use crate::catalog::{Catalog, CatalogFile, Name, RoleChange};
use crate::failure::Failure;
use crate::view::Outcome;

impl App {
    pub(super) fn edit_role(&mut self, role: Name, change: RoleChange, origin: Origin, reply: Reply) {
        self.edit_catalog(origin, reply, move |file| file.edit_role(&role, &change));
    }

    /// Makes a change of the file, off the runtime's workers, and takes what the file says then.
    pub(super) fn edit_catalog(
        &mut self,
        origin: Origin,
        reply: Reply,
        edit: impl FnOnce(&CatalogFile) -> Result<Catalog, Failure> + Send + 'static,
    ) {
        let (asker, file) = (self.asker(None, origin, reply), self.file.clone());
        asker.run(async move {
            let edited = blocking(move || edit(&file)).await;
            (Effect::CatalogChanged, edited.map(|_| Outcome::Done))
        });
    }
}
