//! The catalog as a document, changed in place so that comments and unknown keys stay.

use toml_edit::{DocumentMut, Item, Table, TableLike, Value, value};

use super::{Name, Role, Setting, Source};

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

fn entry_mut<'a>(document: &'a mut DocumentMut, section: &str, name: &Name) -> &'a mut dyn TableLike {
    let section = document.entry(section).or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    // `read` refuses a document where the section is no table, and puts an entry aside that is none.
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
