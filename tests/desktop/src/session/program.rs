//! A program that a session runs: in a process group of its own, with a log, ended with its handle.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::error::{Because, Result};
use crate::wait::wait_for;

/// What a program gets to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(3);

/// A running program. It ends, with its process group, when this value is dropped.
pub struct Program {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts `command` with standard output and error in `NAME.log`, and `input`, where given, as its standard input.
    pub fn start(name: &str, mut command: Command, logs: &Path, input: Option<&[u8]>) -> Result<Self> {
        let log = free_name(logs, name);
        let out = File::create(&log).because(format_args!("create `{}`", log.display()))?;
        let err = out.try_clone().because("share a log")?;
        let mut child = command
            .process_group(0)
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(out)
            .stderr(err)
            .spawn()
            .because(format_args!("start `{name}`"))?;
        if let (Some(bytes), Some(mut pipe)) = (input, child.stdin.take()) {
            std::io::Write::write_all(&mut pipe, bytes).because(format_args!("write to `{name}`"))?;
        }
        Ok(Self { name: name.to_owned(), child, log })
    }

    /// Its process id, which is also its group's.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it was called when it was started.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All that it wrote so far to standard output and error.
    pub fn log(&self) -> String {
        fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Where that is kept.
    pub fn log_path(&self) -> &Path {
        &self.log
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Sends a signal to the process alone, not to its group.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let Some(pid) = pid_of(self.id()) else { return Ok(()) };
        kill_process(pid, signal).because(format_args!("signal `{}`", self.name))
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
        let what = format!("`{}` to end", self.name);
        wait_for(&what, limit, || self.child.try_wait().ok().flatten())
    }

    /// Asks it to end, kills what is left of its group after three seconds, and waits for it.
    pub fn stop(&mut self) {
        let Some(group) = pid_of(self.id()) else { return };
        let ended = self.ended().is_some();
        // Failing means that nobody is left in the group, which is what is wanted.
        let _ = kill_process_group(group, Signal::TERM);
        if !ended && self.wait(PATIENCE).is_err() {
            let _ = kill_process_group(group, Signal::KILL);
            let _ = self.child.wait();
            return;
        }
        let _ = kill_process_group(group, Signal::KILL);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A process id as the system calls take it.
pub(super) fn pid_of(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}

/// `NAME.log`, or `NAME-2.log` for the second of that name.
fn free_name(logs: &Path, name: &str) -> PathBuf {
    let name = Path::new(name).file_name().unwrap_or(OsStr::new("program")).to_string_lossy();
    let mut path = logs.join(format!("{name}.log"));
    let mut turn = 1;
    while path.exists() {
        turn += 1;
        path = logs.join(format!("{name}-{turn}.log"));
    }
    path
}
