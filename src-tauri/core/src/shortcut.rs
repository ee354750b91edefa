//! A key and what is held down with it: what opens the switcher from wherever the person is.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::failure::Failure;

/// The word for having no shortcut.
pub const NONE: &str = "none";

/// Something that is held down while a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modifier {
    /// Control.
    Ctrl,
    /// Alt, which is Option on a Mac.
    Alt,
    /// Shift.
    Shift,
    /// The key with a logo: Command on a Mac.
    Super,
}

impl Modifier {
    /// All of them, in the order in which they are said.
    pub const ALL: [Modifier; 4] = [Modifier::Ctrl, Modifier::Alt, Modifier::Shift, Modifier::Super];

    const fn word(self) -> &'static str {
        match self {
            Modifier::Ctrl => "Ctrl",
            Modifier::Alt => "Alt",
            Modifier::Shift => "Shift",
            Modifier::Super => "Super",
        }
    }

    fn of(word: &str) -> Option<Modifier> {
        match word.to_ascii_lowercase().as_str() {
            "ctrl" | "control" => Some(Modifier::Ctrl),
            "alt" | "option" | "opt" => Some(Modifier::Alt),
            "shift" => Some(Modifier::Shift),
            "super" | "cmd" | "command" | "win" | "windows" | "meta" | "logo" => Some(Modifier::Super),
            _ => None,
        }
    }
}

/// A key that every keyboard has in some place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A letter from `A` to `Z`, or a digit.
    Sign(char),
    /// F1 to F24.
    Function(u8),
    /// A key with a name.
    Named(&'static str),
}

/// The named keys that can open something: not those that end, enter or erase.
const NAMED: [&str; 11] =
    ["Space", "Tab", "Insert", "Home", "End", "PageUp", "PageDown", "Up", "Down", "Left", "Right"];

impl Key {
    fn of(word: &str) -> Option<Key> {
        let mut letters = word.chars();
        if let (Some(sign), None) = (letters.next(), letters.next()) {
            return sign.is_ascii_alphanumeric().then(|| Key::Sign(sign.to_ascii_uppercase()));
        }
        if let Some(named) = NAMED.into_iter().find(|name| name.eq_ignore_ascii_case(word)) {
            return Some(Key::Named(named));
        }
        let number = word.strip_prefix(['f', 'F'])?;
        let is_plain = number.bytes().all(|digit| digit.is_ascii_digit()) && !number.starts_with('0');
        let number: u8 = number.parse().ok().filter(|_| is_plain)?;
        (1..=24).contains(&number).then_some(Key::Function(number))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Sign(sign) => write!(out, "{sign}"),
            Key::Function(number) => write!(out, "F{number}"),
            Key::Named(name) => out.write_str(name),
        }
    }
}

/// A key with what is held down. Written `Ctrl+Alt+Space`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shortcut {
    modifiers: BTreeSet<Modifier>,
    key: Key,
}

impl Shortcut {
    /// What is held down, in the order in which it is said.
    pub fn modifiers(&self) -> impl Iterator<Item = Modifier> {
        self.modifiers.iter().copied()
    }

    /// The key that is pressed.
    pub fn key(&self) -> Key {
        self.key
    }

    /// What a person wants who wrote this: `none`, or nothing at all, is no shortcut.
    pub fn wanted(text: &str) -> Result<Option<Shortcut>, Failure> {
        let text = text.trim();
        if text.is_empty() || text.eq_ignore_ascii_case(NONE) {
            return Ok(None);
        }
        text.parse().map(Some)
    }

    /// Ctrl+Alt+Space, which no common desktop takes.
    pub fn usual() -> Shortcut {
        Shortcut { modifiers: BTreeSet::from([Modifier::Ctrl, Modifier::Alt]), key: Key::Named("Space") }
    }
}

impl fmt::Display for Shortcut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for modifier in self.modifiers() {
            write!(out, "{}+", modifier.word())?;
        }
        write!(out, "{}", self.key)
    }
}

impl FromStr for Shortcut {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Shortcut, Failure> {
        let malformed = || Failure::malformed_shortcut(text);
        let mut words: Vec<&str> = text.split('+').map(str::trim).collect();
        let key = words.pop().and_then(Key::of).ok_or_else(malformed)?;
        let modifiers: Option<BTreeSet<Modifier>> = words.into_iter().map(Modifier::of).collect();
        let modifiers = modifiers.ok_or_else(malformed)?;
        // What is typed in every program must stay with them.
        let is_typed = !modifiers.iter().any(|modifier| *modifier != Modifier::Shift);
        if is_typed && !matches!(key, Key::Function(_)) {
            return Err(Failure::shortcut_is_typed(text));
        }
        // The keys of the clipboard and of taking back: whoever gave them away could not type an address any more.
        let is_plain_ctrl = modifiers.iter().eq([Modifier::Ctrl].iter());
        if is_plain_ctrl && matches!(key, Key::Sign('A' | 'C' | 'V' | 'X' | 'Z')) {
            return Err(Failure::shortcut_is_typed(text));
        }
        Ok(Shortcut { modifiers, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcut_is_read_however_it_is_written_and_said_in_one_way() {
        for (text, said) in [
            ("Ctrl+Alt+Space", "Ctrl+Alt+Space"),
            (" alt + control + SPACE ", "Ctrl+Alt+Space"),
            ("cmd+shift+k", "Shift+Super+K"),
            ("Option+1", "Alt+1"),
            ("F12", "F12"),
            ("shift+f1", "Shift+F1"),
            ("win+pageup", "Super+PageUp"),
        ] {
            let shortcut: Shortcut = text.parse().unwrap();
            assert_eq!(shortcut.to_string(), said);
            assert_eq!(said.parse::<Shortcut>().unwrap(), shortcut);
        }
        assert_eq!(Shortcut::usual().to_string(), "Ctrl+Alt+Space");
        assert_eq!("ctrl+alt+space".parse::<Shortcut>().unwrap(), Shortcut::usual());
    }

    #[test]
    fn what_is_no_shortcut_is_refused_and_so_is_what_people_type() {
        for text in
            ["Ctrl", "Ctrl+", "+", "Ctrl+Alt", "Hyper+K", "Ctrl+F25", "Ctrl+F01", "Ctrl+ä", "Ctrl+K+K"]
        {
            let failure = text.parse::<Shortcut>().unwrap_err();
            assert!(failure.message.contains("is not a shortcut"), "{text}: {failure}");
        }
        for text in ["k", "Shift+K", "Space", "7", "Tab", "ctrl+c", "Ctrl+V"] {
            let failure = text.parse::<Shortcut>().unwrap_err();
            assert!(failure.message.contains("typed in every program"), "{text}: {failure}");
        }
    }

    #[test]
    fn none_is_a_wish_too() {
        for text in ["", " ", "none", "None"] {
            assert_eq!(Shortcut::wanted(text).unwrap(), None);
        }
        assert_eq!(Shortcut::wanted("F9").unwrap().unwrap().to_string(), "F9");
        assert!(Shortcut::wanted("nothing").is_err());
    }
}
