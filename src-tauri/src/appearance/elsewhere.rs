//! macOS and Windows: the system's web view follows the system by itself.

use guise_core::catalog::Theme;
use tauri::WebviewWindow;
use tokio::sync::watch;

/// How much larger than usual text is, beyond what the system already counts into a pixel.
pub(crate) fn text_scale() -> f64 {
    1.0
}

/// Makes a window dark or light as the person chose, now and whenever they choose otherwise.
pub(crate) fn follow(window: &WebviewWindow, mut theme: watch::Receiver<Theme>) {
    let window = window.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            let chosen = match *theme.borrow_and_update() {
                Theme::System => None,
                Theme::Light => Some(tauri::Theme::Light),
                Theme::Dark => Some(tauri::Theme::Dark),
            };
            // A window that is closing has nothing to show any more.
            let _ = window.set_theme(chosen);
            if theme.changed().await.is_err() {
                return;
            }
        }
    });
}
