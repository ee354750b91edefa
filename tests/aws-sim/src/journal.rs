//! What happened, for tests and for people to read. No secret, token or code ever enters it.

use serde::Serialize;

/// Which part of AWS was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CallKind {
    /// STS.
    Sts,
    /// The federation endpoint and sign-out.
    Signin,
    /// A console page.
    Console,
}

/// One call, as far as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// When, by the simulator's clock: `2026-01-02T03:04:05Z`.
    pub time: String,
    /// Which part of AWS.
    pub kind: CallKind,
    /// `AssumeRole`, `getSigninToken`, `login`, or for the console the path.
    pub action: String,
    /// Who asked, once that was established.
    pub caller: Option<String>,
    /// The role asked for.
    pub role: Option<String>,
    /// The session name asked for.
    pub session_name: Option<String>,
    /// `DurationSeconds` or `SessionDuration`, as it was sent.
    pub duration: Option<String>,
    /// Where the call came from.
    pub source_ip: String,
    /// The HTTP status answered; 0 when the connection was closed without an answer.
    pub status: u16,
    /// The error code of STS, or a word for what the sign-in endpoint refused.
    pub error: Option<String>,
}

impl Call {
    pub(crate) fn new(kind: CallKind, action: impl Into<String>) -> Self {
        Self {
            time: String::new(),
            kind,
            action: action.into(),
            caller: None,
            role: None,
            session_name: None,
            duration: None,
            source_ip: String::new(),
            status: 0,
            error: None,
        }
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            CallKind::Sts => "sts",
            CallKind::Signin => "signin",
            CallKind::Console => "console",
        };
        write!(formatter, "{} {:>3} {kind:<7} {}", self.time, self.status, self.action)?;
        let details = [
            ("by", &self.caller),
            ("role", &self.role),
            ("session", &self.session_name),
            ("duration", &self.duration),
            ("refused:", &self.error),
        ];
        for (word, value) in details {
            if let Some(value) = value {
                write!(formatter, " {word} {value}")?;
            }
        }
        Ok(())
    }
}

/// One console session and where it has been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsoleVisit {
    /// `assumed-role/Role/session`.
    pub identity: String,
    /// Twelve digits.
    pub account: String,
    /// The account's name in the data.
    pub account_name: String,
    /// When the console session ends.
    pub expires: String,
    /// Whether it still lasts by the simulator's clock.
    pub live: bool,
    /// Paths visited, with their queries, in order.
    pub paths: Vec<String>,
}
