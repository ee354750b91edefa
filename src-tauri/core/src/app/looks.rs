//! What time does to what is live: sessions end, copies are taken back, clocks are found to be wrong.

use std::time::Duration;

use jiff::SignedDuration;

use super::{App, Message, notices};
use crate::failure::Failure;
use crate::moment::End;
use crate::view::Outcome;

/// How often live sessions are looked at. Timers stand still while the computer sleeps and do not hear of a clock that is set:
/// what can be seen is right again this long after either, and nobody is woken while nothing is live.
pub(super) const LOOK: Duration = Duration::from_secs(20);

impl App {
    /// Sees what time has done; says whether that can be seen.
    pub(super) fn look(&mut self) -> bool {
        let now = self.config.ports.clock.moment();
        self.looks.send_replace(());
        // Its own timer stood still if the computer slept.
        if self.copy_ends.is_some_and(|end| !end.left(now).is_positive()) {
            self.clear_clipboard();
        }
        let consoles = self.consoles.len();
        self.consoles.retain(|_, open| !open.until.is_past(now));
        let was_off = self.clock.trouble().is_some();
        self.clock.look(now);
        let is_right_again = was_off && self.clock.trouble().is_none();
        self.broker.look() || is_right_again || self.consoles.len() != consoles
    }

    /// Tells the person once that the clock is off, and as long as it is.
    pub(super) fn clock_measured(&mut self, skew: SignedDuration) {
        if self.clock.measured(skew, self.config.ports.clock.moment()) {
            tracing::warn!(seconds = skew.as_secs(), "the clock differs from AWS's");
            if let Some(trouble) = self.clock.trouble() {
                self.notify(notices::clock_off(&trouble));
            }
        }
    }

    pub(super) fn clear_clipboard(&mut self) {
        self.copy_ends = None;
        let clipboard = self.config.ports.clipboard.clone();
        tokio::task::spawn_blocking(move || clipboard.clear_if_ours());
    }

    /// What was there before is gone from the clipboard; a text that is no secret stays.
    pub(super) fn text_copied(&mut self) {
        self.copies += 1;
        self.copy_ends = None;
    }

    pub(super) fn copied(&mut self, result: &Result<Outcome, Failure>) {
        self.copies += 1;
        if let Ok(Outcome::Copied { clears }) = result {
            let now = self.config.ports.clock.moment();
            let left = clears.duration_since(now.wall);
            self.copy_ends = Some(End::after(now, left));
            let left = Duration::try_from(left).unwrap_or_default();
            let (messages, copy) = (self.messages.clone(), self.copies);
            tokio::spawn(async move {
                tokio::time::sleep(left).await;
                let _ = messages.send(Message::ClearClipboard { copy });
            });
        }
    }
}
