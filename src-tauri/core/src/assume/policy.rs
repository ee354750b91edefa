//! What narrows a session: policies that are passed with the call. They never widen what the role may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::arn::{AccountId, Partition};
use crate::failure::Failure;

/// How many managed policies STS takes.
pub(crate) const MOST_POLICIES: usize = 10;
/// Inline and managed policies together have at most so many characters in plain text.
const MOST_TEXT: usize = 2048;

/// How much of a role is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// What the role itself says, or where it says nothing the rule for its account.
    #[default]
    Usual,
    /// Narrowed to reading.
    ReadOnly,
    /// Everything that the role may do.
    Full,
}

/// The ARN of a managed policy: AWS's own, or one of the role's account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PolicyArn {
    partition: Partition,
    /// AWS's own where `None`.
    account: Option<AccountId>,
    /// Path and name, without a leading slash.
    resource: String,
}

impl PolicyArn {
    /// AWS's policy that allows reading, and nothing else.
    pub fn read_only(partition: Partition) -> PolicyArn {
        PolicyArn { partition, account: None, resource: "ReadOnlyAccess".to_owned() }
    }

    /// The partition, from the ARN's second field.
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// The account that holds it; `None` where it is AWS's own.
    pub fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    /// Whether it is one of AWS's own that only reads, by how AWS calls those.
    pub fn only_reads(&self) -> bool {
        let name = self.name();
        let reads = ["ReadOnlyAccess", "ReadOnly", "ReadOnlyPolicy"].iter().any(|end| name.ends_with(end));
        self.account.is_none() && (reads || ["ViewOnlyAccess", "SecurityAudit"].contains(&name))
    }

    /// Whether it is one of AWS's own that allows everything, or everything of a part of AWS: it narrows no mistake.
    pub fn allows_all(&self) -> bool {
        let name = self.name();
        let all = ["AdministratorAccess", "PowerUserAccess", "SystemAdministrator", "NetworkAdministrator"];
        self.account.is_none() && (all.contains(&name) || name.contains("FullAccess"))
    }

    /// The policy's own name, without its path.
    pub fn name(&self) -> &str {
        self.resource.rsplit('/').next().unwrap_or(&self.resource)
    }
}

impl fmt::Display for PolicyArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = self.account.as_ref().map_or("aws", AccountId::as_str);
        write!(out, "arn:{}:iam::{account}:policy/{}", self.partition, self.resource)
    }
}

impl FromStr for PolicyArn {
    type Err = Failure;

    /// Takes `arn:PARTITION:iam::ACCOUNT:policy/PATH/NAME`, where the account may be `aws`; names are 1 to 128 of
    /// `[\w+=,.@-]` by IAM's model.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let malformed = || Failure::malformed_policy_arn(text);
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = fields[..] else { return Err(malformed()) };
        let resource = resource.strip_prefix("policy/").ok_or_else(malformed)?;
        let (path, name) = resource.rsplit_once('/').unwrap_or(("", resource));
        let named = super::is_of(name, 1, 128, |each| super::word_or(each, "+=,.@-"));
        let placed = path.len() <= 512
            && !resource.starts_with('/')
            && path.bytes().all(|byte| byte.is_ascii_graphic());
        if !named || !placed || text.len() > 2048 {
            return Err(malformed());
        }
        Ok(PolicyArn {
            partition: partition.parse().map_err(|_| malformed())?,
            account: match account {
                "aws" => None,
                id => Some(id.parse().map_err(|_| malformed())?),
            },
            resource: resource.to_owned(),
        })
    }
}

/// A policy written out: a JSON object of at most 2,048 characters, without the spaces that only a reader needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionPolicy(String);

impl SessionPolicy {
    /// The JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionPolicy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for SessionPolicy {
    type Err = Failure;

    /// Takes a policy document. Whether it makes sense is AWS's to say; that it is one object, within STS's bounds and with a
    /// statement in it, is checked here.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.len() > 64 * 1024 {
            return Err(Failure::malformed_session_policy("it is too large"));
        }
        let document: serde_json::Value = serde_json::from_str(text)
            .map_err(|error| Failure::malformed_session_policy(&format!("it is not JSON: {error}")))?;
        if !document.get("Statement").is_some_and(|each| each.is_array() || each.is_object()) {
            return Err(Failure::malformed_session_policy("it has no `Statement`"));
        }
        let compact = document.to_string();
        let allowed = |each: char| matches!(each, '\t' | '\n' | '\r' | ' '..='\u{ff}');
        if !compact.chars().all(allowed) {
            return Err(Failure::malformed_session_policy("it has characters that AWS does not take there"));
        }
        if compact.chars().count() > MOST_TEXT {
            return Err(Failure::malformed_session_policy("it has more than 2,048 characters"));
        }
        Ok(SessionPolicy(compact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_arn_is_read_and_written_alike() {
        for text in [
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws-us-gov:iam::aws:policy/job-function/ViewOnlyAccess",
            "arn:aws:iam::111122223333:policy/team/Deploy+1",
        ] {
            assert_eq!(text.parse::<PolicyArn>().unwrap().to_string(), text);
        }
        let long = format!("arn:aws:iam::aws:policy/{}", "a".repeat(129));
        for text in [
            "",
            "ReadOnlyAccess",
            "arn:aws:iam::aws:role/a",
            "arn:aws:iam::1:policy/a",
            "arn:x:iam::aws:policy/a",
            "arn:aws:iam::aws:policy/",
            "arn:aws:iam::aws:policy//a",
            "arn:aws:iam::aws:policy/a b",
            &long,
        ] {
            assert!(text.parse::<PolicyArn>().is_err(), "{text}");
        }
    }

    #[test]
    fn reading_only_is_a_policy_of_each_partition() {
        for partition in Partition::ALL {
            let arn = PolicyArn::read_only(partition);
            assert_eq!(arn.to_string().parse::<PolicyArn>().unwrap(), arn);
            assert!(arn.only_reads() && !arn.allows_all());
        }
    }

    #[test]
    fn what_reads_and_what_narrows_nothing_is_told_of_policies_of_aws_alone() {
        for (resource, reads, all) in [
            ("aws:policy/job-function/ViewOnlyAccess", true, false),
            ("aws:policy/SecurityAudit", true, false),
            ("aws:policy/AmazonEC2ReadOnlyAccess", true, false),
            ("aws:policy/AdministratorAccess", false, true),
            ("aws:policy/PowerUserAccess", false, true),
            ("aws:policy/AmazonEC2FullAccess", false, true),
            ("aws:policy/job-function/Billing", false, false),
            ("111122223333:policy/ReadOnlyAccess", false, false),
            ("111122223333:policy/AdministratorAccess", false, false),
        ] {
            let arn: PolicyArn = format!("arn:aws:iam::{resource}").parse().unwrap();
            assert_eq!((arn.only_reads(), arn.allows_all()), (reads, all), "{resource}");
        }
    }

    #[test]
    fn a_session_policy_is_json_within_bounds() {
        let policy: SessionPolicy = "{ \"Version\": \"2012-10-17\",\n \"Statement\": [] }".parse().unwrap();
        assert!(!policy.as_str().contains(char::is_whitespace), "{policy}");
        let of = |length: usize| {
            let rest = "{\"Id\":\"\",\"Statement\":[]}".len();
            format!("{{\"Id\":\"{}\",\"Statement\":[]}}", "x".repeat(length - rest))
        };
        assert!(of(2048).parse::<SessionPolicy>().is_ok());
        for text in ["", "[]", "{}", "{\"Statement\":1}", "{\"Statement\":[],\"Id\":\"\u{4e00}\"}", &of(2049)]
        {
            assert!(text.parse::<SessionPolicy>().is_err(), "{text}");
        }
    }
}
