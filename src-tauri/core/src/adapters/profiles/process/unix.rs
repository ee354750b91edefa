//! A command of a shell, in a group of its own, so that it ends together with what it started.

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Command;

pub(super) fn shell(command: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).process_group(0);
    shell
}

pub(super) fn end(id: u32) {
    if let Some(group) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // It may have ended by itself.
        let _ = kill_process_group(group, Signal::KILL);
    }
}
