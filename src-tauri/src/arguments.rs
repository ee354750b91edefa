//! What can be typed behind `guise-desktop`.

use std::path::PathBuf;

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use guise_core::console::Endpoint;
use guise_core::log::Filter;
use guise_core::view::WindowName;

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
    #[arg(long, value_name = "NAME", value_parser = windows())]
    pub(crate) window: Option<WindowName>,
    /// Nobody is waiting for it: show no window, and where there is no tray say so once
    #[arg(long, conflicts_with = "window")]
    pub(crate) login: bool,
    /// Base address in place of AWS's STS for sources that are added in the windows, while this agent runs
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = |text: &str| Endpoint::parse("sts", text))]
    pub(crate) sts_endpoint: Option<Endpoint>,
    /// The same for the sign-in
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = |text: &str| Endpoint::parse("signin", text))]
    pub(crate) signin_endpoint: Option<Endpoint>,
    /// The same for the console
    #[arg(long, value_name = "URL", hide_short_help = true, value_parser = |text: &str| Endpoint::parse("console", text))]
    pub(crate) console_endpoint: Option<Endpoint>,
    /// Be the window itself, and speak with the agent over standard input and output
    #[arg(long, hide = true, requires = "window")]
    pub(crate) stdio: bool,
    /// Wait out of sight until the window is asked for, and again when it was left
    #[arg(long, hide = true, requires = "stdio")]
    pub(crate) waiting: bool,
    /// Have these keys from the desktop's portal, and tell the agent of each press
    #[cfg(target_os = "linux")]
    #[arg(long, hide = true, value_name = "KEYS", exclusive = true)]
    pub(crate) portal_keys: Option<String>,
}

impl Arguments {
    /// Whether this process only has keys from a portal.
    #[cfg_attr(
        not(target_os = "linux"),
        expect(clippy::unused_self, reason = "only Linux has such a process")
    )]
    pub(crate) fn is_portal(&self) -> bool {
        #[cfg(target_os = "linux")]
        return self.portal_keys.is_some();
        #[cfg(not(target_os = "linux"))]
        return false;
    }
}

/// The names of windows, and what they name.
fn windows() -> impl TypedValueParser<Value = WindowName> {
    let named = |name: String| WindowName::ALL.into_iter().find(|window| window.as_str() == name);
    PossibleValuesParser::new(WindowName::ALL.map(WindowName::as_str))
        .map(move |name| named(name).unwrap_or(WindowName::Manager))
}
