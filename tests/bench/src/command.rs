//! `guise credentials` with the session cached, as a tool calls it: the whole process.

use std::process::Stdio;
use std::time::Instant;

use desktop_tests::{Because, Result};

use crate::figure::{Aim, Figure};
use crate::stage::{ROLE_NAME, Stage, milliseconds};

/// Runs it five times as often as the rest: it is quick.
pub fn figures(stage: &Stage, runs: usize) -> Result<Vec<Figure>> {
    let running = stage.start()?;
    let guise = stage.guise()?;
    stage.tell(&guise, &["credentials", ROLE_NAME])?;
    let mut taken = Vec::new();
    for _ in 0..runs * 5 {
        let mut command = guise.command(["credentials", ROLE_NAME]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let begun = Instant::now();
        let output = command.output().because("run `guise`")?;
        taken.push(milliseconds(begun.elapsed()));
        (output.status.success() && !output.stdout.is_empty())
            .then_some(())
            .because("no credentials came")?;
    }
    running.end(stage)?;
    Ok(vec![Figure::new("`guise credentials`, the session cached, ms", Aim::AtMost(10.0), taken)])
}
