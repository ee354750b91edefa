//! The catalog's file: read, changed under a lock, replaced in one step.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use toml_edit::DocumentMut;

use super::document::{self, read};
use super::{Catalog, Name, Role, RoleChange, Source};
use crate::failure::Failure;

/// A catalog larger than this is not one that a person made.
const LARGEST: u64 = 4 * 1024 * 1024;

/// Where the catalog rests.
#[derive(Clone, Debug)]
pub struct CatalogFile {
    path: PathBuf,
}

/// What a file looked like from outside when it was read, to tell cheaply whether it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    modified: SystemTime,
    length: u64,
    /// A file that was replaced is another file, even within the same tick of the clock.
    number: u64,
}

impl CatalogFile {
    /// The catalog in the configuration folder.
    pub fn in_folder(folder: &Path) -> Self {
        CatalogFile { path: folder.join("catalog.toml") }
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the catalog; one that is not there is empty.
    pub fn load(&self) -> Result<Catalog, Failure> {
        let text = self.text()?;
        self.parse(&text).map(|(_, catalog)| catalog)
    }

    /// What the file looks like from outside; `None` where there is none.
    pub fn stamp(&self) -> Option<FileStamp> {
        let found = fs::metadata(&self.path).ok()?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&found);
        #[cfg(not(unix))]
        let number = 0;
        Some(FileStamp { modified: found.modified().ok()?, length: found.len(), number })
    }

    /// Keeps a new source.
    pub fn add_source(&self, name: &Name, source: &Source) -> Result<Catalog, Failure> {
        self.update(|document, catalog| {
            if catalog.sources.contains_key(name) {
                return Err(Failure::source_exists(name.as_str()));
            }
            document::set_source(document, name, source);
            Ok(())
        })
    }

    /// Forgets a source.
    pub fn remove_source(&self, name: &Name) -> Result<Catalog, Failure> {
        self.update(|document, catalog| {
            catalog.source(name)?;
            document::remove(document, "sources", name);
            Ok(())
        })
    }

    /// Keeps a new role, after its check.
    pub fn add_role(&self, name: &Name, role: &Role) -> Result<Catalog, Failure> {
        self.update(|document, catalog| {
            if catalog.roles.contains_key(name) {
                return Err(Failure::role_exists(name.as_str()));
            }
            catalog.check_role(role)?;
            document::set_role(document, name, role);
            Ok(())
        })
    }

    /// Changes a role, after the check of what it becomes.
    pub fn edit_role(&self, name: &Name, change: RoleChange) -> Result<Catalog, Failure> {
        self.update(|document, catalog| {
            if change.is_empty() {
                return Err(Failure::nothing_to_change());
            }
            let role = catalog.role(name)?.clone();
            let new_name = change.name.clone().unwrap_or_else(|| name.clone());
            if new_name != *name && catalog.roles.contains_key(&new_name) {
                return Err(Failure::role_exists(new_name.as_str()));
            }
            let role = change.applied_to(role);
            catalog.check_role(&role)?;
            if new_name != *name {
                document::rename(document, "roles", name, &new_name);
            }
            document::set_role(document, &new_name, &role);
            Ok(())
        })
    }

    /// Forgets a role.
    pub fn remove_role(&self, name: &Name) -> Result<Catalog, Failure> {
        self.update(|document, catalog| {
            catalog.role(name)?;
            document::remove(document, "roles", name);
            Ok(())
        })
    }

    /// Reads what stands there now, changes it, and puts it in place, with every other writer of ours waiting.
    fn update(
        &self,
        change: impl FnOnce(&mut DocumentMut, &Catalog) -> Result<(), Failure>,
    ) -> Result<Catalog, Failure> {
        let _lock = self.lock()?;
        let text = self.text()?;
        let (mut document, catalog) = self.parse(&text)?;
        change(&mut document, &catalog)?;
        let text = document.to_string();
        // What we are about to write must be readable: a catalog is never replaced by a broken one.
        let (_, catalog) = self.parse(&text)?;
        crate::state::replace(&self.target(), text.as_bytes())?;
        Ok(catalog)
    }

    fn parse(&self, text: &str) -> Result<(DocumentMut, Catalog), Failure> {
        let document: DocumentMut = text.strip_prefix('\u{feff}').unwrap_or(text).parse().map_err(
            |error: toml_edit::TomlError| {
                let line =
                    error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
                Failure::catalog_invalid(&self.path, &format!("line {line}: {}", error.message()))
            },
        )?;
        let catalog = read(&document).map_err(|problem| Failure::catalog_invalid(&self.path, &problem))?;
        Ok((document, catalog))
    }

    fn text(&self) -> Result<String, Failure> {
        let unreadable = |error: std::io::Error| Failure::catalog_unreadable(&self.path, &error);
        // Asked first, because opening a pipe that somebody left here would wait for ever.
        match fs::metadata(&self.path) {
            Ok(found) if !found.is_file() => {
                return Err(unreadable(std::io::Error::other("it is not an ordinary file")));
            }
            Ok(found) if found.len() > LARGEST => {
                return Err(unreadable(std::io::Error::other("it is larger than 4 MiB")));
            }
            Ok(_) => {}
            // A link that leads nowhere is somebody's arrangement, not an empty catalog.
            Err(error) if error.kind() == ErrorKind::NotFound && !self.path.is_symlink() => {
                return Ok(String::new());
            }
            Err(error) => return Err(unreadable(error)),
        }
        fs::read_to_string(&self.path).map_err(unreadable)
    }

    /// The file itself, where the path is a link into somebody's dotfiles.
    fn target(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    fn lock(&self) -> Result<File, Failure> {
        let path = self.path.with_extension("toml.lock");
        let lock = || -> std::io::Result<File> {
            if let Some(folder) = path.parent() {
                crate::state::private_folder(folder)?;
            }
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path)?;
            file.lock()?;
            Ok(file)
        };
        lock().map_err(|error| Failure::not_written(&path, &error))
    }
}
