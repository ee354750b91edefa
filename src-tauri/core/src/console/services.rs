//! Where the services of AWS begin in its console, from AWS's own pages.

/// A service of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsoleEntry {
    /// Its short name, as it is typed.
    pub name: &'static str,
    /// What else people type for it.
    also: &'static str,
    /// Its name as AWS writes it.
    pub title: &'static str,
    /// Where it begins.
    path: &'static str,
}

impl ConsoleEntry {
    /// Every service that we know by name. Any other name is a path.
    pub const ALL: &[ConsoleEntry] = &[
        service("acm", "", "Certificate Manager", "acm/home"),
        service("amplify", "", "Amplify", "amplify/home"),
        service("apigateway", "", "API Gateway", "apigateway/main/apis"),
        service("apprunner", "", "App Runner", "apprunner/home"),
        service("appsync", "", "AppSync", "appsync/home"),
        service("athena", "", "Athena", "athena/home#/query-editor"),
        service("autoscaling", "", "Auto Scaling groups", "ec2/home#AutoScalingGroups:"),
        service("backup", "", "Backup", "backup/home"),
        service("batch", "", "Batch", "batch/home"),
        service("bedrock", "", "Bedrock", "bedrock/home"),
        service("billing", "", "Billing and Cost Management", "costmanagement/home"),
        service("cloudformation", "cfn", "CloudFormation", "cloudformation/home#/stacks"),
        service("cloudfront", "", "CloudFront", "cloudfront/v4/home"),
        service("cloudshell", "", "CloudShell", "cloudshell/home"),
        service("cloudtrail", "", "CloudTrail", "cloudtrailv2/home"),
        service("cloudwatch", "", "CloudWatch", "cloudwatch/home"),
        service("codebuild", "", "CodeBuild", "codesuite/codebuild/projects"),
        service("codepipeline", "", "CodePipeline", "codesuite/codepipeline/pipelines"),
        service("cognito", "", "Cognito", "cognito/v2/home"),
        service("config", "", "Config", "config/home"),
        service("controltower", "", "Control Tower", "controltower/home"),
        service("dms", "", "Database Migration Service", "dms/v2/home"),
        service("dynamodb", "ddb", "DynamoDB", "dynamodbv2/home#tables"),
        service("ec2", "", "EC2", "ec2/home#Instances:"),
        service("ecr", "", "Elastic Container Registry", "ecr/repositories"),
        service("ecs", "", "Elastic Container Service", "ecs/v2/clusters"),
        service("efs", "", "EFS", "efs/home"),
        service("eks", "", "Elastic Kubernetes Service", "eks/home#/clusters"),
        service("elasticache", "", "ElastiCache", "elasticache/home"),
        service("elasticbeanstalk", "", "Elastic Beanstalk", "elasticbeanstalk/home"),
        service("emr", "", "EMR", "emr/home"),
        service("events", "eventbridge", "EventBridge", "events/home"),
        service("glue", "", "Glue", "glue/home"),
        service("guardduty", "", "GuardDuty", "guardduty/home"),
        service("health", "", "Health Dashboard", "health/home"),
        service("home", "console", "Console Home", "console/home"),
        service("iam", "", "IAM", "iam/home#/home"),
        service("inspector", "", "Inspector", "inspector/v2/home"),
        service("kinesis", "", "Kinesis", "kinesis/home"),
        service("kms", "", "Key Management Service", "kms/home#/kms/keys"),
        service("lambda", "", "Lambda", "lambda/home#/functions"),
        service("loadbalancers", "elb", "Load balancers", "ec2/home#LoadBalancers:"),
        service("logs", "", "CloudWatch log groups", "cloudwatch/home#logsV2:log-groups"),
        service("msk", "", "Managed Streaming for Apache Kafka", "msk/home"),
        service("opensearch", "", "OpenSearch Service", "aos/home"),
        service("organizations", "orgs", "Organizations", "organizations/v2/home"),
        service("ram", "", "Resource Access Manager", "ram/home"),
        service("rds", "", "RDS", "rds/home#databases:"),
        service("redshift", "", "Redshift", "redshiftv2/home"),
        service("route53", "r53", "Route 53", "route53/v2/home"),
        service("s3", "", "S3", "s3/buckets"),
        service("sagemaker", "", "SageMaker", "sagemaker/home"),
        service("secretsmanager", "sm", "Secrets Manager", "secretsmanager/listsecrets"),
        service("securitygroups", "", "Security groups", "ec2/home#SecurityGroups:"),
        service("securityhub", "", "Security Hub", "securityhub/home"),
        service("servicequotas", "", "Service Quotas", "servicequotas/home"),
        service("ses", "", "Simple Email Service", "ses/home"),
        service("sfn", "states", "Step Functions", "states/home#/statemachines"),
        service("singlesignon", "sso", "IAM Identity Center", "singlesignon/home"),
        service("sns", "", "Simple Notification Service", "sns/v3/home#/topics"),
        service("sqs", "", "Simple Queue Service", "sqs/v3/home#/queues"),
        service("ssm", "", "Systems Manager", "systems-manager/home"),
        service("support", "", "Support Center", "support/home"),
        service("volumes", "ebs", "EBS volumes", "ec2/home#Volumes:"),
        service("vpc", "", "VPC", "vpc/home#vpcs:"),
        service("waf", "", "WAF", "wafv2/homev2"),
        service("xray", "", "X-Ray", "xray/home"),
    ];

    /// The service that a name means.
    pub fn named(name: &str) -> Option<&'static ConsoleEntry> {
        ConsoleEntry::ALL
            .iter()
            .find(|service| service.name == name || service.also == name && !name.is_empty())
    }

    /// What it is found by: its name as AWS writes it, and the short ones.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.title, self.name, self.also].into_iter().filter(|name| !name.is_empty())
    }
}

const fn service(
    name: &'static str,
    also: &'static str,
    title: &'static str,
    path: &'static str,
) -> ConsoleEntry {
    ConsoleEntry { name, also, title, path }
}

/// Where the service of that name begins.
pub(super) fn path_of(name: &str) -> Option<&'static str> {
    ConsoleEntry::named(name).map(|service| service.path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::console::Destination;

    #[test]
    fn every_service_has_names_of_its_own_and_a_page() {
        let mut names = BTreeSet::new();
        for service in ConsoleEntry::ALL {
            for name in [service.name, service.also].into_iter().filter(|name| !name.is_empty()) {
                assert!(names.insert(name), "{name} is given twice");
                assert_eq!(ConsoleEntry::named(name), Some(service));
                assert!(name.parse::<Destination>().is_ok());
            }
            assert!(service.path.contains('/') && service.path.parse::<Destination>().is_ok());
        }
        assert_eq!(ConsoleEntry::named(""), None);
        let titles: BTreeSet<_> = ConsoleEntry::ALL.iter().map(|service| service.title).collect();
        assert_eq!(titles.len(), ConsoleEntry::ALL.len());
    }
}
