//! From a click to the browser and to the sign-in URL, with an AWS that is near and one that is far.

use aws_sim::{Fault, FaultKind, FaultTarget};
use desktop_tests::Result;

use crate::catalog::assumable;
use crate::figure::{Aim, Figure};
use crate::stage::{Stage, milliseconds};

/// How late AWS answers each of the two calls, in milliseconds.
const DELAYS: [u64; 3] = [0, 50, 150];

/// Clicks roles that have no session yet; the first of each agent is left out, as it is a figure of its own.
pub fn figures(stage: &Stage, runs: usize) -> Result<Vec<Figure>> {
    let (mut browser, mut urls) = (Vec::new(), Vec::new());
    let guise = stage.guise()?;
    for delay in DELAYS {
        let prefix = format!("after-{delay}-");
        guise.edit_catalog(&assumable(&prefix, runs + 1))?;
        let simulator = stage.aws.simulator();
        simulator.clear_faults();
        for target in [FaultTarget::Sts, FaultTarget::Signin] {
            simulator.fault(Fault::always(target, FaultKind::Slow { ms: delay }));
        }
        let running = stage.start()?;
        let mut url = Vec::new();
        for run in 0..=runs {
            let name = format!("{prefix}{run}");
            let (clicked, opened) = stage.click(&running.item, &["acme-dev", &name])?;
            if run > 0 {
                browser.push(milliseconds(opened.started.saturating_sub(clicked)));
                let taken = milliseconds(opened.answered.saturating_sub(clicked));
                #[expect(clippy::cast_precision_loss, reason = "it is 300 at most")]
                url.push(taken - 2.0 * delay as f64);
            }
        }
        running.end(stage)?;
        for run in 0..=runs {
            stage.tell(&guise, &["role", "remove", &format!("{prefix}{run}")])?;
        }
        let what = format!("click to sign-in URL ready less two round trips of {delay} ms, ms");
        urls.push(Figure::new(what, Aim::AtMost(20.0), url));
    }
    stage.aws.simulator().clear_faults();
    let mut figures = vec![Figure::new("click to browser started, ms", Aim::AtMost(50.0), browser)];
    figures.append(&mut urls);
    Ok(figures)
}
