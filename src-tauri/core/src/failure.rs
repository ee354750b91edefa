//! Every sentence that a person reads when something did not work, each with a code and, where there is one, a next step.
//!
//! A message is lower case and has no full stop; values stand in backticks; the hint is apart. No message and no
//! hint ever takes a secret: the constructors below take names, ARNs, hosts and paths, and nothing else.

mod assume;
pub(crate) mod aws;
mod catalog;
mod input;
mod profiles;
mod prompt;
mod rotation;
mod setup;
mod state;
mod system;

pub(crate) use aws::hours;
pub use aws::{
    AssumeContext, Factor, Hop, IamAction, IamContext, Obstacle, Refusal, Sent, Setting, Signed, Unreached,
    classify_assume_role, classify_caller_identity, classify_iam, classify_own_session_token,
    classify_session_token,
};
pub use catalog::Unreadable;

use std::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong, for programs: stable, and the only part that code may compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// What the person gave cannot be read as what was asked for.
    InvalidInput,
    /// A role, source or session of that name is not there.
    NotFound,
    /// The name is taken.
    AlreadyExists,
    /// Role, region, source or page belong to different partitions.
    PartitionMismatch,
    /// The catalog cannot be read or does not parse; it is left as it is.
    CatalogUnreadable,
    /// The catalog, or another file of ours, could not be written.
    WriteFailed,
    /// A file that Guise keeps for itself cannot be read; it is left as it is.
    StateUnreadable,
    /// The keys that open the switcher cannot be had.
    ShortcutUnavailable,
    /// There is no keychain.
    KeychainAbsent,
    /// The keychain is locked and was not unlocked.
    KeychainLocked,
    /// The keychain refused.
    KeychainDenied,
    /// The keychain did not answer in time.
    KeychainHung,
    /// The keychain failed, or gave something that is not ours.
    KeychainBroken,
    /// The keychain holds no key for the source.
    KeyMissing,
    /// What was given as MFA code is not one.
    MfaCodeMalformed,
    /// AWS did not take the MFA code: it is wrong, or was used.
    MfaCodeRefused,
    /// Something has to be asked of the person, and there is nowhere to ask it.
    NobodyToAsk,
    /// A command that the person set for Guise failed.
    CommandFailed,
    /// AWS refused the assumption.
    AccessDenied,
    /// AWS does not know the key, or it is switched off.
    KeyUnknown,
    /// The secret does not belong to the key's id.
    WrongSecret,
    /// The credentials have ended.
    CredentialsExpired,
    /// This computer's clock is off.
    ClockSkew,
    /// STS is switched off in the region.
    RegionDisabled,
    /// The role does not allow sessions that long.
    DurationTooLong,
    /// AWS found a value that it does not take.
    AwsValidation,
    /// AWS asks for patience.
    Throttled,
    /// AWS, or the way to it, is not working.
    AwsUnavailable,
    /// The network is not there, or not what it seems.
    Network,
    /// A certificate on the way to AWS is not to be trusted, or there is none to trust.
    Certificate,
    /// A proxy on the way to AWS does not let us through, or cannot be used.
    Proxy,
    /// It took too long.
    Timeout,
    /// The sign-in endpoint refused the credentials.
    SigninRefused,
    /// No browser could be started, or none came.
    Browser,
    /// The clipboard did not take it.
    Clipboard,
    /// The agent is not there, is somebody else's, or speaks another version.
    Agent,
    /// There is no desktop to show a window or a tray on.
    NoDesktop,
    /// The person said no.
    Cancelled,
    /// A fault of ours.
    Internal,
}

/// A thing that did not work: what happened and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct Failure {
    /// For programs.
    pub code: Code,
    /// What happened, in the person's terms.
    pub message: String,
    /// The next step, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub hint: Option<String>,
}

impl Failure {
    /// A failure without a next step.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Failure { code, message: message.into(), hint: None }
    }

    /// The same failure with a next step.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The sentence and the next step, as a notification has them: where there are many things to look at, the likeliest, and
    /// where the others stand.
    pub fn in_a_notice(&self) -> String {
        let Some(hint) = &self.hint else { return self.message.clone() };
        let mut lines = hint.lines();
        match (lines.next(), lines.count()) {
            (Some(first), 2..) => {
                format!("{}\n{first}\nGuise's window tells what else it can be", self.message)
            }
            _ => format!("{}\n{hint}", self.message),
        }
    }

    /// Whether the person said no, which is not an error.
    pub fn is_cancelled(&self) -> bool {
        self.code == Code::Cancelled
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)?;
        if let Some(hint) = &self.hint {
            write!(out, "\n\nhint: {}", hint.replace('\n', "\n      "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// Text from outside, made fit to stand in a sentence: no control or direction-changing characters, at most 200 characters.
pub fn shown(text: &str) -> String {
    let mut clean: String = text.chars().filter(|each| !is_unprintable(*each)).take(200).collect();
    if text.chars().count() > 200 {
        clean.push('…');
    }
    clean
}

/// A path as it can be typed into a shell.
pub fn quoted(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.,+:@%".contains(&byte);
    if text.bytes().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// A name as it can be typed behind a command of a hint.
pub(crate) fn typed(name: &str) -> String {
    quoted(std::path::Path::new(&shown(name)))
}

/// A path, made fit to stand in a sentence. It is not cut: half a path leads nowhere.
pub fn shown_path(path: &std::path::Path) -> String {
    path.to_string_lossy().chars().filter(|each| !is_unprintable(*each)).collect()
}

/// Whether a character steers a terminal or the reading direction instead of being read.
pub(crate) fn is_unprintable(each: char) -> bool {
    each.is_control()
        || matches!(each, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_reads_as_a_sentence_and_then_a_hint() {
        let failure =
            Failure::new(Code::KeychainLocked, "the keychain is locked").hint("unlock it\nand try again");
        assert_eq!(failure.to_string(), "the keychain is locked\n\nhint: unlock it\n      and try again");
    }

    #[test]
    fn a_notice_has_the_likeliest_of_many_causes() {
        let failure = |hint: &str| Failure::new(Code::AccessDenied, "AWS refused").hint(hint).in_a_notice();
        assert_eq!(failure("one"), "AWS refused\none");
        assert_eq!(failure("one\ntwo"), "AWS refused\none\ntwo");
        assert_eq!(failure("one\ntwo\nthree"), "AWS refused\none\nGuise's window tells what else it can be");
    }

    #[test]
    fn text_from_outside_cannot_steer_a_terminal() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c\r\nd"), "a[31mbcd");
        assert_eq!(shown(&"x".repeat(500)).chars().count(), 201);
        let deep = format!("/{}/\u{1b}[2Jend", "x".repeat(500));
        assert_eq!(shown_path(std::path::Path::new(&deep)), deep.replace('\u{1b}', ""));
    }
}
