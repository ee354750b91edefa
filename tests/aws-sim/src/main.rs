//! `aws-sim`: the simulator as a program, for trying Guise by hand and for tests that drive a whole desktop.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks to its terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

use aws_sim::{Data, Simulator, TUTORIAL, show_code};
use clap::Parser;
use tokio::sync::broadcast::error::RecvError;

/// A local simulator of AWS STS, the AWS sign-in endpoint and the console.
#[derive(Parser)]
#[command(name = "aws-sim", version)]
struct Arguments {
    /// The accounts, users and roles to simulate; the tutorial's when absent
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The port of 127.0.0.1 to listen on; any free one when 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Print the tutorial's data file, to begin one's own with, and leave
    #[arg(long)]
    print_tutorial: bool,
    /// Be the MFA device whose seed in base32 is in this file: print a code that it has not shown before, and leave
    #[arg(long, value_name = "FILE")]
    code_of: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.print_tutorial {
        print!("{TUTORIAL}");
        return ExitCode::SUCCESS;
    }
    if let Some(device) = &arguments.code_of {
        return match show_code(device) {
            Ok(code) => {
                println!("{code}");
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("error: `{}` shows no code: {error}", device.display());
                ExitCode::FAILURE
            }
        };
    }
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let data = match &arguments.data {
        None => Data::tutorial(),
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
            Data::from_toml(&text).map_err(|error| error.to_string())?
        }
    };
    let simulator = Simulator::start_on(data, arguments.port)
        .await
        .map_err(|error| format!("cannot listen on port {}: {error}", arguments.port))?;
    let mut calls = simulator.watch_calls();
    println!("aws-sim listening on {}", simulator.base_url());
    let end = asked_to_stop();
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => return Ok(()),
            call = calls.recv() => match call {
                Ok(call) => eprintln!("{call}"),
                Err(RecvError::Lagged(missed)) => eprintln!("({missed} calls not shown)"),
                Err(RecvError::Closed) => return Ok(()),
            },
        }
    }
}

/// Waits for ctrl-c or the signal to terminate.
async fn asked_to_stop() {
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // Without a way to hear of it, the program runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
