//! macOS and Windows: as the system lets a program that the person has turned to.

use tauri::{PhysicalPosition, WebviewWindow};

pub(super) fn prepare(_window: &WebviewWindow) {}

/// Comes to the front, in the middle of the screen that has the pointer.
pub(super) fn come(window: &WebviewWindow, _activation: Option<String>) {
    if !window.is_visible().unwrap_or(false) {
        // Where it cannot be found out, it comes where it was last.
        let _ = centre(window);
    }
    let _ = window.show();
    let _ = window.set_focus();
}

/// Is seen where [`come`] would be, and takes nothing from what is in front.
pub(super) fn appear(window: &WebviewWindow) {
    if !window.is_visible().unwrap_or(false) {
        let _ = centre(window);
    }
    let _ = window.set_focusable(false);
    let _ = window.show();
    let _ = window.set_focusable(true);
}

fn centre(window: &WebviewWindow) -> tauri::Result<()> {
    let pointer = window.cursor_position()?;
    let Some(screen) = window.monitor_from_point(pointer.x, pointer.y)? else { return Ok(()) };
    let (room, size) = (screen.work_area(), window.outer_size()?);
    let middle = |from: i32, room: u32, size: u32| {
        from + i32::try_from(room.saturating_sub(size) / 2).unwrap_or_default()
    };
    window.set_position(PhysicalPosition::new(
        middle(room.position.x, room.size.width, size.width),
        middle(room.position.y, room.size.height, size.height),
    ))
}
