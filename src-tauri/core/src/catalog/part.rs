//! The part of a text that is one role's own: a large catalog is changed there, and nowhere else.

use std::ops::Range;

use toml_edit::DocumentMut;

use super::read::read;
use super::{Catalog, Name, Role, document};

/// The text with a role of it changed. `text` must be a catalog that can be read, and `role` what one of its usable
/// roles becomes; `None` where the role is not written as a table with a head of its own.
///
/// The part ends before the next line that could begin another table, so it holds no other; it is read by itself
/// before and after, and must say nothing but this role. So the whole can be read, if it could before.
pub(super) fn with_role(text: &str, name: &Name, role: &Role) -> Option<String> {
    let range = part(text, name)?;
    let mut document: DocumentMut = text[range.clone()].parse().ok()?;
    if !document.get("roles")?.get(name.as_str())?.is_table() {
        return None;
    }
    document::set_role(&mut document, name, role);
    let changed = document.to_string();
    let alone = Catalog { roles: [(name.clone(), role.clone())].into(), ..Catalog::default() };
    if read(&changed).ok()? != alone {
        return None;
    }
    Some([&text[..range.start], &changed, &text[range.end..]].concat())
}

/// Where a role's table is, from its head to the next.
fn part(text: &str, name: &Name) -> Option<Range<usize>> {
    // In a text over several lines, anything could look like the head of a table.
    if text.contains("\"\"\"") || text.contains("'''") {
        return None;
    }
    let plain = name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let head = match name.as_str() {
        _ if plain => format!("[roles.{name}]"),
        other if !other.contains(['"', '\\']) => format!("[roles.\"{name}\"]"),
        _ => return None,
    };
    let start = text.match_indices(&head).map(|(place, _)| place).find(|place| begins_line(text, *place))?;
    let next = text[start + 1..].match_indices('[').map(|(place, _)| start + 1 + place);
    let end = next.into_iter().find(|place| begins_line(text, *place)).map_or(text.len(), |place| {
        // With what stands before it on its line.
        text[..place].rfind('\n').map_or(place, |feed| feed + 1)
    });
    Some(start..end)
}

/// Whether nothing but space stands before a place on its line.
fn begins_line(text: &str, place: usize) -> bool {
    let line = text[..place].rsplit('\n').next().unwrap_or_default();
    line.chars().all(|each| each == ' ' || each == '\t')
}
