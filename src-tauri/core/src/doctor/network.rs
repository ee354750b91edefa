//! The way to AWS: proxies, as Guise's own libraries read them, and whom TLS trusts.

use std::path::Path;

use hyper::Uri;

use super::{CertificateFile, Check, Environment, Finding, Probes, clock};
use crate::adapters::https::proxy::{Proxy, is_plain};
use crate::arn::Region;
use crate::failure::{Refusal, classify_caller_identity, shown};
use crate::home::variable;

/// The pairs of names; of each the first that is set is read.
const PAIRS: [(&str, &str); 4] = [
    ("HTTPS_PROXY", "https_proxy"),
    ("HTTP_PROXY", "http_proxy"),
    ("ALL_PROXY", "all_proxy"),
    ("NO_PROXY", "no_proxy"),
];

/// Whether our calls to a host of AWS's go through a proxy of the environment, as the calls themselves find out.
fn has_proxy(environment: &Environment, host: &str) -> Result<bool, Refusal> {
    // HTTP_PROXY is for plain HTTP, which AWS is never spoken to over.
    let names = [PAIRS[0], PAIRS[2]].into_iter().flat_map(|(upper, lower)| [upper, lower]);
    if !names.into_iter().any(|name| environment.get(name).is_some_and(|value| !value.is_empty())) {
        return Ok(false);
    }
    let Ok(address) = format!("https://{host}/").parse::<Uri>() else { return Ok(false) };
    let found = Proxy::for_address(&address, |name| environment.get(name).map(str::to_owned))?;
    Ok(found.is_some())
}

/// What the environment says about proxies, and what follows from it.
pub(super) fn proxy(environment: &Environment, regions: &[Region]) -> Finding {
    let set: Vec<String> = PAIRS
        .iter()
        .flat_map(|(upper, lower)| [upper, lower])
        .filter_map(|name| {
            let value = environment.get(name).filter(|value| !value.is_empty())?;
            Some(format!(
                "{name}={}",
                if is_list(name) { shown(value) } else { shown(value.trim_end_matches('/')) }
            ))
        })
        .collect();
    if set.is_empty() {
        return Finding::fine(Check::Proxy, "none is set in the environment");
    }
    let through: Result<Vec<bool>, Refusal> =
        regions.iter().map(|region| has_proxy(environment, &clock::host(region))).collect();
    let to_aws = match &through {
        Err(_) => "AWS is not reached",
        Ok(through) => match (through.contains(&true), through.contains(&false)) {
            (true, false) => "AWS is reached through it",
            (true, true) => "AWS is reached through it in some regions only",
            (false, _) => "AWS is reached without it",
        },
    };
    let said = format!("{}; {to_aws}", set.join(", "));
    if let Err(refusal) = &through {
        let failure = classify_caller_identity(refusal, "");
        return Finding { said, ..Finding::failed(Check::Proxy, &failure) };
    }
    if let Some((upper, lower)) = PAIRS.iter().find(|(upper, lower)| differ(environment, upper, lower)) {
        return Finding::notice(Check::Proxy, said).next(format!(
            "{upper} and {lower} differ: Guise reads the first, other tools the second; make them the same"
        ));
    }
    let wrong = PAIRS[..3]
        .iter()
        .flat_map(|(upper, lower)| [upper, lower])
        .find(|name| environment.get(name).is_some_and(|value| !value.is_empty() && !is_plain(value)));
    if let Some(name) = wrong {
        return Finding::notice(Check::Proxy, said)
            .next(format!("Guise cannot use what {name} says; it looks like http://proxy.example:3128"));
    }
    Finding::fine(Check::Proxy, said)
}

fn differ(environment: &Environment, upper: &str, lower: &str) -> bool {
    matches!((environment.get(upper), environment.get(lower)), (Some(one), Some(other)) if one != other && !one.is_empty() && !other.is_empty())
}

fn is_list(name: &str) -> bool {
    name.eq_ignore_ascii_case("NO_PROXY")
}

/// Looks at the certificates that TLS trusts here, and at the files that the environment names for them.
pub(super) async fn look(probes: &dyn Probes, environment: &Environment) -> Vec<Finding> {
    let mut files = Vec::new();
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR", variable::CERTIFICATES] {
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
            CertificateFile::Holds(_) => {}
        }
    }
    // Alone, where it is set, as for AWS's own tools.
    let bundle = files.iter().find(|(name, ..)| *name == variable::CERTIFICATES);
    let (trusted, from) = match bundle {
        Some((.., CertificateFile::Holds(count))) => (*count, "those that AWS_CA_BUNDLE names"),
        Some((.., CertificateFile::Unreadable(_))) => (0, ""),
        None if !files.is_empty() => (roots, "those that SSL_CERT_FILE and SSL_CERT_DIR name"),
        None => (roots, "the system's"),
    };
    if trusted == 0 && findings.is_empty() {
        findings.push(
            finding(
                Finding::trouble,
                "no certificate authority is trusted, so AWS cannot be reached".to_owned(),
            )
            .next("install the package ca-certificates, and look at SSL_CERT_FILE and SSL_CERT_DIR"),
        );
    } else if trusted > 0 {
        findings.insert(0, finding(Finding::fine, format!("trusted authorities: {trusted}, {from}")));
    }
    findings
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
            (
                vec![("HTTPS_PROXY", "canary value"), ("NO_PROXY", "amazonaws.com")],
                "cannot use what HTTPS_PROXY says",
            ),
        ] {
            let finding = told(&variables);
            assert_eq!(finding.state, State::Notice, "{finding:?}");
            assert!(finding.next_step.as_deref().unwrap_or_default().contains(next), "{finding:?}");
            assert!(!finding.said.contains("canary"), "{finding:?}");
        }
        let plain = told(&[("HTTP_PROXY", "http://b.example:1"), ("HTTPS_PROXY", "")]);
        assert_eq!(plain.said, "HTTP_PROXY=http://b.example:1; AWS is reached without it");
        assert_eq!(plain.state, State::Fine);
        let second = told(&[("HTTPS_PROXY", ""), ("https_proxy", "http://b.example")]);
        assert_eq!(second.said, "https_proxy=http://b.example; AWS is reached through it");
    }

    #[test]
    fn an_address_that_calls_refuse_is_trouble_and_no_part_of_it_is_shown() {
        for address in [
            "socks5://canary.example:1080",
            "canary value",
            "http://canary:1234#canary@proxy.example:3128",
            "http://canary:1234/canary@proxy.example:3128",
            "http://12345678#canary@proxy:3128",
            "//canary:pw@proxy.example",
        ] {
            let finding = told(&[("HTTPS_PROXY", address)]);
            assert_eq!(finding.state, State::Trouble, "{finding:?}");
            assert_eq!(finding.said, "HTTPS_PROXY=(cannot be used); AWS is not reached");
            let step = finding.next_step.unwrap_or_default();
            assert!(step.contains("http://HOST:PORT") && !step.contains("canary"), "{step}");
        }
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
        assert_eq!(states(0, &[file("SSL_CERT_FILE", CertificateFile::Holds(0))]), [State::Trouble]);
        let gone = CertificateFile::Unreadable("gone".to_owned());
        assert_eq!(states(140, &[file("AWS_CA_BUNDLE", gone.clone())]), [State::Trouble]);
        assert_eq!(states(140, &[file("SSL_CERT_DIR", gone)]), [State::Fine, State::Trouble]);
        let bundle = [file("AWS_CA_BUNDLE", CertificateFile::Holds(2))];
        assert_eq!(
            certificates(140, &bundle)[0].said,
            "trusted authorities: 2, those that AWS_CA_BUNDLE names"
        );
    }
}
