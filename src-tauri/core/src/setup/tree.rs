//! A policy as a tree in the order that it was written in, so that other languages can say it.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A node of a policy; there is nothing but text in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// The tree of a policy of ours.
    pub(super) fn of(policy: &str) -> Tree {
        serde_json::from_str(policy).unwrap_or(Tree::Map(Vec::new()))
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("text, a list or a map")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(each) = all.next_element()? {
            list.push(each);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Tree, A::Error> {
        let mut map = Vec::new();
        while let Some(each) = all.next_entry()? {
            map.push(each);
        }
        Ok(Tree::Map(map))
    }
}
