//! Waiting for a condition, never for a time.

use std::io::{Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Because, DesktopError, Result};

/// How often a condition is looked at.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks until `look` finds something, at most for `limit`; the failure names what was awaited.
pub fn wait_for<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Option<T>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if begun.elapsed() > limit {
            return Err(DesktopError::new(format!("waited {limit:?} in vain for {what}")));
        }
        thread::sleep(PAUSE);
    }
}

/// What a command wrote to standard output, and how it ended.
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: Vec<u8>,
    /// Its standard error.
    pub stderr: String,
}

impl Finished {
    /// Standard output of a command that succeeded.
    pub(crate) fn success(self, what: &str) -> Result<Vec<u8>> {
        if self.status.success() {
            return Ok(self.stdout);
        }
        Err(DesktopError::new(format!("{what}: {}: {}", self.status, self.stderr.trim())))
    }
}

/// Runs a command to its end, at most for `limit`.
pub(crate) fn finish(command: Command, limit: Duration) -> Result<Finished> {
    finish_with(command, &[], limit)
}

/// The same with these bytes, which must be few, on standard input.
pub fn finish_with(mut command: Command, input: &[u8], limit: Duration) -> Result<Finished> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .because(format_args!("start `{name}`"))?;
    if let Some(mut pipe) = child.stdin.take() {
        // One that ends without having read all of it says why by itself.
        let _ = pipe.write_all(input);
    }
    let stdout = child.stdout.take().map(collect);
    let stderr = child.stderr.take().map(collect);
    let status = wait_for(&format!("`{name}` to finish"), limit, || child.try_wait().transpose());
    let status = match status {
        Ok(status) => status.because(format_args!("wait for `{name}`"))?,
        Err(late) => {
            // It may have ended this moment; what counts is that it is gone.
            let _ = child.kill();
            let _ = child.wait();
            return Err(late);
        }
    };
    let read = |reader: Option<thread::JoinHandle<Vec<u8>>>| {
        reader.and_then(|thread| thread.join().ok()).unwrap_or_default()
    };
    Ok(Finished { status, stdout: read(stdout), stderr: String::from_utf8_lossy(&read(stderr)).into_owned() })
}

fn collect(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What came before a broken pipe is still worth reading.
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}
