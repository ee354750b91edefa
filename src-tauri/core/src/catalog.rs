//! What the person configured: sources, roles, accounts and settings. No secret is ever in it.

mod document;
mod edit;
mod file;
mod form;
mod last_good;
mod name;
mod on_disk;
mod part;
mod read;
mod setting;

pub(crate) use file::EDITORS_TAKE;
pub use file::{CatalogFile, Current, Good};
pub use name::Name;
pub use on_disk::FileStamp;
pub use setting::Setting;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::arn::{AccountId, PrincipalArn, Region, RoleArn};
use crate::console::Destination;
use crate::failure::Failure;
use crate::output::Format;
use crate::secret::AccessKeyId;
use crate::session::{SessionDuration, SessionName};

/// The catalog as read from its file, every value checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The identities that can call STS.
    pub sources: BTreeMap<Name, Source>,
    /// The roles that the person saved.
    pub roles: BTreeMap<Name, Role>,
    /// What the person says about accounts.
    pub accounts: BTreeMap<AccountId, Account>,
    /// How Guise behaves.
    pub settings: Settings,
    /// What says something that this version does not understand. It stays in the file as it is.
    pub unusable: Vec<Unusable>,
}

/// An entry that stands in the catalog and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct Unusable {
    /// What it is.
    pub kind: EntryKind,
    /// Its name in the catalog.
    pub name: String,
    /// Why it cannot be used.
    pub failure: Failure,
}

/// What an entry of the catalog is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A source.
    Source,
    /// A role.
    Role,
    /// An account.
    Account,
    /// A setting.
    Setting,
}

/// An IAM user's access key that rests in the keychain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The id of the key; the secret is in the keychain.
    pub access_key_id: AccessKeyId,
    /// Who AWS said it is when it was added.
    pub arn: PrincipalArn,
    /// The account AWS said it is of.
    pub account: AccountId,
    /// The region for its roles where they have none.
    pub region: Option<Region>,
}

/// A saved role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The role in IAM.
    pub arn: RoleArn,
    /// The source that assumes it.
    pub source: Name,
    /// Where it is assumed and where its console opens; the source's where `None`, else the partition's own.
    pub region: Option<Region>,
    /// The page that its console opens; the console's home where `None`.
    pub destination: Option<Destination>,
    /// What CloudTrail shows; the source's user name where `None`.
    pub session_name: Option<SessionName>,
    /// How long a session lasts; an hour, AWS's default, where `None`.
    pub duration: Option<SessionDuration>,
    /// Whether it stands at the top of the tray.
    pub favourite: bool,
}

/// What to change about a role. What is `None` or [`Change::Keep`] stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// A new name.
    pub name: Option<Name>,
    /// Another role in IAM.
    pub arn: Option<RoleArn>,
    /// Another source.
    pub source: Option<Name>,
    /// Another region.
    pub region: Change<Region>,
    /// Another page.
    pub destination: Change<Destination>,
    /// Another session name.
    pub session_name: Change<SessionName>,
    /// Another duration.
    pub duration: Change<SessionDuration>,
    /// Whether it stands at the top of the tray.
    pub favourite: Option<bool>,
}

/// What to do with a setting that may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Leave it.
    #[default]
    Keep,
    /// Take it away.
    Clear,
    /// Put this in its place.
    Set(T),
}

impl<T> Change<T> {
    fn applied_to(self, old: Option<T>) -> Option<T> {
        match self {
            Change::Keep => old,
            Change::Clear => None,
            Change::Set(new) => Some(new),
        }
    }
}

/// What the person says about an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Their name for it.
    pub name: Option<String>,
    /// Whether mistakes there hurt.
    pub production: bool,
}

/// How Guise behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a copy stays on the clipboard.
    pub clipboard_clear: Duration,
    /// How copied credentials are written.
    pub credentials_format: Format,
    /// Whether the tray starts when the person signs in.
    pub start_at_login: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            clipboard_clear: Duration::from_secs(45),
            credentials_format: Format::default(),
            start_at_login: false,
        }
    }
}

impl Catalog {
    /// The source of that name.
    pub fn source(&self, name: &Name) -> Result<&Source, Failure> {
        let why_not = || self.unusable(EntryKind::Source, name).map(|entry| entry.failure.clone());
        self.sources
            .get(name)
            .ok_or_else(|| why_not().unwrap_or_else(|| Failure::unknown_source(name.as_str())))
    }

    /// The role of that name.
    pub fn role(&self, name: &Name) -> Result<&Role, Failure> {
        let why_not = || self.unusable(EntryKind::Role, name).map(|entry| entry.failure.clone());
        self.roles.get(name).ok_or_else(|| why_not().unwrap_or_else(|| Failure::unknown_role(name.as_str())))
    }

    /// Whether a source of that name stands in the catalog, usable or not.
    pub fn has_source(&self, name: &Name) -> bool {
        self.sources.contains_key(name) || self.unusable(EntryKind::Source, name).is_some()
    }

    /// Whether a role of that name stands in the catalog, usable or not.
    pub fn has_role(&self, name: &Name) -> bool {
        self.roles.contains_key(name) || self.unusable(EntryKind::Role, name).is_some()
    }

    fn unusable(&self, kind: EntryKind, name: &Name) -> Option<&Unusable> {
        self.unusable.iter().find(|entry| entry.kind == kind && entry.name == name.as_str())
    }

    /// The roles that name this source.
    pub fn roles_of(&self, source: &Name) -> Vec<Name> {
        self.roles.iter().filter(|(_, role)| role.source == *source).map(|(name, _)| name.clone()).collect()
    }

    /// Where the role is assumed and its console opens: the role's region, else the source's, else the partition's own.
    pub fn region_of(&self, role: &Role) -> Region {
        role.region
            .clone()
            .or_else(|| {
                let region = self.sources.get(&role.source)?.region.clone()?;
                (region.partition() == role.arn.partition()).then_some(region)
            })
            .unwrap_or_else(|| role.arn.partition().default_region())
    }

    /// Refuses a role that could never be assumed: its source must be there, and its region and source in its partition.
    pub fn check_role(&self, role: &Role) -> Result<(), Failure> {
        let source = self.source(&role.source)?;
        let partition = role.arn.partition();
        if let Some(region) = &role.region
            && region.partition() != partition
        {
            let theirs = region.partition();
            return Err(Failure::partition_mismatch(
                "the role",
                partition.id(),
                &format!("region `{region}`"),
                theirs.id(),
            ));
        }
        if let Some(theirs) = source.arn.partition()
            && theirs != partition
        {
            return Err(Failure::partition_mismatch(
                "the role",
                partition.id(),
                &format!("source `{}`", role.source),
                theirs.id(),
            ));
        }
        if let Some(destination) = &role.destination {
            destination.check_partition(partition)?;
        }
        Ok(())
    }
}

impl Unusable {
    /// Whether it belongs in the list of sources or of roles.
    pub fn is_listed(&self) -> bool {
        match self.kind {
            EntryKind::Source | EntryKind::Role => true,
            EntryKind::Account | EntryKind::Setting => false,
        }
    }

    fn new(kind: EntryKind, name: &str, why: &str) -> Self {
        Unusable { kind, name: name.to_owned(), failure: Failure::entry_unusable(kind.word(), name, why) }
    }
}

impl EntryKind {
    fn word(self) -> &'static str {
        match self {
            EntryKind::Source => "source",
            EntryKind::Role => "role",
            EntryKind::Account => "account",
            EntryKind::Setting => "the setting",
        }
    }
}

impl RoleChange {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        *self == RoleChange::default()
    }

    /// The role with the changes made.
    #[must_use]
    pub fn applied_to(self, role: Role) -> Role {
        Role {
            arn: self.arn.unwrap_or(role.arn),
            source: self.source.unwrap_or(role.source),
            region: self.region.applied_to(role.region),
            destination: self.destination.applied_to(role.destination),
            session_name: self.session_name.applied_to(role.session_name),
            duration: self.duration.applied_to(role.duration),
            favourite: self.favourite.unwrap_or(role.favourite),
        }
    }
}

#[cfg(test)]
mod tests;
