//! A role as it is typed into a form, read and checked by the rules of the catalog and of its plan (pure).

mod check;

pub use check::{Checked, FieldProblem};

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::assume::{TagKey, TagValue, read_tag};
use crate::catalog::{Assumer, Name, Role};
use crate::failure::Failure;

/// A role as it is typed: a field that is left empty is a setting that is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(deny_unknown_fields)]
pub struct RoleEntry {
    /// The name in the catalog.
    pub name: String,
    /// The role in IAM.
    pub arn: String,
    /// The source that assumes it, where it is no step of a chain.
    pub source: String,
    /// The role that assumes it, where it is one.
    pub via: String,
    /// Where it is assumed and its console opens.
    pub region: String,
    /// The page that its console opens.
    pub destination: String,
    /// What CloudTrail shows.
    pub session_name: String,
    /// How long a session lasts.
    pub duration: String,
    /// Whether it stands at the top of the tray.
    pub favourite: bool,
    /// What the owner of a role in another account demands.
    pub external_id: String,
    /// Who stands behind the chain.
    pub source_identity: String,
    /// Its sessions' tags, `KEY=VALUE`, one a line.
    pub tags: String,
    /// The keys of tags that go on along the chain, one a line.
    pub transitive_tags: String,
    /// A policy that narrows its sessions, in JSON.
    pub policy: String,
    /// ARNs of managed policies that narrow its sessions, one a line.
    pub policy_arns: String,
    /// `direct`, `session`, `off`, or by its duration.
    pub mfa: String,
    /// The MFA device, where it is not the source's.
    pub mfa_serial: String,
    /// Whether mistakes with it hurt.
    pub production: bool,
    /// `yes`, `no`, or by the rule for production.
    pub read_only: String,
    /// What narrows it then.
    pub read_only_policy: String,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is a field of `RoleEntry`, which says what it is")]
pub enum RoleField {
    Name,
    Arn,
    /// The source or the role that assumes it.
    AssumedBy,
    Region,
    Destination,
    SessionName,
    Duration,
    ExternalId,
    SourceIdentity,
    Tags,
    TransitiveTags,
    Policy,
    PolicyArns,
    Mfa,
    MfaSerial,
    ReadOnly,
    ReadOnlyPolicy,
}

impl RoleEntry {
    /// The form of a role as it is.
    pub fn of(name: &Name, role: &Role) -> RoleEntry {
        let (source, via) = match &role.assumed_by {
            Assumer::Source(source) => (source.to_string(), String::new()),
            Assumer::Role(via) => (String::new(), via.to_string()),
        };
        let tags = role.tags.iter().map(|(key, value)| format!("{key}={value}"));
        RoleEntry {
            name: name.to_string(),
            arn: role.arn.to_string(),
            source,
            via,
            region: text(role.region.as_ref()),
            destination: text(role.destination.as_ref()),
            session_name: text(role.session_name.as_ref()),
            duration: text(role.duration.as_ref()),
            favourite: role.favourite,
            external_id: text(role.external_id.as_ref()),
            source_identity: text(role.source_identity.as_ref()),
            tags: lines(tags),
            transitive_tags: lines(role.transitive_tags.iter().map(ToString::to_string)),
            policy: text(role.policy.as_ref()),
            policy_arns: lines(role.policy_arns.iter().map(ToString::to_string)),
            mfa: text(role.mfa.as_ref()),
            mfa_serial: text(role.mfa_serial.as_ref()),
            production: role.production,
            read_only: role.read_only.map_or("", |only| if only { "yes" } else { "no" }).to_owned(),
            read_only_policy: text(role.read_only_policy.as_ref()),
        }
    }

    /// The role that it says, each field by its own rule.
    pub fn read(&self) -> Result<(Name, Role), Vec<FieldProblem>> {
        let mut reading = Reading::default();
        let name = reading.named(self);
        match (name, reading.role(self)) {
            (Some(name), Some(role)) if reading.problems.is_empty() => Ok((name, role)),
            _ => Err(reading.problems),
        }
    }
}

fn text<T: ToString>(value: Option<&T>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}

fn lines(all: impl Iterator<Item = String>) -> String {
    all.collect::<Vec<_>>().join("\n")
}

/// Reads field after field, and goes on where one is wrong.
#[derive(Default)]
struct Reading {
    problems: Vec<FieldProblem>,
}

impl Reading {
    fn named(&mut self, form: &RoleEntry) -> Option<Name> {
        let read = form.name.trim().parse();
        self.kept(RoleField::Name, read)
    }

    /// The role, as far as its ARN and what assumes it can be read; what else cannot is left out of it.
    fn role(&mut self, form: &RoleEntry) -> Option<Role> {
        let arn = match form.arn.trim() {
            "" => Err(Failure::role_arn_missing()),
            arn => arn.parse(),
        };
        let arn = self.kept(RoleField::Arn, arn);
        let assumed_by = match (form.source.trim(), form.via.trim()) {
            ("", "") => Err(Failure::assumer_missing()),
            (source, "") => source.parse().map(Assumer::Source),
            ("", via) => via.parse().map(Assumer::Role),
            (..) => Err(Failure::two_assumers(form.name.trim())),
        };
        let assumed_by = self.kept(RoleField::AssumedBy, assumed_by);
        let tags = self.all(RoleField::Tags, &form.tags, read_tag);
        let rest = Role {
            region: self.optional(RoleField::Region, &form.region),
            destination: self.optional(RoleField::Destination, &form.destination),
            session_name: self.optional(RoleField::SessionName, &form.session_name),
            duration: self.optional(RoleField::Duration, &form.duration),
            favourite: form.favourite,
            external_id: self.optional(RoleField::ExternalId, &form.external_id),
            source_identity: self.optional(RoleField::SourceIdentity, &form.source_identity),
            tags: tags.into_iter().collect::<std::collections::BTreeMap<TagKey, TagValue>>(),
            transitive_tags: self
                .all(RoleField::TransitiveTags, &form.transitive_tags, str::parse)
                .into_iter()
                .collect(),
            policy: self.optional(RoleField::Policy, &form.policy),
            policy_arns: self.all(RoleField::PolicyArns, &form.policy_arns, str::parse),
            mfa: self.optional(RoleField::Mfa, &form.mfa),
            mfa_serial: self.optional(RoleField::MfaSerial, &form.mfa_serial),
            production: form.production,
            read_only: self.choice(RoleField::ReadOnly, &form.read_only),
            read_only_policy: self.optional(RoleField::ReadOnlyPolicy, &form.read_only_policy),
            ..Role::new(arn?, assumed_by?)
        };
        Some(rest)
    }

    fn optional<T: FromStr<Err = Failure>>(&mut self, field: RoleField, text: &str) -> Option<T> {
        let text = text.trim();
        if text.is_empty() { None } else { self.kept(field, text.parse()) }
    }

    fn choice(&mut self, field: RoleField, text: &str) -> Option<bool> {
        match text.trim() {
            "" => None,
            "yes" => Some(true),
            "no" => Some(false),
            other => self.kept(field, Err(Failure::malformed_setting("read-only", other, "yes or no"))),
        }
    }

    fn all<T>(&mut self, field: RoleField, text: &str, read: impl Fn(&str) -> Result<T, Failure>) -> Vec<T> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let all = lines.map(read).collect::<Result<Vec<T>, Failure>>();
        self.kept(field, all).unwrap_or_default()
    }

    fn kept<T>(&mut self, field: RoleField, read: Result<T, Failure>) -> Option<T> {
        read.map_err(|failure| self.problems.push(FieldProblem { field, failure })).ok()
    }
}

#[cfg(test)]
mod tests;
