//! One lock for the state folder, so that several processes of ours change a file in it one after the other.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::private_folder;

/// Whoever has it writes a small file; one that was stopped meanwhile is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The lock, for as long as this lives.
pub(super) struct Alone(File);

impl Drop for Alone {
    fn drop(&mut self) {
        // Closing would do, but for a child process that was begun meanwhile and still has all our files.
        let _ = self.0.unlock();
    }
}

/// Waits for the lock.
pub(super) fn waited_for(folder: &Path) -> io::Result<Alone> {
    let begun = Instant::now();
    loop {
        if let Some(lock) = at_once(folder)? {
            return Ok(lock);
        }
        if begun.elapsed() > PATIENCE {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "another program of Guise does not let go of it",
            ));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The lock, where nobody has it.
pub(super) fn at_once(folder: &Path) -> io::Result<Option<Alone>> {
    private_folder(folder)?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join("state.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Alone(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
