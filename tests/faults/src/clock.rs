//! A wall clock of a program's own, which a test sets while the program runs: the packaged `libfaketime`, by a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use desktop_tests::{Because, DesktopError, Result};

/// A clock for as many programs as are started with it.
pub struct WallClock {
    file: PathBuf,
    library: PathBuf,
}

impl WallClock {
    /// A clock that is right until it is set. It keeps how far it is off in a file of `folder`.
    pub fn new(folder: &Path) -> Result<WallClock> {
        let clock = WallClock { file: folder.join("wall-clock"), library: library()? };
        clock.set(0)?;
        Ok(clock)
    }

    /// Has a program, and all that it starts, go by this clock. Steady clocks are left alone, as setting a real one does.
    pub fn give_to(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.file)
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .env("NO_FAKE_STAT", "1");
    }

    /// Sets it this far from the right time. It is read at once by all that go by it.
    pub fn set(&self, seconds: i64) -> Result<()> {
        let fresh = self.file.with_extension("new");
        fs::write(&fresh, format!("{seconds:+}")).because("set a clock")?;
        fs::rename(&fresh, &self.file).because("set a clock")
    }
}

/// Where the system keeps the library.
fn library() -> Result<PathBuf> {
    let name = "libfaketimeMT.so.1";
    let architecture = std::env::consts::ARCH;
    [
        format!("/usr/lib/{architecture}-linux-gnu/faketime"),
        "/usr/lib/faketime".to_owned(),
        "/usr/lib64/faketime".to_owned(),
        "/usr/lib64/libfaketime".to_owned(),
        "/usr/lib64".to_owned(),
    ]
    .iter()
    .map(|folder| Path::new(folder).join(name))
    .find(|path| path.is_file())
    .ok_or_else(|| DesktopError::new(format!("`{name}` is not installed; tools/setup.sh test installs it")))
}
