//! Stand-ins for what identifies the person and their accounts, so that a report can be shown to strangers.
//!
//! What is known to identify is replaced where a value stands, which is in backticks or as a command's argument: a role
//! may have the name of an ordinary word, and a stand-in for that word would tell the name. What looks like an account id, an ARN or a key's id is replaced
//! wherever it stands. The same value always gets the same stand-in, so that a reader sees what belongs together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::report::printable;
use super::{CatalogSeen, Environment};
use crate::catalog::Assumer;
use crate::failure::shown;
use crate::home::Home;

/// What an id of AWS's begins with, by its own documentation of unique identifiers.
const ID_PREFIXES: [&str; 8] = ["AKIA", "ASIA", "AIDA", "AROA", "AGPA", "AIPA", "ANPA", "ABIA"];

/// What a name stands behind in a command that a next step tells.
const COMMANDS: [&str; 4] =
    ["guise source remove ", "guise source add ", "guise role remove ", "guise role edit "];

/// What stands in such a command for a name that the reader is to put in.
const PLACES: [&str; 3] = ["NAME", "ROLE", "SOURCE"];

/// What stands before a reason that quotes the catalog.
const WHYS: [&str; 2] = [" is not right: ", " cannot be used: "];

/// What must not be told.
#[derive(Debug)]
pub(super) struct Mask {
    folders: Vec<(String, &'static str)>,
    /// Each with the kind of its stand-in; the longest first, as one may stand in another.
    words: Vec<(String, &'static str)>,
}

/// A mask in use: it remembers which stand-in a value got.
pub(super) struct Masking<'a> {
    mask: &'a Mask,
    given: BTreeMap<(&'static str, String), usize>,
}

impl Mask {
    pub(super) fn new(
        environment: &Environment,
        home_folder: Option<PathBuf>,
        home: &Home,
        catalog: Option<&CatalogSeen>,
        profiles: Vec<String>,
    ) -> Mask {
        let text = |path: &Path| printable(path.to_string_lossy().trim_end_matches('/'));
        let mut folders = Vec::new();
        if let Some(chosen) = &home.chosen {
            folders.push((text(chosen), "GUISE_HOME"));
        }
        if let Some(folder) = &home_folder {
            folders.push((text(folder), "~"));
        }
        folders.retain(|(folder, _)| !folder.is_empty());
        folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));

        let mut words: Vec<(String, &'static str)> = Vec::new();
        let user =
            home_folder.as_deref().and_then(Path::file_name).map(|name| printable(&name.to_string_lossy()));
        words.extend(user.map(|name| (name, "user")));
        for name in ["USER", "LOGNAME"] {
            words.extend(environment.get(name).map(|name| (name.to_owned(), "user")));
        }
        words.extend(profiles.into_iter().filter(|name| name != "default").map(|name| (name, "profile")));
        if let Some(seen) = catalog {
            let CatalogSeen { catalog, trouble } = seen;
            words.extend(catalog.sources.keys().map(|name| (name.to_string(), "source")));
            words.extend(catalog.sources.values().map(|source| (source.arn.name().to_owned(), "user")));
            words.extend(catalog.roles.keys().map(|name| (name.to_string(), "role")));
            let assumers = catalog.roles.values().map(|role| match &role.assumed_by {
                Assumer::Source(source) => (source.to_string(), "source"),
                Assumer::Role(via) => (via.to_string(), "role"),
            });
            words.extend(assumers);
            words.extend(catalog.unusable.iter().map(|entry| (shown(&entry.name), "entry")));
            // Why something cannot be read may quote any part of it.
            let failures = catalog.unusable.iter().map(|entry| &entry.failure).chain(trouble);
            let whys = failures.filter_map(|failure| {
                let (_, why) = WHYS.iter().find_map(|before| failure.message.split_once(before))?;
                Some((why.to_owned(), "reason"))
            });
            words.extend(whys);
        }
        words.retain(|(word, _)| !word.is_empty());
        words.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then_with(|| one.cmp(other)));
        words.dedup_by(|one, other| one.0 == other.0);
        Mask { folders, words }
    }

    pub(super) fn begin(&self) -> Masking<'_> {
        Masking { mask: self, given: BTreeMap::new() }
    }
}

impl Masking<'_> {
    /// The text with its stand-ins.
    pub(super) fn apply(&mut self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (stand_in, length) = match self.at(rest, &text[..text.len() - rest.len()]) {
                Some((stand_in, length)) => (stand_in, length),
                None => (first.to_string(), first.len_utf8()),
            };
            masked.push_str(&stand_in);
            rest = &rest[length..];
        }
        masked
    }

    /// What must not be told at the beginning of `rest`: its stand-in, and how long it is.
    fn at(&mut self, rest: &str, before: &str) -> Option<(String, usize)> {
        for (folder, stand_in) in &self.mask.folders {
            if rest.starts_with(folder.as_str()) && ends_a_name(rest, folder.len()) {
                return Some(((*stand_in).to_owned(), folder.len()));
            }
        }
        if before.chars().next_back().is_some_and(is_of_word) {
            return None;
        }
        for (word, kind) in &self.mask.words {
            if rest.starts_with(word.as_str()) && is_a_value(kind, word, before, &rest[word.len()..]) {
                return Some((self.stand_in(kind, word), word.len()));
            }
        }
        if rest.starts_with("arn:") {
            let length = rest.find([' ', '`', ',', ';', '\n', '"', '\'']).unwrap_or(rest.len());
            return Some((self.stand_in("arn", &rest[..length]), length));
        }
        if let Some((digits, length)) = account(rest) {
            return Some((self.stand_in("account", &digits), length));
        }
        let length =
            rest.find(|each: char| !each.is_ascii_alphanumeric() && each != '…').unwrap_or(rest.len());
        let id = &rest[..length];
        let is_id = ID_PREFIXES.iter().any(|prefix| id.starts_with(prefix));
        if is_id && (id.len() >= 16 || (id.contains('…') && length > "AKIA…".len())) {
            return Some((self.stand_in("key", id), length));
        }
        None
    }

    fn stand_in(&mut self, kind: &'static str, value: &str) -> String {
        let next = 1 + self.given.keys().filter(|(each, _)| *each == kind).count();
        let number = self.given.entry((kind, value.to_owned())).or_insert(next);
        format!("{kind}-{number}")
    }
}

/// An account's twelve digits, in one or in groups of four, and how long they stand.
fn account(rest: &str) -> Option<(String, usize)> {
    let digits = |text: &str| text.len() >= 4 && text.bytes().take(4).all(|byte| byte.is_ascii_digit());
    let run = rest.find(|each: char| !each.is_ascii_digit()).unwrap_or(rest.len());
    if run == 12 && ends_a_word(rest, 12) {
        return Some((rest[..12].to_owned(), 12));
    }
    let bytes = rest.as_bytes();
    let grouped = rest.len() >= 14
        && rest.is_char_boundary(14)
        && (bytes[4], bytes[9]) == (b' ', b' ')
        && [0, 5, 10].into_iter().all(|at| rest.get(at..).is_some_and(digits))
        && ends_a_word(rest, 14);
    grouped.then(|| (rest[..14].replace(' ', ""), 14))
}

/// Whether a word that is known to identify is meant here, and not an ordinary one that is like it.
fn is_a_value(kind: &str, word: &str, before: &str, after: &str) -> bool {
    let ends = ends_a_word(after, 0);
    let is_quoted = || {
        let start = before.strip_suffix("source/").unwrap_or(before);
        after.starts_with('`') && start.ends_with('`') && start.matches('`').count() % 2 == 1
    };
    match kind {
        "reason" => ends,
        "user" if before.ends_with('/') => ends,
        _ if COMMANDS.iter().any(|command| before.ends_with(command)) => ends && !PLACES.contains(&word),
        _ => is_quoted(),
    }
}

fn is_of_word(each: char) -> bool {
    each.is_alphanumeric() || each == '_'
}

fn ends_a_word(text: &str, at: usize) -> bool {
    !text[at..].chars().next().is_some_and(is_of_word)
}

/// Whether a folder's name ends here, so that `/home/ada` is not found in `/home/adam`.
fn ends_a_name(text: &str, at: usize) -> bool {
    ends_a_word(text, at) && !text[at..].starts_with(['-', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask() -> Mask {
        let environment = Environment::read(|name| (name == "USER").then(|| "ada".into()));
        let home = Home::at(Path::new("/home/ada/guise"));
        Mask::new(
            &environment,
            Some(PathBuf::from("/home/ada")),
            &home,
            None,
            vec!["acme prod".to_owned(), "default".to_owned()],
        )
    }

    #[test]
    fn nothing_that_identifies_is_told_and_the_same_is_told_the_same() {
        let mask = mask();
        let mut masking = mask.begin();
        for (text, masked) in [
            ("`/home/ada/.aws/credentials`", "`~/.aws/credentials`"),
            ("`/home/ada/guise/state/guise.log`", "`GUISE_HOME/state/guise.log`"),
            ("/home/adam and /home/ada-2", "/home/adam and /home/user-1-2"),
            ("profile `acme prod` and `default`", "profile `profile-1` and `default`"),
            ("account 111122223333, then 444455556666", "account account-1, then account-2"),
            ("account 1111 2222 3333.", "account account-1."),
            ("arn:aws:iam::111122223333:user/ada needs", "arn-1 needs"),
            ("`arn:aws:iam::111122223333:user/ada`", "`arn-1`"),
            ("the key AKIAIOSFODNN7EXAMPLE", "the key key-1"),
            ("the key AKIA…MPLE", "the key key-2"),
            ("--access-key-id AKIA… and AKIA", "--access-key-id AKIA… and AKIA"),
            ("/run/user/1000/guise, 1234567890123", "/run/user/1000/guise, 1234567890123"),
            ("ada's own, nada, `ada`, /media/ada/x", "ada's own, nada, `user-1`, /media/user-1/x"),
            ("größe → 12 ✓", "größe → 12 ✓"),
        ] {
            assert_eq!(masking.apply(text), masked);
        }
    }
}
