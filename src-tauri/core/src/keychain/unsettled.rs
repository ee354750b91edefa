//! Keys that may stand in the keychain with no source that needs them: one was being added when the keychain, or Guise,
//! came to its end. Their names are kept in the state folder until the key is known to be out, or the source to be in.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::catalog::Name;
use crate::failure::Failure;
use crate::state::replace;

/// The names, on the disk too.
#[derive(Clone, Debug)]
pub(super) struct Unsettled {
    path: PathBuf,
    names: Arc<Mutex<BTreeSet<String>>>,
}

impl Unsettled {
    /// Those that an earlier run left. A file that cannot be read names none: it only ever helps to tidy up.
    pub(super) fn load(folder: &Path) -> Self {
        let path = folder.join("unsettled-keys.json");
        let names = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Unsettled { path, names: Arc::new(Mutex::new(names.unwrap_or_default())) }
    }

    /// The names now.
    pub(super) fn names(&self) -> Vec<Name> {
        self.lock().iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// Keeps a name; called before its key is written.
    pub(super) fn begin(&self, name: &Name) -> Result<(), Failure> {
        let mut names = self.lock();
        names.insert(name.to_string());
        self.keep(&names)
    }

    /// Forgets a name: its key is out of the keychain, or its source in the catalog.
    pub(super) fn settled(&self, name: &Name) {
        let mut names = self.lock();
        if names.remove(name.as_str()) && self.keep(&names).is_err() {
            // The next start finds it again, and finds it settled.
            tracing::warn!("a settled key could not be struck off the list");
        }
    }

    fn keep(&self, names: &BTreeSet<String>) -> Result<(), Failure> {
        if names.is_empty() {
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(Failure::not_written(&self.path, &error))
                }
                _ => Ok(()),
            };
        }
        let json = serde_json::to_vec(names).map_err(|_| Failure::internal("a list could not be written"))?;
        replace(&self.path, &json)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
