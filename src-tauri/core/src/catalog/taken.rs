//! What stood in the catalog before an edit, comments and unknown keys included, so that the edit can be taken back.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, Key, Table};

use super::{Catalog, Name};
use crate::failure::Failure;

/// What stood there before an edit.
#[derive(Clone, Debug)]
pub struct Taken(What);

#[derive(Clone, Debug)]
enum What {
    /// Roles that it removed or changed. They can be put back whatever else has changed since.
    Roles(Vec<TakenRole>),
    /// The whole text, and what the edit made of it.
    Text { before: String, after: String },
}

#[derive(Clone, Debug)]
struct TakenRole {
    name: Name,
    key: Key,
    item: Item,
    /// What became of it.
    was: Was,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Was {
    Removed,
    /// By this edit, in the place that it has.
    Changed,
}

impl Taken {
    /// What an edit removed from this text.
    pub(super) fn removed(text: &str, names: &[Name]) -> Taken {
        Taken::of(text, names, Was::Removed)
    }

    /// What an edit changed in this text.
    pub(super) fn changed(text: &str, names: &[Name]) -> Taken {
        Taken::of(text, names, Was::Changed)
    }

    fn of(text: &str, names: &[Name], was: Was) -> Taken {
        // The text has just been read for the edit.
        let document: DocumentMut = text.parse().unwrap_or_default();
        let section = document.get("roles").and_then(Item::as_table_like);
        let taken = |name: &Name| {
            let (key, item) = section?.get_key_value(name.as_str())?;
            Some(TakenRole { name: name.clone(), key: key.clone(), item: item.clone(), was })
        };
        Taken(What::Roles(names.iter().filter_map(taken).collect()))
    }

    /// An edit that made this text of that.
    pub(super) fn text(before: String, after: String) -> Taken {
        Taken(What::Text { before, after })
    }

    /// The whole text as it was, where the edit is kept so; it must still be the last.
    pub(super) fn text_before(&self, text: &str) -> Option<Result<String, Failure>> {
        match &self.0 {
            What::Roles(_) => None,
            What::Text { before, after } if text == after => Some(Ok(before.clone())),
            What::Text { .. } => Some(Err(Failure::changed_since())),
        }
    }

    /// How many roles it holds by themselves.
    pub fn len(&self) -> usize {
        self.roles().len()
    }

    /// Whether it holds no role by itself.
    pub fn is_empty(&self) -> bool {
        self.roles().is_empty()
    }

    fn roles(&self) -> &[TakenRole] {
        match &self.0 {
            What::Roles(roles) => roles,
            What::Text { .. } => &[],
        }
    }

    /// Puts everything back where it stood. What was removed must not be there again, and what was changed must
    /// still be.
    pub(super) fn put_back(&self, document: &mut DocumentMut, catalog: &Catalog) -> Result<(), Failure> {
        for role in self.roles() {
            let is_there = catalog.has_role(&role.name);
            match role.was {
                Was::Removed if is_there => return Err(Failure::role_exists(role.name.as_str())),
                Was::Changed if !is_there => return Err(Failure::unknown_role(role.name.as_str())),
                Was::Removed | Was::Changed => {}
            }
        }
        self.make_room(document.as_table_mut());
        let section = document.entry("roles").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        // `read` has refused a document where the section is no table.
        let section = section.as_table_like_mut().expect("a section is a table");
        for role in self.roles() {
            let mut item = role.item.clone();
            match (role.was, section.get_mut(role.name.as_str())) {
                (Was::Changed, Some(now)) => {
                    if let (Item::Table(table), Some(place)) = (&mut item, place_of(now)) {
                        table.set_position(Some(place));
                        forget_places(table);
                    }
                    *now = item;
                }
                (Was::Changed, None) | (Was::Removed, _) => {
                    section.entry_format(&role.key).or_insert(item);
                }
            }
        }
        Ok(())
    }

    /// Numbers the tables of a document as they were while those that were removed stood among them.
    fn make_room(&self, root: &mut Table) {
        let mut missing = BTreeSet::new();
        for role in self.roles().iter().filter(|role| role.was == Was::Removed) {
            if let Item::Table(table) = &role.item {
                each_place(table, &mut |place| {
                    missing.insert(place);
                });
            }
        }
        if !missing.is_empty() {
            let missing: Vec<isize> = missing.into_iter().collect();
            renumber(root, &|place| {
                missing.iter().fold(place, |place, gone| place + isize::from(place >= *gone))
            });
        }
    }
}

fn place_of(item: &Item) -> Option<isize> {
    item.as_table().and_then(Table::position)
}

/// Has the tables within a table follow it wherever it stands.
fn forget_places(table: &mut Table) {
    for (_, item) in table.iter_mut() {
        if let Item::Table(inner) = item {
            inner.set_position(None);
            forget_places(inner);
        }
    }
}

fn each_place(table: &Table, seen: &mut impl FnMut(isize)) {
    if let Some(place) = table.position() {
        seen(place);
    }
    for (_, item) in table {
        if let Item::Table(inner) = item {
            each_place(inner, seen);
        }
    }
}

fn renumber(table: &mut Table, becomes: &impl Fn(isize) -> isize) {
    if let Some(place) = table.position() {
        table.set_position(Some(becomes(place)));
    }
    for (_, item) in table.iter_mut() {
        match item {
            Item::Table(inner) => renumber(inner, becomes),
            Item::ArrayOfTables(all) => all.iter_mut().for_each(|inner| renumber(inner, becomes)),
            Item::None | Item::Value(_) => {}
        }
    }
}
