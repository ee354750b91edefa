//! How wrong this computer's clock is, as far as AWS's answers have told.

use jiff::SignedDuration;

use crate::failure::Failure;
use crate::moment::Moment;

/// A clock that is off by less is nobody's trouble; AWS refuses from fifteen minutes on.
const TOLERATED: SignedDuration = SignedDuration::from_mins(5);
/// The clock was set if it went further than the steady one by this.
const SET: SignedDuration = SignedDuration::from_secs(30);

/// What is known.
#[derive(Default)]
pub(super) struct ClockWatch {
    /// By how much AWS's clock is ahead of ours, where that is more than is tolerated, and when that was known.
    off: Option<(SignedDuration, Moment)>,
}

impl ClockWatch {
    /// An answer of AWS's told by how much its clock is ahead. Says whether that is news to the person.
    pub(super) fn measured(&mut self, skew: SignedDuration, now: Moment) -> bool {
        let was_off = self.off.is_some();
        self.off = (skew.abs() > TOLERATED).then_some((skew, now));
        self.off.is_some() && !was_off
    }

    /// Has the clock been set right meanwhile? A clock that is set wrong shows at the next answer, not before: a virtual
    /// machine that was paused looks the same from inside.
    pub(super) fn look(&mut self, now: Moment) {
        if let Some((skew, then)) = self.off {
            let set = now.set_since(then);
            if set.abs() > SET && skew.saturating_sub(set).abs() <= TOLERATED {
                self.off = None;
            }
        }
    }

    /// What the person is told while it is off.
    pub(super) fn trouble(&self) -> Option<Failure> {
        self.off.map(|(skew, _)| Failure::clock_off(skew))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::moment::Steady;

    fn moment(wall: i64, steady: u64) -> Moment {
        let wall = Timestamp::from_second(1_700_000_000 + wall).unwrap();
        Moment { wall, steady: Steady(Duration::from_secs(steady)) }
    }

    #[test]
    fn f24_a_wrong_clock_is_said_once_and_no_longer_than_it_is_wrong() {
        let hour = SignedDuration::from_hours(1);
        let mut watch = ClockWatch::default();
        assert!(!watch.measured(SignedDuration::from_mins(4), moment(0, 0)));
        assert!(watch.trouble().is_none());
        assert!(watch.measured(hour, moment(0, 0)));
        assert!(!watch.measured(hour, moment(10, 10)), "it is known");
        assert_eq!(watch.trouble().unwrap().message, "this computer's clock is 60 minutes behind AWS's");
        watch.look(moment(4000, 4000));
        assert!(watch.trouble().is_some(), "time alone sets no clock right");
        watch.look(moment(4000 - 3600, 4000));
        assert!(watch.trouble().is_some(), "it was set, but the wrong way");
        watch.look(moment(4000 + 3590, 4000));
        assert!(watch.trouble().is_none(), "it was set right");
        assert!(watch.measured(-hour, moment(8000, 4100)), "and wrong again");
        assert!(!watch.measured(SignedDuration::ZERO, moment(8000, 4100)));
        assert!(watch.trouble().is_none());
    }
}
