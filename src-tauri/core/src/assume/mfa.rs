//! Multi-factor authentication: the device, the code, and how often a code is asked for.

use std::fmt;
use std::str::FromStr;

use super::{checked_text, is_of, word_or};
use crate::failure::Failure;
use crate::secret::{ExposeSecret, SecretString};

/// An MFA device: the ARN of a virtual one, or the serial number of a hardware one. 9 to 256 of `[\w+=/:,.@-]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MfaSerial(String);

checked_text!(
    MfaSerial,
    |text| is_of(text, 9, 256, |each| word_or(each, "+=/:,.@-")) && !text.contains(":user/"),
    Failure::malformed_mfa_serial
);

impl MfaSerial {
    /// The device's own name: what stands behind `mfa/`, or the whole serial.
    pub fn name(&self) -> &str {
        self.0.rsplit_once(":mfa/").map_or(&self.0, |(_, name)| name)
    }
}

/// How often a role asks for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MfaWay {
    /// With each session, which may then last up to 12 h.
    Direct,
    /// Once a day, for a session that assumes roles for an hour each.
    Session,
    /// Never, though the source has a device.
    Off,
}

impl MfaWay {
    /// As it is typed and kept.
    pub fn as_str(self) -> &'static str {
        match self {
            MfaWay::Direct => "direct",
            MfaWay::Session => "session",
            MfaWay::Off => "off",
        }
    }
}

impl fmt::Display for MfaWay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for MfaWay {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let ways = [MfaWay::Direct, MfaWay::Session, MfaWay::Off];
        ways.into_iter().find(|way| way.as_str() == text).ok_or_else(|| Failure::malformed_mfa_way(text))
    }
}

/// The six digits that a device shows. Good once, and a secret until then.
#[derive(Clone, Debug)]
pub struct MfaCode(SecretString);

impl MfaCode {
    /// Takes what a person typed or pasted: spaces, dashes and line ends around or between the digits are taken off.
    pub fn read(text: &SecretString) -> Result<MfaCode, Failure> {
        let digits: String = text
            .expose_secret()
            .chars()
            .filter(|each| !each.is_whitespace() && !matches!(each, '-' | '\u{200b}' | '\u{feff}'))
            .collect();
        let valid = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        if valid { Ok(MfaCode(digits.into())) } else { Err(Failure::malformed_mfa_code()) }
    }

    /// Whether both are the same digits.
    pub fn is_same(&self, other: &MfaCode) -> bool {
        self.expose_secret() == other.expose_secret()
    }

    /// Opens the code.
    pub fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_is_what_sts_takes() {
        for text in ["arn:aws:iam::111122223333:mfa/ada", "GAHT12345678", "123456789", &"x".repeat(256)] {
            assert_eq!(text.parse::<MfaSerial>().unwrap().as_str(), text);
        }
        for text in ["", "12345678", "arn:aws:iam::111122223333:user/ada", "a b c d e", &"x".repeat(257)] {
            assert!(text.parse::<MfaSerial>().is_err(), "{text:?}");
        }
        assert_eq!("arn:aws:iam::111122223333:mfa/ada".parse::<MfaSerial>().unwrap().name(), "ada");
    }

    #[test]
    fn a_code_is_cleaned_and_never_shown() {
        for text in ["123456", " 123 456\n", "123-456", "\u{feff}123456"] {
            let code = MfaCode::read(&text.into()).unwrap();
            assert_eq!(code.expose_secret(), "123456");
            assert!(!format!("{code:?}").contains("123456"));
        }
        for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            let failure = MfaCode::read(&text.into()).unwrap_err();
            assert!(text.is_empty() || !failure.to_string().contains(text), "{failure}");
        }
    }
}
