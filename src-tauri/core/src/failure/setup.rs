//! What a person reads on the way to a role that is to be.

use super::{Code, Failure, shown};

fn invalid(message: impl Into<String>) -> Failure {
    Failure::new(Code::InvalidInput, message)
}

impl Failure {
    /// `text` is no name that IAM takes for a role.
    pub fn malformed_role_name(text: &str) -> Failure {
        let message = if text.is_empty() {
            "the role needs a name".to_owned()
        } else {
            format!("`{}` is not a name that IAM takes for a role", shown(text))
        };
        if text.contains('/') {
            // The guide makes roles without a path; one that has a path is there already.
            let hint = "it has no path; one that is there is added by its whole ARN: guise role add NAME --arn ARN --source SOURCE";
            return invalid(message).hint(hint);
        }
        invalid(message).hint("it has 1 to 64 letters, digits or any of _+=,.@-")
    }

    /// `text` is no length that IAM takes for a role's longest session.
    pub fn malformed_longest_session(text: &str) -> Failure {
        invalid(format!("`{}` is not a longest session that IAM takes", shown(text)))
            .hint("give 1h to 12h, such as 1h, 90m or 12h")
    }

    /// `text` names no managed policy.
    pub fn malformed_policy_name(text: &str) -> Failure {
        invalid(format!("`{}` is not a managed policy", shown(text)))
            .hint("give the name of one of AWS's, such as AmazonEC2FullAccess, or any policy's ARN")
    }

    /// A policy cannot be attached to a role of another account or partition.
    pub fn policy_of_elsewhere(arn: &str) -> Failure {
        invalid(format!("the policy `{}` is not in the role's account", shown(arn)))
            .hint("a role takes AWS's own policies of its partition, and those of its account")
    }

    /// A code is demanded of a caller that can give none.
    pub fn condition_mfa_of_no_user() -> Failure {
        invalid("AWS takes MFA codes only from an IAM user, and the source is none")
            .hint("leave that condition out, or choose the access key of a user as source")
    }

    /// A code is demanded, and no device is known.
    pub fn condition_mfa_without_device() -> Failure {
        invalid("a code is demanded, but no device is known")
            .hint("give its serial, arn:aws:iam::111122223333:mfa/NAME; IAM shows it on the user's page")
    }

    /// Sessions cannot be called like this user.
    pub fn user_name_too_short(user: &str) -> Failure {
        invalid(format!("no session can be called `{}`, as AWS wants two letters", shown(user)))
            .hint("leave that condition out")
    }

    /// The source may not make roles.
    pub fn may_not_make_roles(source: &str) -> Failure {
        Failure::new(Code::AccessDenied, format!("`{}` may not make roles, which is as it should be", shown(source)))
            .hint("give one of the other ways to whoever looks after the account: commands, a template, or IAM's own page")
    }

    /// The role is to be in another account than the source.
    pub fn role_of_another_account(account: &str) -> Failure {
        invalid(format!("the source cannot make a role in the account {}", shown(account)))
            .hint("give one of the other ways to whoever looks after that account")
    }

    /// A question that has two answers was given another.
    pub fn neither_yes_nor_no(text: &str) -> Failure {
        invalid(format!("`{}` is neither yes nor no", shown(text))).hint("answer y or n")
    }

    /// What was made of a role is not what is wanted now.
    pub fn role_made_otherwise(role: &str) -> Failure {
        invalid(format!("`{}` was made as it was before the change", shown(role)))
            .hint("take it out again first, and make it anew")
    }

    /// This agent did not make the role, so that it is not its to delete.
    pub fn role_not_made_here(role: &str) -> Failure {
        Failure::new(Code::NotFound, format!("Guise has not made `{}`", shown(role)))
            .hint("delete it in IAM, if nobody needs it")
    }

    /// There is nothing of that kind to copy.
    pub fn nothing_to_copy() -> Failure {
        invalid("there is nothing to copy").hint("the trust policy alone is enough for this role")
    }

    /// Nobody is there to answer.
    pub fn setup_needs_terminal() -> Failure {
        invalid("guise setup asks questions, and there is no terminal to ask on").hint(
            "run it at a terminal; or do its steps: guise source add, guise role add, guise trust-policy",
        )
    }

    /// None of the numbers that there are to choose.
    pub fn no_such_choice(text: &str, most: u8) -> Failure {
        invalid(format!("`{}` is none of them", shown(text))).hint(format!("give a number from 1 to {most}"))
    }
}
