//! One setting: its name in the catalog, how its value is typed and how it is shown.

mod about;

pub use about::{SettingPart, SettingView, Takes};

use std::ops::RangeInclusive;
use std::str::FromStr;

use toml_edit::Value;

use super::{Confirmation, Notifications, Settings, Theme};
use crate::arn::Region;
use crate::browser::{self, BrowserName};
use crate::failure::Failure;
use crate::output::Format;
use crate::session::SessionDuration;
use crate::shortcut::{self, Shortcut};

/// How long a copy may stay on the clipboard.
pub(super) const CLIPBOARD_SECONDS: RangeInclusive<u64> = 5..=600;

/// A setting of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Which browser opens the console.
    Browser,
    /// How long a copy stays on the clipboard.
    ClipboardSeconds,
    /// How credentials are written where nothing else is asked for.
    CredentialsFormat,
    /// Whether the tray starts when the person signs in.
    StartAtLogin,
    /// Whether AWS's FIPS hosts are asked.
    Fips,
    /// Whether AWS's dual-stack hosts are asked.
    DualStack,
    /// Whose STS is asked where the first region's is out of order.
    SecondRegion,
    /// How a production role is confirmed.
    ProductionConfirm,
    /// The longest that a session of a production role lasts.
    ProductionDuration,
    /// Whether a production role is narrowed to reading.
    ProductionReadOnly,
    /// What opens the switcher.
    Shortcut,
    /// Whether the switcher waits out of sight.
    KeepSwitcherWarm,
    /// What the person is told while they look elsewhere.
    Notifications,
    /// Whether windows are light or dark.
    Theme,
}

impl Setting {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Setting; 14] = [
        Setting::Browser,
        Setting::ClipboardSeconds,
        Setting::CredentialsFormat,
        Setting::StartAtLogin,
        Setting::Fips,
        Setting::DualStack,
        Setting::SecondRegion,
        Setting::ProductionConfirm,
        Setting::ProductionDuration,
        Setting::ProductionReadOnly,
        Setting::Shortcut,
        Setting::KeepSwitcherWarm,
        Setting::Notifications,
        Setting::Theme,
    ];

    /// The name in the catalog and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Setting::Browser => "browser",
            Setting::ClipboardSeconds => "clipboard_seconds",
            Setting::CredentialsFormat => "credentials_format",
            Setting::StartAtLogin => "start_at_login",
            Setting::Fips => "fips",
            Setting::DualStack => "dual_stack",
            Setting::SecondRegion => "second_region",
            Setting::ProductionConfirm => "production_confirm",
            Setting::ProductionDuration => "production_duration",
            Setting::ProductionReadOnly => "production_read_only",
            Setting::Shortcut => "shortcut",
            Setting::KeepSwitcherWarm => "keep_switcher_warm",
            Setting::Notifications => "notifications",
            Setting::Theme => "theme",
        }
    }

    /// What it is now, as it is typed.
    pub fn shown(self, settings: &Settings) -> String {
        match self {
            Setting::Browser => {
                settings.browser.as_ref().map_or_else(|| browser::SYSTEM.to_owned(), ToString::to_string)
            }
            Setting::ClipboardSeconds => settings.clipboard_clear.as_secs().to_string(),
            Setting::CredentialsFormat => settings.credentials_format.to_string(),
            Setting::StartAtLogin => settings.start_at_login.to_string(),
            Setting::Fips => settings.hosts.fips.to_string(),
            Setting::DualStack => settings.hosts.dual_stack.to_string(),
            Setting::SecondRegion => {
                settings.second_region.as_ref().map_or_else(String::new, ToString::to_string)
            }
            Setting::ProductionConfirm => settings.production_confirm.to_string(),
            Setting::ProductionDuration => settings.production_duration.to_string(),
            Setting::ProductionReadOnly => settings.production_read_only.to_string(),
            Setting::Shortcut => {
                settings.shortcut.as_ref().map_or_else(|| shortcut::NONE.to_owned(), ToString::to_string)
            }
            Setting::KeepSwitcherWarm => settings.keep_switcher_warm.to_string(),
            Setting::Notifications => settings.notifications.to_string(),
            Setting::Theme => settings.theme.to_string(),
        }
    }

    /// The value that a text means.
    pub(super) fn read(self, text: &str) -> Result<Value, Failure> {
        let refused = |takes: &str| Failure::malformed_setting(self.name(), text, takes);
        match self {
            Setting::Browser => Ok(Value::from(
                BrowserName::wanted(text)?
                    .map_or_else(|| browser::SYSTEM.to_owned(), |name| name.to_string()),
            )),
            Setting::ClipboardSeconds => text
                .parse::<u64>()
                .ok()
                .filter(|seconds| CLIPBOARD_SECONDS.contains(seconds))
                .and_then(|seconds| i64::try_from(seconds).ok())
                .map(Value::from)
                .ok_or_else(|| refused("a number of seconds from 5 to 600")),
            Setting::CredentialsFormat => Ok(Value::from(text.parse::<Format>()?.to_string())),
            Setting::StartAtLogin
            | Setting::Fips
            | Setting::DualStack
            | Setting::ProductionReadOnly
            | Setting::KeepSwitcherWarm => {
                text.parse::<bool>().map(Value::from).map_err(|_| refused("true or false"))
            }
            Setting::Shortcut => Ok(Value::from(
                Shortcut::wanted(text)?.map_or_else(|| shortcut::NONE.to_owned(), |keys| keys.to_string()),
            )),
            Setting::SecondRegion => Ok(Value::from(text.parse::<Region>()?.to_string())),
            Setting::ProductionConfirm => Ok(Value::from(text.parse::<Confirmation>()?.to_string())),
            Setting::ProductionDuration => Ok(Value::from(text.parse::<SessionDuration>()?.to_string())),
            Setting::Notifications => Ok(Value::from(text.parse::<Notifications>()?.to_string())),
            Setting::Theme => Ok(Value::from(text.parse::<Theme>()?.to_string())),
        }
    }
}

/// What is typed for each value of a setting that is one of a few words.
macro_rules! words {
    ($kind:ident, $setting:ident, $takes:literal, $($value:ident = $word:literal),+) => {
        impl $kind {
            /// Every value, as it is typed.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(match self { $($kind::$value => $word),+ })
            }
        }

        impl FromStr for $kind {
            type Err = Failure;

            fn from_str(text: &str) -> Result<$kind, Failure> {
                match text {
                    $($word => Ok($kind::$value),)+
                    other => Err(Failure::malformed_setting(Setting::$setting.name(), other, $takes)),
                }
            }
        }
    };
}

words!(Confirmation, ProductionConfirm, "click or word", Click = "click", Word = "word");
words!(
    Notifications,
    Notifications,
    "all, important or none",
    All = "all",
    Important = "important",
    None = "none"
);
words!(Theme, Theme, "system, light or dark", System = "system", Light = "light", Dark = "dark");

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
            let settings = Settings { second_region: "eu-west-1".parse().ok(), ..Settings::default() };
            assert!(setting.read(&setting.shown(&settings)).is_ok());
            assert!(setting.read("neither/of these").is_err());
        }
        assert!("colour".parse::<Setting>().is_err());
        assert!(Setting::ClipboardSeconds.read("4").is_err());
        assert!(Setting::ClipboardSeconds.read("601").is_err());
    }
}
