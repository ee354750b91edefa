//! macOS and Windows: as the system lets a program that the person has turned to.

use tauri::{PhysicalPosition, WebviewWindow};

pub(super) fn prepare(_window: &WebviewWindow) {}

/// Comes to the front, in the middle of the screen that has the pointer.
pub(super) fn come(window: &WebviewWindow, _activation: Option<String>) {
    place(window, Place::Middle);
    let _ = window.show();
    let _ = window.set_focus();
}

/// Is seen in a corner of that screen, clear of a dialog in its middle, and takes nothing from what is in front.
pub(super) fn appear(window: &WebviewWindow) {
    place(window, Place::Corner);
    let _ = window.set_focusable(false);
    let _ = window.show();
    let _ = window.set_focusable(true);
}

#[derive(Clone, Copy)]
enum Place {
    Middle,
    Corner,
}

/// Puts a window that is out of sight on the screen that has the pointer. Where that cannot be found out, it comes where it was
/// last.
fn place(window: &WebviewWindow, place: Place) {
    if !window.is_visible().unwrap_or(false) {
        let _ = placed(window, place);
    }
}

fn placed(window: &WebviewWindow, place: Place) -> tauri::Result<()> {
    /// What is left free of the corner, before the screen's scale.
    const FREE: f64 = 24.0;
    let pointer = window.cursor_position()?;
    let Some(screen) = window.monitor_from_point(pointer.x, pointer.y)? else { return Ok(()) };
    let (room, size) = (screen.work_area(), window.outer_size()?);
    let free = (
        f64::from(room.size.width.saturating_sub(size.width)),
        f64::from(room.size.height.saturating_sub(size.height)),
    );
    let edge = FREE * screen.scale_factor();
    let (along, down) = match place {
        Place::Middle => (free.0 / 2.0, free.1 / 2.0),
        Place::Corner => ((free.0 - edge).max(0.0), edge.min(free.1)),
    };
    let at = (f64::from(room.position.x) + along, f64::from(room.position.y) + down);
    window.set_position(PhysicalPosition::new(at.0, at.1))
}
