//! A session's life: its name, its length, what shaped it, and whether it may still be handed out.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use crate::arn::{Region, is_name_byte};
use crate::catalog::Name;
use crate::chain::Plan;
use crate::console::Endpoints;
use crate::failure::Failure;
use crate::moment::{End, Moment};
use crate::secret::TemporaryCredentials;

/// Tools get credentials with more than this left, wherever the role allows it: they begin to renew from there on.
pub const TOOLS_WANT: SignedDuration = SignedDuration::from_mins(15);

/// Nothing with less than this left is handed out: a tool would barely begin before it ends.
pub const LEAST_LEFT: SignedDuration = SignedDuration::from_mins(5);

/// A role session's name: what CloudTrail shows as the person. STS takes 2 to 64 of `[\w+=,.@-]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionName(String);

impl SessionName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Makes a valid name of any user's name: what STS does not take becomes a dash, one too short is padded.
    pub fn from_user(user: &str) -> SessionName {
        let mut name: String = user
            .chars()
            .map(|each| if each.is_ascii() && is_name_byte(each as u8) { each } else { '-' })
            .take(64)
            .collect();
        while name.len() < 2 {
            name.push('-');
        }
        SessionName(name)
    }
}

impl fmt::Display for SessionName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for SessionName {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if (2..=64).contains(&text.len()) && text.bytes().all(is_name_byte) {
            Ok(SessionName(text.to_owned()))
        } else {
            Err(Failure::malformed_session_name(text))
        }
    }
}

/// How long a role session is asked for: 900 to 43,200 seconds, STS's own bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionDuration(u32);

impl SessionDuration {
    /// AWS's default, and what every role allows.
    pub const HOUR: SessionDuration = SessionDuration(3600);

    /// The longest that STS gives a role, and its usual length of an MFA session.
    pub const LONGEST: SessionDuration = SessionDuration(43_200);

    /// Longer than tools need to begin to renew at once: they do from 15 minutes before the end.
    pub const HALF_HOUR: SessionDuration = SessionDuration(1800);

    /// The length in seconds.
    pub fn seconds(self) -> u32 {
        self.0
    }
}

impl fmt::Display for SessionDuration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            whole if whole.is_multiple_of(3600) => write!(out, "{}h", whole / 3600),
            whole if whole.is_multiple_of(60) => write!(out, "{}m", whole / 60),
            other => write!(out, "{other}s"),
        }
    }
}

impl FromStr for SessionDuration {
    type Err = Failure;

    /// Takes `1h`, `90m`, `3600s`, `1h30m` or bare seconds.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let malformed = || Failure::malformed_duration(text);
        let mut total: u32 = 0;
        let mut rest = text;
        if text.is_empty() || text.len() > 16 {
            return Err(malformed());
        }
        while !rest.is_empty() {
            let digits = rest.find(|each: char| !each.is_ascii_digit()).unwrap_or(rest.len());
            let number: u32 = rest[..digits].parse().map_err(|_| malformed())?;
            let (unit, next) = match rest[digits..].chars().next() {
                None if total == 0 => (1, digits),
                Some('h') => (3600, digits + 1),
                Some('m') => (60, digits + 1),
                Some('s') => (1, digits + 1),
                _ => return Err(malformed()),
            };
            total =
                number.checked_mul(unit).and_then(|part| total.checked_add(part)).ok_or_else(malformed)?;
            rest = &rest[next..];
        }
        if (900..=43_200).contains(&total) { Ok(SessionDuration(total)) } else { Err(malformed()) }
    }
}

/// A digest of everything that shaped a session, so that an edited role never gets an old role's credentials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionKey(pub(crate) String);

/// Temporary credentials of a role, and what they are for. Lives in the agent's memory only.
#[derive(Clone, Debug)]
pub struct Session {
    /// Names it in intents; says nothing about it.
    pub id: String,
    /// A digest of all that shaped it.
    pub key: SessionKey,
    /// How it was made; an MFA session's, for which plan it was first asked.
    pub plan: Plan,
    /// The credentials. Their expiry is by our clock as it is now.
    pub credentials: TemporaryCredentials,
    /// When they end, whatever is done to the clock.
    pub end: End,
    /// When it was made, by our clock.
    pub since: Timestamp,
    /// Where the source's console and sign-in are, if not at AWS's own addresses.
    pub endpoints: Endpoints,
}

/// Where a session stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It may be handed out.
    Fresh,
    /// It still works, but has too little left to hand out.
    Ending,
    /// AWS no longer takes it.
    Ended,
}

impl Session {
    /// The role's name in the catalog when it was assumed.
    pub fn role(&self) -> &Name {
        &self.plan.role
    }

    /// Whether it is an MFA session, which is no role's.
    pub fn is_mfa(&self) -> bool {
        self.plan.mfa_session.as_ref().is_some_and(|session| self.plan.key_of(session) == self.key)
    }

    /// The region it was made for.
    pub fn region(&self) -> &Region {
        &self.plan.region
    }

    /// When AWS stops taking it, by our clock.
    pub fn expires(&self) -> Timestamp {
        self.credentials.expires
    }

    /// Where it stands at `now`.
    pub fn life(&self, now: Moment) -> Life {
        life(self.end.left(now))
    }
}

/// Where credentials stand that have this much left.
pub fn life(left: SignedDuration) -> Life {
    match left {
        left if left > LEAST_LEFT => Life::Fresh,
        left if left.is_positive() => Life::Ending,
        _ => Life::Ended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_what_sts_takes() {
        for (text, seconds, shown) in [
            ("1h", 3600, "1h"),
            ("15m", 900, "15m"),
            ("12h", 43_200, "12h"),
            ("3601", 3601, "3601s"),
            ("1h30m", 5400, "90m"),
        ] {
            let duration: SessionDuration = text.parse().unwrap();
            assert_eq!((duration.seconds(), duration.to_string().as_str()), (seconds, shown));
            assert_eq!(shown.parse::<SessionDuration>().unwrap(), duration);
        }
        for text in ["", "14m", "899", "43201", "13h", "1", "h", "1d", "1h30", "-1h", "99999999999h", "1 h"] {
            assert!(text.parse::<SessionDuration>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_session_name_is_what_sts_takes() {
        let longest = "a".repeat(64);
        for text in ["ab", "alice@example.com", "=,.@-+_", &longest] {
            assert_eq!(text.parse::<SessionName>().unwrap().as_str(), text);
        }
        let long = "a".repeat(65);
        for text in ["a", "", "a b", "é1", "user:1", &long] {
            assert!(text.parse::<SessionName>().is_err(), "{text}");
        }
    }

    #[test]
    fn any_user_gives_a_valid_session_name() {
        for (user, name) in [("ada", "ada"), ("a", "a-"), ("", "--"), ("größe", "gr--e"), ("a b/c", "a-b-c")]
        {
            let made = SessionName::from_user(user);
            assert_eq!(made.as_str(), name);
            assert_eq!(made.as_str().parse::<SessionName>().unwrap(), made);
        }
    }

    #[test]
    fn nothing_with_five_minutes_or_less_is_fresh() {
        for (left, stands) in
            [(301, Life::Fresh), (300, Life::Ending), (1, Life::Ending), (0, Life::Ended), (-1, Life::Ended)]
        {
            assert_eq!(life(SignedDuration::from_secs(left)), stands, "{left}");
        }
    }
}
