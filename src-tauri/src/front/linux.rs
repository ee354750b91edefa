//! Linux: GTK is told itself, so that place, focus and what lets us have it come in one step.

use gtk::gdk::WindowTypeHint;
use gtk::gdk::prelude::{DeviceExt, MonitorExt, SeatExt};
use gtk::prelude::{GtkWindowExt, WidgetExt};
use tauri::WebviewWindow;

/// Desktops that put windows side by side leave this one where it comes.
pub(super) fn prepare(window: &WebviewWindow) {
    if let Ok(window) = window.gtk_window() {
        window.set_type_hint(WindowTypeHint::Dialog);
    }
}

/// Comes to the front, in the middle of the screen that has the pointer. On Wayland the desktop chooses the place.
pub(super) fn come(window: &WebviewWindow, activation: Option<String>) {
    let shown = window.clone();
    let _ = window.run_on_main_thread(move || {
        let Ok(window) = shown.gtk_window() else { return };
        if let Some(activation) = &activation {
            window.set_startup_id(activation);
        }
        if !window.is_visible() {
            let pointer = window.display().default_seat().and_then(|seat| seat.pointer());
            let place = pointer.map(|pointer| pointer.position());
            let screen = place.and_then(|(_, x, y)| window.display().monitor_at_point(x, y));
            if let Some(room) = screen.map(|screen| screen.workarea()) {
                let (width, height) = window.size();
                window.move_(room.x() + (room.width() - width) / 2, room.y() + (room.height() - height) / 2);
            }
        }
        // Built out of sight, it has not shown what is in it either.
        window.show_all();
        window.present();
        // The keys are the page's, whatever had them when it was last seen.
        let _ = shown.with_webview(|page| page.inner().grab_focus());
    });
}
