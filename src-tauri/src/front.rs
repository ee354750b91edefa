//! A window that comes in front of what the person is doing, for a moment. It is seen once its page can be used, in the middle of
//! the screen that has the pointer, and goes when it is left.

#[cfg_attr(target_os = "linux", path = "front/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "front/elsewhere.rs")]
mod system;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tauri::{AppHandle, Manager, WebviewWindow, WindowEvent};

/// Who loses the focus to a passing thing, such as another window that opens and closes, has it back by then.
const BACK_WITHIN: Duration = Duration::from_millis(80);
/// A page that has said nothing for so long is shown as it is, so that the person sees that something is there.
const PAGE_SPEAKS_WITHIN: Duration = Duration::from_secs(2);

/// What a window does when the person has left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// It ends.
    Ends,
    /// It waits out of sight. Its page begins afresh when it is seen again.
    Waits,
}

/// The window's time in front.
pub(crate) struct Front {
    left: Left,
    seen: Mutex<Seen>,
}

struct Seen {
    now: Now,
    /// Whether its page can be used.
    page: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Now {
    /// It is out of sight, and stays so until it is asked for.
    Waiting,
    /// It is wanted, and not seen before its page can be used.
    Wanted,
    /// It is seen, and never had the focus yet: nobody can have left it.
    Shown,
    /// It had the focus.
    InUse,
}

impl Front {
    /// A window that is wanted now, or one that waits.
    pub(crate) fn new(left: Left) -> Self {
        let now = match left {
            Left::Ends => Now::Wanted,
            Left::Waits => Now::Waiting,
        };
        Front { left, seen: Mutex::new(Seen { now, page: false }) }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Follows a window that was just built, out of sight. Must be called on the main thread.
pub(crate) fn follow(window: &WebviewWindow) {
    system::prepare(window);
    let followed = window.clone();
    #[allow(clippy::wildcard_enum_match_arm, reason = "sizes and themes are followed elsewhere")]
    window.on_window_event(move |event| {
        let front = followed.state::<Front>();
        match event {
            WindowEvent::Focused(true) => front.seen().now = Now::InUse,
            WindowEvent::Focused(false) if front.seen().now == Now::InUse => {
                leave_unless_back(followed.clone());
            }
            WindowEvent::CloseRequested { api, .. } if front.left == Left::Waits => {
                api.prevent_close();
                leave(&followed);
            }
            _ => {}
        }
    });
    let late = window.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(PAGE_SPEAKS_WITHIN).await;
        page_is_there(late.app_handle(), late.label());
    });
}

fn leave_unless_back(window: WebviewWindow) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(BACK_WITHIN).await;
        if !window.is_focused().unwrap_or(false) && window.state::<Front>().seen().now == Now::InUse {
            leave(&window);
        }
    });
}

/// Has any window come to the front.
pub(crate) fn come(window: &WebviewWindow, activation: Option<String>) {
    system::come(window, activation);
}

/// Has a window be seen where it is, without the keys and behind what has them.
pub(crate) fn appear(window: &WebviewWindow) {
    system::appear(window);
}

/// The page can be used: a window that is wanted is shown now.
pub(crate) fn page_is_there(app: &AppHandle, label: &str) {
    let Some(window) = app.get_webview_window(label) else { return };
    let front = app.state::<Front>();
    let mut seen = front.seen();
    seen.page = true;
    if seen.now == Now::Wanted {
        seen.now = Now::Shown;
        drop(seen);
        system::come(&window, None);
    }
}

/// The window is asked for: it comes, and one that is in use already goes, as whoever presses the keys again wants.
///
/// Whether it has the focus just now tells nothing: while the keys are down, the server has the keyboard, and the window has lost it
/// for a moment. One that was really left is gone.
pub(crate) fn asked_for(window: &WebviewWindow, activation: Option<String>) {
    let front = window.state::<Front>();
    let mut seen = front.seen();
    match seen.now {
        Now::Waiting if !seen.page => seen.now = Now::Wanted,
        Now::Waiting | Now::Shown => {
            seen.now = Now::Shown;
            drop(seen);
            system::come(window, activation);
        }
        Now::Wanted => {}
        Now::InUse => {
            drop(seen);
            leave(window);
        }
    }
}

/// The person is done with it.
pub(crate) fn leave(window: &WebviewWindow) {
    let front = window.state::<Front>();
    // Gone at once; the process ends after.
    let _ = window.hide();
    match front.left {
        Left::Ends => window.app_handle().exit(0),
        Left::Waits => front.seen().now = Now::Waiting,
    }
}
