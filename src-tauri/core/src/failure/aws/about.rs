//! What a refused call was about, as far as its sentences need it.

use crate::arn::{PrincipalArn, RoleArn};
use crate::assume::MfaSerial;
use crate::catalog::SourceKind;
use crate::chain::Plan;
use crate::trust_policy::Caller;

/// What an assumption was about.
#[derive(Clone, Debug)]
pub struct AssumeContext {
    /// The source's name in the catalog.
    pub source: String,
    /// The name in the catalog of what called: the source's, or in a chain that of the role before.
    pub by: String,
    /// Who called.
    pub caller: Caller,
    /// What the call was signed with.
    pub signed: Signed,
    /// The role's name in the catalog.
    pub role: String,
    /// The role's ARN.
    pub arn: RoleArn,
    /// The region whose STS was asked.
    pub region: String,
    /// What was asked for, in seconds.
    pub duration: u32,
    /// What proved a second factor.
    pub factor: Factor,
    /// Whether an external id went with it.
    pub external_id: Sent,
    /// Whether tags did.
    pub tags: Sent,
    /// Whether a source identity did.
    pub source_identity: Sent,
    /// What the session was called, where that is not the caller's own name.
    pub other_name: Option<String>,
}

/// What a call is signed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// A user's access key.
    AccessKey,
    /// What a profile of the AWS CLI came to.
    Profile(String),
    /// An MFA session of the user's.
    MfaSession,
    /// The session of the role before.
    Role,
}

/// What proves a second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Factor {
    /// A code that went with the call.
    Code(MfaSerial),
    /// An MFA session.
    Session(MfaSerial),
    /// Nothing, though the caller is a user and could.
    Unused,
    /// Nothing, as the caller is a role, whatever was proven before it.
    Impossible,
}

/// Whether something went with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The role says it.
    Here,
    /// A role before it in the chain passes it on.
    Before,
    /// It did not.
    Not,
}

impl AssumeContext {
    /// What a plan's last call was about.
    pub fn of(plan: &Plan) -> AssumeContext {
        let (by, caller, signed) = match (plan.way.last(), &plan.mfa_session, &plan.kind) {
            (Some(before), _, _) => (&before.role, Caller::Role(before.arn.clone()), Signed::Role),
            (None, Some(_), _) => (&plan.source, Caller::Source(plan.principal.clone()), Signed::MfaSession),
            (None, None, SourceKind::AccessKey(_)) => {
                (&plan.source, Caller::Source(plan.principal.clone()), Signed::AccessKey)
            }
            (None, None, SourceKind::Profile(profile)) => {
                (&plan.source, Caller::Source(plan.principal.clone()), Signed::Profile(profile.to_string()))
            }
        };
        let factor = match (&plan.goal.mfa, &plan.mfa_session) {
            (Some(serial), _) => Factor::Code(serial.clone()),
            (None, Some(session)) if plan.way.is_empty() => Factor::Session(session.serial.clone()),
            (None, _) if plan.way.is_empty() && plan.principal.is_user() => Factor::Unused,
            (None, _) => Factor::Impossible,
        };
        let sent = |here: bool, before: bool| match (here, before) {
            (true, _) => Sent::Here,
            (false, true) => Sent::Before,
            (false, false) => Sent::Not,
        };
        AssumeContext {
            source: plan.source.to_string(),
            by: by.to_string(),
            caller,
            signed,
            role: plan.role.to_string(),
            arn: plan.arn().clone(),
            region: plan.goal.region.to_string(),
            duration: plan.duration().seconds(),
            factor,
            external_id: sent(plan.goal.external_id.is_some(), false),
            tags: sent(
                !plan.goal.tags.is_empty(),
                plan.way.iter().any(|step| !step.transitive_tags.is_empty()),
            ),
            source_identity: sent(
                plan.goal.source_identity.is_some(),
                plan.way.iter().any(|step| step.source_identity.is_some()),
            ),
            other_name: Some(plan.session_name().as_str())
                .filter(|name| plan.principal.is_user() && *name != plan.principal.name())
                .map(str::to_owned),
        }
    }
}

/// What a call of IAM's was about: a user who looks after their own keys.
#[derive(Clone, Debug)]
pub struct IamContext {
    /// The source's name in the catalog.
    pub source: String,
    /// Who called, and whose keys they are.
    pub principal: PrincipalArn,
    /// What was called.
    pub action: IamAction,
}

/// What Guise calls of IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IamAction {
    /// `iam:CreateAccessKey`
    CreateAccessKey,
    /// `iam:ListAccessKeys`
    ListAccessKeys,
    /// `iam:UpdateAccessKey`
    UpdateAccessKey,
    /// `iam:DeleteAccessKey`
    DeleteAccessKey,
    /// `iam:ListMFADevices`
    ListMfaDevices,
    /// `iam:CreateRole`
    CreateRole,
    /// `iam:AttachRolePolicy`
    AttachRolePolicy,
    /// `iam:DetachRolePolicy`
    DetachRolePolicy,
    /// `iam:DeleteRole`
    DeleteRole,
}

impl IamAction {
    /// As policies name it.
    pub fn permission(self) -> &'static str {
        match self {
            IamAction::CreateAccessKey => "iam:CreateAccessKey",
            IamAction::ListAccessKeys => "iam:ListAccessKeys",
            IamAction::UpdateAccessKey => "iam:UpdateAccessKey",
            IamAction::DeleteAccessKey => "iam:DeleteAccessKey",
            IamAction::ListMfaDevices => "iam:ListMFADevices",
            IamAction::CreateRole => "iam:CreateRole",
            IamAction::AttachRolePolicy => "iam:AttachRolePolicy",
            IamAction::DetachRolePolicy => "iam:DetachRolePolicy",
            IamAction::DeleteRole => "iam:DeleteRole",
        }
    }

    /// Whether it is about a role, and not about the caller's own keys.
    pub(super) fn is_about_a_role(self) -> bool {
        match self {
            IamAction::CreateRole
            | IamAction::AttachRolePolicy
            | IamAction::DetachRolePolicy
            | IamAction::DeleteRole => true,
            IamAction::CreateAccessKey
            | IamAction::ListAccessKeys
            | IamAction::UpdateAccessKey
            | IamAction::DeleteAccessKey
            | IamAction::ListMfaDevices => false,
        }
    }

    /// What it does, behind "let … ".
    pub(super) fn words(self) -> &'static str {
        match self {
            IamAction::CreateAccessKey => "make an access key",
            IamAction::ListAccessKeys => "see its access keys",
            IamAction::UpdateAccessKey => "switch an access key on or off",
            IamAction::DeleteAccessKey => "delete an access key",
            IamAction::ListMfaDevices => "see its MFA devices",
            IamAction::CreateRole => "make the role",
            IamAction::AttachRolePolicy => "give the role its policy",
            IamAction::DetachRolePolicy => "take the policy off the role",
            IamAction::DeleteRole => "delete the role",
        }
    }
}

/// What a call was about.
#[derive(Clone, Copy)]
pub(super) enum About<'a> {
    /// `sts:AssumeRole`
    Role(&'a AssumeContext),
    /// `sts:GetSessionToken`, on the way to a role.
    SessionToken(&'a AssumeContext),
    /// A call of IAM's.
    Iam(&'a IamContext),
    /// Who a source is, or the sign-in of a role: only its name matters.
    Name(&'a str),
}
