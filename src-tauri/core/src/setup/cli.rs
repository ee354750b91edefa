//! A role as commands of the AWS CLI, quoted for a POSIX shell; zsh and fish read them alike.

use std::fmt;

use super::{CallersPart, Holder, RoleDraft};
use crate::arn::Partition;

/// The commands that make the role.
pub(super) fn role(draft: &RoleDraft, trust_policy: &str) -> String {
    let name = Quoted(draft.name.as_str());
    let region = region(draft.partition);
    let mut text = format!(
        "# in account {}, as somebody who may create roles\n\
         aws iam create-role{region} \\\n  --role-name={name} \\\n  --max-session-duration {} \\\n  \
         --assume-role-policy-document {}\n",
        draft.account,
        draft.longest.seconds(),
        Quoted(trust_policy)
    );
    if let Some(policy) = &draft.policy {
        let policy = policy.to_string();
        text.push_str(&format!(
            "aws iam attach-role-policy{region} \\\n  --role-name={name} \\\n  --policy-arn {}\n",
            Quoted(&policy)
        ));
    }
    text
}

/// The command that gives the caller its part.
pub(super) fn callers_part(draft: &RoleDraft, part: &CallersPart) -> String {
    let (command, option, holder) = match &part.holder {
        Holder::User(name) => ("put-user-policy", "--user-name", name),
        Holder::Role(name) | Holder::PermissionSet(name) => ("put-role-policy", "--role-name", name),
    };
    format!(
        "# in account {}, as somebody who may change what `{holder}` may do\n\
         aws iam {command}{} \\\n  {option}={} \\\n  --policy-name={} \\\n  --policy-document {}\n",
        part.account,
        region(draft.partition),
        Quoted(holder),
        Quoted(&draft.policy_name()),
        Quoted(&part.policy)
    )
}

/// IAM has one place a partition, which the CLI finds by any region of it.
fn region(partition: Partition) -> String {
    match partition {
        Partition::Aws => String::new(),
        Partition::AwsCn
        | Partition::AwsUsGov
        | Partition::AwsEusc
        | Partition::AwsIso
        | Partition::AwsIsoB
        | Partition::AwsIsoE
        | Partition::AwsIsoF => format!(" --region {}", partition.default_region()),
    }
}

/// A value in single quotes, where a shell reads nothing but the next quote.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "'{}'", self.0.replace('\'', r"'\''"))
    }
}
