//! Time-based one-time passwords (RFC 6238: SHA-1, six digits, thirty seconds), as virtual MFA devices show them.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;

/// How long a code is shown.
const STEP_SECONDS: i64 = 30;

/// The number of the thirty-second window `moment` lies in.
pub(crate) fn step_at(moment: Timestamp) -> i64 {
    moment.as_second().div_euclid(STEP_SECONDS)
}

/// The six digits a device with this seed shows in a window.
pub(crate) fn code(seed: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(seed).expect("HMAC accepts keys of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let start = usize::from(digest[19] & 0x0f);
    let word =
        u32::from_be_bytes([digest[start] & 0x7f, digest[start + 1], digest[start + 2], digest[start + 3]]);
    format!("{:06}", word % 1_000_000)
}

/// The window whose code this is: the present one, or a neighbour for a device whose clock is a little off.
pub(crate) fn matching_step(seed: &[u8], offered: &str, moment: Timestamp) -> Option<i64> {
    let now = step_at(moment);
    [now, now - 1, now + 1].into_iter().find(|step| code(seed, *step) == offered)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of its eight digits.
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            let moment = Timestamp::from_second(second).unwrap();
            assert_eq!(code(SEED, step_at(moment)), expected);
        }
    }

    #[test]
    fn a_neighbouring_window_is_accepted_and_a_distant_one_is_not() {
        let moment = Timestamp::from_second(59).unwrap();
        assert_eq!(matching_step(SEED, "287082", moment), Some(1));
        assert_eq!(matching_step(SEED, "287082", Timestamp::from_second(85).unwrap()), Some(1));
        assert_eq!(matching_step(SEED, "287082", Timestamp::from_second(125).unwrap()), None);
    }
}
