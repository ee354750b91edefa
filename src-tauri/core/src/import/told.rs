//! What is said of finds: where they stand, what they are to the catalog, and what a wanted source is made of.

use std::fmt;
use std::path::Path;

use super::{
    Difference, Finds, FoundBy, FoundKey, FoundRole, MadeOf, Place, WantedSource, Wishes, assumer, difference,
};
use crate::catalog::{Assumer, Catalog, Name};
use crate::console::Endpoints;
use crate::failure::{Failure, shown_path};
use crate::profiles::ProfileName;
use crate::secret::AccessKey;
use crate::view::{NewKey, NewSource};

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", shown_path(&self.file), self.line)
    }
}

impl FoundBy {
    /// The profile that a role begins with.
    pub fn profile(&self) -> Option<&ProfileName> {
        match self {
            FoundBy::Profile(profile) | FoundBy::OwnKey(profile) => Some(profile),
            FoundBy::Role(_) | FoundBy::Anybody => None,
        }
    }
}

impl FoundKey {
    /// The source that has this key already.
    pub fn held_as<'a>(&self, catalog: &'a Catalog) -> Option<&'a Name> {
        let mut sources = catalog.sources.iter();
        sources.find(|(_, source)| source.access_key_id() == Some(&self.id)).map(|(name, _)| name)
    }

    /// What can be done about its lines once it is in the keychain.
    pub fn can_go(&self) -> String {
        format!("these can go, as soon as nothing else needs them: {}", self.lines_told())
    }

    /// Its lines, without what stands there.
    pub fn lines_told(&self) -> String {
        let mut files: Vec<(&Path, Vec<String>)> = Vec::new();
        for (place, name) in &self.lines {
            let told = format!("{} ({name})", place.line);
            match files.iter_mut().find(|(file, _)| *file == place.file) {
                Some((_, lines)) => lines.push(told),
                None => files.push((&place.file, vec![told])),
            }
        }
        let told =
            files.iter().map(|(file, lines)| format!("{}: lines {}", shown_path(file), lines.join(", ")));
        told.collect::<Vec<_>>().join("; ")
    }
}

impl WantedSource {
    /// What is said of it once it was added as this identity.
    pub fn added_as(&self, arn: &str) -> String {
        let name = &self.name;
        match &self.from {
            Some(MadeOf::Key(_) | MadeOf::Vaulted(_)) => {
                format!("the key of `{name}`, {arn}, is in the keychain")
            }
            Some(MadeOf::Profile(_)) | None => {
                format!("added the source `{name}`, {arn}, which asks its profile whenever it is needed")
            }
        }
    }
}

/// A role against the catalog, by whatever would assume it.
pub fn against(role: &FoundRole, finds: &Finds, catalog: &Catalog, wishes: &Wishes) -> Difference {
    let existing = catalog.roles.get(&role.name);
    let assumed_by = match assumer(finds, catalog, role, wishes) {
        Ok((assumed_by, _)) => assumed_by,
        // What cannot be told is not a difference.
        Err(_) => match existing {
            Some(existing) => existing.assumed_by.clone(),
            None => Assumer::Role(role.name.clone()),
        },
    };
    difference(role, &assumed_by, existing).0
}

/// What has to be added for a wanted source; `None` where it is here. `vault` reads what aws-vault keeps for a profile.
pub fn new_source(
    finds: &Finds,
    wanted: &WantedSource,
    endpoints: Endpoints,
    vault: impl FnOnce(&ProfileName) -> Result<AccessKey, Failure>,
) -> Result<Option<NewSource>, Failure> {
    let Some(from) = &wanted.from else { return Ok(None) };
    let (profile, key) = match from {
        MadeOf::Profile(profile) => (profile, NewKey::Profile(profile.clone())),
        MadeOf::Key(profile) => {
            let found = finds.keys.iter().find(|key| key.profile == *profile);
            let found = found.ok_or_else(|| Failure::import_unknown(profile.as_str()))?;
            (profile, NewKey::AccessKey(AccessKey::new(found.id.clone(), found.secret.clone())?))
        }
        MadeOf::Vaulted(profile) => (profile, NewKey::AccessKey(vault(profile)?)),
    };
    let found = finds.keys.iter().find(|key| key.profile == *profile);
    let vaulted = finds.vaulted.iter().find(|key| key.profile == *profile);
    Ok(Some(NewSource {
        name: wanted.name.clone(),
        key,
        mfa_serial: found
            .and_then(|key| key.mfa_serial.clone())
            .or_else(|| vaulted.and_then(|key| key.mfa_serial.clone())),
        // No file sets a command.
        mfa_process: Vec::new(),
        region: found
            .and_then(|key| key.region.clone())
            .or_else(|| vaulted.and_then(|key| key.region.clone())),
        endpoints,
    }))
}
