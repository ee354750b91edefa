//! What the person has been told once, and need not be told at each start.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::replace;
use crate::failure::Failure;

/// Something that is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// What to do first, while nothing is configured.
    Welcome,
    /// That Guise runs where no tray shows it.
    NoTray,
}

/// What has been told, kept in the state folder.
#[derive(Debug)]
pub struct Told {
    path: PathBuf,
    words: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    told: Vec<String>,
}

impl Told {
    /// Reads what was kept. A file that is gone or broken is an empty one: the person hears it again.
    pub fn load(folder: &Path) -> Told {
        let path = folder.join("told.json");
        let kept = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        Told { path, words: kept.map(|kept| kept.told).unwrap_or_default() }
    }

    /// Whether it has been told.
    pub fn has(&self, once: Once) -> bool {
        self.words.iter().any(|word| word == once.word())
    }

    /// Keeps that it has been told.
    pub fn tell(&mut self, once: Once) -> Result<(), Failure> {
        if self.has(once) {
            return Ok(());
        }
        self.words.push(once.word().to_owned());
        self.keep()
    }

    /// Has it told again the next time.
    pub fn forget(&mut self, once: Once) -> Result<(), Failure> {
        if !self.has(once) {
            return Ok(());
        }
        self.words.retain(|word| word != once.word());
        self.keep()
    }

    fn keep(&self) -> Result<(), Failure> {
        let json = serde_json::to_vec_pretty(&Kept { told: self.words.clone() });
        let json = json.map_err(|_| Failure::internal("what was told could not be written"))?;
        replace(&self.path, &json)
    }
}

impl Once {
    fn word(self) -> &'static str {
        match self {
            Once::Welcome => "welcome",
            Once::NoTray => "no-tray",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_remembered_until_it_is_to_be_told_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut told = Told::load(folder.path());
        assert!(!told.has(Once::Welcome));
        told.tell(Once::Welcome).unwrap();
        told.tell(Once::NoTray).unwrap();
        told.forget(Once::NoTray).unwrap();
        let again = Told::load(folder.path());
        assert!(again.has(Once::Welcome) && !again.has(Once::NoTray));
        fs::write(folder.path().join("told.json"), b"{").unwrap();
        assert!(!Told::load(folder.path()).has(Once::Welcome));
    }
}
