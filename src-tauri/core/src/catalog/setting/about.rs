//! What each setting does, in a line, and what can be chosen: the one table that every list of settings is made of.

use serde::{Deserialize, Serialize};

use super::Setting;
use crate::browser::{self, BrowserName};
use crate::catalog::{Confirmation, Notifications, Settings, Theme};
use crate::output::Format;
use crate::shortcut::Shortcut;

/// What settings belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum SettingPart {
    /// What is put on the clipboard.
    Copies,
    /// Roles where mistakes hurt.
    Production,
    /// The tray, windows and notifications.
    Desktop,
    /// Where AWS is asked.
    Aws,
}

/// How a setting's value is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Takes {
    /// It is `true` or `false`.
    Switch,
    /// It is one of these.
    OneOf {
        /// What is typed for each.
        values: Vec<String>,
    },
    /// It is written.
    Text {
        /// What is written, for example.
        example: String,
    },
}

/// A setting as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct SettingView {
    /// Its name in the catalog and on the command line.
    pub name: String,
    /// What it belongs to.
    pub part: SettingPart,
    /// What it does.
    pub about: String,
    /// How its value is chosen.
    pub takes: Takes,
    /// What it is now, as it is typed.
    pub value: String,
    /// What it is where nobody set it.
    pub usual: String,
}

impl SettingView {
    /// Every setting as it is now, what belongs together side by side. The browser is one of those that are known, or the one that
    /// was chosen.
    pub fn all(settings: &Settings, browsers: &[BrowserName]) -> Vec<SettingView> {
        let usual = Settings::default();
        let of_browsers = || {
            let names = settings.browser.iter().chain(browsers).map(ToString::to_string);
            let mut values = vec![browser::SYSTEM.to_owned()];
            for name in names {
                if !values.contains(&name) {
                    values.push(name);
                }
            }
            Takes::OneOf { values }
        };
        let view = |setting: Setting| SettingView {
            name: setting.name().to_owned(),
            part: setting.part(),
            about: setting.about().to_owned(),
            takes: if setting == Setting::Browser { of_browsers() } else { setting.takes() },
            value: setting.shown(settings),
            usual: setting.shown(&usual),
        };
        Setting::ALL.map(view).to_vec()
    }
}

impl Setting {
    /// What it belongs to.
    pub fn part(self) -> SettingPart {
        match self {
            Setting::ClipboardSeconds | Setting::CredentialsFormat => SettingPart::Copies,
            Setting::Browser
            | Setting::StartAtLogin
            | Setting::Shortcut
            | Setting::KeepSwitcherWarm
            | Setting::Notifications
            | Setting::Theme => SettingPart::Desktop,
            Setting::Fips | Setting::DualStack | Setting::SecondRegion => SettingPart::Aws,
            Setting::ProductionConfirm | Setting::ProductionDuration | Setting::ProductionReadOnly => {
                SettingPart::Production
            }
        }
    }

    /// What it does, in a line.
    pub fn about(self) -> &'static str {
        match self {
            Setting::Browser => {
                "Which browser opens the console: `system`, or one that this computer knows by name"
            }
            Setting::ClipboardSeconds => {
                "For how many seconds what Guise copied stays on the clipboard, from 5 to 600"
            }
            Setting::CredentialsFormat => {
                "How copied credentials are written: for which shell, or as JSON for `credential_process`"
            }
            Setting::StartAtLogin => "The tray starts when you sign in to this computer",
            Setting::Fips => "AWS is asked at its FIPS hosts, where it has them",
            Setting::DualStack => "AWS is asked at its hosts that are reached by IPv6 too",
            Setting::SecondRegion => {
                "Where STS is asked when that of the first region does not work; empty for nowhere"
            }
            Setting::ProductionConfirm => {
                "How you say that you mean production: by a click, or by typing the role’s name"
            }
            Setting::ProductionDuration => "The longest that a session of a production role lasts",
            Setting::ProductionReadOnly => {
                "A production role is opened read-only, unless full access is asked for"
            }
            Setting::Shortcut => "The keys that open the switcher from anywhere; `none` for no keys",
            Setting::KeepSwitcherWarm => {
                "The switcher waits out of sight, so that it is there at once; it takes some memory all the time"
            }
            Setting::Notifications => {
                "What you are told while you look elsewhere: all, only what failed or waits for you, or nothing"
            }
            Setting::Theme => "Whether windows are light or dark, or follow the desktop",
        }
    }

    /// How its value is chosen.
    pub fn takes(self) -> Takes {
        let one_of =
            |values: &[&str]| Takes::OneOf { values: values.iter().map(ToString::to_string).collect() };
        let text = |example: &str| Takes::Text { example: example.to_owned() };
        match self {
            Setting::Browser => one_of(&[browser::SYSTEM]),
            Setting::ClipboardSeconds => text("45"),
            Setting::CredentialsFormat => one_of(&Format::ALL.map(Format::as_str)),
            Setting::StartAtLogin
            | Setting::Fips
            | Setting::DualStack
            | Setting::ProductionReadOnly
            | Setting::KeepSwitcherWarm => Takes::Switch,
            Setting::Shortcut => text(&Shortcut::usual().to_string()),
            Setting::SecondRegion => text("eu-central-1"),
            Setting::ProductionConfirm => one_of(Confirmation::WORDS),
            Setting::ProductionDuration => text("30m"),
            Setting::Notifications => one_of(Notifications::WORDS),
            Setting::Theme => one_of(Theme::WORDS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_can_be_chosen_is_taken_and_every_line_says_something_of_its_own() {
        let all = SettingView::all(&Settings::default(), &[]);
        for (setting, view) in Setting::ALL.into_iter().zip(&all) {
            let offered = match &view.takes {
                Takes::Switch => vec!["true".to_owned(), "false".to_owned()],
                Takes::OneOf { values } => values.clone(),
                Takes::Text { example } => vec![example.clone()],
            };
            assert!(offered.iter().all(|value| setting.read(value).is_ok()), "{offered:?}");
            assert_eq!(view.value, view.usual);
        }
        let lines: std::collections::BTreeSet<&str> = all.iter().map(|view| view.about.as_str()).collect();
        assert_eq!(lines.len(), Setting::ALL.len());
    }
}
