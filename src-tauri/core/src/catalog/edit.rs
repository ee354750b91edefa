//! A change to the catalog as a value: checked against what stands there, then made in the text.

use std::path::Path;

use toml_edit::{DocumentMut, Value};

use super::read::read;
use super::{
    AccountChange, Assumer, Catalog, Name, Role, RoleChange, Setting, Source, SourceChange, document, part,
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
    RemoveRole(&'a Name),
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
        self.make(&mut document, catalog)?;
        let mut text = document.to_string();
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
                let new_name = change.name.as_ref().unwrap_or(name);
                if new_name != name {
                    document::rename(document, "roles", name, new_name);
                    // Whoever is assumed by it goes with it.
                    for by in catalog.roles_by(name) {
                        let mut role = catalog.role(&by)?.clone();
                        role.assumed_by = Assumer::Role(new_name.clone());
                        document::set_role(document, &by, &role);
                    }
                }
                document::set_role(document, new_name, &role);
            }
            // One that cannot be used can still be taken out.
            Edit::RemoveRole(name) if !catalog.has_role(name) => {
                return Err(Failure::unknown_role(name.as_str()));
            }
            Edit::RemoveRole(name) if !catalog.roles_by(name).is_empty() => {
                let by: Vec<String> = catalog.roles_by(name).iter().map(ToString::to_string).collect();
                return Err(Failure::role_is_needed(name.as_str(), &by));
            }
            Edit::RemoveRole(name) => document::remove(document, "roles", name),
            Edit::ChangeAccount(..) if self.changes_nothing() => return Err(Failure::nothing_to_change()),
            Edit::ChangeAccount(id, change) => document::change_account(document, id, change),
            Edit::Set(setting, value) => document::set_setting(document, setting, value.cloned()),
        }
        Ok(())
    }
}

/// What a role becomes by a change, after its check.
fn changed(catalog: &Catalog, name: &Name, change: &RoleChange) -> Result<Role, Failure> {
    if change.is_empty() {
        return Err(Failure::nothing_to_change());
    }
    let role = catalog.role(name)?.clone();
    if let Some(new_name) = &change.name
        && new_name != name
        && catalog.has_role(new_name)
    {
        return Err(Failure::role_exists(new_name.as_str()));
    }
    let role = change.clone().applied_to(role);
    catalog.check_role(name, &role)?;
    // What is assumed by it must still be reached.
    if change.arn.is_some() || change.assumed_by.is_some() {
        let mut changed = catalog.clone();
        changed.roles.insert(name.clone(), role.clone());
        for by in catalog.roles_by(name) {
            changed.check_role(&by, changed.role(&by)?)?;
        }
    }
    Ok(role)
}
