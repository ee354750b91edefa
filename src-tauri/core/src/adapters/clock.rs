//! The system's clock: the one place where the time is asked.

use jiff::Timestamp;

use crate::ports::Clock;

/// The time as the system has it.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the adapter that the rule sends everybody to")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
