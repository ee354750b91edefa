//! The agent as others reach it: one a user and home, behind a private socket that speaks JSON lines.
//!
//! The agent speaks first: its [`Hello`] carries the protocol's version. A caller answers with one request, then hears
//! progress for as long as the work takes, then the end. A newer caller asks an older agent to make way.

mod claim;
mod client;
mod frame;
mod peer;
mod place;
mod runtime;
mod server;
#[cfg_attr(unix, path = "agent/socket/unix.rs")]
#[cfg_attr(windows, path = "agent/socket/windows.rs")]
mod socket;
mod window;
mod wire;

pub use claim::{Claim, claim, take_over};
pub use client::{Answered, Client, Progress};
pub use runtime::runtime;
pub use server::{Ended, Serving, serve};
pub use window::{Closed, FromWindow, ToWindow, serve_window};
pub use wire::{Hello, Kind, Page, Request};

use crate::doctor::Stored;
use crate::failure::Failure;
use crate::home::Home;

/// Whether the folder of the home's socket is there, without making it; a failure where it cannot be used.
pub(crate) fn look_at_folder(home: &Home) -> Result<Stored, Failure> {
    socket::check(home)?;
    socket::look_at_folder(&home.runtime)
}

/// The version of what is said over the socket. It grows when an older program would misunderstand.
pub const PROTOCOL: u32 = 3;

#[cfg(test)]
mod tests;
