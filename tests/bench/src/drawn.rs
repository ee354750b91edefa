//! What the menu costs where a panel draws it: its way over the bus, and the agent's own work for a click.

use std::time::{Duration, Instant};

use desktop_tests::{Result, TrayItem};

use crate::catalog::listed;
use crate::figure::{Aim, Figure};
use crate::process::{processor_time, since};
use crate::stage::{ROLE, Stage, milliseconds};

/// From a catalog that a person might have to one that nobody should.
const COUNTS: [usize; 3] = [10, 300, 10_000];
/// How long a click's work may take to end.
const SETTLES: Duration = Duration::from_millis(600);

/// Reads the whole menu and clicks a role that has a session, with catalogs of different sizes.
pub fn figures(stage: &Stage, runs: usize) -> Result<Vec<Figure>> {
    let guise = stage.guise()?;
    let path = guise.catalog();
    let few = std::fs::read_to_string(&path).unwrap_or_default();
    let (mut drawn, mut clicked) = (Vec::new(), Vec::new());
    for count in COUNTS {
        guise.edit_catalog(&listed(count))?;
        let running = stage.start()?;
        stage.click(&running.item, &[ROLE])?;
        std::thread::sleep(SETTLES);
        let (mut menus, mut clicks) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            menus.push(milliseconds(menu_read(&running.item)?));
            let before = processor_time(running.agent.id());
            let entry = running.item.menu()?.entry(&[ROLE])?.id;
            running.item.click(entry)?;
            std::thread::sleep(SETTLES);
            let taken = since(&before, &processor_time(running.agent.id()));
            clicks.push(milliseconds(Duration::from_nanos(taken)));
        }
        running.end(stage)?;
        // As it was; an atomic write is not needed while nobody reads.
        let _ = std::fs::write(&path, &few);
        drawn.push(row("menu drawn over the bus with", count, menus));
        clicked.push(row("processor time of the agent for a click with", count, clicks));
    }
    drawn.append(&mut clicked);
    Ok(drawn)
}

/// A figure of `count` roles; the most should cost no more than the middle.
fn row(what: &str, count: usize, values: Vec<f64>) -> Figure {
    let name = |count: usize| format!("{what} {count} roles, ms");
    let aim = if count > 300 { Aim::As(name(300)) } else { Aim::None };
    Figure::new(name(count), aim, values)
}

fn menu_read(item: &TrayItem) -> Result<Duration> {
    let begun = Instant::now();
    item.menu()?;
    Ok(begun.elapsed())
}
