//! What the person configured: sources, roles, accounts and settings. No secret is ever in it.

mod document;
mod file;
mod name;

pub use file::{CatalogFile, FileStamp};
pub use name::Name;

use std::collections::BTreeMap;
use std::time::Duration;

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
}

impl Default for Settings {
    fn default() -> Self {
        Settings { clipboard_clear: Duration::from_secs(45), credentials_format: Format::default() }
    }
}

impl Catalog {
    /// The source of that name.
    pub fn source(&self, name: &Name) -> Result<&Source, Failure> {
        self.sources.get(name).ok_or_else(|| Failure::unknown_source(name.as_str()))
    }

    /// The role of that name.
    pub fn role(&self, name: &Name) -> Result<&Role, Failure> {
        self.roles.get(name).ok_or_else(|| Failure::unknown_role(name.as_str()))
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
