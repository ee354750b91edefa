//! From the shortcut to a switcher that takes keys, started anew and waiting out of sight; and the memory once it is gone.

use std::time::Duration;

use desktop_tests::{Result, wait_for};

use crate::browser::now;
use crate::figure::{Aim, Figure};
use crate::memory::of_all;
use crate::stage::{LIMIT, Stage, milliseconds, rest};

/// What a key gets to show that it was taken, before it is pressed again.
const TAKEN_WITHIN: Duration = Duration::from_millis(150);

/// Presses the keys, and then Escape until the switcher goes: the press that it goes by is the first that it took.
pub fn figures(stage: &Stage, runs: usize) -> Result<Vec<Figure>> {
    let running = stage.start()?;
    running
        .item
        .wait_for_menu("the keys", LIMIT, |menu| menu.find(&["Search… · Ctrl+Alt+Space"]).is_some())?;
    rest();
    let before = of_all(stage);
    let (mut cold, mut after) = (Vec::new(), Vec::new());
    for run in 0..=runs {
        let taken = open_and_leave(stage)?;
        rest();
        if run > 0 {
            cold.push(milliseconds(taken));
            after.push(of_all(stage) - before);
        }
    }
    stage.tell(&stage.guise()?, &["settings", "keep_switcher_warm", "true"])?;
    rest();
    let mut warm = Vec::new();
    for run in 0..=runs {
        let taken = open_and_leave(stage)?;
        if run > 0 {
            warm.push(milliseconds(taken));
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    let waiting = of_all(stage) - before;
    stage.tell(&stage.guise()?, &["settings", "keep_switcher_warm", ""])?;
    running.end(stage)?;
    Ok(vec![
        Figure::new("shortcut to a switcher that takes keys, ms", Aim::AtMost(400.0), cold),
        Figure::new("the same where one waits, ms", Aim::AtMost(100.0), warm),
        Figure::new("memory after a switcher more than before by, MB", Aim::AtMost(5.0), after),
        Figure::new("memory that one that waits takes, MB", Aim::None, vec![waiting]),
    ])
}

fn open_and_leave(stage: &Stage) -> Result<Duration> {
    let is_seen = || !stage.session.windows_titled("Guise").is_empty();
    let begun = now();
    stage.session.xdotool(["key", "ctrl+alt+space"])?;
    wait_for("the switcher with the focus", LIMIT, || {
        let focused = stage.session.xdotool(["getwindowfocus", "getwindowname"]).ok()?;
        focused.starts_with("Guise").then_some(())
    })?;
    loop {
        let pressed = now();
        stage.session.xdotool(["key", "Escape"])?;
        while now().saturating_sub(pressed) < TAKEN_WITHIN {
            if !is_seen() {
                return Ok(pressed.saturating_sub(begun));
            }
        }
        if now().saturating_sub(begun) > LIMIT {
            return Err(desktop_tests::DesktopError::new("the switcher takes no keys"));
        }
    }
}
