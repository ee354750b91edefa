//! The variables of this shell that matter, read once. No secret is kept of any of them.

use std::collections::BTreeMap;
use std::ffi::OsString;

use crate::adapters::https::proxy::is_plain;
use crate::home::variable;

/// Variables and their values. Of those that hold a secret it is only known that they are set; of the address of a
/// proxy, the user and password in it are left out.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<&'static str, String>);

impl Environment {
    /// Reads the variables through `value`. One that is set to nothing counts as set for the proxies alone, as it does for
    /// those who read them.
    pub fn read(value: impl Fn(&str) -> Option<OsString>) -> Environment {
        let mut variables = BTreeMap::new();
        for name in variable::PROXIES {
            if let Some(value) = value(name) {
                variables.insert(name, without_credentials(name, &value.to_string_lossy()));
            }
        }
        for name in variable::LOOKED_AT {
            if let Some(value) = value(name).filter(|value| !value.is_empty()) {
                variables.insert(name, value.to_string_lossy().into_owned());
            }
        }
        for name in variable::SECRETS {
            if value(name).is_some_and(|value| !value.is_empty()) {
                variables.insert(name, String::new());
            }
        }
        Environment(variables)
    }

    /// A variable's value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether a variable is set.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// What stands for a proxy's address that Guise does not use. It is none itself.
pub(super) const NOT_USED: &str = "(cannot be used)";

/// A proxy's address without the user and the password in it. Of one that is not right nothing is kept: any part of it may
/// be the password.
fn without_credentials(name: &str, address: &str) -> String {
    if name.eq_ignore_ascii_case("NO_PROXY") || address.is_empty() {
        return address.to_owned();
    }
    if !is_plain(address) {
        return NOT_USED.to_owned();
    }
    let Some((credentials, host)) = address.rsplit_once('@') else {
        return address.to_owned();
    };
    match credentials.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://{host}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_the_environment_is_kept() {
        let environment = Environment::read(|name| {
            let value = match name {
                "HTTPS_PROXY" => "http://ada:canary-1@proxy.example:3128",
                "http_proxy" => "ada:canary-2/with@strange@proxy.example",
                "ALL_PROXY" => "http://canary-5:1234#canary-6@proxy.example",
                "AWS_SECRET_ACCESS_KEY" => "canary-3",
                "AWS_SESSION_TOKEN" => "canary-4",
                "DISPLAY" => "",
                _ => return None,
            };
            Some(value.into())
        });
        assert!(!format!("{environment:?}").contains("canary"), "{environment:?}");
        assert_eq!(environment.get("HTTPS_PROXY"), Some("http://proxy.example:3128"));
        assert_eq!(environment.get("http_proxy"), Some(NOT_USED));
        assert_eq!(environment.get("ALL_PROXY"), Some(NOT_USED));
        assert!(environment.has("AWS_SECRET_ACCESS_KEY") && environment.has("AWS_SESSION_TOKEN"));
        assert!(!environment.has("DISPLAY"));
    }
}
