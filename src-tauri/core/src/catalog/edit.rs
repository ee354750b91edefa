//! A change to the catalog as a value: checked against what stands there, then made in the text.

use std::path::Path;

use toml_edit::{DocumentMut, Value};

use super::read::read;
use super::{
    AccountChange, Assumer, Catalog, Given, Name, Role, RoleChange, Setting, Source, SourceChange, Taken,
    document, part,
};
use crate::arn::AccountId;
use crate::failure::Failure;

/// What stands in a catalog with nothing in it: an empty file would look like one that was lost.
const NOTHING: &str = "# Guise's catalog: no sources and no roles\n";

/// One change.
#[derive(Debug)]
pub(super) enum Edit<'a> {
    AddSource(&'a Name, &'a Source),
    ChangeSource(&'a Name, &'a SourceChange),
    ReplaceSource(&'a Name, &'a Source),
    RemoveSource(&'a Name),
    AddRole(&'a Name, &'a Role),
    ChangeRole(&'a Name, &'a RoleChange),
    /// The same change of many roles: of all or of none.
    ChangeRoles(&'a [Name], &'a RoleChange),
    RemoveRoles(&'a [Name]),
    PutBack(&'a Taken),
    /// Sources, roles and accounts: all of them or none.
    BringIn(&'a Given),
    OrderFavourites(&'a [Name]),
    ChangeAccount(&'a AccountId, &'a AccountChange),
    Set(Setting, Option<&'a Value>),
}

impl Edit<'_> {
    /// The text with the change made, and what it says. A catalog is never replaced by one that cannot be read.
    pub(super) fn made_in(
        &self,
        text: &str,
        catalog: Catalog,
        path: &Path,
    ) -> Result<(String, Catalog), Failure> {
        if let Edit::ChangeRole(name, change) = *self {
            let role = changed(&catalog, name, change)?;
            if change.name.is_none()
                && let Some(text) = part::with_role(text, name, &role)
            {
                let mut catalog = catalog;
                catalog.roles.insert(name.clone(), role);
                return Ok((text, catalog));
            }
        }
        self.made_in_whole(text, &catalog, path)
    }

    /// The same by way of the whole document.
    pub(super) fn made_in_whole(
        &self,
        text: &str,
        catalog: &Catalog,
        path: &Path,
    ) -> Result<(String, Catalog), Failure> {
        let invalid = |problem: &str| Failure::catalog_invalid(path, problem);
        let mut document: DocumentMut =
            text.parse().map_err(|error: toml_edit::TomlError| invalid(error.message()))?;
        let whole = if let Edit::PutBack(taken) = self { taken.text_before(text) } else { None };
        let mut text = if let Some(before) = whole {
            before?
        } else {
            self.make(&mut document, catalog)?;
            document.to_string()
        };
        if text.trim().is_empty() {
            NOTHING.clone_into(&mut text);
        }
        let catalog = read(&text).map_err(|problem| invalid(&problem))?;
        Ok((text, catalog))
    }

    fn changes_nothing(&self) -> bool {
        matches!(self, Edit::ChangeAccount(_, change) if **change == AccountChange::default())
    }

    fn make(&self, document: &mut DocumentMut, catalog: &Catalog) -> Result<(), Failure> {
        match *self {
            Edit::AddSource(name, _) if catalog.has_source(name) => {
                return Err(Failure::source_exists(name.as_str()));
            }
            Edit::AddSource(name, source) => document::set_source(document, name, source),
            Edit::ChangeSource(name, change) => {
                if *change == SourceChange::default() {
                    return Err(Failure::nothing_to_change());
                }
                let mut source = catalog.source(name)?.clone();
                source.region = change.region.clone().applied_to(source.region);
                source.mfa_serial = change.mfa_serial.clone().applied_to(source.mfa_serial);
                document::set_source(document, name, &source);
            }
            Edit::ReplaceSource(name, source) => {
                catalog.source(name)?;
                document::set_source(document, name, source);
            }
            Edit::RemoveSource(name) => {
                catalog.source(name)?;
                document::remove(document, "sources", name);
            }
            Edit::AddRole(name, _) if catalog.has_role(name) => {
                return Err(Failure::role_exists(name.as_str()));
            }
            Edit::AddRole(name, role) => {
                catalog.check_role(name, role)?;
                document::set_role(document, name, role);
            }
            Edit::ChangeRole(name, change) => {
                let role = changed(catalog, name, change)?;
                replace(document, catalog, name, change.name.as_ref().unwrap_or(name), &role)?;
            }
            Edit::ChangeRoles(names, change) => {
                for (name, role) in all_changed(catalog, names, change)? {
                    document::set_role(document, &name, &role);
                }
            }
            Edit::RemoveRoles(names) => {
                for name in names {
                    // One that cannot be used can still be taken out.
                    if !catalog.has_role(name) {
                        return Err(Failure::unknown_role(name.as_str()));
                    }
                    let by = catalog.roles_by(name).into_iter().filter(|by| !names.contains(by));
                    let by: Vec<String> = by.map(|by| by.to_string()).collect();
                    if !by.is_empty() {
                        return Err(Failure::role_is_needed(name.as_str(), &by));
                    }
                    document::remove(document, "roles", name);
                }
            }
            Edit::PutBack(taken) => taken.put_back(document, catalog)?,
            Edit::BringIn(given) => given.make(document, catalog)?,
            Edit::OrderFavourites(order) => document::set_favourites(document, order),
            Edit::ChangeAccount(..) if self.changes_nothing() => return Err(Failure::nothing_to_change()),
            Edit::ChangeAccount(id, change) => {
                document::check_entry(document, "accounts", id.as_str())?;
                document::change_account(document, id, change);
            }
            Edit::Set(setting, value) => document::set_setting(document, setting, value.cloned()),
        }
        Ok(())
    }
}

/// Puts a role in the place of one, which may have had another name.
fn replace(
    document: &mut DocumentMut,
    catalog: &Catalog,
    name: &Name,
    new_name: &Name,
    role: &Role,
) -> Result<(), Failure> {
    if new_name != name {
        document::rename(document, "roles", name, new_name);
        // Whoever is assumed by it goes with it, and it keeps its place among the favourites.
        for by in catalog.roles_by(name) {
            let mut role = catalog.role(&by)?.clone();
            role.assumed_by = Assumer::Role(new_name.clone());
            document::set_role(document, &by, &role);
        }
        if catalog.favourites.contains(name) {
            let renamed = |each: &Name| if each == name { new_name.clone() } else { each.clone() };
            document::set_favourites(document, &catalog.favourites.iter().map(renamed).collect::<Vec<_>>());
        }
    }
    document::set_role(document, new_name, role);
    Ok(())
}

/// What a role becomes by a change, after its check.
fn changed(catalog: &Catalog, name: &Name, change: &RoleChange) -> Result<Role, Failure> {
    if change.is_empty() {
        return Err(Failure::nothing_to_change());
    }
    let role = change.clone().applied_to(catalog.role(name)?.clone());
    check_change(catalog, name, change.name.as_ref().unwrap_or(name), &role)?;
    Ok(role)
}

/// Refuses a role that could not stand in the place of one.
fn check_change(catalog: &Catalog, name: &Name, new_name: &Name, role: &Role) -> Result<(), Failure> {
    if new_name != name && catalog.has_role(new_name) {
        return Err(Failure::role_name_taken(new_name.as_str()));
    }
    catalog.check_role(name, role)?;
    if catalog.roles_by(name).is_empty() {
        return Ok(());
    }
    let mut becomes = catalog.clone();
    becomes.roles.insert(name.clone(), role.clone());
    still_reached(catalog, &becomes)
}

/// Refuses a change after which a role that could be assumed could not be any more, because of what is on its way.
fn still_reached(catalog: &Catalog, becomes: &Catalog) -> Result<(), Failure> {
    for (name, role) in &becomes.roles {
        if matches!(&role.assumed_by, Assumer::Role(_))
            && catalog.roles.get(name).is_some_and(|was| catalog.check_role(name, was).is_ok())
        {
            becomes.check_role(name, role).map_err(|failure| failure.of_role(name.as_str()))?;
        }
    }
    Ok(())
}

/// What many roles become by the same change, after the check of all that could be touched by it.
fn all_changed(catalog: &Catalog, names: &[Name], change: &RoleChange) -> Result<Vec<(Name, Role)>, Failure> {
    if change.is_empty() || names.is_empty() {
        return Err(Failure::nothing_to_change());
    }
    if let (Some(name), true) = (&change.name, names.len() > 1) {
        return Err(Failure::role_exists(name.as_str()));
    }
    let mut becomes = catalog.clone();
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        let role = change.clone().applied_to(catalog.role(name)?.clone());
        becomes.roles.insert(name.clone(), role.clone());
        all.push((name.clone(), role));
    }
    for (name, role) in &all {
        becomes.check_role(name, role).map_err(|failure| failure.of_role(name.as_str()))?;
    }
    still_reached(catalog, &becomes)?;
    Ok(all)
}
