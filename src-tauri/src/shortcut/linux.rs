//! Linux: on X11 the keys are had from the server; on Wayland from the desktop's portal, where it gives any.

pub(crate) mod portal;
mod x11;

use super::{Presses, Wanted};

pub(super) fn start(_tauri: &tauri::App, wanted: Wanted, presses: Presses) {
    let is_wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty());
    if is_wayland {
        // Keys that are had from an X server are heard there by X11 programs alone.
        tokio::spawn(portal::hold(wanted, presses));
    } else {
        tokio::spawn(x11::hold(wanted, presses));
    }
}
