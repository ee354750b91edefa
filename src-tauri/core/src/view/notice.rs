//! What the person is told where they are not looking at a window.

/// Something to tell the person where they are not looking at a window of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The short line.
    pub title: String,
    /// The rest; may be empty.
    pub body: String,
    /// How much it matters.
    pub urgency: Urgency,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It goes away by itself.
    Passing,
    /// Something did not work.
    Failed,
}
