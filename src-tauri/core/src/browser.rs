//! Which browser opens the console: one that the system knows by name. A name is no command, and is resolved by the system's own list.

use std::fmt;
use std::str::FromStr;

use crate::failure::Failure;

/// What stands for the system's own choice.
pub const SYSTEM: &str = "system";
/// No name of a browser is longer.
const LONGEST: usize = 128;

/// A browser by the name that the system has for it: of its desktop entry on Linux, its bundle on macOS, its registration on Windows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BrowserName(String);

impl BrowserName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a person wants: the system's own choice, or a browser.
    pub fn wanted(text: &str) -> Result<Option<BrowserName>, Failure> {
        if text == SYSTEM { Ok(None) } else { text.parse().map(Some) }
    }
}

impl fmt::Display for BrowserName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for BrowserName {
    type Err = Failure;

    fn from_str(text: &str) -> Result<BrowserName, Failure> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._- ".contains(&byte);
        let is_name = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(plain)
            && text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && !text.contains("..");
        if is_name {
            Ok(BrowserName(text.to_owned()))
        } else {
            Err(Failure::malformed_setting(
                "browser",
                text,
                "system, or a browser by the name that this computer has for it",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_no_command() {
        for name in ["firefox", "firefox-esr", "org.mozilla.firefox", "Google Chrome", "chromium_2"] {
            assert_eq!(name.parse::<BrowserName>().unwrap().as_str(), name);
        }
        for text in [
            "",
            "/usr/bin/firefox",
            "../firefox",
            "a..b",
            "-x",
            " x",
            "sh;x",
            "firefox\n",
            "a\u{202e}b",
            &"a".repeat(129),
        ] {
            assert!(text.parse::<BrowserName>().is_err(), "{text:?}");
        }
        assert_eq!(BrowserName::wanted("system").unwrap(), None);
    }
}
