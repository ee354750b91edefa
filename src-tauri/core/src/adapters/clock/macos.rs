//! macOS: its monotonic clock goes on while the computer sleeps; the one of the standard library does not.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::moment::Steady;

pub(super) fn steady() -> Steady {
    Steady(Duration::try_from(clock_gettime(ClockId::Monotonic)).unwrap_or_default())
}
