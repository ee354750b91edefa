//! Who a credential belongs to: a user, a session of a role, an account's root.

use std::fmt;
use std::str::FromStr;

use super::{AccountId, Partition, RoleArn};
use crate::failure::Failure;

/// Who a credential belongs to, as `sts:GetCallerIdentity` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PrincipalArn(String);

impl PrincipalArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition, from the ARN's second field; `None` for one that we do not know.
    pub fn partition(&self) -> Option<Partition> {
        self.0.split(':').nth(1)?.parse().ok()
    }

    /// The account, from the ARN's fifth field.
    pub fn account(&self) -> Option<AccountId> {
        self.0.split(':').nth(4)?.parse().ok()
    }

    /// The last word of the ARN: a user's name without its path, a session's name, or `root`.
    pub fn name(&self) -> &str {
        self.0.rsplit(['/', ':']).next().unwrap_or(&self.0)
    }

    /// Whether this is an IAM user.
    pub fn is_user(&self) -> bool {
        self.0.split(':').nth(5).is_some_and(|resource| resource.starts_with("user/"))
    }

    /// Whether AWS takes a role that this one assumes for a step of a chain. A role that a computer of AWS's has by itself
    /// does not count; its sessions are named after the instance.
    pub fn is_chained(&self) -> bool {
        let is_instance = self.name().strip_prefix("i-").is_some_and(|id| {
            (8..=17).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        !is_instance && self.0.split(':').nth(5).is_some_and(|resource| resource.starts_with("assumed-role/"))
    }

    /// The partition as it stands in the ARN, whether we know it or not.
    pub(crate) fn partition_id(&self) -> &str {
        self.field(1)
    }

    /// The account as it stands in the ARN.
    pub(crate) fn account_id(&self) -> &str {
        self.field(4)
    }

    /// The name of the role whose session this is. Its path does not stand in the ARN of a session.
    pub fn assumed_role(&self) -> Option<&str> {
        self.field(5).strip_prefix("assumed-role/")?.split('/').next()
    }

    /// Whether this is a session of that role. Its path does not stand here.
    pub fn is_session_of(&self, role: &RoleArn) -> bool {
        self.assumed_role() == Some(role.name()) && self.account().as_ref() == Some(role.account())
    }

    /// Whether two are the same, whatever their sessions are called.
    pub fn is_same(&self, other: &PrincipalArn) -> bool {
        match (self.assumed_role(), other.assumed_role()) {
            (Some(one), Some(another)) => one == another && self.account() == other.account(),
            _ => self == other,
        }
    }

    /// Whether these are credentials of `sts:GetFederationToken`, which can assume no role.
    pub fn is_federated_user(&self) -> bool {
        self.field(5).starts_with("federated-user/")
    }

    fn field(&self, index: usize) -> &str {
        self.0.splitn(6, ':').nth(index).unwrap_or_default()
    }

    /// Whether this is the account's root user, who can assume no role.
    pub fn is_root(&self) -> bool {
        self.0.ends_with(":root")
    }
}

impl fmt::Display for PrincipalArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for PrincipalArn {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let shaped = text.starts_with("arn:")
            && text.splitn(6, ':').count() == 6
            && text.len() <= 2048
            && text.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
        if shaped { Ok(PrincipalArn(text.to_owned())) } else { Err(Failure::malformed_principal_arn(text)) }
    }
}
