//! From the start of the program to its item in the tray, and its first click, when nothing has been done yet.

use desktop_tests::Result;

use crate::figure::{Aim, Figure};
use crate::stage::{ROLE, Stage, milliseconds};

/// Starts Guise, clicks once, and ends it; one time more than asked, as the first reads everything from the disk.
pub fn figures(stage: &Stage, runs: usize) -> Result<Vec<Figure>> {
    let (mut registered, mut browser, mut url) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=runs {
        let running = stage.start()?;
        // The panel is still drawing the icon.
        std::thread::sleep(std::time::Duration::from_millis(500));
        let (clicked, opened) = stage.click(&running.item, &[ROLE])?;
        if run > 0 {
            registered.push(milliseconds(running.started_in));
            browser.push(milliseconds(opened.started.saturating_sub(clicked)));
            url.push(milliseconds(opened.answered.saturating_sub(clicked)));
        }
        running.end(stage)?;
    }
    Ok(vec![
        Figure::new("start to tray item registered, ms", Aim::AtMost(300.0), registered),
        Figure::new("first click to browser started, ms", Aim::AtMost(50.0), browser),
        Figure::new("first click to sign-in URL ready, ms", Aim::None, url),
    ])
}
