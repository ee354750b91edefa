//! The policies that AWS manages, as far as a session of the simulator can be narrowed by them.

use crate::policy::Policy;

/// Whether the ARN names AWS's own `ReadOnlyAccess`, of whichever partition.
pub(crate) fn is_read_only(arn: &str) -> bool {
    is_aws_managed(arn) && name(arn) == "ReadOnlyAccess"
}

/// Whether the ARN names a policy that AWS manages; it belongs to no account.
pub(crate) fn is_aws_managed(arn: &str) -> bool {
    arn.split(':').nth(4) == Some("aws")
}

/// Whether AWS has such a policy. There are more than a thousand, so that the simulator goes by how they are called.
pub(crate) fn exists(arn: &str) -> bool {
    let name = name(arn);
    let whole = [
        "AdministratorAccess",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "ViewOnlyAccess",
        "SecurityAudit",
        "Billing",
    ];
    let front = ["Amazon", "AWS", "CloudWatch", "IAM", "SecretsManager"];
    whole.contains(&name) || front.iter().any(|front| name.starts_with(front))
}

/// The last part of a policy's ARN.
pub(crate) fn name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// What a managed policy allows, of what the simulator can be asked for. Of most that is nothing: a session narrowed by
/// `ReadOnlyAccess` assumes no role and changes no access key.
pub(crate) fn policy(arn: &str) -> Policy {
    let text = match name(arn) {
        "AdministratorAccess" => r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
        "ReadOnlyAccess" => {
            r#"{"Statement":[{"Effect":"Allow","Action":["iam:Get*","iam:List*"],"Resource":"*"}]}"#
        }
        _ => r#"{"Statement":[]}"#,
    };
    Policy::from_json(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_only_is_known_in_every_partition_and_only_as_the_policy_of_aws() {
        for arn in ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"] {
            assert!(is_read_only(arn), "{arn}");
        }
        for arn in [
            "arn:aws:iam::111122223333:policy/ReadOnlyAccess",
            "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
        ] {
            assert!(!is_read_only(arn), "{arn}");
        }
    }
}
