//! Finding a role by a few letters, or by anything of AWS's that was pasted: an index over the roles of a [`Snapshot`].
//!
//! The window's own process has the index and asks it, so that a key that is pressed never waits for the agent, and a page is
//! given the rows that it draws and no others.
//!
//! A role is found where each word that was typed stands in one of its fields: its letters in their order, with others between
//! them. The better the words stand there the higher it is; of those that are equal, what is used most and latest is above.

mod found;
mod pages;
mod pasted;
mod roles;
mod text;

pub use found::{
    Found, FoundAccount, FoundIn, FoundPage, FoundPages, FoundRole, FoundRoles, Mark, PageOrigin, PastedKind,
    PastedView, Query, Span,
};

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use self::pasted::iam_name;
use self::text::{Kind, Place, Places, Texts, Word};
use crate::view::{RoleView, Snapshot};

/// So many rows are given out; whoever sees more scrolls instead of typing a letter.
pub const MOST_ROWS: usize = 50;
/// No more words are looked for, and none in a longer text. It may have been pasted by mistake.
const MOST_WORDS: usize = 8;
const LONGEST_WORD: usize = 128;

/// What is found in: the roles of a snapshot, and what is known of their use.
#[derive(Debug, Default)]
pub struct Index {
    roles: Vec<Arc<RoleView>>,
    texts: Texts,
    /// Which texts each role has, one after another.
    fields: Vec<(FoundIn, Place)>,
    /// Where a role's own begin and end.
    own: Vec<Range<usize>>,
    /// Where each role stands among equals: what is used most and latest first, then favourites.
    standing: Vec<usize>,
    /// Pages opened lately, the latest first.
    pages: Vec<String>,
}

impl Index {
    /// An index over what a snapshot shows.
    pub fn new(snapshot: &Snapshot) -> Index {
        let mut known: HashMap<&str, usize> = HashMap::new();
        for name in snapshot.most_used.iter().chain(&snapshot.favourites) {
            let place = known.len();
            known.entry(name).or_insert(place);
        }
        let mut places = Places::default();
        let mut fields = Vec::with_capacity(snapshot.roles.len() * 5);
        let mut own = Vec::with_capacity(snapshot.roles.len());
        for role in &snapshot.roles {
            let begin = fields.len();
            let mut field = |field, kind, text| fields.push((field, places.of(kind, text)));
            field(FoundIn::Name, Kind::Letters, role.name.as_str());
            field(FoundIn::Account, Kind::Letters, role.account.name.as_str());
            field(FoundIn::Id, Kind::Digits, role.account.id.as_str());
            if iam_name(role) != role.name {
                field(FoundIn::IamName, Kind::Letters, iam_name(role));
            }
            field(FoundIn::Source, Kind::Letters, role.source.as_str());
            for tag in &role.tags {
                field(FoundIn::Tag, Kind::Letters, tag.as_str());
            }
            if let Some(environment) = &role.account.environment {
                field(FoundIn::Environment, Kind::Letters, environment.as_str());
            }
            if role.production {
                field(FoundIn::Environment, Kind::Letters, "production");
            }
            own.push(begin..fields.len());
        }
        let standing = |role: &Arc<RoleView>| known.get(role.name.as_str()).copied().unwrap_or(known.len());
        Index {
            texts: places.texts(),
            standing: snapshot.roles.iter().map(standing).collect(),
            roles: snapshot.roles.clone(),
            pages: snapshot.recent_pages.clone(),
            fields,
            own,
        }
    }

    /// What is found.
    pub fn find(&self, query: &Query) -> Found {
        match query {
            Query::Roles { text, pasted, account } => {
                Found::Roles(self.find_roles(text, pasted.as_deref(), account.as_deref()))
            }
            Query::Pages { role, text } => Found::Pages(self.find_pages(role, text)),
        }
    }
}

/// The words of what was typed.
fn words(text: &str) -> Vec<Word> {
    let words = text.split_whitespace().take(MOST_WORDS);
    words.map(|word| Word::new(word.get(..LONGEST_WORD).unwrap_or(word))).collect()
}

#[cfg(test)]
mod tests;
