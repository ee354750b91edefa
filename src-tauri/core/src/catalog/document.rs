//! The catalog as TOML: read into checked values, changed in place so that comments and unknown keys stay.

use std::str::FromStr;
use std::time::Duration;

use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use super::{Account, Catalog, Name, Role, Settings, Source};
use crate::failure::Failure;

/// What is wrong with a document, in words that name the place.
type Problem = String;

/// Reads a document into checked values. Keys that we do not know are left alone.
pub(super) fn read(document: &DocumentMut) -> Result<Catalog, Problem> {
    let mut catalog = Catalog::default();
    for (name, table) in entries(document, "sources")? {
        let place = format!("sources.{name}");
        let kind = text(table, &place, "kind")?.unwrap_or("access-key");
        if kind != "access-key" {
            return Err(format!("{place}: kind `{kind}` is not known to this version"));
        }
        let source = Source {
            access_key_id: required(table, &place, "access_key_id")?,
            arn: required(table, &place, "arn")?,
            account: required(table, &place, "account")?,
            region: optional(table, &place, "region")?,
        };
        catalog.sources.insert(parsed(name, &place)?, source);
    }
    for (name, table) in entries(document, "roles")? {
        let place = format!("roles.{name}");
        let role = Role {
            arn: required(table, &place, "arn")?,
            source: required(table, &place, "source")?,
            region: optional(table, &place, "region")?,
            destination: optional(table, &place, "destination")?,
            session_name: optional(table, &place, "session_name")?,
            duration: optional(table, &place, "duration")?,
            favourite: flag(table, &place, "favourite")?,
        };
        catalog.roles.insert(parsed(name, &place)?, role);
    }
    for (id, table) in entries(document, "accounts")? {
        let place = format!("accounts.{id}");
        let name = text(table, &place, "name")?.map(|name| parsed::<Name>(name, &place)).transpose()?;
        let environment = text(table, &place, "environment")?;
        let account = Account {
            name: name.map(|name| name.to_string()),
            production: environment == Some("production"),
        };
        catalog.accounts.insert(parsed(id, &place)?, account);
    }
    catalog.settings = settings(document)?;
    Ok(catalog)
}

fn settings(document: &DocumentMut) -> Result<Settings, Problem> {
    let mut settings = Settings::default();
    let Some(table) = table_at(document, "settings")? else {
        return Ok(settings);
    };
    if let Some(item) = table.get("clipboard_seconds") {
        let seconds = item
            .as_integer()
            .and_then(|number| u64::try_from(number).ok())
            .filter(|each| (5..=600).contains(each));
        let seconds = seconds.ok_or("settings.clipboard_seconds: give 5 to 600 seconds")?;
        settings.clipboard_clear = Duration::from_secs(seconds);
    }
    if let Some(format) = optional(table, "settings", "credentials_format")? {
        settings.credentials_format = format;
    }
    Ok(settings)
}

/// Sets a source, keeping what is unknown in an entry of the same name.
pub(super) fn set_source(document: &mut DocumentMut, name: &Name, source: &Source) {
    let table = entry_mut(document, "sources", name);
    put(table, "kind", Some("access-key".to_owned()));
    put(table, "access_key_id", Some(source.access_key_id.as_str().to_owned()));
    put(table, "arn", Some(source.arn.to_string()));
    put(table, "account", Some(source.account.to_string()));
    put(table, "region", source.region.as_ref().map(ToString::to_string));
}

/// Sets a role, keeping what is unknown in an entry of the same name.
pub(super) fn set_role(document: &mut DocumentMut, name: &Name, role: &Role) {
    let table = entry_mut(document, "roles", name);
    put(table, "arn", Some(role.arn.to_string()));
    put(table, "source", Some(role.source.to_string()));
    put(table, "region", role.region.as_ref().map(ToString::to_string));
    put(table, "destination", role.destination.as_ref().map(ToString::to_string));
    put(table, "session_name", role.session_name.as_ref().map(ToString::to_string));
    put(table, "duration", role.duration.as_ref().map(ToString::to_string));
    if role.favourite {
        table.insert("favourite", value(true));
    } else {
        table.remove("favourite");
    }
}

/// Takes an entry out of a section; a section that is left empty stays, as somebody's comments may hang on it.
pub(super) fn remove(document: &mut DocumentMut, section: &str, name: &Name) {
    if let Some(table) = document.get_mut(section).and_then(Item::as_table_like_mut) {
        table.remove(name.as_str());
    }
}

/// Gives an entry another name, with everything in it.
pub(super) fn rename(document: &mut DocumentMut, section: &str, from: &Name, to: &Name) {
    if let Some(table) = document.get_mut(section).and_then(Item::as_table_like_mut)
        && let Some(item) = table.remove(from.as_str())
    {
        table.insert(to.as_str(), item);
    }
}

fn entry_mut<'a>(document: &'a mut DocumentMut, section: &str, name: &Name) -> &'a mut dyn TableLike {
    let section = document.entry(section).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    // `read` has refused a document where the section or the entry is no table.
    let section = section.as_table_like_mut().expect("a section is a table");
    if !section.contains_key(name.as_str()) {
        section.insert(name.as_str(), Item::Table(Table::new()));
    }
    section.get_mut(name.as_str()).and_then(Item::as_table_like_mut).expect("an entry is a table")
}

fn put(table: &mut dyn TableLike, key: &str, text: Option<String>) {
    match text {
        // An unchanged value keeps its own line as the person wrote it, comment included.
        Some(text) if table.get(key).and_then(Item::as_str) == Some(&text) => {}
        Some(text) => {
            let decor = table.get(key).and_then(Item::as_value).map(|old| old.decor().clone());
            table.insert(key, value(text));
            if let (Some(decor), Some(new)) = (decor, table.get_mut(key).and_then(Item::as_value_mut)) {
                *new.decor_mut() = decor;
            }
        }
        None => {
            table.remove(key);
        }
    }
}

fn table_at<'a>(document: &'a DocumentMut, section: &str) -> Result<Option<&'a dyn TableLike>, Problem> {
    match document.get(section) {
        None => Ok(None),
        Some(item) => item.as_table_like().map(Some).ok_or_else(|| format!("`{section}` must be a table")),
    }
}

fn entries<'a>(
    document: &'a DocumentMut,
    section: &str,
) -> Result<Vec<(&'a str, &'a dyn TableLike)>, Problem> {
    let Some(table) = table_at(document, section)? else {
        return Ok(Vec::new());
    };
    table
        .iter()
        .map(|(name, item)| match item.as_table_like() {
            Some(entry) => Ok((name, entry)),
            None => Err(format!("{section}.{name} must be a table")),
        })
        .collect()
}

fn text<'a>(table: &'a dyn TableLike, place: &str, key: &str) -> Result<Option<&'a str>, Problem> {
    match table.get(key) {
        None => Ok(None),
        Some(item) => item.as_str().map(Some).ok_or_else(|| format!("{place}.{key} must be text in quotes")),
    }
}

fn flag(table: &dyn TableLike, place: &str, key: &str) -> Result<bool, Problem> {
    match table.get(key) {
        None => Ok(false),
        Some(item) => item.as_bool().ok_or_else(|| format!("{place}.{key} must be true or false")),
    }
}

fn parsed<T: FromStr<Err = Failure>>(text: &str, place: &str) -> Result<T, Problem> {
    text.parse().map_err(|failure: Failure| format!("{place}: {}", failure.message))
}

fn optional<T: FromStr<Err = Failure>>(
    table: &dyn TableLike,
    place: &str,
    key: &str,
) -> Result<Option<T>, Problem> {
    text(table, place, key)?.map(|text| parsed(text, &format!("{place}.{key}"))).transpose()
}

fn required<T: FromStr<Err = Failure>>(table: &dyn TableLike, place: &str, key: &str) -> Result<T, Problem> {
    optional(table, place, key)?.ok_or_else(|| format!("{place} has no `{key}`"))
}
