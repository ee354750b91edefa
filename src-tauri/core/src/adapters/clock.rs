//! The system's clocks: the one place where the time is asked.

#[cfg_attr(target_os = "linux", path = "clock/linux.rs")]
#[cfg_attr(target_os = "macos", path = "clock/macos.rs")]
#[cfg_attr(windows, path = "clock/windows.rs")]
mod system;

use jiff::Timestamp;

use crate::moment::Steady;
use crate::ports::Clock;

/// The time as the system has it.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the adapter that the rule sends everybody to")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn steady(&self) -> Steady {
        system::steady()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steady_clock_goes_forward_at_the_pace_of_time() {
        let (before, began) = (SystemClock.steady(), std::time::Instant::now());
        std::thread::sleep(std::time::Duration::from_millis(30));
        let passed = SystemClock.steady().0.saturating_sub(before.0);
        assert!(passed >= std::time::Duration::from_millis(30), "{passed:?}");
        assert!(passed <= began.elapsed() + std::time::Duration::from_millis(5), "{passed:?}");
    }
}
