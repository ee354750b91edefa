//! A file of the state folder that holds one JSON object: read whole, changed under the folder's lock, replaced in one
//! step. What a newer version wrote into it stays.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::{lock, replace};
use crate::failure::Failure;

/// A state file larger than this is not one that we made.
const LARGEST: u64 = 4 * 1024 * 1024;
/// So many broken files are kept beside each other; more are somebody's to look at.
const MOST_BROKEN: u32 = 99;

/// Where the object rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    folder: PathBuf,
    /// The file's name before `.json`.
    name: &'static str,
}

/// What was learned and still has to be written.
#[must_use = "what is not saved is forgotten at the end"]
pub struct Unsaved {
    path: PathBuf,
    save: Box<dyn FnOnce() -> Result<(), Failure> + Send>,
}

impl Unsaved {
    /// The file that it goes to.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes it. Blocks for as long as the disk may take.
    pub fn save(self) -> Result<(), Failure> {
        (self.save)()
    }
}

/// What is wrong with what stands there.
enum Unusable {
    /// It is no JSON object.
    Broken,
    /// It cannot be read.
    Unreadable(io::Error),
}

impl Kept {
    pub(super) fn in_folder(folder: &Path, name: &'static str) -> Kept {
        Kept { folder: folder.to_owned(), name }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(self.name).with_extension("json")
    }

    /// The object that stands there; an empty one where there is no file. A file that is no JSON object is put aside,
    /// so that a new one can begin. One that cannot be read stays as it is.
    pub(super) fn read(&self) -> Result<Map<String, Value>, Failure> {
        match self.look() {
            Err(Unusable::Broken) => {
                let _alone = self.alone()?;
                self.read_alone()
            }
            Err(Unusable::Unreadable(why)) => Err(Failure::state_unreadable(&self.path(), &why)),
            Ok(found) => Ok(found),
        }
    }

    /// The same for a start, which nothing here may keep from happening.
    pub(super) fn read_or_begin(&self) -> Map<String, Value> {
        self.read().unwrap_or_else(|failure| {
            tracing::warn!(code = ?failure.code, file = self.name, "a state file could not be read");
            Map::new()
        })
    }

    /// Changes what stands there now, with every other writer of ours waiting.
    pub(super) fn change(&self, change: impl FnOnce(&mut Map<String, Value>)) -> Result<(), Failure> {
        self.changed(change).map(drop)
    }

    /// The same, and gives what stands there then.
    fn changed(&self, change: impl FnOnce(&mut Map<String, Value>)) -> Result<Map<String, Value>, Failure> {
        let _alone = self.alone()?;
        let before = self.read_alone()?;
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(after);
        }
        let mut json = serde_json::to_vec_pretty(&after)
            .map_err(|_| Failure::internal("a state file could not be written"))?;
        json.push(b'\n');
        // The file itself, where the path is a link that somebody made.
        let path = self.path();
        replace(&fs::canonicalize(&path).unwrap_or(path), &json)?;
        Ok(after)
    }

    /// The change, to be made later and elsewhere. `saved` hears what stands there then.
    pub(super) fn unsaved(
        &self,
        change: impl FnOnce(&mut Map<String, Value>) + Send + 'static,
        saved: impl FnOnce(Map<String, Value>) + Send + 'static,
    ) -> Unsaved {
        let kept = self.clone();
        Unsaved { path: self.path(), save: Box::new(move || kept.changed(change).map(saved)) }
    }

    fn alone(&self) -> Result<lock::Alone, Failure> {
        lock::waited_for(&self.folder).map_err(|error| Failure::not_written(&self.path(), &error))
    }

    fn read_alone(&self) -> Result<Map<String, Value>, Failure> {
        match self.look() {
            Ok(found) => Ok(found),
            Err(Unusable::Unreadable(why)) => Err(Failure::state_unreadable(&self.path(), &why)),
            Err(Unusable::Broken) => {
                let aside = self.put_aside().map_err(|error| Failure::not_written(&self.path(), &error))?;
                let aside = aside.display();
                tracing::warn!(file = self.name, %aside, "a state file was broken and was put aside");
                Ok(Map::new())
            }
        }
    }

    fn look(&self) -> Result<Map<String, Value>, Unusable> {
        let path = self.path();
        let unreadable = |why: &str| Err(Unusable::Unreadable(io::Error::other(why.to_owned())));
        // Asked first, because opening a pipe that somebody left here would wait for ever.
        match fs::metadata(&path) {
            Ok(found) if !found.is_file() => return unreadable("it is not an ordinary file"),
            Ok(found) if found.len() > LARGEST => return unreadable("it is larger than 4 MiB"),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => return Ok(Map::new()),
            Err(error) => return Err(Unusable::Unreadable(error)),
        }
        let bytes = fs::read(&path).map_err(Unusable::Unreadable)?;
        serde_json::from_slice(&bytes).map_err(|_| Unusable::Broken)
    }

    /// Renames a broken file to `NAME.broken.json`, or to the next such name that is free.
    fn put_aside(&self) -> io::Result<PathBuf> {
        for number in 1..=MOST_BROKEN {
            let ending = if number == 1 { String::new() } else { format!("-{number}") };
            let aside = self.folder.join(format!("{}.broken{ending}.json", self.name));
            if !aside.exists() && !aside.is_symlink() {
                return fs::rename(self.path(), &aside).map(|()| aside);
            }
        }
        Err(io::Error::other("too many broken ones stand beside it"))
    }
}

#[cfg(test)]
mod tests;
