//! A page whose own process ended, as where memory is short, begins afresh instead of standing there blank. Only Linux tells; elsewhere the
//! window can still be closed.

#[cfg(target_os = "linux")]
pub(super) fn follow(window: &tauri::WebviewWindow) {
    use std::cell::Cell;
    use std::time::{Duration, Instant};

    use tauri::Manager;
    use webkit2gtk::WebViewExt;

    /// One that ends so soon again would end for ever.
    const SOON: Duration = Duration::from_secs(10);

    let app = window.app_handle().clone();
    let _ = window.with_webview(move |page| {
        let ended = Cell::new(None::<Instant>);
        page.inner().connect_web_process_terminated(move |page, _| {
            let conversation = app.state::<super::Conversation>();
            let mut heard = conversation.heard();
            // Whatever was written in it is gone.
            heard.unsaved = false;
            heard.listeners.clear();
            drop(heard);
            match ended.replace(Some(Instant::now())) {
                Some(last) if last.elapsed() < SOON => app.exit(1),
                _ => page.reload(),
            }
        });
    });
}

#[cfg(not(target_os = "linux"))]
pub(super) fn follow(_window: &tauri::WebviewWindow) {}
