//! What goes wrong on a computer, made to happen: keychains that hang or lie, servers that are not AWS, system calls that
//! fail, clocks that jump. One module a thing that breaks; each is started with a value that says how, and ends when it is
//! dropped.
//!
//! The tests that use it are in `tests/it`, each named by the fault that it proves.

pub mod certificates;
pub mod clock;
#[cfg(target_os = "linux")]
mod secret_service;
pub mod server;
#[cfg(target_os = "linux")]
pub mod syscalls;

#[cfg(target_os = "linux")]
pub use secret_service::{Mood, Prompt, ScriptedKeychain};
