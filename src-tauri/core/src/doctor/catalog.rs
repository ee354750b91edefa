//! The catalog: its file, and what it says that cannot work.

use std::collections::BTreeMap;

use super::{CatalogSeen, Check, Finding, State};
use crate::catalog::{Catalog, Name};

/// More names than this are counted, not told.
const MOST_NAMES: usize = 5;

/// What there is to say about the catalog.
pub(super) fn catalog(seen: &CatalogSeen) -> Vec<Finding> {
    let trouble = seen.trouble.iter().map(|failure| Finding::failed(Check::Catalog, failure));
    trouble.chain(seen.known().into_iter().flat_map(entries)).collect()
}

fn entries(catalog: &Catalog) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut without: BTreeMap<&Name, Vec<&Name>> = BTreeMap::new();
    for (name, role) in &catalog.roles {
        let source = catalog.source_of(role).ok();
        if let Some(source) = source.filter(|source| !catalog.has_source(source)) {
            without.entry(source).or_default().push(name);
        } else if source.is_none_or(|source| catalog.sources.contains_key(source))
            && let Err(failure) = catalog.check_role(name, role)
        {
            let finding = Finding::failed(Check::Catalog, &failure);
            let said = format!("role `{name}` cannot be assumed: {}", failure.message);
            findings.push(Finding { said, ..finding });
        }
    }
    findings.extend(without.into_iter().map(|(source, roles)| {
        let (names, verb) = (listed(&roles), if roles.len() == 1 { "needs" } else { "need" });
        Finding::trouble(Check::Catalog, format!("{names} {verb} source `{source}`, which is not there"))
            .next("guise role edit ROLE --source SOURCE gives a role one that is; guise role remove ROLE takes it out")
    }));
    findings.extend(catalog.unusable.iter().take(MOST_NAMES).map(|entry| {
        let finding = Finding::failed(Check::Catalog, &entry.failure);
        Finding { state: State::Notice, ..finding }
    }));
    if let Some(more) = catalog.unusable.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        findings.push(Finding::notice(Check::Catalog, format!("{more} more entries cannot be used")));
    }
    let idle: Vec<&Name> = catalog.sources.keys().filter(|name| catalog.roles_of(name).is_empty()).collect();
    if !idle.is_empty() {
        findings.push(
            Finding::notice(Check::Catalog, format!("no role uses {}", listed(&idle)))
                .next("guise role add NAME --arn ARN --source SOURCE makes one"),
        );
    }
    if findings.iter().all(|each| each.state != State::Trouble) {
        let count = |number: usize, one: &str| match number {
            1 => format!("1 {one}"),
            number => format!("{number} {one}s"),
        };
        let said = if catalog.sources.is_empty() && catalog.roles.is_empty() {
            "nothing is configured yet".to_owned()
        } else {
            format!("{}, {}", count(catalog.sources.len(), "source"), count(catalog.roles.len(), "role"))
        };
        let finding = Finding::fine(Check::Catalog, said);
        findings.insert(
            0,
            if catalog.sources.is_empty() {
                finding.next("guise source add NAME --access-key-id ID makes a source")
            } else {
                finding
            },
        );
    }
    findings
}

/// The first few names, and how many more there are.
fn listed(names: &[&Name]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::CatalogFile;
    use crate::home::Home;

    const SOURCE: &str = "[sources.work]\naccess_key_id = \"AKIAIOSFODNN7EXAMPLE\"\naccount = \"111122223333\"\n\
                          arn = \"arn:aws:iam::111122223333:user/ada\"\n";
    const ROLE: &str = "[roles.ec2]\narn = \"arn:aws:iam::111122223333:role/EC2\"\nsource = \"work\"\n";

    /// What is said of a file with this text, after one with that text was good.
    fn after(good: &str, text: &str) -> Vec<(State, String)> {
        let folder = tempfile::tempdir().unwrap();
        let file = CatalogFile::in_home(&Home::at(folder.path()));
        std::fs::create_dir_all(file.path().parent().unwrap()).unwrap();
        for text in [good, text] {
            std::fs::write(file.path(), text).unwrap();
            if let Some(good) = file.current().good {
                file.remember(&good);
            }
        }
        let current = file.current();
        let found = catalog(&CatalogSeen { catalog: current.catalog, trouble: current.trouble });
        found.into_iter().map(|each| (each.state, each.said)).collect()
    }

    fn told(text: &str) -> Vec<(State, String)> {
        after("", text)
    }

    #[test]
    fn a_catalog_is_told_with_what_cannot_work() {
        let states = |text: &str| told(text).into_iter().map(|(state, _)| state).collect::<Vec<_>>();
        assert_eq!(told(&format!("{SOURCE}{ROLE}")), [(State::Fine, "1 source, 1 role".to_owned())]);
        assert_eq!(told(""), [(State::Fine, "nothing is configured yet".to_owned())]);
        assert_eq!(states(SOURCE), [State::Fine, State::Notice]);
        assert_eq!(told(ROLE)[0].1, "`ec2` needs source `work`, which is not there");
        assert_eq!(states(ROLE), [State::Trouble]);
        let many: String = (1..=7).map(|each| ROLE.replace("ec2", &format!("r{each}"))).collect();
        let said = "`r1`, `r2`, `r3`, `r4`, `r5` and 2 more need source `work`, which is not there";
        assert_eq!(told(&many), [(State::Trouble, said.to_owned())]);
        let china = format!("{SOURCE}{ROLE}region = \"cn-north-1\"\n");
        assert!(told(&china)[0].1.starts_with("role `ec2` cannot be assumed: "), "{:?}", told(&china));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_trouble_and_an_entry_a_notice() {
        let whole = format!("{SOURCE}{ROLE}");
        let broken = after(&whole, "[");
        assert_eq!(broken[0].0, State::Trouble);
        assert!(broken[0].1.contains("is not right: line 1"), "{broken:?}");
        assert_eq!(broken[1], (State::Fine, "1 source, 1 role".to_owned()), "the last good one is told too");
        assert_eq!(after("", "[").len(), 1);

        let unusable: String = (1..=7).map(|each| format!("[roles.n{each}]\narn = 3\n")).collect();
        let found = told(&format!("{whole}{unusable}"));
        assert_eq!(found[0], (State::Fine, "1 source, 1 role".to_owned()));
        assert_eq!(found.len(), 7);
        assert!(found[1..].iter().all(|(state, _)| *state == State::Notice), "{found:?}");
        assert!(found[1].1.starts_with("role `n1` cannot be used: "), "{found:?}");
        assert_eq!(found[6].1, "2 more entries cannot be used");
    }
}
