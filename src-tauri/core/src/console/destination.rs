//! A page of the console: a service by name, a path, or an address copied from the browser.

use std::fmt;
use std::str::FromStr;

use url::Url;

use super::endpoints::{Endpoint, public_domain};
use super::services;
use crate::arn::{AccountId, Partition, Region};
use crate::failure::{Failure, is_unprintable};

/// What the person calls a page, checked for its form. It becomes an address only with a region and a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Destination(String);

/// Longer addresses are refused by browsers and by AWS's own front door.
const LONGEST: usize = 4096;

/// What the sign-in leaves in the address of the first page after it.
const OF_A_SIGN_IN: [&str; 6] = ["code", "hashArgs", "isauthcode", "nc2", "src", "state"];

impl Destination {
    /// The page's address on `console`, in `region` unless the page names its own.
    pub fn resolve(page: Option<&Destination>, console: &Endpoint, region: &Region) -> Result<Url, Failure> {
        let text = page.map_or("console/home", |page| page.0.as_str());
        if let Some(copied) = copied_address(text) {
            return resolve_copied(&copied, text, console, region);
        }
        let path = services::path_of(text).unwrap_or(text);
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
        match self.partition() {
            Some(theirs) if theirs != partition => {
                Err(Failure::partition_mismatch("the role", partition.id(), "that page", theirs.id()))
            }
            _ => Ok(()),
        }
    }

    /// The partition whose console a copied address is of.
    pub fn partition(&self) -> Option<Partition> {
        Some(console_of(copied_address(&self.0)?.host_str()?)?.partition)
    }

    /// The account that a copied address names, which the console has in its host while it shows several sessions.
    pub fn account(&self) -> Option<AccountId> {
        console_of(copied_address(&self.0)?.host_str()?)?.account
    }

    /// The same page without what was good for one browser and one moment: the session in the host, and the code of a sign-in.
    #[must_use]
    pub fn of_anybody(&self) -> Destination {
        let Some(mut url) = copied_address(&self.0) else { return self.clone() };
        let Some(console) = url.host_str().and_then(console_of) else { return self.clone() };
        if let Some(domain) = public_domain(console.partition) {
            let region = console.region.map(|region| format!("{region}.")).unwrap_or_default();
            // A host made of parts of a host is one.
            let _ = url.set_host(Some(&format!("{region}console.{domain}")));
        }
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        if pairs.iter().any(|(key, _)| key == "isauthcode") {
            let kept = pairs.iter().filter(|(key, _)| !OF_A_SIGN_IN.contains(&key.as_str()));
            let kept: Vec<_> = kept.collect();
            url.set_query(None);
            if !kept.is_empty() {
                url.query_pairs_mut().extend_pairs(kept);
            }
        }
        Destination(url.into())
    }

    /// A page as a person reads it: without the host that all pages have, and without what stands in its query.
    pub fn short(&self) -> String {
        let Some(url) = copied_address(&self.0) else { return self.0.clone() };
        let place = url.fragment().map(|place| format!("#{place}")).unwrap_or_default();
        format!("{}{place}", url.path().trim_start_matches('/'))
    }

    /// The region that a copied address names, which decides where it opens.
    pub fn region(&self) -> Option<Region> {
        let url = copied_address(&self.0)?;
        let query = url.query_pairs().find(|(key, _)| key == "region").map(|(_, value)| value.into_owned());
        let host = url.host_str().and_then(console_of).and_then(|console| console.region);
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
            let known = url.host_str().and_then(console_of).is_some();
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
    match console_of(host) {
        Some(theirs) if theirs.partition != region.partition() => {
            let (ours, theirs) = (region.partition().id(), theirs.partition.id());
            Err(Failure::partition_mismatch("the role", ours, "that page", theirs))
        }
        // The page goes to the console that the credentials are for; a multi-session prefix does not survive that.
        Some(_) => Ok(with_region(placed(copied, console), region)),
        None if copied.origin() == console.url().origin() => Ok(copied.clone()),
        None => Err(Failure::malformed_destination(text)),
    }
}

/// What a console's host tells.
struct ConsoleHost {
    partition: Partition,
    region: Option<String>,
    account: Option<AccountId>,
}

/// What a host tells, if it is a console's. Understands the multi-session form `ACCOUNT-xxxxxxxx.REGION.console.DOMAIN`, which
/// AWS does not take as a destination.
fn console_of(host: &str) -> Option<ConsoleHost> {
    Partition::ALL.into_iter().find_map(|partition| {
        let domain = public_domain(partition)?;
        let rest = host.strip_suffix(domain)?.strip_suffix("console.")?;
        if rest.is_empty() {
            return Some(ConsoleHost { partition, region: None, account: None });
        }
        let rest = rest.strip_suffix('.')?;
        let (session, region) = rest.rsplit_once('.').unwrap_or(("", rest));
        let account = session.split('-').next().and_then(|account| account.parse().ok());
        Some(ConsoleHost { partition, region: Some(region.to_owned()), account })
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
    fn a_copied_address_tells_its_account_and_is_anybodys_without_it() {
        for (page, account, anybodys, short) in [
            (
                "https://111122223333-abcd1234.eu-west-3.console.aws.amazon.com/ec2/home?region=eu-west-3#Volumes:",
                Some("111122223333"),
                "https://eu-west-3.console.aws.amazon.com/ec2/home?region=eu-west-3#Volumes:",
                "ec2/home#Volumes:",
            ),
            (
                "https://eu-west-3.console.aws.amazon.com/console/home?region=eu-west-3&isauthcode=true&code=eyJ&state=x",
                None,
                "https://eu-west-3.console.aws.amazon.com/console/home?region=eu-west-3",
                "console/home",
            ),
            (
                "https://console.aws.amazon.com/go/view?code=mine",
                None,
                "https://console.aws.amazon.com/go/view?code=mine",
                "go/view",
            ),
            ("ec2/home#Volumes:", None, "ec2/home#Volumes:", "ec2/home#Volumes:"),
            ("http://127.0.0.1:4000/ec2/home", None, "http://127.0.0.1:4000/ec2/home", "ec2/home"),
        ] {
            let page: Destination = page.parse().unwrap();
            assert_eq!(page.account().as_ref().map(AccountId::as_str), account, "{page}");
            assert_eq!(page.of_anybody().to_string(), anybodys);
            assert_eq!(page.of_anybody().to_string().parse::<Destination>().unwrap(), page.of_anybody());
            assert_eq!(page.short(), short);
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
