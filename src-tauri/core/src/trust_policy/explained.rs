//! A trust policy line by line, with what each line means to somebody who reads their first.

use super::{Caller, Wanted};

/// A line of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As it stands there, with the spaces before it.
    pub text: String,
    /// What it means; empty where it only opens or closes another.
    pub means: String,
}

impl Wanted {
    /// The trust policy, line by line.
    pub fn explained(&self) -> Vec<Line> {
        let policy = self.trust_policy();
        policy.lines().map(|text| Line { text: text.to_owned(), means: self.meaning(text.trim()) }).collect()
    }

    fn meaning(&self, line: &str) -> String {
        let Some((key, value)) = line.strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
            return String::new();
        };
        let value = value.trim_start_matches(':').trim().trim_end_matches(',').trim_matches('"');
        match key {
            "Version" => "the version of the language that policies are written in; this is the latest".into(),
            "Statement" => "what is allowed; a role can have more than one such statement".into(),
            "Effect" => "what this statement describes is allowed; everything else stays forbidden".into(),
            "Principal" => "who may assume the role:".into(),
            "AWS" => self.who(),
            "Action" => match value {
                "sts:AssumeRole" => "assuming the role is allowed, and nothing else".into(),
                "sts:TagSession" => "giving the session tags is allowed".into(),
                _ => "what is allowed:".into(),
            },
            "sts:AssumeRole" => "assuming the role".into(),
            "sts:SetSourceIdentity" => "saying who stands behind the session".into(),
            "Condition" => "and only where all of this holds:".into(),
            "aws:MultiFactorAuthPresent" => {
                "a code of an MFA device was given; whoever has the key alone is kept out".into()
            }
            "sts:ExternalId" => {
                "this agreed word was given, so that nobody uses your trust for somebody else's ends".into()
            }
            "sts:RoleSessionName" if value == "${aws:username}" => {
                "the session is called like the user, whose name IAM fills in, so that CloudTrail shows who it was".into()
            }
            "sts:RoleSessionName" => "the session is called like this, so that CloudTrail shows who it was".into(),
            "sts:SourceIdentity" => "this is who stands behind the session".into(),
            "aws:PrincipalArn" => {
                "the caller is this permission set of IAM Identity Center, whatever ending its role has".into()
            }
            _ => String::new(),
        }
    }

    fn who(&self) -> String {
        if self.caller.permission_set().is_some() {
            return "somebody of this account; the condition says who".into();
        }
        match &self.caller {
            Caller::Source(principal) if principal.is_user() => {
                let needs = match self.needs_identity_policy() {
                    None => "it needs no permission of its own",
                    Some(_) => "it is of another account, so that it needs a permission of its own too",
                };
                format!("the user `{}`, and nobody else; {needs}", principal.name())
            }
            Caller::Source(_) | Caller::Role(_) => "the sessions of this role, and nobody else".into(),
        }
    }
}
