//! Windows: nothing is asked of the system yet, so the journal says no more than that a program asked.

/// Not known.
pub(super) fn name(_pid: u32) -> Option<String> {
    None
}

/// Not known.
pub(super) fn parent(_pid: u32) -> Option<u32> {
    None
}
