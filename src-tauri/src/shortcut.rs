//! The keys that open the switcher from wherever the person is: had from the system as the setting wants them, and let go when it
//! wants others. Without them Guise works all the same.

#[cfg_attr(target_os = "linux", path = "shortcut/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "shortcut/elsewhere.rs")]
mod system;

#[cfg(target_os = "linux")]
pub(crate) use system::portal;

use guise_core::app::AppHandle;
use guise_core::catalog::Settings;
use guise_core::shortcut::Shortcut;
use guise_core::view::{Intent, ShortcutView, WindowName};
use tokio::sync::watch;

use crate::activation::LastClick;

/// The keys that the settings want.
pub(crate) type Wanted = watch::Receiver<Option<Shortcut>>;

/// Passes on what the settings want.
pub(crate) struct ShortcutSetting(watch::Sender<Option<Shortcut>>);

impl ShortcutSetting {
    /// Nothing yet, and a way to hear of it.
    pub(crate) fn new() -> (Self, Wanted) {
        let (sender, wanted) = watch::channel(None);
        (ShortcutSetting(sender), wanted)
    }

    /// Wants what the settings say.
    pub(crate) fn follow(&self, settings: &Settings) {
        self.0.send_if_modified(|keys| {
            let changed = *keys != settings.shortcut;
            keys.clone_from(&settings.shortcut);
            changed
        });
    }
}

/// Carries presses to the application, and what became of the keys.
#[derive(Clone)]
pub(crate) struct Presses {
    app: AppHandle,
    click: LastClick,
}

impl Presses {
    pub(crate) fn new(app: AppHandle, click: LastClick) -> Self {
        Presses { app, click }
    }

    fn pressed(&self, activation: Option<String>) {
        self.click.put(activation);
        self.app.click(Intent::ShowWindow(WindowName::Switcher));
    }

    fn became(&self, shortcut: ShortcutView) {
        if let ShortcutView::Failed { failure } = &shortcut {
            tracing::warn!(code = ?failure.code, "{}", failure.message);
        }
        self.app.shortcut(shortcut);
    }
}

/// Begins to hold the keys. Must be called within the runtime, on the main thread.
pub(crate) fn start(tauri: &tauri::App, wanted: Wanted, presses: Presses) {
    system::start(tauri, wanted, presses);
}
