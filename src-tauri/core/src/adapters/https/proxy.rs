//! The proxy on the way to AWS, if one is set: by `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` (or in lower case) of the
//! environment that the agent was started in, else in the settings of macOS or Windows.

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use crate::failure::{Refusal, Setting};

/// Where a proxy's address may stand; the first that is set counts.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Which hosts go without it.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

/// A proxy. What it is told to let us through may hold a password, so it has no `Debug`.
pub(crate) struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) scheme: Scheme,
    authorization: Option<Vec<u8>>,
}

impl Proxy {
    /// The proxy for an address that is not on this computer, by what `variable` tells of the environment.
    pub(crate) fn for_address(
        address: &Uri,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Proxy>, Refusal> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let chosen = VARIABLES.iter().find_map(|name| Some((*name, set(name)?)));
        let exceptions = EXCEPTIONS.iter().find_map(|name| set(name)).unwrap_or_default();
        let (found, place) = match chosen {
            Some(_) if is_excepted(address, &exceptions) => return Ok(None),
            // Where it cannot be read, going past the proxy is not what was asked for.
            Some((place, value)) if !is_plain(&value) => {
                return Err(Refusal::Setting(Setting::Proxy { place }));
            }
            Some((name, value)) => (Matcher::builder().https(value).build().intercept(address), name),
            None => match Matcher::from_system().intercept(address) {
                Some(found) => (Some(found), "the system's settings"),
                None => return Ok(None),
            },
        };
        let unusable = || Refusal::Setting(Setting::Proxy { place });
        let found = found.ok_or_else(unusable)?;
        let scheme = match found.uri().scheme_str() {
            Some("http") => Scheme::Http,
            Some("https") => Scheme::Https,
            _ => return Err(unusable()),
        };
        let usual = if scheme == Scheme::Https { 443 } else { 80 };
        Ok(Some(Proxy {
            host: found.uri().host().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
            port: found.uri().port_u16().unwrap_or(usual),
            scheme,
            authorization: found.basic_auth().map(|value| value.as_bytes().to_owned()),
        }))
    }

    /// Host and port: all that is ever shown of it.
    pub(super) fn shown(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// What asks it to lead through.
    pub(super) fn connect_request(&self, host: &str, port: u16) -> Vec<u8> {
        let mut request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
        if let Some(authorization) = &self.authorization {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(authorization);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        request
    }
}

/// Whether it is `[http[s]://][user[:password]@]host[:port][/]` and nothing else. Of anything else no part is used or shown:
/// where a password holds a `#`, a `/` or a `?`, what looks like host and port is the user and the password's beginning.
pub(crate) fn is_plain(value: &str) -> bool {
    let rest = match value.split_once("://") {
        Some((scheme, rest)) if ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => {
            rest
        }
        Some(_) => return false,
        None => value,
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (credentials, authority) = rest.rsplit_once('@').unwrap_or(("", rest));
    let strays = |each: char| !each.is_ascii_graphic() || "/?#@\\".contains(each);
    if credentials.contains(strays) {
        return false;
    }
    let of_address = |each: char| each.is_ascii_hexdigit() || matches!(each, ':' | '.');
    let of_name = |each: char| each.is_ascii_alphanumeric() || matches!(each, '.' | '-' | '_');
    let bracketed = authority.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host_is_right, port) = if let Some((host, port)) = bracketed {
        (!host.is_empty() && host.chars().all(of_address), port)
    } else {
        let end = authority.find(':').unwrap_or(authority.len());
        (end > 0 && authority[..end].chars().all(of_name), &authority[end..])
    };
    let port_is_right = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| {
            port.bytes().all(|each| each.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
    host_is_right && port_is_right
}

/// Whether `NO_PROXY` takes an address out, by the rules of curl.
fn is_excepted(address: &Uri, exceptions: &str) -> bool {
    let any = Matcher::builder().https("http://x.invalid:1").no(exceptions.to_owned()).build();
    any.intercept(address).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STS: &str = "https://sts.eu-west-1.amazonaws.com/";

    fn proxy(variables: &[(&str, &str)], address: &str) -> Result<Option<Proxy>, Refusal> {
        let variable =
            |name: &str| variables.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
        Proxy::for_address(&address.parse().unwrap(), variable)
    }

    fn shown(variables: &[(&str, &str)]) -> Option<String> {
        proxy(variables, STS).unwrap().map(|proxy| proxy.shown())
    }

    #[test]
    fn f26_a_proxy_is_taken_from_the_variables_that_other_programs_read() {
        for name in VARIABLES {
            assert_eq!(
                shown(&[(name, "http://proxy.example:3128")]).as_deref(),
                Some("proxy.example:3128"),
                "{name}"
            );
        }
        let both = [("ALL_PROXY", "http://all.example:1"), ("HTTPS_PROXY", "https://first.example")];
        assert_eq!(shown(&both).as_deref(), Some("first.example:443"));
        assert_eq!(shown(&[("https_proxy", "proxy.example:8080")]).as_deref(), Some("proxy.example:8080"));
        assert_eq!(shown(&[("HTTPS_PROXY", "http://[::1]:3128")]).as_deref(), Some("::1:3128"));
        for none in [vec![], vec![("HTTPS_PROXY", "")], vec![("HTTP_PROXY", "http://proxy.example:3128")]] {
            assert_eq!(shown(&none), None, "{none:?}");
        }
    }

    #[test]
    fn f26_an_exception_goes_without_the_proxy() {
        for (exceptions, goes_without) in [
            ("amazonaws.com", true),
            (".amazonaws.com", true),
            ("*", true),
            ("x.example, sts.eu-west-1.amazonaws.com", true),
            ("10.0.0.0/8,aws.com", false),
        ] {
            let variables = [("HTTPS_PROXY", "http://proxy.example:3128"), ("no_proxy", exceptions)];
            assert_eq!(shown(&variables).is_none(), goes_without, "{exceptions}");
        }
        let wrong = [("HTTPS_PROXY", "not an address"), ("NO_PROXY", "amazonaws.com")];
        assert_eq!(shown(&wrong), None, "what is not used need not be right");
    }

    #[test]
    fn f26_a_proxy_that_cannot_be_used_is_a_failure_and_not_passed_over() {
        for address in ["not an address", "socks5://proxy.example:1080", "ftp://proxy.example", "http://"] {
            let refused = proxy(&[("all_proxy", address)], STS).err();
            assert_eq!(refused, Some(Refusal::Setting(Setting::Proxy { place: "all_proxy" })), "{address}");
        }
    }

    #[test]
    fn f26_an_address_of_which_a_part_may_be_a_password_is_not_used() {
        for address in [
            "http://corpuser:1234#secretpart@proxy.example:3128",
            "http://corpuser:1234/secretpart@proxy.example:3128",
            "http://corpuser:1234?secretpart@proxy.example:3128",
            "http://corpuser:1234@secretpart@proxy.example:3128",
            "http://corpuser:1234\\secretpart@proxy.example:3128",
            "http://12345678#x@proxy:3128",
            "corpuser:1234#secretpart",
            "//u:pw@proxy.example",
            "http:/u:pw@proxy.example",
            "http://u:pw@proxy.example/path",
            "http://proxy.example:0",
            "http://proxy.example:70000",
            "http://u:pw@",
        ] {
            let refused = proxy(&[("HTTPS_PROXY", address)], STS).err();
            assert_eq!(refused, Some(Refusal::Setting(Setting::Proxy { place: "HTTPS_PROXY" })), "{address}");
        }
        for address in ["HTTP://u:p%23w@proxy.example:80/", "u@proxy.example:80", "http://[::1]:80"] {
            assert!(proxy(&[("HTTPS_PROXY", address)], STS).unwrap().is_some(), "{address}");
        }
    }

    #[test]
    fn f26_a_password_goes_to_the_proxy_and_is_shown_nowhere() {
        let variables = [("HTTPS_PROXY", "http://ada:open%20sesame@proxy.example:3128")];
        let proxy = proxy(&variables, STS).unwrap().unwrap();
        assert_eq!(proxy.shown(), "proxy.example:3128");
        let request = String::from_utf8(proxy.connect_request("sts.eu-west-1.amazonaws.com", 443)).unwrap();
        assert_eq!(
            request,
            "CONNECT sts.eu-west-1.amazonaws.com:443 HTTP/1.1\r\nHost: sts.eu-west-1.amazonaws.com:443\r\n\
             Proxy-Authorization: Basic YWRhOm9wZW4gc2VzYW1l\r\n\r\n"
        );
    }
}
