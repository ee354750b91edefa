//! The way to AWS: proxies, as Guise's own libraries read them, and whom TLS trusts.

use std::path::Path;

use hyper::Uri;
use hyper_util::client::proxy::matcher::Matcher;

use super::{CertificateFile, Check, Environment, Finding, Probes, clock};
use crate::arn::Region;
use crate::failure::shown;

/// The pairs of names; of each the first that is set is read.
const PAIRS: [(&str, &str); 4] = [
    ("HTTPS_PROXY", "https_proxy"),
    ("HTTP_PROXY", "http_proxy"),
    ("ALL_PROXY", "all_proxy"),
    ("NO_PROXY", "no_proxy"),
];

/// The proxy for an address, as the libraries that carry our requests read the environment.
pub(crate) fn proxy_for(environment: &Environment, address: &str) -> Option<Uri> {
    let [https, http, all, no] = PAIRS.map(|(upper, lower)| {
        environment.get(upper).or_else(|| environment.get(lower)).unwrap_or_default().to_owned()
    });
    let matcher = Matcher::builder().https(https).http(http).all(all).no(no).build();
    matcher.intercept(&address.parse().ok()?).map(|found| found.uri().clone())
}

/// What the environment says about proxies, and what follows from it.
pub(super) fn proxy(environment: &Environment, regions: &[Region]) -> Finding {
    let set: Vec<String> = PAIRS
        .iter()
        .flat_map(|(upper, lower)| [upper, lower])
        .filter_map(|name| {
            let value = environment.get(name).filter(|value| !value.is_empty())?;
            Some(format!("{name}={}", if is_list(name) { shown(value) } else { address(value) }))
        })
        .collect();
    if set.is_empty() {
        return Finding::fine(Check::Proxy, "none is set in the environment");
    }
    let through: Vec<bool> = regions
        .iter()
        .map(|region| proxy_for(environment, &format!("https://{}/", clock::host(region))).is_some())
        .collect();
    let to_aws = match (through.contains(&true), through.contains(&false)) {
        (true, false) => "AWS is reached through it",
        (true, true) => "AWS is reached through it in some regions only",
        (false, _) => "AWS is reached without it",
    };
    let said = format!("{}; {to_aws}", set.join(", "));
    if let Some((upper, lower)) = PAIRS.iter().find(|(upper, lower)| differ(environment, upper, lower)) {
        return Finding::notice(Check::Proxy, said).next(format!(
            "{upper} and {lower} differ: Guise reads the first, curl the second; make them the same"
        ));
    }
    let wrong = PAIRS[..3]
        .iter()
        .flat_map(|(upper, lower)| [upper, lower])
        .find(|name| environment.get(name).is_some_and(|value| !value.is_empty() && !is_usable(value)));
    if let Some(name) = wrong {
        return Finding::notice(Check::Proxy, said)
            .next(format!("Guise cannot use what {name} says; it looks like http://proxy.example:3128"));
    }
    if proxy_for(environment, "http://127.0.0.1/").is_some() {
        return Finding::notice(Check::Proxy, format!("{said}; so is this computer itself"))
            .next("add localhost,127.0.0.1,::1 to NO_PROXY, or a simulator on this computer is not reached");
    }
    Finding::fine(Check::Proxy, said)
}

fn differ(environment: &Environment, upper: &str, lower: &str) -> bool {
    matches!((environment.get(upper), environment.get(lower)), (Some(one), Some(other)) if one != other)
}

fn is_list(name: &str) -> bool {
    name.eq_ignore_ascii_case("NO_PROXY")
}

/// Whether our libraries speak to such a proxy: HTTP and HTTPS, not SOCKS.
fn is_usable(value: &str) -> bool {
    value
        .parse::<Uri>()
        .is_ok_and(|uri| uri.host().is_some() && matches!(uri.scheme_str(), None | Some("http" | "https")))
}

/// A proxy's scheme, host and port. What is not an address is not shown: it may be anything.
fn address(value: &str) -> String {
    match value.parse::<Uri>() {
        Ok(uri) if uri.host().is_some() => {
            let scheme = uri.scheme_str().map(|scheme| format!("{scheme}://")).unwrap_or_default();
            let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
            shown(&format!("{scheme}{}{port}", uri.host().unwrap_or_default()))
        }
        _ => "(not an address)".to_owned(),
    }
}

/// Looks at the certificates that TLS trusts here, and at the files that the environment names for them.
pub(super) async fn look(probes: &dyn Probes, environment: &Environment) -> Vec<Finding> {
    let mut files = Vec::new();
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR", "AWS_CA_BUNDLE"] {
        for path in environment.get(name).into_iter().flat_map(|value| paths(name, value)) {
            let holds = probes.certificates(Path::new(&path)).await;
            files.push((name, path, holds));
        }
    }
    certificates(probes.roots().await, &files)
}

/// `SSL_CERT_DIR` may name several folders, as a search path does.
fn paths(name: &str, value: &str) -> Vec<String> {
    if name != "SSL_CERT_DIR" {
        return vec![value.to_owned()];
    }
    let folders = std::env::split_paths(value).filter(|path| !path.as_os_str().is_empty());
    folders.map(|path| path.to_string_lossy().into_owned()).collect()
}

fn certificates(roots: usize, files: &[(&str, String, CertificateFile)]) -> Vec<Finding> {
    let finding = |state: fn(Check, String) -> Finding, said: String| state(Check::Certificates, said);
    let mut findings = Vec::new();
    for (name, path, holds) in files {
        let path = shown(path);
        match holds {
            CertificateFile::Unreadable(why) => findings.push(
                finding(
                    Finding::trouble,
                    format!("{name} names `{path}`, which cannot be read: {}", shown(why)),
                )
                .next(format!("mend the path, or unset {name}")),
            ),
            CertificateFile::Holds(0) => findings.push(
                finding(Finding::trouble, format!("{name} names `{path}`, which holds no certificate"))
                    .next(format!("name a file with certificates in PEM form, or unset {name}")),
            ),
            CertificateFile::Holds(count) if *name == "AWS_CA_BUNDLE" && !is_read(files, &path) => findings
                .push(
                    finding(
                        Finding::notice,
                        format!(
                            "AWS_CA_BUNDLE names `{path}` ({count} certificates), which Guise does not read"
                        ),
                    )
                    .next("set SSL_CERT_FILE to it too, if AWS is reached through a proxy that opens TLS"),
                ),
            CertificateFile::Holds(_) => {}
        }
    }
    let from = if files.iter().any(|(name, ..)| name.starts_with("SSL_")) {
        "where SSL_CERT_FILE and SSL_CERT_DIR say"
    } else {
        "the system's"
    };
    if roots == 0 {
        findings.insert(
            0,
            finding(
                Finding::trouble,
                "no certificate authority is trusted, so AWS cannot be reached".to_owned(),
            )
            .next("install the package ca-certificates, and look at SSL_CERT_FILE and SSL_CERT_DIR"),
        );
    } else if !findings.iter().any(|each| each.state == super::State::Trouble) {
        findings.insert(0, finding(Finding::fine, format!("{roots} authorities are trusted, {from}")));
    }
    findings
}

/// Whether TLS reads this path too, by another variable.
fn is_read(files: &[(&str, String, CertificateFile)], path: &str) -> bool {
    files.iter().any(|(name, each, _)| name.starts_with("SSL_") && each == path)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::read(|name| {
            variables.iter().find(|(each, _)| *each == name).map(|(_, value)| (*value).into())
        })
    }

    fn told(variables: &[(&str, &str)]) -> Finding {
        proxy(&environment(variables), &["eu-west-1".parse().unwrap()])
    }

    #[test]
    fn a_proxy_is_told_with_what_goes_through_it() {
        let none = told(&[]);
        assert_eq!((none.state, none.said.as_str()), (State::Fine, "none is set in the environment"));

        let https = told(&[("HTTPS_PROXY", "http://ada:canary@proxy.example:3128/")]);
        assert_eq!(https.state, State::Fine);
        assert_eq!(https.said, "HTTPS_PROXY=http://proxy.example:3128; AWS is reached through it");

        let around = told(&[("https_proxy", "proxy.example:3128"), ("NO_PROXY", ".amazonaws.com")]);
        assert_eq!(
            around.said,
            "https_proxy=proxy.example:3128, NO_PROXY=.amazonaws.com; AWS is reached without it"
        );
        assert_eq!(around.state, State::Fine);
    }

    #[test]
    fn what_is_odd_about_a_proxy_is_a_notice_with_a_way_out() {
        for (variables, next) in [
            (vec![("HTTPS_PROXY", "http://a.example"), ("https_proxy", "http://b.example")], "differ"),
            (vec![("HTTPS_PROXY", ""), ("https_proxy", "http://b.example")], "differ"),
            (vec![("ALL_PROXY", "socks5://b.example:1080")], "cannot use what ALL_PROXY says"),
            (vec![("HTTPS_PROXY", "canary value")], "cannot use what HTTPS_PROXY says"),
            (vec![("HTTP_PROXY", "http://b.example:1")], "NO_PROXY"),
        ] {
            let finding = told(&variables);
            assert_eq!(finding.state, State::Notice, "{finding:?}");
            assert!(finding.next_step.as_deref().unwrap_or_default().contains(next), "{finding:?}");
            assert!(!finding.said.contains("canary"), "{finding:?}");
        }
        let local = told(&[("HTTP_PROXY", "http://b.example:1"), ("no_proxy", "localhost,127.0.0.1,::1")]);
        assert_eq!(local.state, State::Fine, "{local:?}");
    }

    #[test]
    fn certificates_are_there_missing_or_not_read() {
        let states = |roots, files: &[(&'static str, String, CertificateFile)]| {
            certificates(roots, files).iter().map(|each| each.state).collect::<Vec<_>>()
        };
        let file = |name, holds| (name, "/tmp/ca.pem".to_owned(), holds);
        assert_eq!(states(140, &[]), [State::Fine]);
        assert_eq!(states(0, &[]), [State::Trouble]);
        assert_eq!(states(1, &[file("SSL_CERT_FILE", CertificateFile::Holds(1))]), [State::Fine]);
        assert_eq!(
            states(0, &[file("SSL_CERT_FILE", CertificateFile::Holds(0))]),
            [State::Trouble, State::Trouble]
        );
        assert_eq!(
            states(140, &[file("AWS_CA_BUNDLE", CertificateFile::Unreadable("gone".to_owned()))]),
            [State::Trouble]
        );
        assert_eq!(
            states(140, &[file("AWS_CA_BUNDLE", CertificateFile::Holds(2))]),
            [State::Fine, State::Notice]
        );
        let both = ["SSL_CERT_FILE", "AWS_CA_BUNDLE"].map(|name| file(name, CertificateFile::Holds(2)));
        assert_eq!(states(2, &both), [State::Fine]);
    }
}
