//! An MFA device in a file, for what runs a command to be given a code: it shows no code twice, as a person who waits for the next
//! one does.

use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::encoding::base32_decode;
use crate::totp;

/// A code that the device has not shown before and that AWS takes now. The file holds the seed in base32, and after it the window of
/// the latest code; three codes are good at any time, the present one and its neighbours, so a fourth within half a minute fails.
pub fn show_code(file: &Path) -> io::Result<String> {
    let text = fs::read_to_string(file)?;
    let (code, shown) = next(&text, Clock::default().now())?;
    fs::write(file, shown)?;
    Ok(code)
}

/// The code, and what the file holds from then on.
fn next(text: &str, now: Timestamp) -> io::Result<(String, String)> {
    let bad = |sentence: &str| io::Error::new(io::ErrorKind::InvalidData, sentence.to_owned());
    let mut words = text.split_whitespace();
    let seed = words.next().unwrap_or_default();
    let key =
        base32_decode(seed).filter(|key| !key.is_empty()).ok_or_else(|| bad("the seed is not base32"))?;
    let latest =
        words.next().map(str::parse::<i64>).transpose().map_err(|_| bad("the window is no number"))?;
    let present = totp::step_at(now);
    let step = latest.map_or(present - 1, |latest| (latest + 1).max(present - 1));
    if step > present + 1 {
        return Err(bad("the device shows no new code yet"));
    }
    Ok((totp::code(&key, step), format!("{seed} {step}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_shows_three_codes_within_a_window_and_none_twice() {
        let now: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let mut held = "JBSWY3DPEHPK3PXP".to_owned();
        let mut codes = Vec::new();
        for _ in 0..3 {
            let (code, rest) = next(&held, now).unwrap();
            assert!(totp::matching_step(&base32_decode("JBSWY3DPEHPK3PXP").unwrap(), &code, now).is_some());
            assert!(!codes.contains(&code));
            codes.push(code);
            held = rest;
        }
        assert!(next(&held, now).is_err());
        assert!(next(&held, crate::clock::later(now, 30)).is_ok());
        assert!(next("not base32!", now).is_err() && next("", now).is_err());
    }
}
