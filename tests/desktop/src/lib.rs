//! A private Linux desktop to test Guise on, and what is needed to look at it.
//!
//! A [`DesktopSession`] is an X server, a bus, a keychain, a window manager and a panel that belong to one test and end with
//! it. A [`TrayBus`] reads the tray as a panel does; a [`Panel`] uses it as a person does, by mouse and keys; a [`Browser`] stands
//! behind `xdg-open`. An [`Accessibility`] reads windows as a screen reader does. An [`ArgvWatch`] sees the process list, and [`Canaries`] are looked for in files, argument lists and clipboards.
//!
//! ```no_run
//! use std::time::Duration;
//! use desktop_tests::{DesktopSession, Panel, TrayBus};
//!
//! # fn main() -> desktop_tests::Result<()> {
//! let session = DesktopSession::start("switching")?;
//! let _app = session.run("guise-desktop", session.command("guise-desktop"))?;
//! let tray = TrayBus::connect(&session)?;
//! let item = tray.wait_for_item("guise", Duration::from_secs(10))?;
//! Panel::of(&session).choose(&item, &["Console", "ReadOnly"])?;
//! # Ok(())
//! # }
//! ```
//!
//! Sessions share nothing, so tests may run side by side. All of it blocks: call it from a plain test, not from inside an
//! asynchronous runtime. With `GUISE_DESKTOP_KEEP=1` a session's folder, with every log, stays behind.

mod accessibility;
mod aws;
mod browser;
mod devtools;
mod error;
mod guise;
mod http;
mod leaks;
mod mouse;
mod notifications;
mod portal;
mod processes;
mod session;
mod shortcuts_portal;
mod tray;
mod wait;
mod webdriver;

pub use accessibility::{Accessibility, Seen, State};
pub use aws::{ADAS_KEY_ID, ADAS_SECRET, EC2_ROLE, SimulatedAws, trust_policy};
pub use browser::{Browser, Opened, Opener};
pub use devtools::Page;
pub use error::{Because, DesktopError, Result};
pub use guise::{Answered, Guise, TRAY_ID, programs, python_tool};
pub use leaks::{Canaries, Encoding, Leak, LeakReport, Sighting};
pub use mouse::{Panel, Rect};
pub use notifications::{Notification, Notifications};
pub use portal::{ColorScheme, SettingsPortal};
pub use processes::{ArgvLeak, ArgvWatch, ProcessSeen, ProcessesSeen};
pub use rustix::process::Signal;
pub use session::{Assistive, DesktopSession, KeyringState, PanelState, Program, SessionConfig};
pub use shortcuts_portal::ShortcutsPortal;
pub use tray::{MenuKind, MenuNode, MenuTree, ToolTip, TrayBus, TrayItem};
pub use wait::{Finished, finish_with, wait_for};
pub use webdriver::{WebDriver, driven, free_port};
