//! The catalog's text, read into checked values. What one entry has wrong stops that entry, not the others.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::setting::CLIPBOARD_SECONDS;
use super::{Account, Catalog, EntryKind, Name, Role, Settings, Source, Unusable};
use crate::failure::Failure;

/// What is wrong, in words that name the place.
type Problem = String;

/// Where something stands; said only when something is wrong there.
#[derive(Clone, Copy)]
struct Place<'a> {
    section: &'a str,
    name: Option<&'a str>,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.section)?;
        self.name.map_or(Ok(()), |name| write!(out, ".{name}"))
    }
}

/// The kinds that this version knows.
const SOURCE_KIND: &str = "access-key";
const ROLE_KIND: &str = "assume-role";

/// Reads a catalog. Keys that we do not know are left alone; an entry that we do not understand is put aside.
pub(super) fn read(text: &str) -> Result<Catalog, Problem> {
    let document = DeTable::parse(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        format!("line {line}: {}", error.message())
    })?;
    let document = document.get_ref();
    let mut catalog = Catalog::default();
    for (name, value) in section(document, "sources")? {
        match entry("sources", name, value, source) {
            Ok((name, source)) => drop(catalog.sources.insert(name, source)),
            Err(problem) => catalog.unusable.push(Unusable::new(EntryKind::Source, name, &problem)),
        }
    }
    for (name, value) in section(document, "roles")? {
        match entry("roles", name, value, role) {
            Ok((name, role)) => drop(catalog.roles.insert(name, role)),
            Err(problem) => catalog.unusable.push(Unusable::new(EntryKind::Role, name, &problem)),
        }
    }
    for (id, value) in section(document, "accounts")? {
        match entry("accounts", id, value, account) {
            Ok((id, account)) => drop(catalog.accounts.insert(id, account)),
            Err(problem) => {
                // Whatever else is wrong with it, a production account is marked as one.
                if let (Ok(id), Some("production")) =
                    (id.parse(), value.get("environment").and_then(|each| each.get_ref().as_str()))
                {
                    catalog.accounts.insert(id, Account { name: None, production: true });
                }
                catalog.unusable.push(Unusable::new(EntryKind::Account, id, &problem));
            }
        }
    }
    if let Some(table) = table_at(document, "settings")? {
        for (key, problem) in settings(table, &mut catalog.settings) {
            catalog.unusable.push(Unusable::new(EntryKind::Setting, key, &problem));
        }
    }
    Ok(catalog)
}

fn source(table: &DeTable<'_>, place: Place<'_>) -> Result<Source, Problem> {
    known_kind(table, place, SOURCE_KIND)?;
    Ok(Source {
        access_key_id: required(table, place, "access_key_id")?,
        arn: required(table, place, "arn")?,
        account: required(table, place, "account")?,
        region: optional(table, place, "region")?,
    })
}

fn role(table: &DeTable<'_>, place: Place<'_>) -> Result<Role, Problem> {
    known_kind(table, place, ROLE_KIND)?;
    Ok(Role {
        arn: required(table, place, "arn")?,
        source: required(table, place, "source")?,
        region: optional(table, place, "region")?,
        destination: optional(table, place, "destination")?,
        session_name: optional(table, place, "session_name")?,
        duration: optional(table, place, "duration")?,
        favourite: flag(table, place, "favourite")?,
    })
}

fn account(table: &DeTable<'_>, place: Place<'_>) -> Result<Account, Problem> {
    let name: Option<Name> = optional(table, place, "name")?;
    let environment = text(table, place, "environment")?;
    Ok(Account { name: name.map(|name| name.to_string()), production: environment == Some("production") })
}

/// Reads what can be read, and gives the keys that cannot.
fn settings(table: &DeTable<'_>, settings: &mut Settings) -> Vec<(&'static str, Problem)> {
    let mut problems = Vec::new();
    if let Some(value) = table.get("clipboard_seconds") {
        let seconds = value
            .get_ref()
            .as_integer()
            .and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        match seconds.filter(|each| CLIPBOARD_SECONDS.contains(each)) {
            Some(seconds) => settings.clipboard_clear = Duration::from_secs(seconds),
            None => problems
                .push(("clipboard_seconds", "settings.clipboard_seconds: give 5 to 600 seconds".to_owned())),
        }
    }
    let place = Place { section: "settings", name: None };
    match optional(table, place, "credentials_format") {
        Ok(Some(format)) => settings.credentials_format = format,
        Ok(None) => {}
        Err(problem) => problems.push(("credentials_format", problem)),
    }
    match flag(table, place, "start_at_login") {
        Ok(starts) => settings.start_at_login = starts,
        Err(problem) => problems.push(("start_at_login", problem)),
    }
    problems
}

fn known_kind(table: &DeTable<'_>, place: Place<'_>, known: &str) -> Result<(), Problem> {
    match text(table, place, "kind")? {
        Some(kind) if kind != known => Err(format!("{place}: kind `{kind}` is not known to this version")),
        _ => Ok(()),
    }
}

fn table_at<'a, 'i>(document: &'a DeTable<'i>, section: &str) -> Result<Option<&'a DeTable<'i>>, Problem> {
    match document.get(section) {
        None => Ok(None),
        Some(value) => {
            value.get_ref().as_table().map(Some).ok_or_else(|| format!("`{section}` must be a table"))
        }
    }
}

fn section<'a>(
    document: &'a DeTable<'_>,
    section: &str,
) -> Result<impl Iterator<Item = (&'a str, &'a DeValue<'a>)>, Problem> {
    let entries = table_at(document, section)?.into_iter().flat_map(|table| table.iter());
    Ok(entries.map(|(name, value)| (&**name.get_ref(), value.get_ref())))
}

fn entry<K: FromStr<Err = Failure>, V>(
    section: &str,
    name: &str,
    value: &DeValue<'_>,
    read: impl FnOnce(&DeTable<'_>, Place<'_>) -> Result<V, Problem>,
) -> Result<(K, V), Problem> {
    let place = Place { section, name: Some(name) };
    let table = value.as_table().ok_or_else(|| format!("{place} must be a table"))?;
    Ok((parsed(name, || place.to_string())?, read(table, place)?))
}

fn text<'a>(table: &'a DeTable<'_>, place: Place<'_>, key: &str) -> Result<Option<&'a str>, Problem> {
    match table.get(key).map(Spanned::get_ref) {
        None => Ok(None),
        Some(value) => {
            value.as_str().map(Some).ok_or_else(|| format!("{place}.{key} must be text in quotes"))
        }
    }
}

fn flag(table: &DeTable<'_>, place: Place<'_>, key: &str) -> Result<bool, Problem> {
    match table.get(key).map(Spanned::get_ref) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or_else(|| format!("{place}.{key} must be true or false")),
    }
}

fn parsed<T: FromStr<Err = Failure>>(text: &str, place: impl FnOnce() -> String) -> Result<T, Problem> {
    text.parse().map_err(|failure: Failure| format!("{}: {}", place(), failure.message))
}

fn optional<T: FromStr<Err = Failure>>(
    table: &DeTable<'_>,
    place: Place<'_>,
    key: &str,
) -> Result<Option<T>, Problem> {
    text(table, place, key)?.map(|text| parsed(text, || format!("{place}.{key}"))).transpose()
}

fn required<T: FromStr<Err = Failure>>(
    table: &DeTable<'_>,
    place: Place<'_>,
    key: &str,
) -> Result<T, Problem> {
    optional(table, place, key)?.ok_or_else(|| format!("{place} has no `{key}`"))
}
