//! What edits took out of the catalog, kept for a while so that they can be taken back. There is no secret in it.

use std::collections::VecDeque;

use jiff::SignedDuration;

use crate::catalog::Taken;
use crate::moment::{End, Moment};

/// How long an edit can be taken back.
const KEPT_FOR: SignedDuration = SignedDuration::from_mins(10);
/// How many edits can be.
const MOST: usize = 10;

/// The last edits that can be taken back, the oldest first.
#[derive(Default)]
pub(super) struct Undos {
    last: u64,
    kept: VecDeque<Kept>,
}

struct Kept {
    undo: u64,
    until: End,
    taken: Taken,
}

impl Undos {
    /// A number for an edit that is about to be made.
    pub(super) fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    /// Keeps what an edit took out.
    pub(super) fn keep(&mut self, undo: u64, taken: Taken, now: Moment) {
        self.kept.retain(|kept| !kept.until.is_past(now));
        if self.kept.len() == MOST {
            self.kept.pop_front();
        }
        self.kept.push_back(Kept { undo, until: End::after(now, KEPT_FOR), taken });
    }

    /// What an edit took out, if that is still kept.
    pub(super) fn taken(&self, undo: u64, now: Moment) -> Option<Taken> {
        let kept = self.kept.iter().find(|kept| kept.undo == undo && !kept.until.is_past(now))?;
        Some(kept.taken.clone())
    }

    /// Forgets what was put back.
    pub(super) fn forget(&mut self, undo: u64) {
        self.kept.retain(|kept| kept.undo != undo);
    }
}
