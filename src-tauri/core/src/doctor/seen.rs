//! What probes see: plain values, from which findings are made.

use std::path::PathBuf;

use jiff::SignedDuration;

use super::Environment;
use crate::catalog::Catalog;
use crate::failure::Failure;

/// Whether a thing that Guise makes when it needs it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is there.
    There,
    /// It is made when it is first needed, and can be.
    NotYet,
}

/// Who offers a keychain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// The system has one of its own.
    BySystem,
    /// There is no session bus on which one could be offered.
    NoBus,
    /// Nobody on the bus offers one, and none can be started.
    ByNobody,
    /// None runs, and the bus starts one when it is asked.
    OnDemand,
    /// This program, where the bus tells its name.
    By(Option<String>),
}

/// The display that the environment names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisplaySeen {
    /// Its name in `DISPLAY`, and whether a server answers there; `None` for one that is far away.
    pub x11: Option<(String, Option<bool>)>,
    /// Its name in `WAYLAND_DISPLAY`, and whether a compositor answers there.
    pub wayland: Option<(String, Option<bool>)>,
}

impl DisplaySeen {
    /// What the environment says alone.
    pub(super) fn of(environment: &Environment) -> DisplaySeen {
        let named = |name| environment.get(name).map(|value| (value.to_owned(), None));
        DisplaySeen { x11: named("DISPLAY"), wayland: named("WAYLAND_DISPLAY") }
    }

    /// Whether there is one to draw on, as far as is known.
    pub(super) fn is_there(&self) -> bool {
        [&self.x11, &self.wayland].into_iter().flatten().any(|(_, answers)| *answers != Some(false))
    }
}

/// Who shows tray icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraySeen {
    /// The system has a tray of its own.
    BySystem,
    /// There is no session bus.
    NoBus,
    /// Nobody watches for tray items.
    NoWatcher,
    /// Somebody watches, and nobody shows them.
    NoHost,
    /// They are shown.
    Shown,
    /// The watcher does not say.
    Silent,
}

/// What would open a web address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrowserSeen {
    /// The system opens them in process.
    BySystem,
    /// `xdg-open` is not on the search path.
    NoOpener,
    /// `xdg-open` is there.
    Opener {
        /// What the desktop is set to.
        default: Option<DefaultBrowser>,
        /// The program that `BROWSER` names first.
        variable: Option<ProgramSeen>,
        /// The first browser on the search path that `xdg-open` falls back on.
        fallback: Option<String>,
    },
}

/// The browser that the desktop is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultBrowser {
    /// Its desktop file's name.
    pub entry: String,
    /// The program that the file starts; `None` where there is no such file.
    pub program: Option<ProgramSeen>,
}

/// A program that something names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProgramSeen {
    /// It is there and can be run.
    There(String),
    /// It is not.
    Gone(String),
}

/// How one of AWS's clocks was asked, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedClock {
    /// Who was asked.
    pub host: String,
    /// What was told.
    pub told: ClockTold,
}

/// What came of asking AWS the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockTold {
    /// AWS's clock less ours.
    Off(SignedDuration),
    /// No answer came in time.
    Silent,
    /// What was in the way.
    Not(Failure),
}

/// What a file or folder with certificates holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateFile {
    /// This many certificates.
    Holds(usize),
    /// It cannot be read, and why.
    Unreadable(String),
}

/// Whose a file is and who may do what with it, where the system tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSeen {
    /// Whether it belongs to this user.
    pub ours: bool,
    /// The permission bits.
    pub mode: u32,
}

/// The catalog that is worked with.
#[derive(Clone, Debug)]
pub struct CatalogSeen {
    /// What its file says; where that cannot be read, what the last good one said.
    pub catalog: Catalog,
    /// What is wrong with the file.
    pub trouble: Option<Failure>,
}

impl CatalogSeen {
    /// What it says, as far as anything is known of it.
    pub(super) fn known(&self) -> Option<&Catalog> {
        let is_known = self.trouble.is_none() || self.catalog != Catalog::default();
        is_known.then_some(&self.catalog)
    }
}

/// A file in which AWS tools keep keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    /// Where it is.
    pub path: PathBuf,
    /// Whose it is.
    pub file: Option<FileSeen>,
    /// The keys in it, or why it was not read.
    pub keys: Result<Vec<FoundKey>, String>,
}

/// A key that lies in a file in plain text: where, and never what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// The profile that it is of.
    pub profile: String,
    /// Its id.
    pub id: String,
    /// The line of the id, from 1.
    pub id_line: usize,
    /// The line of its secret.
    pub secret_line: usize,
    /// Whether it ends by itself.
    pub temporary: bool,
    /// Whether its lines are comments.
    pub commented: bool,
}

/// A folder of Guise's that may not be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// Where Guise writes.
    pub folder: PathBuf,
    /// The folder itself, or the nearest above it that is there.
    pub there: PathBuf,
    /// Whether nobody may: the file system is read-only.
    pub read_only: bool,
}

/// The entry that starts Guise at login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// There is none.
    NoEntry,
    /// It is there and starts this.
    Starts {
        /// Where it is.
        entry: PathBuf,
        /// What it starts.
        program: ProgramSeen,
    },
    /// It is there, and what it starts cannot be read.
    Unreadable(PathBuf),
}
