//! macOS and Windows: keychain, display, tray and browser are the system's own.
#![expect(clippy::unused_async, reason = "on Linux the bus and the desktop's programs are waited for")]

use crate::doctor::{BrowserSeen, DisplaySeen, Environment, Login, Offered, TraySeen};

pub(super) async fn keychain_offered() -> Offered {
    Offered::BySystem
}

pub(super) fn display(_environment: &Environment) -> DisplaySeen {
    DisplaySeen::default()
}

pub(super) async fn tray() -> TraySeen {
    TraySeen::BySystem
}

pub(super) async fn browser(_environment: &Environment) -> BrowserSeen {
    BrowserSeen::BySystem
}

/// Looked at on Linux alone.
pub(super) fn login() -> Login {
    Login::NoEntry
}
