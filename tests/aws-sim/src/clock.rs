//! The simulator's clock: the machine's, moved by as many seconds as a test asks for. Nothing else in the crate asks the time.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Further than this a clock is not wrong but nonsense, and arithmetic on it would leave the calendar.
const FURTHEST: i64 = 100 * 366 * 24 * 3600;

/// A clock that can be put forward and back without waiting.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_seconds: AtomicI64,
}

impl Clock {
    /// The time the simulator believes it is.
    #[allow(clippy::disallowed_methods, reason = "this is the one place that asks the machine for the time")]
    pub(crate) fn now(&self) -> Timestamp {
        later(Timestamp::now(), self.offset_seconds.load(Ordering::SeqCst))
    }

    /// Sets how many seconds ahead of the machine (or behind it) the clock is.
    pub(crate) fn set_offset(&self, seconds: i64) {
        self.offset_seconds.store(seconds.clamp(-FURTHEST, FURTHEST), Ordering::SeqCst);
    }

    /// How many seconds ahead of the machine the clock is.
    pub(crate) fn offset(&self) -> i64 {
        self.offset_seconds.load(Ordering::SeqCst)
    }
}

/// The moment `seconds` after `moment`, or the end of the calendar.
pub(crate) fn later(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

/// Whole seconds from `start` to `end`, negative when `end` is earlier.
pub(crate) fn seconds_between(start: Timestamp, end: Timestamp) -> i64 {
    end.as_second().saturating_sub(start.as_second())
}

/// `20150830T123600Z`, as signatures write it.
pub(crate) fn compact(moment: Timestamp) -> String {
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// `2015-08-30T12:36:00Z`, as STS answers write it.
pub(crate) fn iso(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `Sun, 30 Aug 2015 12:36:00 GMT`, as HTTP headers write it.
pub(crate) fn http_date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_the_three_ways_aws_writes_it() {
        let moment: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
        assert_eq!(compact(moment), "20150830T123600Z");
        assert_eq!(iso(moment), "2015-08-30T12:36:00Z");
        assert_eq!(http_date(moment), "Sun, 30 Aug 2015 12:36:00 GMT");
    }

    #[test]
    fn an_absurd_offset_stays_within_the_calendar() {
        let clock = Clock::default();
        clock.set_offset(i64::MAX);
        assert!(clock.now() > "2100-01-01T00:00:00Z".parse().unwrap());
        clock.set_offset(i64::MIN);
        assert!(clock.now() < "1950-01-01T00:00:00Z".parse().unwrap());
    }
}
