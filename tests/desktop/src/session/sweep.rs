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
    let mut ours = Belongings::new(base, spared);
    for (signal, patience) in [(Signal::TERM, 3), (Signal::KILL, 2)] {
        for id in ours.alive() {
            if let Some(pid) = pid_of(id) {
                // It may have ended since it was listed.
                let _ = kill_process(pid, signal);
            }
        }
        let none_left = || ours.alive().is_empty().then_some(());
        if wait_for("the session's programs to end", Duration::from_secs(patience), none_left).is_ok() {
            return;
        }
    }
}

/// What bears the session's mark now, and what descends from it, except `spared`.
pub(super) fn alive(base: &Path, spared: &[u32]) -> Vec<u32> {
    Belongings::new(base, spared).alive()
}

/// The processes of a session. One that was known once stays known: a browser's children lose their parent before they end.
struct Belongings<'a> {
    mark: Vec<u8>,
    spared: &'a [u32],
    known: HashSet<Process>,
}

/// A process that is alive; the time of its start tells it from another that got the same id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Process {
    id: u32,
    parent: u32,
    started: u64,
}

impl<'a> Belongings<'a> {
    fn new(base: &Path, spared: &'a [u32]) -> Self {
        let mark = format!("{MARK}={}", base.display()).into_bytes();
        Self { mark, spared, known: HashSet::new() }
    }

    /// Those that are alive now.
    fn alive(&mut self) -> Vec<u32> {
        let alive: Vec<Process> = processes().into_iter().filter_map(Process::read).collect();
        let was_ours = |process: &Process| {
            let same = |old: &Process| old.id == process.id && old.started == process.started;
            self.known.iter().any(same) || has_mark(process.id, &self.mark)
        };
        let mut ours: HashSet<u32> = alive.iter().filter(|one| was_ours(one)).map(|one| one.id).collect();
        // A process that rewrote its environment is still its parent's child.
        loop {
            let children: Vec<u32> =
                alive.iter().filter(|one| ours.contains(&one.parent)).map(|one| one.id).collect();
            let before = ours.len();
            ours.extend(children);
            if ours.len() == before {
                break;
            }
        }
        ours.retain(|id| !self.spared.contains(id));
        self.known.extend(alive.iter().filter(|one| ours.contains(&one.id)));
        ours.into_iter().collect()
    }
}

impl Process {
    /// A process that is neither gone nor a zombie.
    fn read(id: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // The name may hold spaces and parentheses, so the fields are counted from the last one.
        let fields: Vec<&str> = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace().collect();
        // One whose first thread has ended may still write by another.
        if matches!(*fields.first()?, "Z" | "X") && matches!(*fields.get(17)?, "0" | "1") {
            return None;
        }
        Some(Self { id, parent: fields.get(1)?.parse().ok()?, started: fields.get(19)?.parse().ok()? })
    }
}

/// Every process id there is.
pub(crate) fn processes() -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
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
