//! Ticks for looks that come back: as few wake-ups as can be, and on Linux one at once when the computer wakes from sleep.

#[cfg_attr(target_os = "linux", path = "ticks/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "ticks/elsewhere.rs")]
mod system;

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A clock that ticks while somebody waits for it, and lets everybody sleep while nobody does.
#[derive(Debug)]
pub struct Ticks {
    period: Duration,
    /// The system's own timer, where there is one: the event loop's wakes up to three times for each time it is due.
    timer: Option<system::Timer>,
    due: Option<Instant>,
}

impl Ticks {
    /// One tick a period. Must be called within a Tokio runtime.
    pub fn every(period: Duration) -> Ticks {
        Ticks { period, timer: system::Timer::new(), due: None }
    }

    /// Waits for the next tick. A wait that is given up is taken up again by the next.
    pub async fn tick(&mut self) {
        if self.due.is_none()
            && let Some(timer) = &self.timer
            && timer.start(self.period).is_err()
        {
            self.timer = None;
        }
        let due = *self.due.get_or_insert_with(|| Instant::now() + self.period);
        match &self.timer {
            Some(timer) if timer.rung().await.is_ok() => {}
            _ => sleep_until(due).await,
        }
        self.due = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_ticks_once_a_period_however_often_a_wait_is_given_up() {
        let mut ticks = Ticks::every(Duration::from_millis(60));
        let begun = Instant::now();
        for _ in 0..3 {
            let given_up = tokio::time::timeout(Duration::from_millis(5), ticks.tick()).await;
            assert!(given_up.is_err(), "{:?}", begun.elapsed());
        }
        ticks.tick().await;
        assert!(begun.elapsed() >= Duration::from_millis(60), "{:?}", begun.elapsed());
        let first = Instant::now();
        ticks.tick().await;
        assert!(first.elapsed() >= Duration::from_millis(55), "{:?}", first.elapsed());
    }
}
