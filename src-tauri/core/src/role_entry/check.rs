//! What is wrong with a form, field by field, and the plan that it would make.

use serde::{Deserialize, Serialize};

use super::{Reading, RoleEntry, RoleField};
use crate::assume::Access;
use crate::catalog::{Catalog, Name, Role, RoleChange};
use crate::chain::{Circumstances, Plan, PlanView, ReadAt};
use crate::failure::Failure;

/// What is to be said of a form while it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct Checked {
    /// What is wrong, at most one thing a field; with none the role can be saved.
    pub problems: Vec<FieldProblem>,
    /// The way to the role, as soon as enough is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub plan: Option<PlanView>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct FieldProblem {
    /// The field.
    pub field: RoleField,
    /// Why, and what to do.
    pub failure: Failure,
}

/// A field, and a role without it.
type Without = (RoleField, fn(&mut Role));

/// The fields that a role can do without: where it could be planned without one, that one is to blame.
const DISPENSABLE: [Without; 9] = [
    (RoleField::Region, |role| role.region = None),
    (RoleField::Destination, |role| role.destination = None),
    (RoleField::TransitiveTags, |role| role.transitive_tags.clear()),
    (RoleField::Tags, |role| {
        role.tags.clear();
        role.transitive_tags.clear();
    }),
    (RoleField::PolicyArns, |role| role.policy_arns.clear()),
    (RoleField::ReadOnlyPolicy, |role| role.read_only_policy = None),
    (RoleField::MfaSerial, |role| role.mfa_serial = None),
    (RoleField::Mfa, |role| role.mfa = None),
    (RoleField::Mfa, |role| role.mfa = Some(crate::assume::MfaWay::Off)),
];

impl RoleEntry {
    /// Checks the form against the catalog that it would be saved in: as a new role, or as a change of one whose form was
    /// `before`.
    pub fn checked(
        &self,
        catalog: &Catalog,
        before: Option<&RoleEntry>,
        circumstances: &Circumstances,
    ) -> Checked {
        let before = before.and_then(|before| before.read().ok());
        let editing = before.as_ref().map(|(name, _)| name);
        let mut reading = Reading::default();
        let name = reading.named(self);
        let role = reading.role(self).map(|role| {
            match before.as_ref().map(|(name, was)| (catalog.roles.get(name), was)) {
                Some((Some(now), was)) => RoleChange::between(was, &role).applied_to(now.clone()),
                _ => role,
            }
        });
        let mut problems = reading.problems;
        if let Some(name) = name.as_ref().filter(|name| editing != Some(*name) && catalog.has_role(name)) {
            let failure = Failure::role_name_taken(name.as_str());
            problems.push(FieldProblem { field: RoleField::Name, failure });
        }
        let Some(role) = role else { return Checked { problems, plan: None } };
        // The way is the same whatever the role will be called.
        let called = editing.cloned().unwrap_or_else(|| stand_in(catalog));
        let plan = plan(catalog, &called, &role, circumstances);
        let plan = match plan {
            Ok(plan) => Some(plan),
            Err(failure) => {
                let field = to_blame(catalog, &called, &role, circumstances, &failure);
                // What cannot be read is said first.
                if !problems.iter().any(|problem| problem.field == field) {
                    problems.push(FieldProblem { field, failure });
                }
                None
            }
        };
        let plan = plan.map(|mut plan| {
            plan.role = name.unwrap_or(called);
            plan.goal.role = plan.role.clone();
            plan.told(ReadAt::Window)
        });
        Checked { problems, plan }
    }
}

/// A name that no role has.
fn stand_in(catalog: &Catalog) -> Name {
    let all = (0..).filter_map(|number: usize| match number {
        0 => "the role".parse::<Name>().ok(),
        number => format!("the role {number}").parse().ok(),
    });
    let mut free = all.filter(|name| !catalog.has_role(name));
    free.next().expect("names do not end")
}

fn plan(catalog: &Catalog, name: &Name, role: &Role, circumstances: &Circumstances) -> Result<Plan, Failure> {
    Plan::of(catalog, name, role, Access::Usual, circumstances)
}

/// The field without which the plan would not fail so.
fn to_blame(
    catalog: &Catalog,
    name: &Name,
    role: &Role,
    circumstances: &Circumstances,
    failure: &Failure,
) -> RoleField {
    for (field, without) in DISPENSABLE {
        let mut role = role.clone();
        without(&mut role);
        if plan(catalog, name, &role, circumstances).err().as_ref() != Some(failure) {
            return field;
        }
    }
    RoleField::AssumedBy
}
