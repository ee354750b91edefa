//! How often a Guise is woken in a minute in which nobody does anything.

use std::thread::sleep;
use std::time::Duration;

use desktop_tests::{Guise, Program, Result};

use crate::figure::{Aim, Figure};
use crate::process::{since, wakeups};
use crate::stage::{ROLE_NAME, Stage};

const MINUTE: Duration = Duration::from_mins(1);
/// What is still under way after a start or a session gets to end; threads that are kept for a while, too.
const SETTLES: Duration = Duration::from_secs(20);

/// Two Guises a run, each in a home of its own, all in the same minute: one with nothing live, one with a session.
pub fn figures(stage: &Stage, runs: usize) -> Result<Vec<Figure>> {
    let mut agents = Vec::new();
    for run in 0..runs {
        agents.push(start(stage, &format!("idle-{run}"))?);
        let live = start(stage, &format!("live-{run}"))?;
        stage.tell(&live.1, &["credentials", ROLE_NAME])?;
        agents.push(live);
    }
    sleep(SETTLES);
    let before: Vec<_> = agents.iter().map(|(agent, _)| wakeups(agent.id())).collect();
    sleep(MINUTE);
    let (mut idle, mut live) = (Vec::new(), Vec::new());
    for (number, ((agent, _), before)) in agents.iter().zip(&before).enumerate() {
        let count = since(before, &wakeups(agent.id()));
        let values = if number % 2 == 0 { &mut idle } else { &mut live };
        values.push(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    }
    Ok(vec![
        Figure::new("wake-ups a minute, nothing live", Aim::AtMost(10.0), idle),
        Figure::new("wake-ups a minute, a session live", Aim::AtMost(10.0), live),
    ])
}

fn start<'a>(stage: &'a Stage, name: &str) -> Result<(Program, Guise<'a>)> {
    let guise = stage.guise()?.at_home(&stage.session.home().join(name));
    let agent = stage.session.run("guise-desktop", stage.desktop(&guise))?;
    guise.wait_for_socket()?;
    guise.add_ada(&stage.aws)?;
    guise.add_roles()?;
    Ok((agent, guise))
}
