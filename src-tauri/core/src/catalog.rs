//! What the person configured: sources, roles, accounts and settings. No secret is ever in it.

mod account;
mod document;
mod edit;
mod file;
mod form;
mod given;
mod guard;
mod last_good;
mod name;
mod on_disk;
mod part;
mod read;
mod role;
mod setting;
mod taken;

pub use account::{Account, AccountChange, Colour, Environment};
pub(crate) use file::EDITORS_TAKE;
pub use file::{CatalogFile, Current, Good};
pub use given::{Given, Over, write_export};
pub use guard::Guard;
pub use name::Name;
pub use on_disk::FileStamp;
pub use role::{Assumer, Change, Role, RoleChange};
pub use setting::{Setting, SettingPart, SettingView, Takes};
pub use taken::Taken;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::arn::{AccountId, PrincipalArn, Region, RoleArn};
use crate::assume::{MfaSerial, SourceIdentity, TagKey};
use crate::browser::BrowserName;
use crate::console::HostChoice;
use crate::failure::Failure;
use crate::output::Format;
use crate::profiles::ProfileName;
use crate::secret::AccessKeyId;
use crate::session::SessionDuration;
use crate::shortcut::Shortcut;

/// No way from a source to a role has more steps.
pub const MOST_STEPS: usize = 8;

/// The catalog as read from its file, every value checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The identities that can call STS.
    pub sources: BTreeMap<Name, Source>,
    /// The roles that the person saved.
    pub roles: BTreeMap<Name, Role>,
    /// What the person says about accounts.
    pub accounts: BTreeMap<AccountId, Account>,
    /// How the person ordered favourites, as far as they did; a name of no favourite counts for nothing.
    pub favourites: Vec<Name>,
    /// How Guise behaves.
    pub settings: Settings,
    /// What says something that this version does not understand. It stays in the file as it is.
    pub unusable: Vec<Unusable>,
    /// The roles that are marked as production by entries of those.
    pub unusable_production: Vec<RoleArn>,
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

/// An identity that can call STS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it signs with.
    pub kind: SourceKind,
    /// Who AWS said it is when it was added.
    pub arn: PrincipalArn,
    /// The account AWS said it is of.
    pub account: AccountId,
    /// The region for its roles where they have none.
    pub region: Option<Region>,
    /// The MFA device of its user. Its roles ask for a code where they say nothing else.
    pub mfa_serial: Option<MfaSerial>,
}

/// What a source signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// An IAM user's access key that rests in the keychain; only its id stands here.
    AccessKey(AccessKeyId),
    /// A profile of the AWS CLI's files, resolved whenever it is needed.
    Profile(ProfileName),
}

impl Source {
    /// The id of its access key, where it has one of its own.
    pub fn access_key_id(&self) -> Option<&AccessKeyId> {
        match &self.kind {
            SourceKind::AccessKey(id) => Some(id),
            SourceKind::Profile(_) => None,
        }
    }
}

/// What to change about a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceChange {
    /// Another region for its roles.
    pub region: Change<Region>,
    /// Another MFA device.
    pub mfa_serial: Change<MfaSerial>,
}

/// How Guise behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The browser that opens the console; the system's own where `None`.
    pub browser: Option<BrowserName>,
    /// How long a copy stays on the clipboard.
    pub clipboard_clear: Duration,
    /// How copied credentials are written.
    pub credentials_format: Format,
    /// Whether the tray starts when the person signs in.
    pub start_at_login: bool,
    /// Which of AWS's hosts are asked.
    pub hosts: HostChoice,
    /// Whose STS is asked where the first region's is out of order.
    pub second_region: Option<Region>,
    /// How a production role is confirmed.
    pub production_confirm: Confirmation,
    /// The longest that a session of a production role lasts.
    pub production_duration: SessionDuration,
    /// Whether a production role is narrowed to reading where nothing else is asked for.
    pub production_read_only: bool,
    /// What opens the switcher, if anything does.
    pub shortcut: Option<Shortcut>,
    /// Whether the switcher waits out of sight, so that it is there at once.
    pub keep_switcher_warm: bool,
    /// What the person is told while they look elsewhere.
    pub notifications: Notifications,
    /// Whether windows are light or dark.
    pub theme: Theme,
}

/// What the person is told while they look elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notifications {
    /// Everything there is to tell.
    #[default]
    All,
    /// What failed, and what waits for the person.
    Important,
    /// Nothing.
    None,
}

/// Whether windows are light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the desktop is.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How the person says that they mean production.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confirmation {
    /// By a button, or a y.
    #[default]
    Click,
    /// By typing the role's name.
    Word,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            browser: None,
            clipboard_clear: Duration::from_secs(45),
            credentials_format: Format::default(),
            start_at_login: false,
            hosts: HostChoice::default(),
            second_region: None,
            production_confirm: Confirmation::default(),
            production_duration: SessionDuration::HALF_HOUR,
            production_read_only: true,
            shortcut: Some(Shortcut::usual()),
            keep_switcher_warm: false,
            notifications: Notifications::default(),
            theme: Theme::default(),
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

    /// The roles that begin at this source, by whatever way.
    pub fn roles_of(&self, source: &Name) -> Vec<Name> {
        let begins = |role: &Role| self.source_of(role).is_ok_and(|begun| begun == source);
        self.roles.iter().filter(|(_, role)| begins(role)).map(|(name, _)| name.clone()).collect()
    }

    /// The roles that are assumed by this one.
    pub fn roles_by(&self, role: &Name) -> Vec<Name> {
        let by = |each: &Role| matches!(&each.assumed_by, Assumer::Role(via) if via == role);
        self.roles.iter().filter(|(_, each)| by(each)).map(|(name, _)| name.clone()).collect()
    }

    /// The roles on the way to a role, the one next to the source first; the role itself is not among them. A way that never
    /// ends, or longer than [`MOST_STEPS`], is refused.
    pub fn way_to<'a>(&'a self, name: &'a str, role: &'a Role) -> Result<Vec<(&'a Name, &'a Role)>, Failure> {
        let mut way: Vec<(&Name, &Role)> = Vec::new();
        let mut at = role;
        while let Assumer::Role(via) = &at.assumed_by {
            let Some((via, next)) = self.roles.get_key_value(via) else {
                return Err(self.role(via).err().unwrap_or_else(|| Failure::unknown_role(via.as_str())));
            };
            let names = || way.iter().map(|(name, _)| name.as_str());
            if via.as_str() == name || names().any(|each| each == via.as_str()) {
                let mut all: Vec<&str> = std::iter::once(name).chain(names()).collect();
                all.push(via.as_str());
                return Err(Failure::chain_loops(&all.join(" → ")));
            }
            if way.len() + 1 >= MOST_STEPS {
                return Err(Failure::chain_too_long(name, MOST_STEPS));
            }
            way.push((via, next));
            at = next;
        }
        way.reverse();
        Ok(way)
    }

    /// The source where the way to a role begins.
    pub fn source_of<'a>(&'a self, role: &'a Role) -> Result<&'a Name, Failure> {
        // Most roles are assumed by their source.
        if let Assumer::Source(source) = &role.assumed_by {
            return Ok(source);
        }
        let way = self.way_to("", role)?;
        match way.first().map(|(_, first)| &first.assumed_by) {
            Some(Assumer::Source(source)) => Ok(source),
            Some(Assumer::Role(_)) | None => Err(Failure::internal("a chain begins nowhere")),
        }
    }

    /// Where the role is assumed and its console opens: the role's region, else that of what assumes it, else the partition's
    /// own.
    pub fn region_of(&self, role: &Role) -> Region {
        let partition = role.arn.partition();
        let mut at = role;
        for _ in 0..MOST_STEPS {
            if let Some(region) = &at.region
                && region.partition() == partition
            {
                return region.clone();
            }
            match &at.assumed_by {
                Assumer::Source(source) => {
                    let region = self.sources.get(source).and_then(|source| source.region.clone());
                    return region
                        .filter(|region| region.partition() == partition)
                        .unwrap_or_else(|| partition.default_region());
                }
                Assumer::Role(via) => match self.roles.get(via) {
                    Some(next) => at = next,
                    None => break,
                },
            }
        }
        partition.default_region()
    }

    /// The favourites in the person's order; those that they gave no place, behind the others, by name.
    pub fn favourites_in_order(&self) -> Vec<&Name> {
        let is_favourite = |name: &&Name| self.roles.get(*name).is_some_and(|role| role.favourite);
        let mut seen = BTreeSet::new();
        let placed = self.favourites.iter().filter(is_favourite);
        let rest = self.roles.keys().filter(is_favourite);
        placed.chain(rest).filter(|name| seen.insert(*name)).collect()
    }

    /// Refuses a role that could never be assumed: its way must end at a source that is there, and all on it be in one
    /// partition.
    pub fn check_role(&self, name: &Name, role: &Role) -> Result<(), Failure> {
        role.check()?;
        // AWS keeps the case of keys' letters, and takes no two that differ by it alone.
        let twice =
            role.tags.keys().find(|key| role.tags.keys().any(|other| *key < other && key.is_same(other)));
        if let Some(key) = twice {
            return Err(Failure::same_tag_twice(key.as_str()));
        }
        if let Some(arn) = role.read_only_policy.as_ref().filter(|arn| arn.allows_all()) {
            return Err(Failure::policy_narrows_nothing(&arn.to_string()));
        }
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
        let way = self.way_to(name.as_str(), role)?;
        let mut begun: Option<&SourceIdentity> = None;
        for identity in
            way.iter().map(|(_, step)| *step).chain([role]).filter_map(|step| step.source_identity.as_ref())
        {
            // AWS would refuse the last step only, after all the others.
            if *begun.get_or_insert(identity) != identity {
                return Err(Failure::source_identity_changes(name.as_str()));
            }
        }
        let mut handed_on: Vec<&TagKey> = Vec::new();
        for step in way.iter().map(|(_, step)| *step).chain([role]) {
            // AWS keeps what is handed on, and tells keys apart without regard to letter case.
            let again = step.tags.keys().find(|key| handed_on.iter().any(|held| held.is_same(key)));
            if let Some(key) = again {
                return Err(Failure::handed_on_tag_set_again(name.as_str(), key.as_str()));
            }
            handed_on.extend(&step.transitive_tags);
        }
        for (via, step) in way {
            if step.arn.partition() != partition {
                return Err(Failure::partition_mismatch(
                    "the role",
                    partition.id(),
                    &format!("role `{via}`"),
                    step.arn.partition().id(),
                ));
            }
        }
        let begins = self.source_of(role)?;
        if let Some(theirs) = self.source(begins)?.arn.partition()
            && theirs != partition
        {
            return Err(Failure::partition_mismatch(
                "the role",
                partition.id(),
                &format!("source `{begins}`"),
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

#[cfg(test)]
mod tests;
