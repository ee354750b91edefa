//! What the setup guide is told: what was typed so far, and everything that follows from it. Plain data.

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::setup::{Problem, RoleForm};

/// A step of the guide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum GuideStep {
    /// Who are you?
    #[default]
    Source,
    /// What the role is.
    Role,
    /// How it is made.
    Make,
    /// Whether it works.
    Try,
    /// Its console.
    Open,
}

/// What was typed so far. It has no place for a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(default, deny_unknown_fields)]
pub struct GuideNotes {
    /// The step that the person is at.
    pub step: GuideStep,
    /// The source that is being added.
    pub source: SourceNotes,
    /// The role.
    pub form: RoleForm,
}

/// A source that is being added, without its secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(default, deny_unknown_fields)]
pub struct SourceNotes {
    /// `access-key`, `profile` or `there`; empty where nothing was chosen.
    pub way: String,
    /// Its name.
    pub name: String,
    /// The id of its key.
    pub access_key_id: String,
    /// The profile.
    pub profile: String,
    /// The region for its roles.
    pub region: String,
}

/// Where the guide stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct GuideView {
    /// What was typed so far.
    pub notes: GuideNotes,
    /// Policies to choose from.
    pub policies: Vec<PolicyView>,
    /// What is wrong with the role as it was typed.
    pub problems: Vec<Problem>,
    /// The role as it would be; `None` while something is wrong.
    #[cfg_attr(test, ts(optional = nullable))]
    pub sketch: Option<SketchView>,
}

/// A policy to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct PolicyView {
    /// Its name, as it can be typed.
    pub name: String,
    /// What it allows.
    pub allows: String,
}

/// A role as it would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct SketchView {
    /// Its ARN.
    pub arn: String,
    /// Its account.
    pub account: String,
    /// The page that it is for; empty for the console's home.
    pub page: String,
    /// The trust policy, line by line.
    pub trust: Vec<LineView>,
    /// The whole role.
    pub written: WrittenView,
    /// What the source needs of its own, where the trust policy is not enough.
    #[cfg_attr(test, ts(optional = nullable))]
    pub callers_part: Option<CallersPartView>,
    /// IAM's own page for a new role.
    #[cfg_attr(test, ts(optional = nullable))]
    pub iam_page: Option<String>,
    /// The link for colleagues.
    #[cfg_attr(test, ts(optional = nullable))]
    pub switch_role: Option<String>,
    /// The calls that Guise would make itself.
    pub calls: Vec<CallView>,
    /// Why Guise cannot make it with this source, where that is known before.
    #[cfg_attr(test, ts(optional = nullable))]
    pub not_ours: Option<Failure>,
    /// What Guise has made of it.
    #[cfg_attr(test, ts(optional = nullable))]
    pub made: Option<MadeView>,
    /// Its name in the catalog, once it is there.
    #[cfg_attr(test, ts(optional = nullable))]
    pub kept: Option<String>,
}

/// A line of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct LineView {
    /// As it stands there.
    pub text: String,
    /// What it means; empty where there is nothing to say.
    pub means: String,
}

/// Something to be made, in three languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct WrittenView {
    /// Commands of the AWS CLI.
    pub cli: String,
    /// A template of `CloudFormation`.
    pub cloudformation: String,
    /// A configuration of Terraform.
    pub terraform: String,
}

/// What the source needs of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct CallersPartView {
    /// Why.
    pub because: String,
    /// Who gets it.
    pub holder: String,
    /// The policy.
    pub policy: String,
    /// The same to be run; absent where IAM Identity Center has to give it.
    #[cfg_attr(test, ts(optional = nullable))]
    pub written: Option<WrittenView>,
}

/// A call of IAM's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct CallView {
    /// What is called.
    pub action: String,
    /// With what.
    pub parameters: Vec<ParameterView>,
    /// Whether it was made already.
    pub done: bool,
}

/// A parameter of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// What is sent.
    pub value: String,
}

/// What Guise has made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct MadeView {
    /// Its ARN.
    pub arn: String,
    /// Whether all of it is there.
    pub whole: bool,
    /// Why not, and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional = nullable))]
    pub trouble: Option<Failure>,
}

/// A part of what is written about a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum WrittenPart {
    /// The trust policy.
    TrustPolicy,
    /// The role as commands of the AWS CLI.
    Cli,
    /// The role as a template.
    Cloudformation,
    /// The role as a configuration.
    Terraform,
    /// The address of IAM's own page.
    IamPage,
    /// The policy that the source needs.
    CallersPolicy,
    /// That policy as a command.
    CallersCli,
    /// As a template.
    CallersCloudformation,
    /// As a configuration.
    CallersTerraform,
    /// The link for colleagues.
    SwitchRole,
}
