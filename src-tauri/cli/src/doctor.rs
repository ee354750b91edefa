//! `guise doctor`: what stands in the way on this computer. It asks no agent, starts none and raises no prompt.

use std::path::PathBuf;
use std::process::ExitCode;

use guise_core::adapters::doctor::ThisComputer;
use guise_core::doctor::{Wording, examine};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::log::Filter;

use crate::arguments::DoctorCommand;
use crate::{runtime, say};

/// Ends with 1 where something is in trouble, as with any failure.
pub(crate) fn run(
    chosen: Option<PathBuf>,
    log: Option<Filter>,
    command: &DoctorCommand,
) -> Result<ExitCode, Failure> {
    let (home, without_runtime) = Home::look(chosen)?;
    let home = home.logging(log)?;
    let runtime = runtime()?;
    let report = runtime.block_on(examine(&ThisComputer::new(&home, without_runtime), &home));
    // Whatever still hangs outside must not keep us.
    runtime.shutdown_background();
    let wording = if command.mask { Wording::Masked } else { Wording::Plain };
    say::data(&if command.json { report.json(wording) } else { report.text(wording) })?;
    Ok(if report.has_trouble() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
