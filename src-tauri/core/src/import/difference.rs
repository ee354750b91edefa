//! What would become of a role that exists, field by field.

use std::collections::BTreeSet;

use super::FoundRole;
use crate::assume::TagKey;
use crate::catalog::{Assumer, Change, Role, RoleChange};

/// What a role that was found is to the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// There is none of its name.
    New,
    /// It is there, just so.
    None,
    /// It is there, and these would change.
    Changes(Vec<FieldChange>),
}

/// One field that would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The field, as its option is called.
    pub field: &'static str,
    /// What it is.
    pub old: Option<String>,
    /// What it would be.
    pub new: Option<String>,
}

/// Compares a role that was found with the one of its name. What the other tool knows nothing of stays as it is, and so does
/// what it leaves open.
pub fn difference(
    found: &FoundRole,
    assumed_by: &Assumer,
    existing: Option<&Role>,
) -> (Difference, RoleChange) {
    let Some(role) = existing else { return (Difference::New, RoleChange::default()) };
    let mut fields = Vec::new();
    let mut change = RoleChange::default();
    if role.arn != found.arn {
        fields.push(field("arn", Some(role.arn.to_string()), Some(found.arn.to_string())));
        change.arn = Some(found.arn.clone());
    }
    if role.assumed_by != *assumed_by {
        fields.push(field("assumed by", Some(told(&role.assumed_by)), Some(told(assumed_by))));
        change.assumed_by = Some(assumed_by.clone());
    }
    change.region = changed("region", role.region.as_ref(), found.region.as_ref(), &mut fields);
    change.external_id =
        changed("external-id", role.external_id.as_ref(), found.external_id.as_ref(), &mut fields);
    change.duration = changed("duration", role.duration.as_ref(), found.duration.as_ref(), &mut fields);
    change.session_name =
        changed("session-name", role.session_name.as_ref(), found.session_name.as_ref(), &mut fields);
    change.mfa_serial =
        changed("mfa-serial", role.mfa_serial.as_ref(), found.mfa_serial.as_ref(), &mut fields);
    change.source_identity = changed(
        "source-identity",
        role.source_identity.as_ref(),
        found.source_identity.as_ref(),
        &mut fields,
    );
    change.destination =
        changed("destination", role.destination.as_ref(), found.destination.as_ref(), &mut fields);
    if !found.tags.is_empty() && role.tags != found.tags {
        let told = |tags: &crate::assume::Tags| {
            let pairs: Vec<String> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
            (!pairs.is_empty()).then(|| pairs.join(","))
        };
        fields.push(field("tag", told(&role.tags), told(&found.tags)));
        change.tags = Some(found.tags.clone());
    }
    if !found.transitive_tags.is_empty() && role.transitive_tags != found.transitive_tags {
        let told = |keys: &BTreeSet<TagKey>| {
            let keys: Vec<&str> = keys.iter().map(TagKey::as_str).collect();
            (!keys.is_empty()).then(|| keys.join(","))
        };
        fields.push(field("transitive-tag", told(&role.transitive_tags), told(&found.transitive_tags)));
        change.transitive_tags = Some(found.transitive_tags.clone());
    }
    let difference = if fields.is_empty() { Difference::None } else { Difference::Changes(fields) };
    (difference, change)
}

fn changed<T: Clone + PartialEq + ToString>(
    name: &'static str,
    old: Option<&T>,
    new: Option<&T>,
    fields: &mut Vec<FieldChange>,
) -> Change<T> {
    match new {
        Some(new) if old != Some(new) => {
            fields.push(field(name, old.map(ToString::to_string), Some(new.to_string())));
            Change::Set(new.clone())
        }
        Some(_) | None => Change::Keep,
    }
}

fn field(field: &'static str, old: Option<String>, new: Option<String>) -> FieldChange {
    FieldChange { field, old, new }
}

fn told(assumer: &Assumer) -> String {
    match assumer {
        Assumer::Source(name) => format!("source {name}"),
        Assumer::Role(name) => format!("role {name}"),
    }
}
