//! A role that is to be: what a newcomer wants of it, and the ways to make it. Nothing here calls AWS.
//!
//! A [`RoleForm`] is what was typed. Read against a source it is a [`RoleDraft`], which can be written as commands of the AWS
//! CLI, as a template of `CloudFormation`, as a configuration of Terraform, and as the [`IamCall`]s that Guise itself would send.

mod calls;
mod cli;
mod cloudformation;
mod form;
mod links;
mod policies;
mod terraform;
mod tree;

pub use calls::IamCall;
pub use form::{Field, Problem, RoleForm};
pub use links::{iam_page, switch_role_link};
pub use policies::{KNOWN, Known, page_of, read_policy};

use std::fmt;
use std::str::FromStr;

use crate::arn::{AccountId, Partition, PrincipalArn, RoleArn, is_name_byte};
use crate::assume::{ExternalId, MfaSerial, MfaWay, PolicyArn, Tags};
use crate::catalog::{Assumer, Name, Role, Source};
use crate::console::Destination;
use crate::failure::Failure;
use crate::session::SessionDuration;
use crate::trust_policy::{Behind, Caller, Mfa, NamePattern, PassedOn, Wanted};

/// A role as it will be in IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDraft {
    /// Its name in IAM.
    pub name: RoleName,
    /// The account that will hold it.
    pub account: AccountId,
    /// The partition of that account, which is the source's.
    pub partition: Partition,
    /// Who may assume it.
    pub principal: PrincipalArn,
    /// What it may do; that can be said later.
    pub policy: Option<PolicyArn>,
    /// Whether it is assumed with a second factor only.
    pub mfa: Mfa,
    /// The device, where the source says none or another.
    pub mfa_serial: Option<MfaSerial>,
    /// The agreed word.
    pub external_id: Option<ExternalId>,
    /// What its sessions may be called.
    pub naming: Naming,
    /// The longest session that it gives.
    pub longest: LongestSession,
}

/// What a role's sessions may be called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// As whoever assumes it likes.
    #[default]
    Free,
    /// After the user, so that `CloudTrail` shows who it was.
    User,
}

/// The name of a role in IAM, without a path: 1 to 64 of `[\w+=,.@-]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName(String);

impl RoleName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for RoleName {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let valid = (1..=64).contains(&text.len()) && text.bytes().all(is_name_byte);
        if valid { Ok(RoleName(text.to_owned())) } else { Err(Failure::malformed_role_name(text)) }
    }
}

/// The longest session that a role gives: one to twelve hours, by IAM's own bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongestSession(SessionDuration);

impl LongestSession {
    /// The length.
    pub fn duration(self) -> SessionDuration {
        self.0
    }

    /// The length in seconds.
    pub fn seconds(self) -> u32 {
        self.0.seconds()
    }
}

impl FromStr for LongestSession {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let length: Result<SessionDuration, Failure> = text.parse();
        match length {
            Ok(length) if length >= SessionDuration::HOUR => Ok(LongestSession(length)),
            Ok(_) | Err(_) => Err(Failure::malformed_longest_session(text)),
        }
    }
}

/// What whoever assumes the role needs of its own, besides the trust policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallersPart {
    /// Who gets it.
    pub holder: Holder,
    /// The account that it belongs to, as it stands in the ARN.
    pub account: String,
    /// The policy, as IAM's editor takes it.
    pub policy: String,
    /// Why the trust policy is not enough.
    pub because: &'static str,
}

/// Who holds a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An IAM user, by its name.
    User(String),
    /// A role, by its name.
    Role(String),
    /// A permission set of IAM Identity Center, whose roles nobody changes but through it.
    PermissionSet(String),
}

/// Commands and files that make something in IAM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Commands of the AWS CLI, for a shell.
    pub cli: String,
    /// A template of `CloudFormation`, as YAML.
    pub cloudformation: String,
    /// A configuration of Terraform.
    pub terraform: String,
}

impl RoleDraft {
    /// The ARN that the role will have.
    pub fn arn(&self) -> Result<RoleArn, Failure> {
        format!("arn:{}:iam::{}:role/{}", self.partition, self.account, self.name).parse()
    }

    /// Whether it will be in another account than the source.
    pub fn is_elsewhere(&self) -> bool {
        self.principal.account().as_ref() != Some(&self.account)
    }

    /// Why its source cannot make it, whatever that may do.
    pub fn not_ours(&self) -> Option<Failure> {
        self.is_elsewhere().then(|| Failure::role_of_another_account(self.account.as_str()))
    }

    /// The assumption that its trust policy has to allow.
    pub fn wanted(&self) -> Result<Wanted, Failure> {
        let caller = Caller::Source(self.principal.clone());
        let session_name = match self.naming {
            Naming::Free => None,
            Naming::User => Some(NamePattern::of(None, &caller, &self.principal)),
        };
        Ok(Wanted {
            caller,
            role: self.arn()?,
            mfa: self.mfa,
            external_id: self.external_id.clone(),
            session_name,
            tags: Tags::new(),
            transitive_tags: std::collections::BTreeSet::new(),
            passed_on: PassedOn::Nothing,
            source_identity: Behind::Nobody,
        })
    }

    /// The role as the commands and files that make it.
    pub fn written(&self) -> Result<Written, Failure> {
        let trust = self.wanted()?.trust_policy();
        Ok(Written {
            cli: cli::role(self, &trust),
            cloudformation: cloudformation::role(self, &trust),
            terraform: terraform::role(self, &trust),
        })
    }

    /// What the source needs of its own, where the trust policy is not enough.
    pub fn callers_part(&self) -> Result<Option<CallersPart>, Failure> {
        let wanted = self.wanted()?;
        let Some(because) = wanted.needs_identity_policy() else { return Ok(None) };
        let holder = match (self.principal.assumed_role(), wanted.caller.permission_set()) {
            (_, Some(set)) => Holder::PermissionSet(set.to_owned()),
            (Some(role), None) => Holder::Role(role.to_owned()),
            (None, None) => Holder::User(self.principal.name().to_owned()),
        };
        Ok(Some(CallersPart {
            holder,
            account: self.principal.account_id().to_owned(),
            policy: wanted.identity_policy(),
            because: because.words(),
        }))
    }

    /// That part as commands and files; a permission set is changed in IAM Identity Center alone.
    pub fn callers_part_written(&self) -> Result<Option<Written>, Failure> {
        let part = self.callers_part()?;
        Ok(part.filter(|part| !matches!(part.holder, Holder::PermissionSet(_))).map(|part| Written {
            cli: cli::callers_part(self, &part),
            cloudformation: cloudformation::callers_part(self, &part),
            terraform: terraform::callers_part(self, &part),
        }))
    }

    /// The calls that make it, in their order.
    pub fn calls(&self) -> Result<Vec<IamCall>, Failure> {
        let create = IamCall::CreateRole {
            role: self.name.clone(),
            trust_policy: self.wanted()?.trust_policy(),
            longest: self.longest,
        };
        let attach =
            self.policy.clone().map(|policy| IamCall::AttachRolePolicy { role: self.name.clone(), policy });
        Ok(std::iter::once(create).chain(attach).collect())
    }

    /// The page of the console that the role is for.
    pub fn page(&self) -> Option<Destination> {
        page_of(self.policy.as_ref()?)
    }

    /// The role as the catalog will have it, assumed by that source.
    pub fn role(&self, source_name: &Name, source: &Source) -> Result<Role, Failure> {
        let demands_code = self.mfa == Mfa::Proven;
        // A source with a device has a code asked for by its roles, unless they say that they do without.
        let without = !demands_code && source.mfa_serial.is_some();
        // AWS gives an hour to whoever is a role already.
        let duration = (!self.principal.is_chained()).then_some(self.longest.duration());
        Ok(Role {
            destination: self.page(),
            duration: duration.filter(|length| *length > SessionDuration::HOUR),
            external_id: self.external_id.clone(),
            mfa: without.then_some(MfaWay::Off),
            mfa_serial: self.mfa_serial.clone().filter(|_| demands_code),
            ..Role::new(self.arn()?, Assumer::Source(source_name.clone()))
        })
    }

    /// The name of the policy that lets the caller in.
    fn policy_name(&self) -> String {
        format!("assume-{}", self.name)
    }
}

#[cfg(test)]
mod tests;
