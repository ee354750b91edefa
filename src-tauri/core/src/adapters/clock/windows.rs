//! Windows: the standard library's clock is the performance counter there, which goes on while the computer sleeps.

use std::sync::OnceLock;
use std::time::Instant;

use crate::moment::Steady;

pub(super) fn steady() -> Steady {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    Steady(BEGAN.get_or_init(Instant::now).elapsed())
}
