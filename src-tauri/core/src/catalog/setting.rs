//! One setting: its name in the catalog, how its value is typed and how it is shown.

use std::ops::RangeInclusive;
use std::str::FromStr;

use toml_edit::Value;

use super::Settings;
use crate::failure::Failure;
use crate::output::Format;

/// How long a copy may stay on the clipboard.
pub(super) const CLIPBOARD_SECONDS: RangeInclusive<u64> = 5..=600;

/// A setting of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// How long a copy stays on the clipboard.
    ClipboardSeconds,
    /// How credentials are written where nothing else is asked for.
    CredentialsFormat,
    /// Whether the tray starts when the person signs in.
    StartAtLogin,
}

impl Setting {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Setting; 3] =
        [Setting::ClipboardSeconds, Setting::CredentialsFormat, Setting::StartAtLogin];

    /// The name in the catalog and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Setting::ClipboardSeconds => "clipboard_seconds",
            Setting::CredentialsFormat => "credentials_format",
            Setting::StartAtLogin => "start_at_login",
        }
    }

    /// What it is now, as it is typed.
    pub fn shown(self, settings: &Settings) -> String {
        match self {
            Setting::ClipboardSeconds => settings.clipboard_clear.as_secs().to_string(),
            Setting::CredentialsFormat => settings.credentials_format.to_string(),
            Setting::StartAtLogin => settings.start_at_login.to_string(),
        }
    }

    /// The value that a text means.
    pub(super) fn read(self, text: &str) -> Result<Value, Failure> {
        let refused = |takes: &str| Failure::malformed_setting(self.name(), text, takes);
        match self {
            Setting::ClipboardSeconds => text
                .parse::<u64>()
                .ok()
                .filter(|seconds| CLIPBOARD_SECONDS.contains(seconds))
                .and_then(|seconds| i64::try_from(seconds).ok())
                .map(Value::from)
                .ok_or_else(|| refused("a number of seconds from 5 to 600")),
            Setting::CredentialsFormat => Ok(Value::from(text.parse::<Format>()?.to_string())),
            Setting::StartAtLogin => {
                text.parse::<bool>().map(Value::from).map_err(|_| refused("true or false"))
            }
        }
    }
}

impl FromStr for Setting {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Setting, Failure> {
        let named = Setting::ALL.into_iter().find(|setting| setting.name() == text);
        named.ok_or_else(|| Failure::unknown_setting(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_known_by_its_name_and_takes_what_it_shows() {
        for setting in Setting::ALL {
            assert_eq!(setting.name().parse::<Setting>().unwrap(), setting);
            assert!(setting.read(&setting.shown(&Settings::default())).is_ok());
            assert!(setting.read("neither of these").is_err());
        }
        assert!("colour".parse::<Setting>().is_err());
        assert!(Setting::ClipboardSeconds.read("4").is_err());
        assert!(Setting::ClipboardSeconds.read("601").is_err());
    }
}
