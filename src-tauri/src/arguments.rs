//! What can be typed behind `guise-desktop`.

use std::path::PathBuf;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use guise_core::log::Filter;
use guise_core::view::WindowName;

const WINDOWS: [&str; 2] = [WindowName::Manager.as_str(), WindowName::Prompt.as_str()];

/// The tray application. Start it once; started again it shows its window.
#[derive(Debug, Parser)]
#[command(name = "guise-desktop", version)]
pub(crate) struct Arguments {
    /// Keep everything in this folder instead of the system's own: catalog, socket, keychain items
    #[arg(long, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// Log at this level, off to trace, or by a filter; an agent that runs already keeps its own
    #[arg(long, value_name = "LEVEL")]
    pub(crate) log: Option<Filter>,
    /// Show this window; the agent is started if there is none
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(WINDOWS).map(|name| named(&name)))]
    pub(crate) window: Option<WindowName>,
    /// Nobody is waiting for it: show no window, and where there is no tray say so once
    #[arg(long, conflicts_with = "window")]
    pub(crate) login: bool,
    /// Be the window itself, and speak with the agent over standard input and output
    #[arg(long, hide = true, requires = "window")]
    pub(crate) stdio: bool,
}

/// The window of a name that the command line takes.
fn named(name: &str) -> WindowName {
    if name == WindowName::Prompt.as_str() { WindowName::Prompt } else { WindowName::Manager }
}
