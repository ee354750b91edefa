//! What a person reads when something that Guise keeps for itself could not be kept, or read again.

use std::path::Path;

use super::{Code, Failure, hours, shown, typed};
use crate::session::SessionDuration;

impl Failure {
    /// A file of the state folder cannot be read.
    pub fn state_unreadable(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(Code::StateUnreadable, format!("`{}` cannot be read: {why}", path.display()))
            .hint("it is left as it is, and nothing is written over it; move it away, and a new one begins")
    }

    /// A path that cannot be written down.
    pub fn state_path(path: &Path) -> Failure {
        Failure::new(Code::InvalidInput, format!("the path `{}` is not Unicode", path.display()))
            .hint("give the folder a name that can be written as text")
    }

    /// The same failure, where nothing but Guise's own memory is the worse for it.
    #[must_use]
    pub(crate) fn goes_on(self) -> Failure {
        if self.code == Code::WriteFailed {
            self.hint("everything works, but is not remembered; make room on the disk, or make the folder yours to write in")
        } else {
            self
        }
    }

    /// AWS gave a shorter session of `role` than it says, which is a note and no failure.
    pub fn session_shortened(role: &str, lasts: SessionDuration, wished: SessionDuration) -> Failure {
        let (named, hour, role) = (shown(role), hours(lasts.seconds()), typed(role));
        Failure::new(
            Code::DurationTooLong,
            format!("`{named}` lasts {hour}: its maximum in IAM is below {}", hours(wished.seconds())),
        )
        .hint(format!(
            "raise the maximum session duration in IAM, then: guise role edit {role} --duration {wished}\n\
             or leave it there: guise role edit {role} --duration {lasts}"
        ))
    }

    /// The log could not be opened.
    pub fn log_not_written(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(Code::WriteFailed, format!("the log `{}` cannot be written: {why}", path.display()))
            .hint("Guise goes on without it")
    }

    /// `text` says nothing about what to log.
    pub fn malformed_log_filter(text: &str) -> Failure {
        Failure::new(Code::InvalidInput, format!("`{}` is no level to log at", shown(text)))
            .hint("give --log, or GUISE_LOG, off, error, warn, info, debug or trace, or a filter such as info,guise_core=debug")
    }
}
