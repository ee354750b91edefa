//! Time by two clocks: the one on the wall, which can be set, and a steady one, which counts sleep and cannot.
//!
//! What lasts for a while ends at whichever says so first. The steady clock is right where the wall clock is set; the wall
//! clock is right where the whole machine stood still, as a virtual one that is paused does. So nothing that has ended is
//! taken for good, at the price that a wall clock set forward ends things early for as long as it stays so.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The steady clock's reading: how long ago something was that has not changed since this process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Steady(pub Duration);

/// Now, by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What the wall clock says.
    pub wall: Timestamp,
    /// What the steady clock says.
    pub steady: Steady,
}

/// When something ends, by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    wall: Timestamp,
    steady: Steady,
}

/// Clocks drift by less than this within a day; what differs by more was set.
const DRIFT: SignedDuration = SignedDuration::from_mins(1);

impl Moment {
    /// How far the wall clock was set forward since `earlier`; negative: back.
    pub fn set_since(self, earlier: Moment) -> SignedDuration {
        let by_wall = self.wall.duration_since(earlier.wall);
        by_wall.saturating_sub(signed(self.steady.0.saturating_sub(earlier.steady.0)))
    }
}

impl End {
    /// `length` after `start`.
    pub fn after(start: Moment, length: SignedDuration) -> End {
        End::at(start.wall.saturating_add(length).unwrap_or(Timestamp::MAX), start, length)
    }

    /// At `wall` by the wall clock, and no later than `length` after `start`.
    pub fn at(wall: Timestamp, start: Moment, length: SignedDuration) -> End {
        let length = length.min(wall.duration_since(start.wall));
        let length = Duration::try_from(length).unwrap_or_default();
        End { wall, steady: Steady(start.steady.0.saturating_add(length)) }
    }

    /// How much is left by the clock that has less.
    pub fn left(self, now: Moment) -> SignedDuration {
        self.wall.duration_since(now.wall).min(self.left_by_steady(now))
    }

    /// Whether both clocks say that it is over, so that setting one back changes nothing.
    pub fn is_past(self, now: Moment) -> bool {
        self.wall <= now.wall && self.steady <= now.steady
    }

    /// When the wall clock will show it: as first told, or earlier where the clock was set back since.
    pub fn shown(self, now: Moment) -> Timestamp {
        let by_steady = now.wall.saturating_add(self.left_by_steady(now)).unwrap_or(self.wall);
        if self.wall.duration_since(by_steady) > DRIFT {
            Timestamp::from_second(by_steady.as_second()).unwrap_or(by_steady)
        } else {
            self.wall
        }
    }

    fn left_by_steady(self, now: Moment) -> SignedDuration {
        signed(self.steady.0).saturating_sub(signed(now.steady.0))
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);
    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    /// These seconds after the beginning by the wall clock and by the steady one.
    fn moment(wall: i64, steady: u64) -> Moment {
        Moment {
            wall: Timestamp::from_second(1_700_000_000 + wall).unwrap(),
            steady: Steady(Duration::from_secs(500 + steady)),
        }
    }

    #[test]
    fn f24_the_clock_that_has_less_left_counts() {
        let end = End::after(moment(0, 0), HOUR);
        for (case, now, left) in [
            ("nothing happened", moment(600, 600), 3000),
            ("the machine slept, and both counted it", moment(7200, 7200), -3600),
            ("the wall clock was set back an hour", moment(-3000, 600), 3000),
            ("the wall clock was set back a day", moment(3601 - 86_400, 3601), -1),
            ("the wall clock was set forward an hour", moment(4200, 600), -600),
            ("a virtual machine was paused for two hours", moment(7800, 600), -4200),
        ] {
            assert_eq!(end.left(now).as_secs(), left, "{case}");
        }
    }

    #[test]
    fn f24_a_clock_set_forward_and_back_again_loses_nothing() {
        let end = End::after(moment(0, 0), HOUR);
        assert!(end.left(moment(4200, 600)).is_negative());
        assert!(!end.is_past(moment(4200, 600)), "it is kept");
        assert_eq!(end.left(moment(660, 660)), MINUTE * 49);
        assert!(end.is_past(moment(3600, 3600)));
    }

    #[test]
    fn f24_an_end_is_shown_as_told_until_the_clock_is_set_back() {
        let end = End::after(moment(0, 0), HOUR);
        let told = moment(3600, 0).wall;
        for now in [moment(600, 600), moment(640, 600), moment(560, 600), moment(4200, 600)] {
            assert_eq!(end.shown(now), told, "{now:?}");
        }
        assert_eq!(end.shown(moment(-3000, 600)), moment(0, 0).wall);
        assert_eq!(end.shown(moment(660, 660)), told, "and again once it is set right");
    }

    #[test]
    fn an_end_that_is_told_is_never_later_than_what_was_asked_for() {
        let start = moment(0, 0);
        let late = End::at(moment(3690, 0).wall, start, HOUR);
        assert_eq!(late.left(moment(0, 3600)).as_secs(), 0);
        let early = End::at(moment(900, 0).wall, start, HOUR);
        assert_eq!(early.left(moment(0, 0)).as_secs(), 900);
    }

    #[test]
    fn setting_the_clock_is_told_from_time_that_passes() {
        assert_eq!(moment(600, 600).set_since(moment(0, 0)).as_secs(), 0);
        assert_eq!(moment(-3000, 600).set_since(moment(0, 0)).as_secs(), -3600);
        assert_eq!(moment(4200, 600).set_since(moment(0, 0)).as_secs(), 3600);
    }
}
