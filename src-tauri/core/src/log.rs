//! The log: one file in the state folder, for its owner only, kept small. No secret is ever written to it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::failure::Failure;
use crate::home::{Home, variable};

/// At this size the log becomes `guise.log.1` and a new one begins.
const LARGEST: u64 = 1024 * 1024;

/// Libraries that might write what they send, whatever level is asked for.
const QUIET: [&str; 4] = ["aws_", "hyper", "reqwest", "zbus"];

/// Where the log of a Guise is.
pub fn path(home: &Home) -> PathBuf {
    home.state.join("guise.log")
}

/// Starts the log of this process at the level of `GUISE_LOG`, `info` where it is not set. A panic is logged by its
/// place alone, since its message could hold anything.
pub fn start(home: &Home) -> Result<(), Failure> {
    let path = path(home);
    let file = Capped::open(&path).map_err(|error| Failure::not_written(&path, &error))?;
    let level = std::env::var(variable::LOG).unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::builder().parse_lossy(level);
    // Apart from the filter, where a longer name would win over a shorter one.
    let quiet = filter_fn(|logged| {
        *logged.level() <= Level::WARN || !QUIET.iter().any(|library| logged.target().starts_with(library))
    });
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    let started = tracing_subscriber::registry().with(filter).with(quiet).with(lines).try_init();
    if started.is_err() {
        return Err(Failure::internal("the log was already started"));
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a thread panicked");
    }));
    Ok(())
}

struct Capped {
    path: PathBuf,
    file: File,
    size: u64,
}

impl Capped {
    fn open(path: &Path) -> io::Result<Capped> {
        if let Some(folder) = path.parent() {
            crate::state::private_folder(folder)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        let size = file.metadata()?.len();
        Ok(Capped { path: path.to_owned(), file, size })
    }
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.size > LARGEST {
            fs::rename(&self.path, self.path.with_extension("log.1"))?;
            *self = Capped::open(&self.path.clone())?;
        }
        let written = self.file.write(bytes)?;
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_begins_anew_before_it_grows_large() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guise.log");
        let mut log = Capped::open(&path).unwrap();
        let line = [b'x'; 4096];
        for _ in 0..600 {
            log.write_all(&line).unwrap();
        }
        assert!(fs::metadata(&path).unwrap().len() <= LARGEST + 4096);
        assert!(fs::metadata(path.with_extension("log.1")).unwrap().len() <= LARGEST + 8192);
    }
}
