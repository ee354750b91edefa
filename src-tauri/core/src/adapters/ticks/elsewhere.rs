//! macOS and Windows: the event loop's own timer does.

use std::io;
use std::time::Duration;

#[derive(Debug)]
pub(super) enum Timer {}

impl Timer {
    pub(super) fn new() -> Option<Timer> {
        None
    }

    pub(super) fn start(&self, _after: Duration) -> io::Result<()> {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "elsewhere it is waited for")]
    pub(super) async fn rung(&self) -> io::Result<()> {
        match *self {}
    }
}
