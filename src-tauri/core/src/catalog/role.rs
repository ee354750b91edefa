//! A saved role, and a change to one.

use std::collections::BTreeSet;

use super::Name;
use crate::arn::{Region, RoleArn};
use crate::assume::{
    ExternalId, MfaSerial, MfaWay, PolicyArn, SessionNameTemplate, SessionPolicy, SourceIdentity, TagKey,
    Tags,
};
use crate::console::Destination;
use crate::failure::Failure;
use crate::session::SessionDuration;

/// A saved role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The role in IAM.
    pub arn: RoleArn,
    /// What assumes it.
    pub assumed_by: Assumer,
    /// Where it is assumed and where its console opens; that of what assumes it where `None`, else the partition's own.
    pub region: Option<Region>,
    /// The page that its console opens; the console's home where `None`.
    pub destination: Option<Destination>,
    /// What CloudTrail shows; the source's user name where `None`.
    pub session_name: Option<SessionNameTemplate>,
    /// How long a session lasts; an hour, AWS's default, where `None`.
    pub duration: Option<SessionDuration>,
    /// Whether it stands at the top of the tray.
    pub favourite: bool,
    /// What the owner of a role in another account demands.
    pub external_id: Option<ExternalId>,
    /// Who stands behind the chain.
    pub source_identity: Option<SourceIdentity>,
    /// What policies can tell its sessions apart by.
    pub tags: Tags,
    /// The tags that go on along the chain.
    pub transitive_tags: BTreeSet<TagKey>,
    /// A policy that narrows its sessions.
    pub policy: Option<SessionPolicy>,
    /// Managed policies that narrow its sessions.
    pub policy_arns: Vec<PolicyArn>,
    /// How often it asks for an MFA code; by its duration where `None`, if a device is known.
    pub mfa: Option<MfaWay>,
    /// The MFA device; the source's where `None`.
    pub mfa_serial: Option<MfaSerial>,
    /// Whether mistakes with it hurt, whatever its account.
    pub production: bool,
    /// Whether it is narrowed to reading where nothing else is asked for; by the rule for production where `None`.
    pub read_only: Option<bool>,
    /// What narrows it then; AWS's own `ReadOnlyAccess` where `None`.
    pub read_only_policy: Option<PolicyArn>,
}

/// What assumes a role.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Assumer {
    /// A source, directly.
    Source(Name),
    /// Another role: the two are steps of a chain.
    Role(Name),
}

impl Assumer {
    /// Its name in the catalog.
    pub fn name(&self) -> &Name {
        match self {
            Assumer::Source(name) | Assumer::Role(name) => name,
        }
    }
}

impl Role {
    /// A role with nothing but what it must have.
    pub fn new(arn: RoleArn, assumed_by: Assumer) -> Role {
        Role {
            arn,
            assumed_by,
            region: None,
            destination: None,
            session_name: None,
            duration: None,
            favourite: false,
            external_id: None,
            source_identity: None,
            tags: Tags::new(),
            transitive_tags: BTreeSet::new(),
            policy: None,
            policy_arns: Vec::new(),
            mfa: None,
            mfa_serial: None,
            production: false,
            read_only: None,
            read_only_policy: None,
        }
    }

    /// Refuses what STS would, as far as the role alone tells.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.tags.len() > crate::assume::MOST_TAGS {
            return Err(Failure::too_many_tags());
        }
        if let Some(key) = self.transitive_tags.iter().find(|key| !self.tags.contains_key(*key)) {
            return Err(Failure::unknown_transitive_tag(key.as_str()));
        }
        if self.policy_arns.len() > crate::assume::MOST_POLICIES {
            return Err(Failure::too_many_policies());
        }
        for arn in self.policy_arns.iter().chain(&self.read_only_policy) {
            if arn.partition() != self.arn.partition()
                || arn.account().is_some_and(|account| account != self.arn.account())
            {
                return Err(Failure::foreign_policy(&arn.to_string()));
            }
        }
        Ok(())
    }
}

/// What to change about a role. What is `None` or [`Change::Keep`] stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleChange {
    /// A new name.
    pub name: Option<Name>,
    /// Another role in IAM.
    pub arn: Option<RoleArn>,
    /// Something else that assumes it.
    pub assumed_by: Option<Assumer>,
    /// Another region.
    pub region: Change<Region>,
    /// Another page.
    pub destination: Change<Destination>,
    /// Another session name.
    pub session_name: Change<SessionNameTemplate>,
    /// Another duration.
    pub duration: Change<SessionDuration>,
    /// Whether it stands at the top of the tray.
    pub favourite: Option<bool>,
    /// Another external id.
    pub external_id: Change<ExternalId>,
    /// Another source identity.
    pub source_identity: Change<SourceIdentity>,
    /// Other tags, in place of all that were there.
    pub tags: Option<Tags>,
    /// Other tags that go on, in place of all that did.
    pub transitive_tags: Option<BTreeSet<TagKey>>,
    /// Another policy.
    pub policy: Change<SessionPolicy>,
    /// Other managed policies, in place of all that were there.
    pub policy_arns: Option<Vec<PolicyArn>>,
    /// Another way of MFA.
    pub mfa: Change<MfaWay>,
    /// Another MFA device.
    pub mfa_serial: Change<MfaSerial>,
    /// Whether mistakes with it hurt.
    pub production: Option<bool>,
    /// Whether it is narrowed to reading.
    pub read_only: Change<bool>,
    /// What narrows it then.
    pub read_only_policy: Change<PolicyArn>,
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
    /// A change as it is typed: an empty text takes a value away, any other must be one.
    pub fn read(text: Option<String>) -> Result<Change<T>, Failure>
    where
        T: std::str::FromStr<Err = Failure>,
    {
        match text {
            None => Ok(Change::Keep),
            Some(text) if text.is_empty() => Ok(Change::Clear),
            Some(text) => Ok(Change::Set(text.parse()?)),
        }
    }

    /// What becomes of a value.
    pub fn applied_to(self, old: Option<T>) -> Option<T> {
        match self {
            Change::Keep => old,
            Change::Clear => None,
            Change::Set(new) => Some(new),
        }
    }
}

impl<T: PartialEq + Clone> Change<T> {
    /// What leads from one value to another.
    pub fn between(was: Option<&T>, is: Option<&T>) -> Change<T> {
        if was == is { Change::Keep } else { is.cloned().map_or(Change::Clear, Change::Set) }
    }
}

impl RoleChange {
    /// What leads from one role to another; its name apart.
    pub fn between(was: &Role, is: &Role) -> RoleChange {
        fn new<T: PartialEq + Clone>(was: &T, is: &T) -> Option<T> {
            (was != is).then(|| is.clone())
        }
        RoleChange {
            name: None,
            arn: new(&was.arn, &is.arn),
            assumed_by: new(&was.assumed_by, &is.assumed_by),
            region: Change::between(was.region.as_ref(), is.region.as_ref()),
            destination: Change::between(was.destination.as_ref(), is.destination.as_ref()),
            session_name: Change::between(was.session_name.as_ref(), is.session_name.as_ref()),
            duration: Change::between(was.duration.as_ref(), is.duration.as_ref()),
            favourite: new(&was.favourite, &is.favourite),
            external_id: Change::between(was.external_id.as_ref(), is.external_id.as_ref()),
            source_identity: Change::between(was.source_identity.as_ref(), is.source_identity.as_ref()),
            tags: new(&was.tags, &is.tags),
            transitive_tags: new(&was.transitive_tags, &is.transitive_tags),
            policy: Change::between(was.policy.as_ref(), is.policy.as_ref()),
            policy_arns: new(&was.policy_arns, &is.policy_arns),
            mfa: Change::between(was.mfa.as_ref(), is.mfa.as_ref()),
            mfa_serial: Change::between(was.mfa_serial.as_ref(), is.mfa_serial.as_ref()),
            production: new(&was.production, &is.production),
            read_only: Change::between(was.read_only.as_ref(), is.read_only.as_ref()),
            read_only_policy: Change::between(was.read_only_policy.as_ref(), is.read_only_policy.as_ref()),
        }
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        *self == RoleChange::default()
    }

    /// The role with the changes made.
    #[must_use]
    pub fn applied_to(self, role: Role) -> Role {
        Role {
            arn: self.arn.unwrap_or(role.arn),
            assumed_by: self.assumed_by.unwrap_or(role.assumed_by),
            region: self.region.applied_to(role.region),
            destination: self.destination.applied_to(role.destination),
            session_name: self.session_name.applied_to(role.session_name),
            duration: self.duration.applied_to(role.duration),
            favourite: self.favourite.unwrap_or(role.favourite),
            external_id: self.external_id.applied_to(role.external_id),
            source_identity: self.source_identity.applied_to(role.source_identity),
            tags: self.tags.unwrap_or(role.tags),
            transitive_tags: self.transitive_tags.unwrap_or(role.transitive_tags),
            policy: self.policy.applied_to(role.policy),
            policy_arns: self.policy_arns.unwrap_or(role.policy_arns),
            mfa: self.mfa.applied_to(role.mfa),
            mfa_serial: self.mfa_serial.applied_to(role.mfa_serial),
            production: self.production.unwrap_or(role.production),
            read_only: self.read_only.applied_to(role.read_only),
            read_only_policy: self.read_only_policy.applied_to(role.read_only_policy),
        }
    }
}
