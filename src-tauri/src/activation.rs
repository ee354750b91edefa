//! What the desktop gives to whoever a person turned to, so that a window may come to the front for them: on Wayland a token, on
//! X11 the time of the key or click. It is good once and for a moment, and no secret.

use std::ffi::OsString;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

/// Where desktops put it for a program that they start, the newer name first.
const VARIABLES: [&str; 2] = ["XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"];

/// What this program was started with, where somebody turned to it.
pub(crate) fn of_this_start() -> Option<String> {
    let given = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    VARIABLES.iter().find_map(given)
}

/// Hands it on to a program that we start, in the place of what we were started with.
pub(crate) fn hand_on(command: &mut Command, activation: Option<&str>) {
    for name in VARIABLES {
        match activation {
            Some(value) => command.env(name, OsString::from(value)),
            None => command.env_remove(name),
        };
    }
}

/// That of the last click, until a window was shown for it.
#[derive(Clone, Default)]
pub(crate) struct LastClick(Arc<Mutex<Option<String>>>);

impl LastClick {
    /// The person clicked or pressed keys; what the desktop gave for an earlier click is of no use any more.
    pub(crate) fn put(&self, activation: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = activation;
    }

    /// Takes it for a window.
    pub(crate) fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_gets_what_was_given_for_it_and_nothing_older() {
        let mut command = Command::new("true");
        hand_on(&mut command, Some("token"));
        let given: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.is_some())).collect();
        assert_eq!(given, [("DESKTOP_STARTUP_ID".into(), true), ("XDG_ACTIVATION_TOKEN".into(), true)]);
        hand_on(&mut command, None);
        assert!(command.get_envs().all(|(_, value)| value.is_none()));
    }

    #[test]
    fn a_click_is_good_for_one_window() {
        let click = LastClick::default();
        click.put(Some("first".into()));
        click.put(Some("second".into()));
        assert_eq!(click.clone().take().as_deref(), Some("second"));
        assert_eq!(click.take(), None);
    }
}
