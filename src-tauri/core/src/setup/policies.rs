//! Managed policies: those that people begin with, and the page of the console that each is for.

use crate::arn::Partition;
use crate::assume::PolicyArn;
use crate::console::Destination;
use crate::failure::Failure;

/// A policy of AWS's own that many begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name, with the path that it has.
    pub name: &'static str,
    /// The page that it is for; the console's home where empty.
    pub page: &'static str,
    /// What it allows, in a line.
    pub allows: &'static str,
}

const fn known(name: &'static str, page: &'static str, allows: &'static str) -> Known {
    Known { name, page, allows }
}

/// Those policies, what they are for together. Any other is taken by its name or its ARN.
pub const KNOWN: &[Known] = &[
    known("AmazonEC2FullAccess", "ec2", "everything in EC2"),
    known("AmazonEC2ReadOnlyAccess", "ec2", "looking at EC2"),
    known("AmazonS3FullAccess", "s3", "everything in S3"),
    known("AmazonS3ReadOnlyAccess", "s3", "reading S3, objects too"),
    known("AWSLambda_FullAccess", "lambda", "everything in Lambda"),
    known("AWSLambda_ReadOnlyAccess", "lambda", "looking at Lambda"),
    known("AmazonDynamoDBFullAccess", "dynamodb", "everything in DynamoDB"),
    known("AmazonDynamoDBReadOnlyAccess", "dynamodb", "reading DynamoDB, items too"),
    known("AmazonRDSFullAccess", "rds", "everything in RDS"),
    known("AmazonRDSReadOnlyAccess", "rds", "looking at RDS"),
    known("AmazonVPCFullAccess", "vpc", "everything in VPC"),
    known("AmazonVPCReadOnlyAccess", "vpc", "looking at VPC"),
    known("AmazonECS_FullAccess", "ecs", "everything in ECS"),
    known("AmazonEC2ContainerRegistryFullAccess", "ecr", "everything in ECR"),
    known("AmazonEC2ContainerRegistryReadOnly", "ecr", "pulling from ECR"),
    known("AmazonSQSFullAccess", "sqs", "everything in SQS"),
    known("AmazonSNSFullAccess", "sns", "everything in SNS"),
    known("AmazonRoute53FullAccess", "route53", "everything in Route 53"),
    known("AmazonRoute53ReadOnlyAccess", "route53", "looking at Route 53"),
    known("AmazonAthenaFullAccess", "athena", "everything in Athena"),
    known("AmazonSSMFullAccess", "ssm", "everything in Systems Manager"),
    known("AmazonSSMReadOnlyAccess", "ssm", "reading Systems Manager, parameters too"),
    known("AWSCloudFormationFullAccess", "cloudformation", "everything in CloudFormation"),
    known("AWSCloudFormationReadOnlyAccess", "cloudformation", "looking at CloudFormation"),
    known("AWSStepFunctionsFullAccess", "sfn", "everything in Step Functions"),
    known("CloudWatchFullAccessV2", "cloudwatch", "everything in CloudWatch"),
    known("CloudWatchReadOnlyAccess", "cloudwatch", "looking at CloudWatch"),
    known("CloudWatchLogsFullAccess", "logs", "everything in CloudWatch Logs"),
    known("CloudWatchLogsReadOnlyAccess", "logs", "reading CloudWatch Logs"),
    known("SecretsManagerReadWrite", "secretsmanager", "all secrets in Secrets Manager, their values too"),
    known("AWSKeyManagementServicePowerUser", "kms", "making and listing keys in KMS"),
    known("IAMReadOnlyAccess", "iam", "looking at IAM"),
    known("IAMFullAccess", "iam", "everything in IAM, so anything at all in the end"),
    known("job-function/Billing", "billing", "bills, budgets and means of payment"),
    known("SecurityAudit", "", "looking at how everything is set up"),
    known("job-function/ViewOnlyAccess", "", "seeing what there is, without what is in it"),
    known("ReadOnlyAccess", "", "reading everything, data too"),
    known("PowerUserAccess", "", "everything but IAM and the organization"),
    known("AdministratorAccess", "", "everything"),
];

/// The policy that a person named: one of AWS's by its name, with or without the path, or any by its ARN.
pub fn read_policy(text: &str, partition: Partition) -> Result<PolicyArn, Failure> {
    let text = text.trim();
    if text.contains(':') {
        return text.parse();
    }
    let path = |each: &&Known| bare(each.name).eq_ignore_ascii_case(text);
    let name = KNOWN.iter().find(path).map_or(text, |each| each.name);
    let arn = format!("arn:{partition}:iam::aws:policy/{name}");
    arn.parse().map_err(|_| Failure::malformed_policy_name(text))
}

/// The page that a policy is for, where that is known.
pub fn page_of(policy: &PolicyArn) -> Option<Destination> {
    let known = KNOWN.iter().find(|each| policy.account().is_none() && bare(each.name) == policy.name());
    known.filter(|each| !each.page.is_empty()).and_then(|each| each.page.parse().ok())
}

/// A policy's name without its path.
fn bare(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_named_as_people_name_it() {
        for (text, arn) in [
            ("AmazonEC2FullAccess", "arn:aws:iam::aws:policy/AmazonEC2FullAccess"),
            (" amazonec2fullaccess ", "arn:aws:iam::aws:policy/AmazonEC2FullAccess"),
            ("ViewOnlyAccess", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"),
            ("service-role/AWSLambdaRole", "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"),
            ("arn:aws:iam::111122223333:policy/team/Deploy", "arn:aws:iam::111122223333:policy/team/Deploy"),
        ] {
            assert_eq!(read_policy(text, Partition::Aws).unwrap().to_string(), arn);
        }
        for partition in Partition::ALL {
            let policy = read_policy("ReadOnlyAccess", partition).unwrap();
            assert_eq!(policy, PolicyArn::read_only(partition));
        }
        for text in ["", "a b", "/x", "a\u{e9}", "arn:aws:iam::aws:role/x"] {
            assert!(read_policy(text, Partition::Aws).is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_known_policy_is_one_and_leads_to_a_page() {
        let mut seen = std::collections::BTreeSet::new();
        for each in KNOWN {
            assert!(seen.insert(bare(each.name).to_lowercase()), "{}", each.name);
            let policy = read_policy(each.name, Partition::AwsCn).unwrap();
            let page = page_of(&policy).map(|page| page.to_string()).unwrap_or_default();
            assert_eq!(page, each.page, "{}", each.name);
        }
        let own = "arn:aws:iam::111122223333:policy/AmazonEC2FullAccess".parse().unwrap();
        assert_eq!(page_of(&own), None);
    }
}
