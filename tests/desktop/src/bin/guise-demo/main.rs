//! `guise-demo`: Guise on a simulated AWS, in a home of its own. It is what `make run` starts.
//!
//! On a desktop it puts the tutorial's identities in place, starts Guise and stays until Ctrl C. Without a display it brings a desktop
//! of its own, does the tutorial there through the real tray and a real browser, and leaves pictures of it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks to its terminal")]

mod here;
mod tutorial;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use desktop_tests::{Because, Result};

/// Try Guise on a simulated AWS: nothing of yours is touched, and everything is removed at the end.
#[derive(Parser)]
#[command(name = "guise-demo", version)]
struct Arguments {
    /// Use a desktop of its own even where there is one
    #[arg(long = "virtual")]
    on_a_virtual_desktop: bool,
    /// Where the pictures of the virtual desktop go; `demo` in the build folder when absent
    #[arg(long, value_name = "DIR")]
    pictures: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    if has_display() && !arguments.on_a_virtual_desktop {
        return here::run();
    }
    let pictures = match arguments.pictures {
        Some(folder) => folder,
        None => build_folder()?.join("demo"),
    };
    tutorial::run(&std::path::absolute(&pictures).because("find the folder for the pictures")?)
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// `target`, wherever it is: the programs lie one deeper, in `debug` or `release`.
fn build_folder() -> Result<PathBuf> {
    let folder = desktop_tests::programs()?;
    Ok(folder.parent().unwrap_or(&folder).to_owned())
}
