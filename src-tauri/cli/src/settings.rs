//! `guise settings`: how Guise behaves. A running agent sees each change by itself.

use std::path::{Path, PathBuf};

use guise_core::adapters::login::{AtLogin, LoginEntry};
use guise_core::catalog::{CatalogFile, EntryKind, Setting, Settings};
use guise_core::failure::Failure;
use guise_core::home::Home;
use serde_json::{Map, Value};

use crate::arguments::SettingsCommand;
use crate::catalog::catalog;
use crate::say;

pub(crate) fn run(home: &Home, command: &SettingsCommand) -> Result<(), Failure> {
    match (command.name, &command.value) {
        (None, _) => list(&seen(home), command.json),
        (Some(setting), None) => say::data(&setting.shown(&seen(home))),
        (Some(setting), Some(value)) => set(home, setting, value),
    }
}

fn seen(home: &Home) -> Settings {
    let seen = catalog(home);
    seen.warn_of_unusable(EntryKind::Setting);
    seen.catalog.settings
}

fn list(settings: &Settings, json: bool) -> Result<(), Failure> {
    if json {
        let all = Setting::ALL.map(|setting| (setting.name().to_owned(), value(setting, settings)));
        return say::data(&format!("{:#}", Value::from(Map::from_iter(all))));
    }
    let row = |setting: Setting| vec![setting.name().to_owned(), setting.shown(settings)];
    say::data(&say::table(&Setting::ALL.map(row)))
}

fn value(setting: Setting, settings: &Settings) -> Value {
    match setting {
        Setting::ClipboardSeconds => settings.clipboard_clear.as_secs().into(),
        Setting::CredentialsFormat => settings.credentials_format.as_str().into(),
        Setting::StartAtLogin => settings.start_at_login.into(),
        Setting::Fips => settings.hosts.fips.into(),
        Setting::DualStack => settings.hosts.dual_stack.into(),
        Setting::SecondRegion => settings.second_region.as_ref().map(ToString::to_string).into(),
        Setting::ProductionConfirm => settings.production_confirm.to_string().into(),
        Setting::ProductionDuration => settings.production_duration.seconds().into(),
        Setting::ProductionReadOnly => settings.production_read_only.into(),
        Setting::Shortcut => settings.shortcut.as_ref().map(ToString::to_string).into(),
        Setting::KeepSwitcherWarm => settings.keep_switcher_warm.into(),
        Setting::Notifications => settings.notifications.to_string().into(),
        Setting::Theme => settings.theme.to_string().into(),
        Setting::Browser => setting.shown(settings).into(),
    }
}

fn set(home: &Home, setting: Setting, value: &str) -> Result<(), Failure> {
    // Asked before anything is changed.
    let tray = if setting == Setting::StartAtLogin && value == "true" { Some(tray()?) } else { None };
    let settings = CatalogFile::in_home(home).set_setting(setting, value)?.settings;
    say::words(&format!("{} is {}", setting.name(), setting.shown(&settings)));
    if setting != Setting::StartAtLogin {
        return Ok(());
    }
    // The agent of a desktop does the same as soon as it sees the change; where none runs, nobody else would.
    let entry = LoginEntry::of(home);
    match tray {
        Some(tray) => {
            if entry.write(&tray)? == AtLogin::SwitchedOff {
                let place = entry.place().unwrap_or_default();
                say::words(&format!(
                    "the desktop's own settings switch it off all the same, and that stays: `{place}`"
                ));
            }
        }
        None => {
            entry.remove()?;
        }
    }
    Ok(())
}

/// The tray's program: beside this one, as it is installed, else on `PATH`.
fn tray() -> Result<PathBuf, Failure> {
    let name = format!("guise-desktop{}", std::env::consts::EXE_SUFFIX);
    let own = std::env::current_exe().ok();
    let beside = own.as_deref().and_then(Path::parent).map(Path::to_owned);
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        beside.into_iter().chain(std::env::split_paths(&on_path).filter(|folder| folder.is_absolute()));
    let mut programs = folders.map(|folder| folder.join(&name));
    programs.find(|program| program.is_file()).ok_or_else(Failure::desktop_not_installed)
}
