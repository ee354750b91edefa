//! Guise on the desktop: the agent with its tray, or one of its windows.
//!
//! The same program is both. Without `--window` it is the agent: it holds secrets and never shows a web page. The agent
//! starts it again with `--window NAME --stdio` for a window, which shows one page and can be told no secret.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod activation;
mod agent;
mod appearance;
mod arguments;
mod files;
mod front;
mod icon;
mod login;
mod memory;
mod notice;
mod page;
mod shortcut;
mod tray;
mod window;

use std::io::IsTerminal;
use std::process::ExitCode;

use agent::Started;
use arguments::Arguments;
use clap::Parser;
use front::Left;
use guise_core::console::Endpoints;
use guise_core::failure::Failure;
use guise_core::home::Home;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A window's end is told by the agent that started it.
    let is_window = arguments.stdio || arguments.is_portal();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("error: {failure}"));
            if !is_window && !std::io::stderr().is_terminal() {
                notice::did_not_start(&failure);
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let window = arguments.window;
    let home = Home::find(arguments.home)?.logging(arguments.log)?;
    #[cfg(target_os = "linux")]
    if let Some(keys) = &arguments.portal_keys {
        return shortcut::portal::run(keys);
    }
    if let (true, Some(window)) = (arguments.stdio, window) {
        let left = if arguments.waiting { Left::Waits } else { Left::Ends };
        return page::run(&home, window, left);
    }
    // Before the first secret is read.
    guise_core::harden::harden();
    let started = if arguments.login { Started::AtLogin } else { Started::ByHand { window } };
    let endpoints = Endpoints {
        sts: arguments.sts_endpoint,
        signin: arguments.signin_endpoint,
        console: arguments.console_endpoint,
    };
    agent::run(home, started, endpoints)
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
