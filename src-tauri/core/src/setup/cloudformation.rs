//! A role as a template of `CloudFormation`, in YAML.

use std::fmt::Write;

use super::tree::Tree;
use super::{CallersPart, Holder, RoleDraft};

/// The template that makes the role.
pub(super) fn role(draft: &RoleDraft, trust_policy: &str) -> String {
    let mut text = format!(
        "# in account {}; the stack needs the capability CAPABILITY_NAMED_IAM\n\
         AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      \
         RoleName: {}\n      MaxSessionDuration: {}\n      AssumeRolePolicyDocument:\n",
        draft.account,
        quoted(draft.name.as_str()),
        draft.longest.seconds(),
    );
    block(&mut text, 8, &Tree::of(trust_policy));
    if let Some(policy) = &draft.policy {
        let policy = quoted(&policy.to_string());
        text.push_str(&format!("      ManagedPolicyArns:\n        - {policy}\n"));
    }
    text.push_str("Outputs:\n  RoleArn:\n    Value: !GetAtt Role.Arn\n");
    text
}

/// The template that gives the caller its part.
pub(super) fn callers_part(draft: &RoleDraft, part: &CallersPart) -> String {
    let (kind, property, holder) = match &part.holder {
        Holder::User(name) => ("AWS::IAM::UserPolicy", "UserName", name),
        Holder::Role(name) | Holder::PermissionSet(name) => ("AWS::IAM::RolePolicy", "RoleName", name),
    };
    let mut text = format!(
        "# in account {}; the stack needs the capability CAPABILITY_IAM\n\
         AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  MayAssume:\n    Type: {kind}\n    Properties:\n      \
         {property}: {}\n      PolicyName: {}\n      PolicyDocument:\n",
        part.account,
        quoted(holder),
        quoted(&draft.policy_name()),
    );
    block(&mut text, 8, &Tree::of(&part.policy));
    text
}

/// A tree as lines, so far from the margin.
fn block(text: &mut String, margin: usize, tree: &Tree) {
    match tree {
        Tree::Text(value) => text.push_str(&format!("{:margin$}{}\n", "", quoted(value))),
        Tree::List(all) => {
            for each in all {
                // An item's dash stands where its first line has two of its spaces.
                let mut item = String::new();
                block(&mut item, margin + 2, each);
                item.replace_range(margin..=margin, "-");
                text.push_str(&item);
            }
        }
        Tree::Map(all) => {
            for (key, value) in all {
                let key = if key.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    key.clone()
                } else {
                    quoted(key)
                };
                let _ = write!(text, "{:margin$}{key}:", "");
                match value {
                    Tree::Text(value) => text.push_str(&format!(" {}\n", quoted(value))),
                    Tree::List(_) | Tree::Map(_) => {
                        text.push('\n');
                        block(text, margin + 2, value);
                    }
                }
            }
        }
    }
}

/// A value in single quotes, where YAML reads nothing but the next quote.
pub(super) fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
