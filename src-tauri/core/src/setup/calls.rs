//! What Guise would ask of IAM to make a role, as data: what is shown before is what is sent.

use super::{LongestSession, RoleName};
use crate::assume::PolicyArn;

/// A call of IAM's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IamCall {
    /// Makes the role.
    CreateRole {
        /// Its name.
        role: RoleName,
        /// Who may assume it.
        trust_policy: String,
        /// The longest session that it gives.
        longest: LongestSession,
    },
    /// Lets it do what a managed policy says.
    AttachRolePolicy {
        /// Its name.
        role: RoleName,
        /// The policy.
        policy: PolicyArn,
    },
}

impl IamCall {
    /// As IAM's reference calls it.
    pub fn action(&self) -> &'static str {
        match self {
            IamCall::CreateRole { .. } => "iam:CreateRole",
            IamCall::AttachRolePolicy { .. } => "iam:AttachRolePolicy",
        }
    }

    /// Each parameter by its name, as it is sent.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        match self {
            IamCall::CreateRole { role, trust_policy, longest } => vec![
                ("RoleName", role.to_string()),
                ("MaxSessionDuration", longest.seconds().to_string()),
                ("AssumeRolePolicyDocument", trust_policy.clone()),
            ],
            IamCall::AttachRolePolicy { role, policy } => {
                vec![("RoleName", role.to_string()), ("PolicyArn", policy.to_string())]
            }
        }
    }
}
