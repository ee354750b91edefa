//! A page of the console: a service by name, a path, or an address copied from the browser.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::endpoints::{Endpoint, public_domain};
use crate::arn::{Partition, Region};
use crate::failure::{Failure, is_unprintable};

/// What the person calls a page, checked for its form. It becomes an address only with a region and a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination(String);

/// Longer addresses are refused by browsers and by AWS's own front door.
const LONGEST: usize = 4096;

/// Short names that lead elsewhere than to `NAME/home`, from AWS's own pages. Any other name is a path.
const SERVICES: &[(&str, &str)] = &[
    ("athena", "athena/home#/query-editor"),
    ("billing", "costmanagement/home"),
    ("cloudformation", "cloudformation/home#/stacks"),
    ("cloudwatch", "cloudwatch/home"),
    ("ddb", "dynamodbv2/home#tables"),
    ("dynamodb", "dynamodbv2/home#tables"),
    ("ec2", "ec2/home#Instances:"),
    ("ecr", "ecr/repositories"),
    ("ecs", "ecs/v2/clusters"),
    ("eks", "eks/home#/clusters"),
    ("iam", "iam/home#/home"),
    ("kms", "kms/home#/kms/keys"),
    ("lambda", "lambda/home#/functions"),
    ("logs", "cloudwatch/home#logsV2:log-groups"),
    ("organizations", "organizations/v2/home"),
    ("orgs", "organizations/v2/home"),
    ("r53", "route53/v2/home"),
    ("rds", "rds/home#databases:"),
    ("route53", "route53/v2/home"),
    ("s3", "s3/buckets"),
    ("secretsmanager", "secretsmanager/listsecrets"),
    ("sfn", "states/home#/statemachines"),
    ("sm", "secretsmanager/listsecrets"),
    ("sns", "sns/v3/home#/topics"),
    ("sqs", "sqs/v3/home#/queues"),
    ("ssm", "systems-manager/home"),
    ("vpc", "vpc/home#vpcs:"),
    ("waf", "wafv2/homev2"),
];

impl Destination {
    /// The page's address on `console`, in `region` unless the page names its own.
    pub fn resolve(page: Option<&Destination>, console: &Endpoint, region: &Region) -> Result<Url, Failure> {
        let text = page.map_or("console/home", |page| page.0.as_str());
        if let Some(copied) = copied_address(text) {
            return resolve_copied(&copied, text, console, region);
        }
        let path = SERVICES.iter().find(|(name, _)| *name == text).map_or(text, |(_, path)| *path);
        let path = if path.contains(['/', '?', '#']) { path.to_owned() } else { format!("{path}/home") };
        // Parsed behind a stand-in host, so that nothing in the path can change where it leads.
        let parsed = Url::parse("https://page.invalid/")
            .ok()
            .and_then(|base| base.join(&format!("/{}", path.trim_start_matches('/'))).ok())
            .filter(|url| url.host_str() == Some("page.invalid"))
            .ok_or_else(|| Failure::malformed_destination(text))?;
        Ok(with_region(placed(&parsed, console), region))
    }

    /// Refuses an address that was copied from another partition's console.
    pub fn check_partition(&self, partition: Partition) -> Result<(), Failure> {
        match copied_address(&self.0).and_then(|url| url.host_str().and_then(partition_of_console)) {
            Some((theirs, _)) if theirs != partition => {
                Err(Failure::partition_mismatch("the role", partition.id(), "that page", theirs.id()))
            }
            _ => Ok(()),
        }
    }

    /// The region that a copied address names, which decides where it opens.
    pub fn region(&self) -> Option<Region> {
        let url = copied_address(&self.0)?;
        let query = url.query_pairs().find(|(key, _)| key == "region").map(|(_, value)| value.into_owned());
        let host = url.host_str().and_then(partition_of_console).and_then(|(_, region)| region);
        query.or(host).and_then(|text| text.parse().ok())
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Destination {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let malformed = || Failure::malformed_destination(text);
        let text = text.trim();
        if text.is_empty()
            || text.len() > LONGEST
            || text.chars().any(|each| is_unprintable(each) || each == ' ' || each == '\\')
        {
            return Err(malformed());
        }
        if let Some(url) = copied_address(text) {
            let known = url.host_str().and_then(partition_of_console).is_some();
            let loopback = Endpoint::parse("console", &url.origin().ascii_serialization()).is_ok()
                && url.scheme() == "http";
            if !(known && url.scheme() == "https" || loopback)
                || !url.username().is_empty()
                || url.password().is_some()
            {
                return Err(malformed());
            }
        } else if text.starts_with("//") || text.split('/').any(|part| part == ".." || part == ".") {
            return Err(malformed());
        }
        Ok(Destination(text.to_owned()))
    }
}

fn copied_address(text: &str) -> Option<Url> {
    text.contains("://").then(|| text.parse().ok()).flatten()
}

fn resolve_copied(copied: &Url, text: &str, console: &Endpoint, region: &Region) -> Result<Url, Failure> {
    let host = copied.host_str().unwrap_or_default();
    match partition_of_console(host) {
        Some((theirs, _)) if theirs != region.partition() => {
            Err(Failure::partition_mismatch("the role", region.partition().id(), "that page", theirs.id()))
        }
        // The page goes to the console that the credentials are for; a multi-session prefix does not survive that.
        Some(_) => Ok(with_region(placed(copied, console), region)),
        None if copied.origin() == console.url().origin() => Ok(copied.clone()),
        None => Err(Failure::malformed_destination(text)),
    }
}

/// The partition and, where the host names it, the region of a console host. Understands the multi-session form
/// `ACCOUNT-xxxxxxxx.REGION.console.DOMAIN`, which AWS does not take as a destination.
fn partition_of_console(host: &str) -> Option<(Partition, Option<String>)> {
    Partition::ALL.into_iter().find_map(|partition| {
        let domain = public_domain(partition)?;
        let rest = host.strip_suffix(domain)?.strip_suffix("console.")?;
        if rest.is_empty() {
            return Some((partition, None));
        }
        let region = rest.strip_suffix('.')?.rsplit('.').next()?;
        Some((partition, Some(region.to_owned())))
    })
}

/// The path, query and fragment of `page` on the console's own base.
fn placed(page: &Url, console: &Endpoint) -> Url {
    let mut url = console.join(page.path());
    url.set_query(page.query());
    url.set_fragment(page.fragment());
    url
}

fn with_region(mut url: Url, region: &Region) -> Url {
    if !url.query_pairs().any(|(key, _)| key == "region") {
        url.query_pairs_mut().append_pair("region", region.as_str());
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(page: &str) -> Result<String, Failure> {
        let region = "eu-west-1".parse().unwrap();
        let console = "https://eu-west-1.console.aws.amazon.com/".parse().unwrap();
        Destination::resolve(Some(&page.parse()?), &console, &region).map(|url| url.to_string())
    }

    #[test]
    fn services_paths_and_copied_addresses_lead_to_their_pages() {
        let base = "https://eu-west-1.console.aws.amazon.com";
        for (page, path) in [
            ("ec2", "/ec2/home?region=eu-west-1#Instances:"),
            ("s3", "/s3/buckets?region=eu-west-1"),
            ("ddb", "/dynamodbv2/home?region=eu-west-1#tables"),
            ("newservice", "/newservice/home?region=eu-west-1"),
            ("/lambda/home#/functions/x", "/lambda/home?region=eu-west-1#/functions/x"),
            ("ec2/home?region=us-east-2#Volumes:", "/ec2/home?region=us-east-2#Volumes:"),
            ("s3/buckets/my-bucket?tab=objects", "/s3/buckets/my-bucket?tab=objects&region=eu-west-1"),
            (
                "https://us-east-1.console.aws.amazon.com/sqs/v3/home?region=us-east-1#/queues",
                "/sqs/v3/home?region=us-east-1#/queues",
            ),
            (
                "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
                "/ec2/home?region=eu-west-1#Instances:",
            ),
            ("https://console.aws.amazon.com/billing/home", "/billing/home?region=eu-west-1"),
        ] {
            assert_eq!(resolved(page).unwrap(), format!("{base}{path}"), "{page}");
        }
    }

    #[test]
    fn nothing_leads_away_from_the_console() {
        for page in [
            "",
            "//evil.example/x",
            "https://evil.example/",
            "https://console.aws.amazon.com.evil.example/",
            "https://evilconsole.aws.amazon.com/",
            "https://user@console.aws.amazon.com/",
            "http://console.aws.amazon.com/",
            "javascript://console.aws.amazon.com/%0aalert(1)",
            "ec2/../../x",
            "\\\\evil.example",
            "a b",
            "a\nb",
            "http://127.0.0.1:9/elsewhere",
        ] {
            assert!(resolved(page).is_err(), "{page} gave {:?}", resolved(page));
        }
    }

    #[test]
    fn a_page_of_another_partition_is_refused() {
        let failure = resolved("https://cn-north-1.console.amazonaws.cn/ec2/home").unwrap_err();
        assert_eq!(failure.code, crate::failure::Code::PartitionMismatch);
    }

    #[test]
    fn a_copied_address_tells_its_region() {
        for (page, region) in [
            ("https://us-east-2.console.aws.amazon.com/ec2/home", Some("us-east-2")),
            ("https://console.aws.amazon.com/ec2/home?region=sa-east-1", Some("sa-east-1")),
            ("https://111122223333-abcd1234.eu-west-3.console.aws.amazon.com/ec2/home", Some("eu-west-3")),
            ("ec2", None),
        ] {
            assert_eq!(page.parse::<Destination>().unwrap().region().as_ref().map(Region::as_str), region);
        }
    }

    #[test]
    fn a_simulator_may_have_its_console_anywhere() {
        let region = "eu-west-1".parse().unwrap();
        let console = "http://127.0.0.1:4000/base".parse().unwrap();
        let url = Destination::resolve(Some(&"ec2".parse().unwrap()), &console, &region).unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:4000/base/ec2/home?region=eu-west-1#Instances:");
        let url = Destination::resolve(None, &console, &region).unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:4000/base/console/home?region=eu-west-1");
    }
}
