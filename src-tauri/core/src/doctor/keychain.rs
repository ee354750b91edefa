//! The keychain: who offers it, whether it is locked, and whether it holds the sources' keys and none besides.

use std::collections::BTreeMap;

use tokio::time::timeout;

use super::{Check, Finding, Offered, Patience, Probes};
use crate::catalog::{Catalog, Name};
use crate::failure::{Failure, shown};
use crate::ports::KeychainError;

/// What was seen of a keychain.
pub(super) struct Seen {
    /// `None` where the bus itself did not answer.
    offered: Option<Offered>,
    locked: Result<bool, KeychainError>,
    /// `None` where it was not looked into, or cannot tell.
    items: Result<Option<Vec<String>>, KeychainError>,
}

/// Looks at the keychain, and into it where it is open.
pub(super) async fn look(probes: &dyn Probes, patience: Patience) -> Seen {
    let offered = timeout(patience.short, probes.keychain_offered()).await.ok();
    // Asked further only where somebody is there to answer: asking would start a keychain that does not run yet.
    if !matches!(offered, Some(Offered::By(_) | Offered::BySystem)) {
        return Seen { offered, locked: Err(KeychainError::Absent), items: Ok(None) };
    }
    let locked = timeout(patience.keychain, probes.keychain_locked()).await;
    let locked = locked.unwrap_or(Err(KeychainError::Hung));
    let items = if offered == Some(Offered::BySystem) || locked == Ok(false) {
        timeout(patience.short, probes.keychain_items()).await.unwrap_or(Err(KeychainError::Hung))
    } else {
        Ok(None)
    };
    Seen { offered, locked, items }
}

/// What there is to say about it. `catalog` is `None` where it cannot be read.
pub(super) fn told(seen: &Seen, catalog: Option<&Catalog>) -> Vec<Finding> {
    let mut findings = vec![keychain(seen.offered.as_ref(), seen.locked)];
    findings.extend(keys(catalog, seen.items.as_ref().map(Option::as_deref)));
    findings
}

/// Whether there is a keychain that can be used. `offered` is `None` where the bus itself did not answer.
fn keychain(offered: Option<&Offered>, locked: Result<bool, KeychainError>) -> Finding {
    let trouble = |said: &str| Finding::trouble(Check::Keychain, said);
    let program = match offered {
        None => {
            return trouble("the session bus did not answer in time")
                .next("sign out of the desktop and in again");
        }
        Some(Offered::BySystem) => return Finding::fine(Check::Keychain, "the system's own"),
        Some(Offered::NoBus) => {
            return trouble("there is no session bus, and so no keychain")
                .next("start Guise from the desktop; in another session, DBUS_SESSION_BUS_ADDRESS says where the bus is");
        }
        Some(Offered::ByNobody) => {
            return trouble("there is no keychain: nobody offers the Secret Service")
                .next("start one that does, such as gnome-keyring, KWallet or KeePassXC (each has a setting for it)");
        }
        Some(Offered::OnDemand) => {
            return Finding::unknown(
                Check::Keychain,
                "none runs yet; the session bus starts one when it is first needed",
            );
        }
        Some(Offered::By(Some(program))) => format!("`{}`", shown(program)),
        Some(Offered::By(None)) => "one whose name is not told".to_owned(),
    };
    match locked {
        Ok(false) => Finding::fine(Check::Keychain, format!("{program} answers, and is unlocked")),
        Ok(true) => Finding::notice(Check::Keychain, format!("{program} answers, and is locked")).next(
            "it asks for its password when a key is needed; the desktop's password tool unlocks it before",
        ),
        Err(KeychainError::Absent) => {
            trouble(&format!("{program} answers, and has no default collection to keep keys in"))
                .next("make one in the desktop's password tool, and set it as the default")
        }
        Err(KeychainError::Hung) => trouble(&format!("{program} is there and does not answer"))
            .next("restart it, or sign out of the desktop and in again"),
        Err(KeychainError::Denied) => trouble(&format!("{program} does not let Guise in"))
            .next("allow it in the settings of the keychain"),
        Err(KeychainError::Locked | KeychainError::Broken) => {
            trouble(&format!("{program} answers, and fails"))
                .next("look at it with the desktop's own password tool; restarting it often helps")
        }
    }
}

/// Whether the keychain holds the key of each source, and what it holds besides.
fn keys(catalog: Option<&Catalog>, items: Result<Option<&[String]>, &KeychainError>) -> Vec<Finding> {
    let unknown = |said: &str| vec![Finding::unknown(Check::Keys, said)];
    let Some(catalog) = catalog else {
        return unknown("the catalog does not tell which keys there should be");
    };
    let items = match items {
        Ok(Some(items)) => items,
        Ok(None) if catalog.sources.is_empty() && catalog.unusable.is_empty() => {
            return vec![Finding::fine(Check::Keys, "there is no source yet, so none is needed")];
        }
        Ok(None) => {
            return unknown("the keychain was not looked into, so whether it holds the keys is not known");
        }
        Err(_) => return unknown("the keychain did not let itself be looked into"),
    };
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items {
        if let Some(source) = item.strip_prefix("source/") {
            *held.entry(of_source(source, items)).or_default() += 1;
        }
    }
    // A profile needs no key of ours.
    let with_key = catalog.sources.iter().filter(|(_, source)| source.access_key_id().is_some());
    let sources: Vec<&Name> = with_key.map(|(name, _)| name).collect();
    let missing = sources.iter().filter(|name| !held.contains_key(name.as_str()));
    let mut findings: Vec<Finding> =
        missing.map(|name| Finding::failed(Check::Keys, &Failure::key_missing(name.as_str()))).collect();
    if findings.is_empty() {
        findings.push(Finding::fine(
            Check::Keys,
            match sources.len() {
                0 => "there is no source yet, so none is needed".to_owned(),
                1 => "the source's key is in the keychain".to_owned(),
                count => format!("the keys of all {count} sources are in the keychain"),
            },
        ));
    }
    let is_source = |name: &str| name.parse().is_ok_and(|name| catalog.has_source(&name));
    let orphans = held.keys().filter(|name| !is_source(name));
    findings.extend(orphans.map(|name| {
        let name = shown(name);
        Finding::notice(Check::Keys, format!("the keychain holds a key for `{name}`, which is no source"))
            .next(format!("take the item `source/{name}` out with the desktop's password tool"))
    }));
    findings
}

/// The source of an item: a long key has more items than one, named `NAME#1` and so on.
fn of_source<'a>(item: &'a str, items: &[String]) -> &'a str {
    match item.rsplit_once('#') {
        Some((name, index))
            if index.parse::<usize>().is_ok()
                && items.iter().any(|each| each.strip_prefix("source/") == Some(name)) =>
        {
            name
        }
        _ => item,
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn catalog(sources: &[&str]) -> Catalog {
        let mut text = String::new();
        for name in sources {
            text.push_str(&format!(
                "[sources.{name}]\naccess_key_id = \"AKIAIOSFODNN7EXAMPLE\"\naccount = \"111122223333\"\n\
                 arn = \"arn:aws:iam::111122223333:user/ada\"\n"
            ));
        }
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("catalog.toml"), text).unwrap();
        crate::catalog::CatalogFile::in_folder(folder.path()).load().unwrap()
    }

    #[test]
    fn absent_locked_hung_and_broken_are_told_apart() {
        let by = |program: &str| Offered::By(Some(program.to_owned()));
        let absent = Err(KeychainError::Absent);
        for (offered, locked, state, part) in [
            (Some(Offered::NoBus), absent, State::Trouble, "no session bus"),
            (Some(Offered::ByNobody), absent, State::Trouble, "nobody offers"),
            (Some(Offered::OnDemand), absent, State::Unknown, "none runs yet"),
            (Some(by("ksecretd")), Ok(false), State::Fine, "`ksecretd` answers, and is unlocked"),
            (Some(by("ksecretd")), Ok(true), State::Notice, "is locked"),
            (Some(by("ksecretd")), absent, State::Trouble, "no default collection"),
            (Some(by("ksecretd")), Err(KeychainError::Hung), State::Trouble, "does not answer"),
            (Some(by("ksecretd")), Err(KeychainError::Denied), State::Trouble, "does not let Guise in"),
            (Some(by("ksecretd")), Err(KeychainError::Broken), State::Trouble, "fails"),
            (Some(Offered::By(None)), Ok(false), State::Fine, "one whose name is not told"),
            (Some(Offered::BySystem), Ok(true), State::Fine, "the system's own"),
            (None, Err(KeychainError::Hung), State::Trouble, "the session bus did not answer"),
        ] {
            let finding = keychain(offered.as_ref(), locked);
            assert_eq!(finding.state, state, "{finding:?}");
            assert!(finding.said.contains(part), "{finding:?}");
            assert_eq!(finding.next_step.is_some(), matches!(state, State::Trouble | State::Notice));
        }
    }

    #[test]
    fn a_key_that_is_missing_is_trouble_and_one_too_many_a_notice() {
        let keys = |catalog: Option<&Catalog>, items: &[&str]| {
            let items: Vec<String> = items.iter().map(ToString::to_string).collect();
            keys(catalog, Ok(Some(&items)))
        };
        let states = |findings: &[Finding]| findings.iter().map(|each| each.state).collect::<Vec<_>>();

        let both = keys(Some(&catalog(&["home", "work"])), &["source/home", "source/work", "source/work#1"]);
        assert_eq!(states(&both), [State::Fine]);
        assert_eq!(both[0].said, "the keys of all 2 sources are in the keychain");

        let found = keys(Some(&catalog(&["home", "work"])), &["source/home", "source/old", "source/old#1"]);
        assert_eq!(states(&found), [State::Trouble, State::Notice]);
        assert_eq!(found[0].said, "the keychain holds no key for `work`");
        assert_eq!(found[1].said, "the keychain holds a key for `old`, which is no source");

        // A name may end like the second item of another.
        assert_eq!(states(&keys(Some(&catalog(&["'a#1'"])), &["source/a#1"])), [State::Fine]);

        assert_eq!(states(&keys(None, &["source/old"])), [State::Unknown]);
        assert_eq!(states(&super::keys(Some(&catalog(&["work"])), Ok(None))), [State::Unknown]);
        assert_eq!(states(&super::keys(Some(&catalog(&[])), Ok(None))), [State::Fine]);
        assert_eq!(
            states(&super::keys(Some(&catalog(&["work"])), Err(&KeychainError::Hung))),
            [State::Unknown]
        );
    }
}
