//! What can go wrong with a desktop: one sentence, for the person who reads a failed test.

use std::fmt;

/// The result of anything done to a desktop.
pub type Result<T> = std::result::Result<T, DesktopError>;

/// A failure of the desktop under the test, or of what the test waited for.
pub struct DesktopError(String);

impl DesktopError {
    /// A failure in these words.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for DesktopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// `unwrap` and a test that returns `Result` print this one, and a quoted log is hard to read.
impl fmt::Debug for DesktopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DesktopError {}

/// Says what was being done when something failed.
pub trait Because<T> {
    /// The failure, with what was being done before it.
    fn because(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Because<T> for std::result::Result<T, E> {
    fn because(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| DesktopError(format!("{doing}: {error}")))
    }
}

impl<T> Because<T> for Option<T> {
    fn because(self, doing: impl fmt::Display) -> Result<T> {
        self.ok_or_else(|| DesktopError(doing.to_string()))
    }
}
