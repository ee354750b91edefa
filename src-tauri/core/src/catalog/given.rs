//! A catalog as a text to give away or to keep, and such a text brought in: sources, roles and what is said of accounts. Settings
//! and comments stay with their owner; keys never were in it.

use std::io::{ErrorKind, Write};
use std::path::Path;

use toml_edit::DocumentMut;

use super::read::read;
use super::{Account, AccountChange, Catalog, Change, EntryKind, Name, Role, Source, Unusable, document};
use crate::arn::AccountId;
use crate::failure::{Failure, shown};

/// What stands at the top of a text that is given away.
const HEAD: &str = "# Sources, roles and accounts of Guise. No key and no setting is in it.\n\
                    # guise catalog import FILE shows what it would bring in.\n";

/// What is brought in together, or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Sources by name. Their keys are not with them.
    pub sources: Vec<(Name, Source)>,
    /// Roles by name, a new one or one in the place of another.
    pub roles: Vec<(Name, Role)>,
    /// What is said of accounts.
    pub accounts: Vec<(AccountId, Account)>,
}

impl Catalog {
    /// The catalog as a text to give away: what can be used of it, as it would be written anew.
    pub fn exported(&self) -> String {
        let mut document = DocumentMut::new();
        for (name, source) in &self.sources {
            document::set_source(&mut document, name, source);
        }
        for (name, role) in &self.roles {
            document::set_role(&mut document, name, role);
        }
        for (id, account) in &self.accounts {
            document::change_account(&mut document, id, &change_to(account));
        }
        let left_out: String = self
            .left_out()
            .iter()
            .map(|entry| format!("# left out, as it cannot be used: {entry}\n"))
            .collect();
        format!("{HEAD}{left_out}\n{}", document.to_string().trim_start())
    }

    /// What stands in the catalog and is not given, as this version cannot use it.
    pub fn left_out(&self) -> Vec<String> {
        let given = |entry: &&Unusable| entry.kind != EntryKind::Setting;
        let told = |entry: &Unusable| format!("{} `{}`", entry.kind.word(), shown(&entry.name));
        self.unusable.iter().filter(given).map(told).collect()
    }

    /// Reads a text that somebody gave. What cannot be used of it is among [`Catalog::unusable`].
    pub fn given(text: &str) -> Result<Catalog, Failure> {
        read(text.trim_start_matches('\u{feff}')).map_err(|problem| Failure::given_catalog_invalid(&problem))
    }
}

impl Given {
    /// Whether nothing is brought in.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty() && self.roles.is_empty() && self.accounts.is_empty()
    }

    /// The catalog with all of this in it.
    pub fn added_to(&self, catalog: &Catalog) -> Catalog {
        let mut becomes = catalog.clone();
        becomes.sources.extend(self.sources.iter().cloned());
        becomes.roles.extend(self.roles.iter().cloned());
        becomes.accounts.extend(self.accounts.iter().cloned());
        becomes
    }

    /// Brings it in, after the check of all that could be touched by it.
    pub(super) fn make(&self, document: &mut DocumentMut, catalog: &Catalog) -> Result<(), Failure> {
        if self.is_empty() {
            return Err(Failure::nothing_to_change());
        }
        let becomes = self.added_to(catalog);
        let brought = |name: &Name| self.roles.iter().any(|(each, _)| each == name);
        for (name, role) in &becomes.roles {
            if brought(name) || catalog.check_role(name, role).is_ok() {
                becomes.check_role(name, role).map_err(|failure| failure.of_role(name.as_str()))?;
            }
        }
        for (name, source) in &self.sources {
            document::set_source(document, name, source);
        }
        for (id, account) in &self.accounts {
            document::check_entry(document, "accounts", id.as_str())?;
            document::change_account(document, id, &change_to(account));
        }
        for (name, role) in &self.roles {
            // What a newer version wrote stays as it is.
            if !catalog.roles.contains_key(name) && catalog.has_role(name) {
                return Err(Failure::import_role_unusable(name.as_str()));
            }
            document::set_role(document, name, role);
        }
        Ok(())
    }
}

/// What becomes of a file that stands where an export is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// It stays, and the export fails.
    Nothing,
    /// It is replaced: the person was asked.
    WhatIsThere,
}

/// Writes an export into a file, in one step; for nobody else to read, as the person may want it.
pub fn write_export(path: &Path, text: &str, over: Over) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let not_written = |error: &std::io::Error| Failure::not_exported(path, error);
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| not_written(&error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.as_file().sync_all())
        .map_err(|error| not_written(&error))?;
    let put = match over {
        Over::Nothing => file.persist_noclobber(path),
        Over::WhatIsThere => file.persist(path),
    };
    put.map(drop).map_err(|error| {
        let is_there = error.error.kind() == ErrorKind::AlreadyExists;
        if is_there { Failure::export_exists(path) } else { not_written(&error.error) }
    })
}

/// What makes an account say this. A name that is none of ours is left out.
fn change_to(account: &Account) -> AccountChange {
    AccountChange {
        name: account.name.as_ref().and_then(|name| name.parse().ok()).map_or(Change::Keep, Change::Set),
        colour: account.colour.map_or(Change::Keep, Change::Set),
        environment: account.environment.clone().map_or(Change::Keep, Change::Set),
        production: account.production.then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::CatalogFile;

    const HERE: &str = "# mine\n[sources.ada] # ada's\naccess_key_id = \"AKIASIMULATEDADA2222\"\n\
        arn = \"arn:aws:iam::111122223333:user/ada\"\naccount = \"111122223333\"\n\n\
        [roles.old]\narn = \"arn:aws:iam::111122223333:role/Old\" # keep\nsource = \"ada\"\nodd = 1\n";

    fn home(text: &str) -> (tempfile::TempDir, CatalogFile) {
        let folder = tempfile::tempdir().unwrap();
        let file = CatalogFile::in_folder(folder.path());
        if !text.is_empty() {
            std::fs::write(file.path(), text).unwrap();
        }
        (folder, file)
    }

    #[test]
    fn what_is_given_says_the_same_and_nothing_of_the_person() {
        let here = Catalog::given(HERE).unwrap();
        let given = here.exported();
        assert!(!given.contains("mine") && !given.contains("odd") && !given.contains("keep"), "{given}");
        assert_eq!(Catalog::given(&given).unwrap(), here);
    }

    #[test]
    fn what_is_brought_in_is_there_together_and_is_taken_back_byte_for_byte() {
        let (_folder, file) = home(HERE);
        let other = HERE.replace("roles.old", "roles.new") + "\n[accounts.444455556666]\nname = \"prod\"\n";
        let other = Catalog::given(&other).unwrap();
        let given = Given {
            roles: other.roles.clone().into_iter().collect(),
            accounts: other.accounts.clone().into_iter().collect(),
            ..Given::default()
        };
        let taken = file.bring_in(&given).unwrap();
        let now = file.load().unwrap();
        assert_eq!((now.roles.len(), now.accounts.len()), (2, 1));
        assert!(std::fs::read_to_string(file.path()).unwrap().starts_with(HERE), "what was there is");
        file.put_back(&taken).unwrap();
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), HERE);
        // Only while nothing else has changed.
        let taken = file.bring_in(&given).unwrap();
        file.remove_role(&"old".parse().unwrap()).unwrap();
        let failure = file.put_back(&taken).unwrap_err();
        assert_eq!(failure, Failure::changed_since());
    }

    #[test]
    fn one_role_that_could_never_be_assumed_stops_all_of_it() {
        let (_folder, file) = home(HERE);
        let other = HERE.replace("roles.old", "roles.new").replace("source = \"ada\"", "source = \"eve\"");
        let given =
            Given { roles: Catalog::given(&other).unwrap().roles.into_iter().collect(), ..Given::default() };
        assert!(file.bring_in(&given).is_err());
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), HERE);
        assert_eq!(file.bring_in(&Given::default()).unwrap_err(), Failure::nothing_to_change());
    }

    #[test]
    fn what_this_version_cannot_use_is_named_and_not_written_over() {
        let newer = format!(
            "{HERE}\n[roles.newer]\nkind = \"portal\"\narn = \"arn:aws:iam::444455556666:role/Admin\"\nproduction = true\n\
             external_id = \"keep-me\"\n[accounts]\n777788889999 = 5\n"
        );
        let (_folder, file) = home(&newer);
        let here = file.load().unwrap();
        assert_eq!(here.left_out(), ["role `newer`", "account `777788889999`"]);
        assert!(here.exported().contains("# left out, as it cannot be used: role `newer`\n"));
        let other = Catalog::given(&HERE.replace("roles.old", "roles.newer")).unwrap();
        let given = Given { roles: other.roles.into_iter().collect(), ..Given::default() };
        assert_eq!(file.bring_in(&given).unwrap_err(), Failure::import_role_unusable("newer"));
        let id: AccountId = "777788889999".parse().unwrap();
        let marked = Account { production: true, ..Account::default() };
        let given = Given { accounts: vec![(id.clone(), marked)], ..Given::default() };
        let no_table = Failure::entry_no_table("accounts", "777788889999");
        assert_eq!(file.bring_in(&given).unwrap_err(), no_table);
        let change = AccountChange { production: Some(true), ..AccountChange::default() };
        assert_eq!(file.edit_account(&id, &change).unwrap_err(), no_table);
        assert_eq!(std::fs::read_to_string(file.path()).unwrap(), newer);
    }
}
