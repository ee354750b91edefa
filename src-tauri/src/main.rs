//! Guise on the desktop: the agent with its tray, or one of its windows.
//!
//! The same program is both. Without `--window` it is the agent: it holds secrets and never shows a web page. The agent
//! starts it again with `--window NAME --stdio` for a window, which shows one page and can be told no secret.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod agent;
mod appearance;
mod icon;
mod memory;
mod notice;
mod page;
mod tray;
mod window;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::log::Filter;
use guise_core::view::WindowName;

/// The tray application. Start it once; started again it shows its window.
#[derive(Debug, Parser)]
#[command(name = "guise-desktop", version)]
struct Arguments {
    /// Keep everything in this folder instead of the system's own: catalog, socket, keychain items
    #[arg(long, value_name = "DIR")]
    home: Option<PathBuf>,
    /// Log at this level, off to trace, or by a filter; an agent that runs already keeps its own
    #[arg(long, value_name = "LEVEL")]
    log: Option<Filter>,
    /// Show this window; the agent is started if there is none
    #[arg(long, value_name = "NAME", value_parser = ["manager"])]
    window: Option<String>,
    /// Be the window itself, and speak with the agent over standard input and output
    #[arg(long, hide = true, requires = "window")]
    stdio: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("error: {failure}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let window = arguments.window.map(|_| WindowName::Manager);
    if let (true, Some(window)) = (arguments.stdio, window) {
        return page::run(window);
    }
    let home = Home::find(arguments.home)?.logging(arguments.log)?;
    // Before the first secret is read.
    guise_core::harden::harden();
    agent::run(home, window)
}

/// Words for a person at a terminal; on a desktop nobody reads them.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What was built into the program: its configuration, the page and the access list.
#[allow(clippy::exit, reason = "the macro's own, for a program that was put together wrongly")]
fn context() -> tauri::Context {
    tauri::generate_context!()
}
