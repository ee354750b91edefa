//! Finding what a session started, by the mark in its environment, and ending it: by id, never by name.

use std::collections::HashSet;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Signal, kill_process};

use super::program::pid_of;
use crate::error::{Because, Result};
use crate::wait::wait_for;

/// The variable that marks whatever belongs to a session; its value is the session's folder.
pub(super) const MARK: &str = "GUISE_DESKTOP_SESSION";

/// Ends everything that bears the session's mark, and what descends from it, except `spared`.
pub(super) fn end_all(base: &Path, spared: &[u32]) {
    for (signal, patience) in [(Signal::TERM, 3), (Signal::KILL, 2)] {
        for id in belonging(base, spared) {
            if let Some(pid) = pid_of(id) {
                // It may have ended since it was listed.
                let _ = kill_process(pid, signal);
            }
        }
        let none_left = || belonging(base, spared).is_empty().then_some(());
        if wait_for("the session's programs to end", Duration::from_secs(patience), none_left).is_ok() {
            return;
        }
    }
}

/// The processes of a session that are alive.
fn belonging(base: &Path, spared: &[u32]) -> Vec<u32> {
    let mark = format!("{MARK}={}", base.display()).into_bytes();
    let alive: Vec<(u32, u32)> =
        processes().into_iter().filter_map(|id| Some((id, parent_if_alive(id)?))).collect();
    let mut ours: HashSet<u32> = alive.iter().map(|(id, _)| *id).filter(|id| has_mark(*id, &mark)).collect();
    // A process that rewrote its environment is still its parent's child.
    loop {
        let before = ours.len();
        ours.extend(
            alive.iter().filter(|(_, parent)| ours.contains(parent)).map(|(id, _)| *id).collect::<Vec<_>>(),
        );
        if ours.len() == before {
            break;
        }
    }
    ours.into_iter().filter(|id| !spared.contains(id)).collect()
}

/// Every process id there is.
pub(crate) fn processes() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

/// The parent of a process that is neither gone nor a zombie.
fn parent_if_alive(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name may hold spaces and parentheses, so the fields are counted from the last one.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.next()?.parse().ok()
}

fn has_mark(id: u32, mark: &[u8]) -> bool {
    fs::read(format!("/proc/{id}/environ"))
        .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|entry| entry == mark))
}

/// A shell that outlives a test that was killed, ends what bears the session's mark and removes its folder.
///
/// It acts when its input ends, which happens by itself when the test process is gone.
pub(super) struct Guard {
    child: Child,
}

impl Guard {
    /// Starts it for the session in `base`.
    pub(super) fn start(base: &Path) -> Result<Self> {
        let child = Command::new("/bin/sh")
            .args(["-c", GUARD, "desktop-guard"])
            .arg(base)
            .arg(format!("{MARK}={}", base.display()))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .because("start the session's guard")?;
        Ok(Self { child })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A session that ends in order needs it no more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const GUARD: &str = r#"
while read -r _; do :; done
for signal in TERM KILL; do
    for process in /proc/[0-9]*; do
        if grep -zqxF "$2" "$process/environ" 2>/dev/null; then kill "-$signal" "${process#/proc/}"; fi
    done
    sleep 2
done
rm -rf -- "$1"
"#;
