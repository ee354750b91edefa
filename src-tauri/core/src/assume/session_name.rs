//! A session name with blanks that are filled in when a role is assumed.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::failure::Failure;
use crate::session::SessionName;

/// A session name as the catalog has it: what STS takes, and `{user}`, `{host}` and `{date}` where those are filled in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionNameTemplate(String);

/// What the blanks are filled with. What STS does not take of it becomes a dash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filling {
    /// The source's user.
    pub user: String,
    /// This computer.
    pub host: String,
    /// Today.
    pub date: Date,
}

const BLANKS: [&str; 3] = ["{user}", "{host}", "{date}"];

impl SessionNameTemplate {
    /// The text with its blanks.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name with its blanks filled, cut to the 64 characters that STS takes.
    pub fn filled(&self, filling: &Filling) -> SessionName {
        let filled = self
            .0
            .replace("{user}", &filling.user)
            .replace("{host}", &filling.host)
            .replace("{date}", &filling.date.to_string());
        SessionName::from_user(&filled)
    }
}

impl fmt::Display for SessionNameTemplate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for SessionNameTemplate {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        // Each blank stands for at least two characters, so that what is left must be a name by itself.
        let plain = BLANKS.iter().fold(text.to_owned(), |text, blank| text.replace(blank, "--"));
        plain.parse::<SessionName>().map_err(|_| Failure::malformed_session_name(text))?;
        Ok(SessionNameTemplate(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filling() -> Filling {
        Filling {
            user: "ada".into(),
            host: "analytical engine".into(),
            date: jiff::civil::date(2026, 11, 25),
        }
    }

    #[test]
    fn blanks_are_filled() {
        for (text, name) in [
            ("ada", "ada"),
            ("{user}", "ada"),
            ("{user}@{host}", "ada@analytical-engine"),
            ("{date}-{user}", "2026-11-25-ada"),
            ("{user}{user}", "adaada"),
        ] {
            assert_eq!(text.parse::<SessionNameTemplate>().unwrap().filled(&filling()).as_str(), name);
        }
    }

    #[test]
    fn what_cannot_become_a_name_is_refused() {
        for text in ["", "a", "{who}", "a b", "{user", "{user}:{date}", &"a".repeat(65)] {
            assert!(text.parse::<SessionNameTemplate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_filled_name_is_always_one() {
        let long =
            Filling { user: "ü".repeat(80), host: String::new(), date: jiff::civil::date(2026, 1, 1) };
        for text in ["{user}", "{host}", "{host}{user}{date}"] {
            let name = text.parse::<SessionNameTemplate>().unwrap().filled(&long);
            assert!(name.as_str().parse::<SessionName>().is_ok(), "{name}");
        }
    }
}
