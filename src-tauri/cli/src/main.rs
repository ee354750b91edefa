//! `guise`: sources, roles, the console and credentials on the command line, through the agent.
//!
//! Data goes to standard output, words to standard error. No secret is ever taken as an argument.

mod account;
mod agent;
mod arguments;
mod catalog;
mod clipboard;
mod closed;
mod console;
mod doctor;
mod exchange;
mod import;
mod journal;
mod prompt;
mod purge;
mod role;
mod rotation;
mod say;
mod settings;
mod setup;
mod source;
mod trust_policy;

use std::process::ExitCode;

use clap::Parser;
use guise_core::failure::Failure;
use guise_core::home::Home;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misunderstood(&error),
    };
    match run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            say::failure(&failure);
            // The person said no: that is an end, not an error.
            if failure.is_cancelled() { ExitCode::from(130) } else { ExitCode::FAILURE }
        }
    }
}

/// Says what is wrong with the arguments. A value that we refused has a sentence of ours, which may keep the value to
/// itself: people paste secrets into the wrong place.
fn misunderstood(error: &clap::Error) -> ExitCode {
    match std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<Failure>()) {
        Some(failure) => say::failure(failure),
        // Help and version go to standard output, the rest to standard error.
        None => {
            let _ = error.print();
        }
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    // Before anything secret is read or received.
    guise_core::harden::harden();
    if let Command::Doctor(command) = arguments.command {
        return doctor::run(arguments.home, arguments.log, &command);
    }
    let home = Home::find(arguments.home)?.logging(arguments.log)?;
    let asks = matches!(arguments.command, Command::Credentials(_) | Command::CredentialProcess(_));
    // Whoever waits for us is what we would ask.
    if asks && std::env::var_os(guise_core::profiles::GUARD).is_some() {
        return Err(Failure::profile_loop_running());
    }
    let done = match arguments.command {
        Command::Agent(agent) => agent::run(&home, &agent),
        Command::ClipboardHolder { seconds } => clipboard::hold(seconds),
        Command::Settings(command) => settings::run(&home, &command),
        Command::Purge { yes } => purge::run(&home, yes),
        Command::Source(command) => source::run(&home, command),
        Command::Role(command) => role::run(&home, command),
        Command::Account(command) => account::run(&home, command),
        Command::Console(command) => console::console(&home, command),
        Command::Credentials(command) => console::credentials(&home, &command),
        Command::CredentialProcess(command) => console::credential_process(&home, &command),
        Command::Catalog(command) => exchange::run(&home, command),
        Command::Import(command) => import::run(&home, &command),
        Command::Journal(command) => journal::run(&home, &command),
        Command::Setup(command) => setup::run(&home, command),
        Command::TrustPolicy(command) => trust_policy::run(&home, &command),
        Command::Doctor(_) => Ok(()),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// An event loop for one request: the work itself is the agent's.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|_| Failure::internal("no event loop could be started"))
}
