//! What was typed about a role that is to be, checked field by field with the rules that AWS has.

use serde::{Deserialize, Serialize};

use super::{Naming, RoleDraft, read_policy};
use crate::arn::AccountId;
use crate::assume::{ExternalId, MfaSerial};
use crate::catalog::Source;
use crate::failure::Failure;
use crate::trust_policy::Mfa;

/// What was typed. Empty is what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(default, deny_unknown_fields)]
pub struct RoleForm {
    /// The source, by its name in the catalog.
    pub source: String,
    /// The role's name in IAM.
    pub role: String,
    /// The account for it; the source's own where empty.
    pub account: String,
    /// A managed policy by its name or ARN; none yet where empty.
    pub policy: String,
    /// Whether a code is demanded.
    pub mfa: bool,
    /// The device, where the source has none.
    pub mfa_serial: String,
    /// The agreed word; none where empty.
    pub external_id: String,
    /// Whether sessions must be called like the user.
    pub named_after_user: bool,
    /// The longest session; an hour where empty.
    pub longest: String,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The source.
    Source,
    /// The role's name.
    Role,
    /// The account.
    Account,
    /// The policy.
    Policy,
    /// The second factor and its device.
    Mfa,
    /// The agreed word.
    ExternalId,
    /// What sessions are called.
    Naming,
    /// The longest session.
    Longest,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct Problem {
    /// Which.
    pub field: Field,
    /// What, and what would be right.
    pub failure: Failure,
}

impl RoleForm {
    /// The role that is meant, assumed by that source; else everything that is wrong.
    pub fn read(&self, source: &Source) -> Result<RoleDraft, Vec<Problem>> {
        let mut problems = Problems(Vec::new());
        let principal = &source.arn;
        let partition =
            principal.partition().ok_or_else(|| Failure::unknown_partition(principal.partition_id()));
        let partition = problems.none_at(Field::Source, partition);
        if principal.is_root() || principal.is_federated_user() {
            problems.add(Field::Source, Failure::assumes_nothing(principal));
        }
        let name = problems.none_at(Field::Role, self.role.trim().parse());
        let account = match self.account.trim() {
            "" => Ok(source.account.clone()),
            text => text
                .replace([' ', '-'], "")
                .parse::<AccountId>()
                .map_err(|_| Failure::malformed_account(text)),
        };
        let account = problems.none_at(Field::Account, account);
        let policy = match (self.policy.trim(), partition) {
            ("", _) | (_, None) => Ok(None),
            (text, Some(partition)) => read_policy(text, partition).and_then(|policy| {
                let foreign = policy.partition() != partition
                    || policy.account().is_some_and(|owner| Some(owner) != account.as_ref());
                if foreign {
                    Err(Failure::policy_of_elsewhere(&policy.to_string()))
                } else {
                    Ok(Some(policy))
                }
            }),
        };
        let policy = problems.none_at(Field::Policy, policy);
        let mfa = if self.mfa { Mfa::Proven } else { Mfa::Not };
        let mfa_serial = problems.none_at(Field::Mfa, self.device(source));
        let external_id = match self.external_id.trim() {
            "" => Ok(None),
            text => text.parse::<ExternalId>().map(Some),
        };
        let external_id = problems.none_at(Field::ExternalId, external_id);
        let naming = if self.named_after_user { Naming::User } else { Naming::Free };
        // AWS takes no session name of one letter, so that such a user could not be let in.
        if self.named_after_user && principal.name().chars().count() < 2 {
            problems.add(Field::Naming, Failure::user_name_too_short(principal.name()));
        }
        let longest = match self.longest.trim() {
            "" => "1h",
            text => text,
        };
        let longest = problems.none_at(Field::Longest, longest.parse());
        let parts = (partition, name, account, policy, mfa_serial, external_id, longest);
        match parts {
            (
                Some(partition),
                Some(name),
                Some(account),
                Some(policy),
                Some(mfa_serial),
                Some(external_id),
                Some(longest),
            ) if problems.0.is_empty() => Ok(RoleDraft {
                name,
                account,
                partition,
                principal: principal.clone(),
                policy,
                mfa,
                mfa_serial,
                external_id,
                naming,
                longest,
            }),
            _ => Err(problems.0),
        }
    }

    /// The device that is named here, where a code is demanded; the source's own does as well.
    fn device(&self, source: &Source) -> Result<Option<MfaSerial>, Failure> {
        if !self.mfa {
            return Ok(None);
        }
        if !source.arn.is_user() {
            return Err(Failure::condition_mfa_of_no_user());
        }
        match self.mfa_serial.trim() {
            "" if source.mfa_serial.is_some() => Ok(None),
            "" => Err(Failure::condition_mfa_without_device()),
            text => text.parse().map(Some),
        }
    }
}

/// What is wrong so far.
struct Problems(Vec<Problem>);

impl Problems {
    fn none_at<T>(&mut self, field: Field, read: Result<T, Failure>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(failure) => {
                self.add(field, failure);
                None
            }
        }
    }

    fn add(&mut self, field: Field, failure: Failure) {
        self.0.push(Problem { field, failure });
    }
}
