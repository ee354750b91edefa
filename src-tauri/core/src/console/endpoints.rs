//! Where sign-in and console are: AWS's own hosts by partition and region, or a source's own addresses.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::arn::{Partition, Region};
use crate::failure::Failure;

/// A base address in place of AWS's own: https anywhere, plain http on this computer only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// The base address.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The base address with `path` behind it, whether or not the base ends in a slash.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/{}", path.trim_start_matches('/')));
        url
    }

    /// Reads a base address. `what` names the endpoint for the failure: `sts`, `signin` or `console`.
    pub fn parse(what: &str, text: &str) -> Result<Endpoint, Failure> {
        let malformed = || Failure::malformed_endpoint(what, text);
        let url: Url = text.parse().map_err(|_| malformed())?;
        let loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => return Err(malformed()),
        };
        let secure = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        let bare = url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if secure && bare { Ok(Endpoint(url)) } else { Err(malformed()) }
    }
}

impl FromStr for Endpoint {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Endpoint::parse("service", text)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

/// A source's own endpoints; AWS's where `None`. They decide where credentials go, so they are kept with the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// In place of STS.
    pub sts: Option<Endpoint>,
    /// In place of the sign-in host.
    pub signin: Option<Endpoint>,
    /// In place of the console's host.
    pub console: Option<Endpoint>,
}

/// Which of AWS's hosts are asked, where a source has none of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HostChoice {
    /// Those with cryptography validated under FIPS 140.
    pub fips: bool,
    /// Those that are reached by IPv6 too.
    pub dual_stack: bool,
}

/// The sign-in and console addresses for one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// The base of `/federation` and `/oauth`.
    pub signin: Endpoint,
    /// The base of every page.
    pub console: Endpoint,
}

impl Hosts {
    /// AWS's regional hosts, or the source's own. An isolated partition has no public console, so it needs the latter.
    /// Only `GovCloud` has a sign-in host of its own for FIPS.
    pub fn new(region: &Region, own: &Endpoints, hosts: HostChoice) -> Result<Hosts, Failure> {
        let partition = region.partition();
        let public = |service: &str| {
            let domain =
                public_domain(partition).ok_or_else(|| Failure::console_not_public(partition.id()))?;
            Endpoint::parse(service, &format!("https://{region}.{service}.{domain}/"))
        };
        let signin = if hosts.fips && partition == Partition::AwsUsGov { "signin-fips" } else { "signin" };
        Ok(Hosts {
            signin: own.signin.clone().map_or_else(|| public(signin), Ok)?,
            console: own.console.clone().map_or_else(|| public("console"), Ok)?,
        })
    }
}

/// The domain behind `REGION.signin.` and `REGION.console.`, from AWS's General Reference and the sign-in rule set
/// published with botocore; `None` where AWS publishes none.
pub(crate) fn public_domain(partition: Partition) -> Option<&'static str> {
    match partition {
        Partition::Aws => Some("aws.amazon.com"),
        Partition::AwsCn => Some("amazonaws.cn"),
        Partition::AwsUsGov => Some("amazonaws-us-gov.com"),
        Partition::AwsEusc => Some("amazonaws-eusc.eu"),
        Partition::AwsIso | Partition::AwsIsoB | Partition::AwsIsoE | Partition::AwsIsoF => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_secure_or_on_this_computer() {
        for text in [
            "https://sts.example.com",
            "http://127.0.0.1:4566",
            "http://localhost:1/base/",
            "http://[::1]:80/",
        ] {
            assert!(text.parse::<Endpoint>().is_ok(), "{text}");
        }
        for text in [
            "http://sts.example.com",
            "http://169.254.169.254/",
            "http://localhost.evil.example/",
            "ftp://127.0.0.1/",
            "https://user:pass@example.com/",
            "https://example.com/?a=b",
            "https://example.com/#a",
            "file:///etc/passwd",
            "sts.example.com",
            "",
        ] {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_is_appended_to_the_base_as_it_is() {
        for (base, joined) in [
            ("http://127.0.0.1:1", "http://127.0.0.1:1/federation"),
            ("http://127.0.0.1:1/", "http://127.0.0.1:1/federation"),
            ("https://example.com/signin", "https://example.com/signin/federation"),
            ("https://example.com/signin/", "https://example.com/signin/federation"),
        ] {
            assert_eq!(base.parse::<Endpoint>().unwrap().join("federation").as_str(), joined);
        }
    }

    #[test]
    fn hosts_are_regional_and_of_the_partition() {
        for (region, signin, console) in [
            (
                "eu-west-1",
                "https://eu-west-1.signin.aws.amazon.com/",
                "https://eu-west-1.console.aws.amazon.com/",
            ),
            (
                "cn-north-1",
                "https://cn-north-1.signin.amazonaws.cn/",
                "https://cn-north-1.console.amazonaws.cn/",
            ),
            (
                "us-gov-west-1",
                "https://us-gov-west-1.signin.amazonaws-us-gov.com/",
                "https://us-gov-west-1.console.amazonaws-us-gov.com/",
            ),
            (
                "eusc-de-east-1",
                "https://eusc-de-east-1.signin.amazonaws-eusc.eu/",
                "https://eusc-de-east-1.console.amazonaws-eusc.eu/",
            ),
        ] {
            let hosts =
                Hosts::new(&region.parse().unwrap(), &Endpoints::default(), HostChoice::default()).unwrap();
            assert_eq!((hosts.signin.url().as_str(), hosts.console.url().as_str()), (signin, console));
        }
        let fips = HostChoice { fips: true, dual_stack: false };
        for (region, signin) in [
            ("us-gov-east-1", "https://us-gov-east-1.signin-fips.amazonaws-us-gov.com/"),
            ("us-east-1", "https://us-east-1.signin.aws.amazon.com/"),
        ] {
            let hosts = Hosts::new(&region.parse().unwrap(), &Endpoints::default(), fips).unwrap();
            assert_eq!(hosts.signin.url().as_str(), signin);
        }
        for isolated in ["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"] {
            let region = isolated.parse().unwrap();
            assert!(Hosts::new(&region, &Endpoints::default(), HostChoice::default()).is_err(), "{isolated}");
        }
    }
}
