//! A window with something unsaved in it is not closed without a question, which is its page's to put.

use std::time::Duration;

use guise_core::view::Shown;
use tauri::{Manager, WebviewWindow, WindowEvent};

use super::Conversation;

/// A page that has not even said that it heard is not there any more, and holds no window open.
const HEARS_WITHIN: Duration = Duration::from_secs(5);

/// Has the page asked before the window is closed. It closes by itself where no page listens, or none answers.
pub(super) fn follow(window: &WebviewWindow) {
    let asked = window.clone();
    window.on_window_event(move |event| {
        let WindowEvent::CloseRequested { api, .. } = event else { return };
        let conversation = asked.state::<Conversation>();
        let mut heard = conversation.heard();
        if !heard.unsaved {
            return;
        }
        heard.tell(&Shown::Closing);
        if heard.listeners.is_empty() {
            return;
        }
        api.prevent_close();
        heard.closing = true;
        let window = asked.clone();
        std::thread::spawn(move || {
            std::thread::sleep(HEARS_WITHIN);
            if window.state::<Conversation>().heard().closing {
                let _ = window.destroy();
            }
        });
    });
}
