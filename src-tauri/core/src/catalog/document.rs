//! The catalog as a document, changed in place so that comments and unknown keys stay.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::read::{ACCESS_KEY, FAVOURITES, PROFILE};
use super::{AccountChange, Assumer, Change, Environment, Name, Role, Setting, Source, SourceKind};
use crate::arn::AccountId;
use crate::failure::Failure;

/// Sets a source, keeping what is unknown in an entry of the same name.
pub(super) fn set_source(document: &mut DocumentMut, name: &Name, source: &Source) {
    let table = entry_mut(document, "sources", name.as_str());
    let (kind, id, profile) = match &source.kind {
        SourceKind::AccessKey(id) => (ACCESS_KEY, Some(id.as_str().to_owned()), None),
        SourceKind::Profile(profile) => (PROFILE, None, Some(profile.to_string())),
    };
    put(table, "kind", Some(kind.to_owned()));
    put(table, "access_key_id", id);
    put(table, "profile", profile);
    put(table, "arn", Some(source.arn.to_string()));
    put(table, "account", Some(source.account.to_string()));
    put(table, "region", text_of(source.region.as_ref()));
    put(table, "mfa_serial", text_of(source.mfa_serial.as_ref()));
}

/// Sets a role, keeping what is unknown in an entry of the same name.
pub(super) fn set_role(document: &mut DocumentMut, name: &Name, role: &Role) {
    let table = entry_mut(document, "roles", name.as_str());
    let (source, via) = match &role.assumed_by {
        Assumer::Source(source) => (Some(source), None),
        Assumer::Role(via) => (None, Some(via)),
    };
    put(table, "arn", Some(role.arn.to_string()));
    put(table, "source", text_of(source));
    put(table, "via", text_of(via));
    put(table, "region", text_of(role.region.as_ref()));
    put(table, "destination", text_of(role.destination.as_ref()));
    put(table, "session_name", text_of(role.session_name.as_ref()));
    put(table, "duration", text_of(role.duration.as_ref()));
    put(table, "external_id", text_of(role.external_id.as_ref()));
    put(table, "source_identity", text_of(role.source_identity.as_ref()));
    let tags = role.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let tags = (!role.tags.is_empty()).then(|| Value::from(tags.collect::<InlineTable>()));
    put_value(table, "tags", tags);
    put_value(table, "transitive_tags", list_of(&role.transitive_tags));
    put(table, "policy", text_of(role.policy.as_ref()));
    put_value(table, "policy_arns", list_of(&role.policy_arns));
    put(table, "mfa", text_of(role.mfa.as_ref()));
    put(table, "mfa_serial", text_of(role.mfa_serial.as_ref()));
    put_value(table, "production", role.production.then(|| true.into()));
    put_value(table, "read_only", role.read_only.map(Value::from));
    put(table, "read_only_policy", text_of(role.read_only_policy.as_ref()));
    put_value(table, "favourite", role.favourite.then(|| true.into()));
}

fn text_of<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

fn list_of<'a, T: ToString + 'a>(items: impl IntoIterator<Item = &'a T>) -> Option<Value> {
    let items: Array = items.into_iter().map(ToString::to_string).collect();
    (!items.is_empty()).then(|| Value::from(items))
}

/// Refuses an entry of a person's that is none: it is theirs to mend.
pub(super) fn check_entry(document: &DocumentMut, section: &str, name: &str) -> Result<(), Failure> {
    let entry = document.get(section).and_then(|section| section.get(name));
    if entry.is_some_and(|entry| entry.as_table_like().is_none()) {
        return Err(Failure::entry_no_table(section, name));
    }
    Ok(())
}

/// Changes what is said about an account, keeping what is unknown.
pub(super) fn change_account(document: &mut DocumentMut, id: &AccountId, change: &AccountChange) {
    let table = entry_mut(document, "accounts", id.as_str());
    change_text(table, "name", &change.name);
    change_text(table, "colour", &change.colour);
    let says = |table: &dyn TableLike| {
        table.get("environment").and_then(Item::as_str).is_some_and(Environment::says_production)
    };
    let said = says(table);
    change_text(table, "environment", &change.environment);
    match change.production {
        // Whoever writes the word means it, whatever else they say.
        Some(false) if matches!(&change.environment, Change::Set(word) if word.is_production()) => {}
        // Another word alone makes nothing less dangerous.
        None if said && !says(table) => put_value(table, "production", Some(true.into())),
        None => {}
        Some(true) => put_value(table, "production", Some(true.into())),
        Some(false) => {
            put_value(table, "production", None);
            if says(table) {
                put(table, "environment", None);
            }
        }
    }
}

fn change_text<T: ToString>(table: &mut dyn TableLike, key: &str, change: &Change<T>) {
    match change {
        Change::Keep => {}
        Change::Clear => put(table, key, None),
        Change::Set(new) => put(table, key, Some(new.to_string())),
    }
}

/// Puts the favourites in this order.
pub(super) fn set_favourites(document: &mut DocumentMut, order: &[Name]) {
    let table = document.entry("settings").or_insert_with(|| Item::Table(Table::new()));
    // `read` has refused a document where the section is no table.
    let table = table.as_table_like_mut().expect("a section is a table");
    put_value(table, FAVOURITES, list_of(order));
}

/// Sets a setting, or takes it away.
pub(super) fn set_setting(document: &mut DocumentMut, setting: Setting, new: Option<Value>) {
    let Some(mut new) = new else {
        if let Some(table) = document.get_mut("settings").and_then(Item::as_table_like_mut) {
            table.remove(setting.name());
        }
        return;
    };
    let table = document.entry("settings").or_insert_with(|| Item::Table(Table::new()));
    // `read` has refused a document where the section is no table.
    let table = table.as_table_like_mut().expect("a section is a table");
    // The comment behind the old value stays.
    if let Some(old) = table.get(setting.name()).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(setting.name(), Item::Value(new));
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

fn entry_mut<'a>(document: &'a mut DocumentMut, section: &str, name: &str) -> &'a mut dyn TableLike {
    let section = document.entry(section).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    // `read` refuses a document where the section is no table, and puts an entry aside that is none.
    let section = section.as_table_like_mut().expect("a section is a table");
    if !section.contains_key(name) {
        section.insert(name, Item::Table(Table::new()));
    }
    section.get_mut(name).and_then(Item::as_table_like_mut).expect("an entry is a table")
}

fn put(table: &mut dyn TableLike, key: &str, text: Option<String>) {
    put_value(table, key, text.map(Value::from));
}

fn put_value(table: &mut dyn TableLike, key: &str, new: Option<Value>) {
    match new {
        // An unchanged value keeps its own line as the person wrote it, comment included.
        Some(new) if table.get(key).is_some_and(|old| is_same(old, &new)) => {}
        Some(mut new) => {
            if let Some(old) = table.get(key).and_then(Item::as_value) {
                *new.decor_mut() = old.decor().clone();
            }
            table.insert(key, value(new));
        }
        None => {
            table.remove(key);
        }
    }
}

/// Whether an item says the same as a value, however it is written.
fn is_same(old: &Item, new: &Value) -> bool {
    match new {
        Value::String(text) => old.as_str() == Some(text.value()),
        Value::Boolean(flag) => old.as_bool() == Some(*flag.value()),
        Value::Array(items) => old.as_array().is_some_and(|old| {
            old.len() == items.len() && old.iter().zip(items).all(|(old, new)| old.as_str() == new.as_str())
        }),
        Value::InlineTable(entries) => old.as_table_like().is_some_and(|old| {
            old.len() == entries.len()
                && entries.iter().all(|(key, new)| old.get(key).and_then(Item::as_str) == new.as_str())
        }),
        Value::Integer(_) | Value::Float(_) | Value::Datetime(_) => false,
    }
}
