//! Linux: a timer of the kernel's, by the clock that goes on during sleep.

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

#[derive(Debug)]
pub(super) struct Timer(AsyncFd<OwnedFd>);

impl Timer {
    pub(super) fn new() -> Option<Timer> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Boottime, flags).ok()?;
        // SAFETY: the timer owns its descriptor, which nobody replaces or closes.
        #[allow(unsafe_code, reason = "the event loop takes no timer of the kernel's in a safe way")]
        let timer = unsafe { AsyncFd::register_with_interest(timer, Interest::READABLE) };
        timer.ok().map(Timer)
    }

    /// Has it ring once, after so long.
    pub(super) fn start(&self, after: Duration) -> io::Result<()> {
        let once = Timespec { tv_sec: 0, tv_nsec: 0 };
        let after = Timespec::try_from(after).map_err(io::Error::other)?;
        let due = Itimerspec { it_interval: once, it_value: after };
        timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &due)?;
        Ok(())
    }

    /// Waits until it rings.
    pub(super) async fn rung(&self) -> io::Result<()> {
        loop {
            let mut ready = self.0.readable().await?;
            let read = ready.try_io(|timer| Ok(rustix::io::read(timer, &mut [0; 8])?));
            if let Ok(read) = read {
                return read.map(drop);
            }
        }
    }
}
