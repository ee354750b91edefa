//! The catalog's file: read, changed under a lock, replaced in one step.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::edit::Edit;
use super::form::Form;
use super::last_good::LastGood;
use super::on_disk::{self, FileStamp, Found};
use super::read::read;
use super::{AccountChange, Catalog, Given, Name, Role, RoleChange, Setting, Source, SourceChange, Taken};
use crate::arn::AccountId;
use crate::failure::Failure;
use crate::home::Home;
use crate::state::{Fresh, private_folder, sweep};

/// How long other writers of ours may take before we give up.
const OTHERS_FINISH_WITHIN: Duration = Duration::from_secs(30);
/// For how long an editor may take the file away while it saves.
pub(crate) const EDITORS_TAKE: Duration = Duration::from_millis(300);
/// How often somebody else may change the file while we do, before we give up.
const MOST_TRIES: usize = 10;

/// What is said of a file that a disk did not finish.
const ZEROES: &str = "it holds zero bytes, as a power cut or a full disk can leave them";

/// Where the catalog rests.
#[derive(Clone, Debug)]
pub struct CatalogFile {
    path: PathBuf,
    last_good: Option<LastGood>,
}

/// The catalog to work with, whatever state its file is in.
#[derive(Debug)]
pub struct Current {
    /// What the file says; the last good one's, where the file cannot be read.
    pub catalog: Catalog,
    /// What is wrong with the file.
    pub trouble: Option<Failure>,
    /// What was read, where it was good.
    pub good: Option<Good>,
}

/// A catalog's text that was read and is good: worth a copy.
#[derive(Debug)]
pub struct Good {
    text: String,
    stamp: FileStamp,
}

/// What the file says after a change, its text before, and what was written.
struct Changed {
    catalog: Catalog,
    before: String,
    written: String,
}

/// What the file says before a change.
struct Base {
    form: Form,
    text: String,
    catalog: Catalog,
    stamp: Option<FileStamp>,
}

impl CatalogFile {
    /// The catalog of a home, with copies of good ones in its state folder.
    pub fn in_home(home: &Home) -> Self {
        CatalogFile {
            last_good: Some(LastGood::in_folder(&home.state)),
            ..CatalogFile::in_folder(&home.configuration)
        }
    }

    /// The catalog in a folder, of which no copies are kept.
    pub fn in_folder(folder: &Path) -> Self {
        CatalogFile { path: folder.join("catalog.toml"), last_good: None }
    }

    /// The file's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the catalog as it stands in its file; one that is not there is empty.
    pub fn load(&self) -> Result<Catalog, Failure> {
        self.base().map(|base| base.catalog)
    }

    /// The catalog to work with: the file's, else the last good one and what is wrong.
    pub fn current(&self) -> Current {
        match self.base() {
            Ok(Base { catalog, stamp: None, .. }) => {
                let last = self.last_good.as_ref().filter(|last| last.holds_something());
                let trouble =
                    last.map(|last| Failure::catalog_gone(&self.path).kept_at(last.path(), &self.path));
                Current { catalog, trouble, good: None }
            }
            Ok(Base { form, text, catalog, stamp: Some(stamp) }) => {
                Current { catalog, trouble: None, good: Some(Good { text: form.put_on(text), stamp }) }
            }
            Err(failure) => {
                let catalog = self.last_good.as_ref().and_then(LastGood::catalog).unwrap_or_default();
                Current { catalog, trouble: Some(failure), good: None }
            }
        }
    }

    /// Keeps a copy of what was read, unless the file has changed since or is being changed: then another does.
    pub fn remember(&self, good: &Good) {
        let Some(last_good) = &self.last_good else { return };
        let lock = self.lock_file().map(|file| file.try_lock().map(|()| file));
        // Where no lock can be made, nobody can write either.
        if !matches!(lock, Ok(Err(TryLockError::WouldBlock))) && self.stamp() == Some(good.stamp) {
            last_good.seen(&good.text);
        }
    }

    /// What the file looks like from outside; `None` where there is none.
    pub fn stamp(&self) -> Option<FileStamp> {
        on_disk::stamp(&self.path)
    }

    /// Removes what writers that were killed left behind.
    pub fn sweep(&self) {
        sweep(folder_of(&self.target()));
        if let Some(last_good) = &self.last_good {
            sweep(folder_of(last_good.path()));
        }
    }

    /// Keeps a new source.
    pub fn add_source(&self, name: &Name, source: &Source) -> Result<Catalog, Failure> {
        self.update(&Edit::AddSource(name, source))
    }

    /// Changes a source.
    pub fn edit_source(&self, name: &Name, change: &SourceChange) -> Result<Catalog, Failure> {
        self.update(&Edit::ChangeSource(name, change))
    }

    /// Puts another source in the place of one, as its key is another.
    pub fn replace_source(&self, name: &Name, source: &Source) -> Result<Catalog, Failure> {
        self.update(&Edit::ReplaceSource(name, source))
    }

    /// Forgets a source.
    pub fn remove_source(&self, name: &Name) -> Result<Catalog, Failure> {
        self.update(&Edit::RemoveSource(name))
    }

    /// Keeps a new role, after its check.
    pub fn add_role(&self, name: &Name, role: &Role) -> Result<Catalog, Failure> {
        self.update(&Edit::AddRole(name, role))
    }

    /// Changes a role, after the check of what it becomes.
    pub fn edit_role(&self, name: &Name, change: &RoleChange) -> Result<Catalog, Failure> {
        self.update(&Edit::ChangeRole(name, change))
    }

    /// Changes many roles alike, or none; gives what they were.
    pub fn edit_roles(&self, names: &[Name], change: &RoleChange) -> Result<Taken, Failure> {
        let text = self.change(&Edit::ChangeRoles(names, change))?.before;
        Ok(Taken::changed(&text, names))
    }

    /// Forgets a role, one that cannot be used included.
    pub fn remove_role(&self, name: &Name) -> Result<Catalog, Failure> {
        self.update(&Edit::RemoveRoles(std::slice::from_ref(name)))
    }

    /// Forgets roles, or none; gives what they were.
    pub fn remove_roles(&self, names: &[Name]) -> Result<Taken, Failure> {
        let text = self.change(&Edit::RemoveRoles(names))?.before;
        Ok(Taken::removed(&text, names))
    }

    /// Brings in sources, roles and accounts, or nothing; gives what stood there before.
    pub fn bring_in(&self, given: &Given) -> Result<Taken, Failure> {
        let changed = self.change(&Edit::BringIn(given))?;
        let (_, after) = Form::taken_off(&changed.written);
        Ok(Taken::text(changed.before, after.into_owned()))
    }

    /// Takes an edit back.
    pub fn put_back(&self, taken: &Taken) -> Result<Catalog, Failure> {
        self.update(&Edit::PutBack(taken))
    }

    /// Puts favourites in this order.
    pub fn order_favourites(&self, order: &[Name]) -> Result<Catalog, Failure> {
        self.update(&Edit::OrderFavourites(order))
    }

    /// Changes what is said about an account.
    pub fn edit_account(&self, id: &AccountId, change: &AccountChange) -> Result<Catalog, Failure> {
        self.update(&Edit::ChangeAccount(id, change))
    }

    /// Sets a setting from how it is typed; an empty text takes it away.
    pub fn set_setting(&self, setting: Setting, text: &str) -> Result<Catalog, Failure> {
        let value = if text.is_empty() { None } else { Some(setting.read(text)?) };
        self.update(&Edit::Set(setting, value.as_ref()))
    }

    fn update(&self, edit: &Edit<'_>) -> Result<Catalog, Failure> {
        self.change(edit).map(|changed| changed.catalog)
    }

    /// Reads what stands there now, changes it, and puts it in place, with every other writer of ours waiting. An
    /// editor does not wait: where the file is another one by then, the change is made again on what stands there.
    fn change(&self, edit: &Edit<'_>) -> Result<Changed, Failure> {
        let _lock = self.lock()?;
        self.sweep();
        for _ in 0..MOST_TRIES {
            let base = self.settled()?;
            let (text, catalog) = edit.made_in(&base.text, base.catalog, &self.path)?;
            let text = base.form.put_on(text);
            if let (Some(last_good), Some(_)) = (&self.last_good, base.stamp) {
                // What stands there may be somebody else's.
                last_good.seen(&base.form.put_on(base.text.clone()));
            }
            let fresh = Fresh::beside(&self.target(), text.as_bytes())?;
            if self.stamp() != base.stamp {
                continue;
            }
            fresh.take_its_place()?;
            if let Some(last_good) = &self.last_good {
                if base.stamp.is_none() && last_good.holds_something() {
                    last_good.set_aside();
                }
                last_good.saved(&text);
            }
            return Ok(Changed { catalog, before: base.text, written: text });
        }
        Err(Failure::catalog_busy(&self.path))
    }

    /// What stands there to be changed. Some editors take a file away for a moment before they put the new one there.
    fn settled(&self) -> Result<Base, Failure> {
        let begun = Instant::now();
        loop {
            let base = self.base()?;
            let gone = base.stamp.is_none() && self.last_good.as_ref().is_some_and(LastGood::holds_something);
            if !gone || begun.elapsed() > EDITORS_TAKE {
                return Ok(base);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn base(&self) -> Result<Base, Failure> {
        let (text, stamp) = match on_disk::read(&self.path).map_err(|failure| self.explained(failure))? {
            Found::Text { text, stamp } => (text, Some(stamp)),
            Found::Nothing => (String::new(), None),
        };
        let (form, plain) = Form::taken_off(&text);
        let blank = plain.chars().all(|each| each.is_whitespace() || each == '\0');
        if blank && stamp.is_some() && self.last_good.as_ref().is_some_and(LastGood::holds_something) {
            return Err(self.explained(Failure::catalog_emptied(&self.path)));
        }
        let catalog = read(&plain).map_err(|problem| {
            let problem = if plain.contains('\0') { ZEROES } else { &problem };
            self.explained(Failure::catalog_invalid(&self.path, problem))
        })?;
        Ok(Base { form, text: plain.into_owned(), catalog, stamp })
    }

    /// Says what is in use meanwhile.
    fn explained(&self, failure: Failure) -> Failure {
        match self.last_good.as_ref().filter(|last| last.catalog().is_some()) {
            Some(last) => failure.last_good_used(last.path(), &self.path),
            None => failure.nothing_used(),
        }
    }

    /// The file itself, where the path is a link into somebody's dotfiles.
    fn target(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    fn lock(&self) -> Result<File, Failure> {
        let not_locked = |error: &std::io::Error| Failure::not_written(&self.lock_path(), error);
        let file = self.lock_file().map_err(|error| not_locked(&error))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) if begun.elapsed() < OTHERS_FINISH_WITHIN => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                Err(TryLockError::WouldBlock) => return Err(Failure::catalog_busy(&self.path)),
                Err(TryLockError::Error(error)) => return Err(not_locked(&error)),
            }
        }
    }

    fn lock_path(&self) -> PathBuf {
        self.path.with_extension("toml.lock")
    }

    fn lock_file(&self) -> std::io::Result<File> {
        private_folder(folder_of(&self.path))?;
        on_disk::open_lock(&self.lock_path())
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}
