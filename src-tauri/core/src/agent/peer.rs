//! Which program is at the other end of the socket, as far as the system tells. It is for the journal only: a program
//! can give itself any name, so nothing is allowed or refused by it.

#[cfg_attr(target_os = "linux", path = "peer/linux.rs")]
#[cfg_attr(target_os = "macos", path = "peer/macos.rs")]
#[cfg_attr(windows, path = "peer/windows.rs")]
mod system;

use crate::app::{Asks, Program};

/// What the system knows of the process with this id, and of the one that started it.
pub(super) fn program(pid: Option<u32>) -> Program {
    let Some(pid) = pid else { return Program::default() };
    let named = |pid: u32| system::name(pid).map(|name| crate::failure::shown(&name));
    Program {
        pid: Some(pid),
        name: named(pid),
        parent: system::parent(pid).and_then(named),
        asks: Asks::default(),
        activation: None,
    }
}
