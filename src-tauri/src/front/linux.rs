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
        window.set_focus_on_map(true);
        place(&window, Place::Middle);
        // Built out of sight, it has not shown what is in it either.
        window.show_all();
        window.present();
        // The keys are the page's, whatever had them when it was last seen.
        let _ = shown.with_webview(|page| page.inner().grab_focus());
    });
}

/// Is seen in a corner of that screen, clear of a dialog in its middle, and takes nothing from what is in front.
pub(super) fn appear(window: &WebviewWindow) {
    let shown = window.clone();
    let _ = window.run_on_main_thread(move || {
        let Ok(window) = shown.gtk_window() else { return };
        window.set_focus_on_map(false);
        place(&window, Place::Corner);
        window.show_all();
    });
}

#[derive(Clone, Copy)]
enum Place {
    Middle,
    Corner,
}

/// Puts a window that is out of sight on the screen that has the pointer.
fn place(window: &gtk::ApplicationWindow, place: Place) {
    /// What is left free of the corner, in pixels.
    const FREE: i32 = 24;
    if window.is_visible() {
        return;
    }
    let pointer = window.display().default_seat().and_then(|seat| seat.pointer());
    let at = pointer.map(|pointer| pointer.position());
    let screen = at.and_then(|(_, x, y)| window.display().monitor_at_point(x, y));
    if let Some(room) = screen.map(|screen| screen.workarea()) {
        let (width, height) = window.size();
        let (along, down) = match place {
            Place::Middle => ((room.width() - width) / 2, (room.height() - height) / 2),
            Place::Corner => ((room.width() - width - FREE).max(0), FREE),
        };
        window.move_(room.x() + along, room.y() + down);
    }
}
