//! The start at login as the setting wants it: the system's entry follows the catalog.

use std::path::PathBuf;

use guise_core::adapters::login::{AtLogin, LoginEntry};
use guise_core::catalog::Settings;
use guise_core::failure::Failure;
use guise_core::home::Home;

/// The entry that starts this program when the person signs in.
pub(crate) struct LoginSetting {
    entry: LoginEntry,
    program: Option<PathBuf>,
}

impl LoginSetting {
    /// The entry of a home.
    pub(crate) fn new(home: &Home) -> Self {
        // Asked now: later the program may have been replaced by a newer one, and be known as deleted.
        LoginSetting { entry: LoginEntry::of(home), program: std::env::current_exe().ok() }
    }

    /// Makes the entry what the settings say.
    pub(crate) fn follow(&self, settings: &Settings) {
        let followed = match &self.program {
            Some(program) if settings.start_at_login => self.entry.write(program).map(Some),
            None if settings.start_at_login => Err(Failure::desktop_not_installed()),
            Some(_) | None => self.entry.remove().map(|_| None),
        };
        match followed {
            Ok(Some(AtLogin::SwitchedOff)) => {
                tracing::info!(
                    "the start at login is switched off in the desktop's own settings, and stays so"
                );
            }
            Ok(Some(AtLogin::Starts) | None) => {}
            Err(failure) => {
                tracing::error!(code = ?failure.code, "the start at login is not as the setting wants it");
            }
        }
    }
}
