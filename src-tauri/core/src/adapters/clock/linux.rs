//! Linux: the time since the computer was started, sleep included.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::moment::Steady;

pub(super) fn steady() -> Steady {
    Steady(Duration::try_from(clock_gettime(ClockId::Boottime)).unwrap_or_default())
}
