//! The memory of all our processes together: before any window, with one, after it, and after a session.

use desktop_tests::{Because, Result};

use crate::figure::{Aim, Figure};
use crate::process::{command_line, memory};
use crate::stage::{ROLE, Stage, rest, wait_until_ended};

/// Opens and closes a window, then makes a session, each time with a rest before it is measured.
pub fn figures(stage: &Stage, runs: usize) -> Result<Vec<Figure>> {
    let mut taken: [Vec<f64>; 6] = Default::default();
    for _ in 0..runs {
        let running = stage.start()?;
        rest();
        let before = of_all(stage);
        running.item.click(running.item.menu()?.entry(&["Manage…"])?.id)?;
        let window = stage.session.wait_until_drawn("Guise")?;
        let process = ours(stage).into_iter().find(|id| command_line(*id).contains("--stdio"));
        let process = process.because("the window has no process")?;
        rest();
        let with = of_all(stage);
        stage.session.xdotool(["windowactivate", "--sync", &window, "key", "alt+F4"])?;
        wait_until_ended("the window's process to end", process)?;
        rest();
        let after = of_all(stage);
        stage.click(&running.item, &[ROLE])?;
        rest();
        let session = of_all(stage);
        for (values, value) in
            taken.iter_mut().zip([before, with, after, after - before, session, session - before])
        {
            values.push(value);
        }
        running.end(stage)?;
    }
    let [before, with, after, after_more, session, session_more] = taken;
    Ok(vec![
        Figure::new("memory before any window, MB", Aim::AtMost(50.0), before),
        Figure::new("with a window, MB", Aim::None, with),
        Figure::new("after it was closed, MB", Aim::AtMost(50.0), after),
        Figure::new("that is more than before by, MB", Aim::AtMost(5.0), after_more),
        Figure::new("after the first session, MB", Aim::AtMost(50.0), session),
        Figure::new("that is more than at first by, MB", Aim::AtMost(5.0), session_more),
    ])
}

/// The memory of the agent, its windows and what draws their pages.
pub fn of_all(stage: &Stage) -> f64 {
    ours(stage).into_iter().map(memory).sum()
}

/// The agent, its windows, and what draws the pages in them.
fn ours(stage: &Stage) -> Vec<u32> {
    let is_ours = |id: &u32| {
        let line = command_line(*id);
        line.contains("guise-desktop") || line.contains("WebKit")
    };
    stage.session.processes().into_iter().filter(is_ours).collect()
}
