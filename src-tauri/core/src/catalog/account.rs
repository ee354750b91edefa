//! What the person says about an account: its name, its marks, and how much mistakes there hurt.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Change, Name};
use crate::failure::{Failure, is_unprintable, shown};

/// What the person says about an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Their name for it.
    pub name: Option<String>,
    /// Its colour; one that follows from its digits where `None`.
    pub colour: Option<Colour>,
    /// What it is for.
    pub environment: Option<Environment>,
    /// Whether mistakes there hurt: its environment is production, or the person says so apart.
    pub production: bool,
}

/// What to change about an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// Another name.
    pub name: Change<Name>,
    /// Another colour.
    pub colour: Change<Colour>,
    /// Another environment.
    pub environment: Change<Environment>,
    /// Whether mistakes there hurt.
    pub production: Option<bool>,
}

/// One of eight colours that stay apart for colour-blind people; the windows' `tokens.css` has their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "a colour's name says it")]
pub enum Colour {
    Blue,
    Orange,
    Green,
    Pink,
    Teal,
    Yellow,
    Violet,
    Brown,
}

impl Colour {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Colour; 8] = [
        Colour::Blue,
        Colour::Orange,
        Colour::Green,
        Colour::Pink,
        Colour::Teal,
        Colour::Yellow,
        Colour::Violet,
        Colour::Brown,
    ];

    /// The name in the catalog and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Colour::Blue => "blue",
            Colour::Orange => "orange",
            Colour::Green => "green",
            Colour::Pink => "pink",
            Colour::Teal => "teal",
            Colour::Yellow => "yellow",
            Colour::Violet => "violet",
            Colour::Brown => "brown",
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Colour {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Colour, Failure> {
        let named = Colour::ALL.into_iter().find(|colour| colour.as_str() == text);
        named.ok_or_else(|| Failure::unknown_colour(text))
    }
}

/// What an account is for, in a short word of the person's own: `dev`, `staging`, `production`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Environment(String);

impl Environment {
    /// It is drawn as a badge beside a name.
    const LONGEST: usize = 20;

    /// The environment where mistakes hurt.
    pub const PRODUCTION: &'static str = "production";

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether mistakes there hurt, by the word alone.
    pub fn is_production(&self) -> bool {
        Self::says_production(&self.0)
    }

    /// The same of a word as it stands in a catalog, whatever the case of its letters.
    pub(super) fn says_production(word: &str) -> bool {
        word.trim().eq_ignore_ascii_case(Self::PRODUCTION)
    }

    /// The word as a hand-written catalog has it, made fit to be shown; `None` where nothing of it is.
    pub(super) fn read(text: &str) -> Option<Environment> {
        let short: String = shown(text.trim()).chars().take(Self::LONGEST).collect();
        let short = short.trim();
        (!short.is_empty()).then(|| Environment(short.to_owned()))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Environment {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Environment, Failure> {
        let valid = (1..=Self::LONGEST).contains(&text.chars().count())
            && text.trim() == text
            && !text.chars().any(is_unprintable);
        if valid { Ok(Environment(text.to_owned())) } else { Err(Failure::malformed_environment(text)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_known_by_its_name_and_no_other() {
        for colour in Colour::ALL {
            assert_eq!(colour.as_str().parse::<Colour>().unwrap(), colour);
        }
        let failure = "red".parse::<Colour>().unwrap_err();
        assert!(failure.hint.unwrap().contains("blue, orange, green"));
    }

    #[test]
    fn an_environment_is_a_short_word_and_one_by_hand_is_cut_to_it() {
        for text in ["dev", "staging", "PCI / EU", "größe", "بيئة"] {
            assert_eq!(text.parse::<Environment>().unwrap().as_str(), text);
        }
        for text in ["", " dev", "a\nb", "a\u{202e}b", &"x".repeat(21)] {
            assert!(text.parse::<Environment>().is_err(), "{text:?}");
        }
        assert_eq!(Environment::read(" \u{202e}"), None);
        assert_eq!(Environment::read(&"x".repeat(50)).unwrap().as_str().len(), 20);
        assert!(Environment::read("production").unwrap().is_production());
    }
}
