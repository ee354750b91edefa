//! AWS names that cannot be wrong: partitions, regions, account ids and ARNs, parsed once at the edge.

mod principal;

pub use principal::PrincipalArn;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// A family of AWS regions with its own accounts, hosts and credentials.
///
/// The table is AWS's own `partitions.json`, as published with botocore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// China.
    AwsCn,
    /// `GovCloud` (US).
    AwsUsGov,
    /// The European Sovereign Cloud.
    AwsEusc,
    /// A US isolated partition; its console hosts are not public.
    AwsIso,
    /// A US isolated partition; its console hosts are not public.
    AwsIsoB,
    /// A European isolated partition; its console hosts are not public.
    AwsIsoE,
    /// A US isolated partition; its console hosts are not public.
    AwsIsoF,
}

impl Partition {
    /// Every partition, in the order of AWS's table.
    pub const ALL: [Partition; 8] = [
        Partition::Aws,
        Partition::AwsCn,
        Partition::AwsUsGov,
        Partition::AwsEusc,
        Partition::AwsIso,
        Partition::AwsIsoB,
        Partition::AwsIsoE,
        Partition::AwsIsoF,
    ];

    /// The partition's name as it stands in an ARN.
    pub fn id(self) -> &'static str {
        match self {
            Partition::Aws => "aws",
            Partition::AwsCn => "aws-cn",
            Partition::AwsUsGov => "aws-us-gov",
            Partition::AwsEusc => "aws-eusc",
            Partition::AwsIso => "aws-iso",
            Partition::AwsIsoB => "aws-iso-b",
            Partition::AwsIsoE => "aws-iso-e",
            Partition::AwsIsoF => "aws-iso-f",
        }
    }

    /// The region to use where none is set, AWS's `implicitGlobalRegion`.
    pub fn default_region(self) -> Region {
        Region(
            match self {
                Partition::Aws => "us-east-1",
                Partition::AwsCn => "cn-northwest-1",
                Partition::AwsUsGov => "us-gov-west-1",
                Partition::AwsEusc => "eusc-de-east-1",
                Partition::AwsIso => "us-iso-east-1",
                Partition::AwsIsoB => "us-isob-east-1",
                Partition::AwsIsoE => "eu-isoe-west-1",
                Partition::AwsIsoF => "us-isof-south-1",
            }
            .to_owned(),
        )
    }

    /// How the partition's region names begin; `None` for the commercial one, which takes every other name.
    fn region_prefix(self) -> Option<&'static str> {
        match self {
            Partition::Aws => None,
            Partition::AwsCn => Some("cn-"),
            Partition::AwsUsGov => Some("us-gov-"),
            Partition::AwsEusc => Some("eusc-"),
            Partition::AwsIso => Some("us-iso-"),
            Partition::AwsIsoB => Some("us-isob-"),
            Partition::AwsIsoE => Some("eu-isoe-"),
            Partition::AwsIsoF => Some("us-isof-"),
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.id())
    }
}

impl FromStr for Partition {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Partition::ALL
            .into_iter()
            .find(|partition| partition.id() == text)
            .ok_or_else(|| Failure::unknown_partition(text))
    }
}

/// A region's name, such as `eu-west-1`. There is no closed list: AWS adds regions faster than we release.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

impl Region {
    /// The name, as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that the region belongs to; an unknown prefix is the commercial one, as the SDKs have it.
    pub fn partition(&self) -> Partition {
        Partition::ALL
            .into_iter()
            .find(|partition| partition.region_prefix().is_some_and(|prefix| self.0.starts_with(prefix)))
            .unwrap_or(Partition::Aws)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Region {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let parts: Vec<&str> = text.split('-').collect();
        let word = |part: &&str| {
            part.starts_with(|first: char| first.is_ascii_lowercase())
                && part.chars().all(|each| each.is_ascii_lowercase() || each.is_ascii_digit())
        };
        let (number, words) = parts.split_last().unwrap_or((&"", &[]));
        let valid = text.len() <= 32
            && words.len() >= 2
            && words.iter().all(word)
            && !number.is_empty()
            && number.chars().all(|each| each.is_ascii_digit());
        if valid { Ok(Region(text.to_owned())) } else { Err(Failure::malformed_region(text)) }
    }
}

impl TryFrom<String> for Region {
    type Error = Failure;

    fn try_from(text: String) -> Result<Self, Failure> {
        text.parse()
    }
}

impl From<Region> for String {
    fn from(region: Region) -> String {
        region.0
    }
}

/// An account's twelve digits. Leading zeros count, so it is text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(String);

impl AccountId {
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits in groups of four, as a person reads them: `1111 2222 3333`.
    pub fn grouped(&self) -> String {
        format!("{} {} {}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for AccountId {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(AccountId(text.to_owned()))
        } else {
            Err(Failure::malformed_account(text))
        }
    }
}

/// The ARN of an IAM role, `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoleArn {
    partition: Partition,
    account: AccountId,
    /// Path and name, without a leading slash: `team/ops/Deploy`.
    resource: String,
}

impl RoleArn {
    /// The partition, from the ARN's second field.
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// The account that holds the role.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's own name, without its path.
    pub fn name(&self) -> &str {
        self.resource.rsplit('/').next().unwrap_or(&self.resource)
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "arn:{}:iam::{}:role/{}", self.partition, self.account, self.resource)
    }
}

impl FromStr for RoleArn {
    type Err = Failure;

    /// Takes a role's ARN. Length and characters are those of IAM's own model: name 1 to 64 of
    /// `[\w+=,.@-]`, path at most 512 of printable ASCII.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let malformed = || Failure::malformed_role_arn(text);
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let [scheme, partition, service, region, account, resource] = fields[..] else {
            return Err(malformed());
        };
        let resource = resource.strip_prefix("role/").ok_or_else(malformed)?;
        if scheme != "arn" || service != "iam" || !region.is_empty() || text.len() > 2048 {
            return Err(malformed());
        }
        let (path, name) = resource.rsplit_once('/').unwrap_or(("", resource));
        let name_valid = (1..=64).contains(&name.len()) && name.bytes().all(is_name_byte);
        let path_valid = path.len() <= 510
            && path.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
            && !resource.starts_with('/');
        if !name_valid || !path_valid {
            return Err(malformed());
        }
        Ok(RoleArn {
            partition: partition.parse()?,
            account: account.parse().map_err(|_| malformed())?,
            resource: resource.to_owned(),
        })
    }
}

/// Whether a byte may stand in an IAM name or a session name: `[\w+=,.@-]` in ASCII.
pub(crate) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_tells_its_partition() {
        for (region, partition) in [
            ("us-east-1", "aws"),
            ("il-central-1", "aws"),
            ("mx-central-1", "aws"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-iso-east-1", "aws-iso"),
            ("us-isob-east-1", "aws-iso-b"),
            ("us-isof-south-1", "aws-iso-f"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("eusc-de-east-1", "aws-eusc"),
            ("cn-north-1", "aws-cn"),
            ("xx-new-1", "aws"),
        ] {
            assert_eq!(region.parse::<Region>().unwrap().partition().id(), partition, "{region}");
        }
    }

    #[test]
    fn every_region_that_aws_has_is_of_its_partition() {
        for (partition, default, regions) in [
            (
                "aws",
                "us-east-1",
                "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 \
                 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 \
                 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 \
                 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 \
                 us-east-2 us-west-1 us-west-2",
            ),
            ("aws-cn", "cn-northwest-1", "cn-north-1 cn-northwest-1"),
            ("aws-us-gov", "us-gov-west-1", "us-gov-east-1 us-gov-west-1"),
            ("aws-eusc", "eusc-de-east-1", "eusc-de-east-1"),
            ("aws-iso", "us-iso-east-1", "us-iso-east-1 us-iso-west-1"),
            ("aws-iso-b", "us-isob-east-1", "us-isob-east-1 us-isob-west-1"),
            ("aws-iso-e", "eu-isoe-west-1", "eu-isoe-west-1"),
            ("aws-iso-f", "us-isof-south-1", "us-isof-east-1 us-isof-south-1"),
        ] {
            let of: Partition = partition.parse().unwrap();
            assert_eq!((of.id(), of.default_region().as_str()), (partition, default));
            for region in regions.split_whitespace() {
                assert_eq!(region.parse::<Region>().unwrap().partition(), of, "{region}");
            }
        }
        // What AWS adds later goes by how it begins, and else to the commercial partition.
        for (region, partition) in
            [("us-gov-north-9", "aws-us-gov"), ("us-isof-west-7", "aws-iso-f"), ("us-newplace-3", "aws")]
        {
            assert_eq!(region.parse::<Region>().unwrap().partition().id(), partition, "{region}");
        }
    }

    #[test]
    fn who_is_named_in_a_policy_is_told_from_a_principal() {
        for (arn, role, federated) in [
            ("arn:aws:iam::111122223333:user/staff/ada", None, false),
            ("arn:aws:sts::111122223333:assumed-role/Build/i-0abc", Some("Build"), false),
            ("arn:aws:sts::111122223333:federated-user/ada", None, true),
            ("arn:aws:iam::111122223333:root", None, false),
        ] {
            let principal: PrincipalArn = arn.parse().unwrap();
            assert_eq!((principal.assumed_role(), principal.is_federated_user()), (role, federated), "{arn}");
        }
    }

    #[test]
    fn a_region_that_is_not_one_is_refused() {
        for text in
            ["", "eu", "eu-west", "EU-WEST-1", "eu-west-1.evil.example", "eu--1", "eu-west-1/", "-eu-west-1"]
        {
            assert!(text.parse::<Region>().is_err(), "{text}");
        }
    }

    #[test]
    fn every_partition_has_a_default_region_of_its_own() {
        for partition in Partition::ALL {
            assert_eq!(partition.default_region().partition(), partition);
            assert_eq!(
                partition.default_region().as_str().parse::<Region>().unwrap(),
                partition.default_region()
            );
        }
    }

    #[test]
    fn a_role_arn_keeps_its_path_and_tells_its_name() {
        let arn: RoleArn = "arn:aws-us-gov:iam::012345678901:role/team/ops/Deploy+1".parse().unwrap();
        assert_eq!(arn.partition(), Partition::AwsUsGov);
        assert_eq!(arn.account().as_str(), "012345678901");
        assert_eq!(arn.account().grouped(), "0123 4567 8901");
        assert_eq!(arn.name(), "Deploy+1");
        assert_eq!(arn.to_string(), "arn:aws-us-gov:iam::012345678901:role/team/ops/Deploy+1");
    }

    #[test]
    fn what_is_not_a_role_arn_is_refused() {
        let long = format!("arn:aws:iam::111122223333:role/{}", "a".repeat(65));
        for text in [
            "",
            "AWSEC2FULLACCESS",
            "arn:aws:iam::111122223333:user/ada",
            "arn:aws:iam::11112222333:role/a",
            "arn:aws:iam:eu-west-1:111122223333:role/a",
            "arn:aws:sts::111122223333:assumed-role/a/b",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role//a",
            "arn:aws:iam::111122223333:role/a b",
            "arn:elsewhere:iam::111122223333:role/a",
            "arn:aws:iam::111122223333:role/a\n",
            &long,
        ] {
            assert!(text.parse::<RoleArn>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_principal_tells_its_name() {
        for (arn, name) in [
            ("arn:aws:iam::111122223333:user/ada", "ada"),
            ("arn:aws:iam::111122223333:user/staff/ada", "ada"),
            ("arn:aws:sts::111122223333:assumed-role/Admin/grace", "grace"),
            ("arn:aws:iam::111122223333:root", "root"),
        ] {
            assert_eq!(arn.parse::<PrincipalArn>().unwrap().name(), name);
        }
    }
}
