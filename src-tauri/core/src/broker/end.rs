//! When a session ends, by our own clock.

use jiff::{SignedDuration, Timestamp};

use crate::moment::{End, Moment};
use crate::session::SessionDuration;

/// Clocks that differ by no more are taken to agree: a call may take that long.
const CLOCKS_AGREE: SignedDuration = SignedDuration::from_mins(2);

/// When credentials end. AWS tells it by its own clock, so a clock of ours that differs has to be reckoned with; where it
/// is not known by how much, only the length of the session is.
pub(super) fn end(
    told: Timestamp,
    asked: Moment,
    duration: SessionDuration,
    skew: Option<SignedDuration>,
) -> End {
    let length = SignedDuration::from_secs(duration.seconds().into());
    let expected = asked.wall.saturating_add(length).unwrap_or(Timestamp::MAX);
    let wall = match skew {
        Some(skew) if skew.abs() > CLOCKS_AGREE => {
            told.saturating_sub(skew).map_or(expected, |told| told.min(expected))
        }
        None if told < expected && expected.duration_since(told) > CLOCKS_AGREE => expected,
        _ if told.duration_since(expected) > CLOCKS_AGREE => expected,
        _ => told,
    };
    End::at(wall, asked, length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Steady;

    #[test]
    fn f24_an_end_is_told_by_our_clock() {
        let asked = Moment { wall: Timestamp::UNIX_EPOCH, steady: Steady::default() };
        let hour = 3600;
        for (case, told, skew, wall) in [
            ("the clocks agree", hour + 20, Some(20), hour + 20),
            ("and AWS gives less", 900, Some(1), 900),
            ("ours is an hour behind", hour + 3600, Some(3590), hour),
            ("ours is an hour ahead", hour - 3600, Some(-3610), hour),
            ("it is ahead, and AWS gives less", 900 - 3600, Some(-3600), 900),
            ("an answer without a date", hour + 20, None, hour + 20),
            ("that is far off", hour + 7200, None, hour),
            ("to either side", hour - 7200, None, hour),
            ("AWS gives more than it was asked for", hour + 7200, Some(0), hour),
        ] {
            let at = |seconds| Timestamp::from_second(seconds).unwrap();
            let end = end(at(told), asked, SessionDuration::HOUR, skew.map(SignedDuration::from_secs));
            assert_eq!(end.shown(asked), at(wall), "{case}");
            assert!(end.left(asked).as_secs() <= hour, "{case}");
        }
    }
}
