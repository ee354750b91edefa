//! macOS and Windows: the system's own hot keys, which are had and let go on the main thread.

use std::cell::RefCell;

use global_hotkey::hotkey::HotKey;
use global_hotkey::{Error, GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};
use guise_core::failure::Failure;
use guise_core::shortcut::Shortcut;
use guise_core::view::ShortcutView;

use super::{Presses, Wanted};

/// What is held, and what holds it. It must not leave the main thread.
#[derive(Default)]
struct Held {
    keys: Option<GlobalHotKeyManager>,
    last: Option<HotKey>,
}

thread_local! {
    static HELD: RefCell<Held> = RefCell::default();
}

pub(super) fn start(tauri: &tauri::App, mut wanted: Wanted, presses: Presses) {
    let pressed = presses.clone();
    GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
        if event.state() == HotKeyState::Pressed {
            pressed.pressed(None);
        }
    }));
    let app = tauri.handle().clone();
    tokio::spawn(async move {
        loop {
            let keys = wanted.borrow_and_update().clone();
            let presses = presses.clone();
            let held = app.run_on_main_thread(move || {
                presses.became(HELD.with_borrow_mut(|held| held.hold(keys.as_ref())));
            });
            if held.is_err() || wanted.changed().await.is_err() {
                return;
            }
        }
    });
}

impl Held {
    /// Lets go of what is held, and holds this.
    fn hold(&mut self, keys: Option<&Shortcut>) -> ShortcutView {
        if let (Some(manager), Some(last)) = (&self.keys, self.last.take()) {
            // What the system has let go already is not held either.
            let _ = manager.unregister(last);
        }
        let Some(keys) = keys else { return ShortcutView::Off };
        match self.register(keys) {
            Ok(()) => ShortcutView::Works { keys: keys.to_string() },
            Err(Error::AlreadyRegistered(_)) => {
                ShortcutView::Failed { failure: Failure::shortcut_taken(&keys.to_string()) }
            }
            Err(error) => ShortcutView::Failed {
                failure: Failure::shortcut_refused(&keys.to_string(), &error.to_string()),
            },
        }
    }

    fn register(&mut self, keys: &Shortcut) -> Result<(), Error> {
        let hot_key: HotKey =
            keys.to_string().parse().map_err(|_| Error::UnrecognizedHotKeyCode(keys.to_string()))?;
        let manager = match self.keys.take() {
            Some(manager) => manager,
            None => GlobalHotKeyManager::new()?,
        };
        let registered = manager.register(hot_key);
        self.keys = Some(manager);
        registered?;
        self.last = Some(hot_key);
        Ok(())
    }
}
