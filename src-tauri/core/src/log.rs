//! The log: one file in the state folder, for its owner only, kept small. No secret is ever written to it.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Mutex;

use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::failure::Failure;
use crate::home::{Home, variable};
use crate::state::Appended;

/// At this size the log becomes `guise.log.1` and a new one begins.
const LARGEST: u64 = 1024 * 1024;

/// Libraries that might write what they send, whatever level is asked for.
const QUIET: [&str; 4] = ["aws_", "hyper", "rustls", "zbus"];

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Where the log of a Guise is.
pub fn path(home: &Home) -> PathBuf {
    home.state.join("guise.log")
}

/// What is logged: a level, or a `tracing` filter such as `info,guise_core=debug`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter(String);

impl Filter {
    /// What `--log` asked for, else `GUISE_LOG`; `None` where neither did.
    pub fn chosen(asked: Option<Filter>) -> Result<Option<Filter>, Failure> {
        let Some(set) = std::env::var_os(variable::LOG).filter(|text| asked.is_none() && !text.is_empty())
        else {
            return Ok(asked);
        };
        set.to_string_lossy().parse().map(Some)
    }
}

impl Default for Filter {
    fn default() -> Self {
        Filter("info".to_owned())
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Filter {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let is_level = |text: &str| LEVELS.iter().any(|level| text.trim().eq_ignore_ascii_case(level));
        // A word alone would be taken for the name of a library, and a level that is misspelled for one too.
        let says_a_level = |part: &str| is_level(part.rsplit('=').next().unwrap_or_default());
        if text.split(',').all(says_a_level) && EnvFilter::builder().parse(text).is_ok() {
            Ok(Filter(text.to_owned()))
        } else {
            Err(Failure::malformed_log_filter(text))
        }
    }
}

/// Starts the log of this process. A panic is logged by its place alone, since its message could hold anything. What
/// is given back is a warning: lines that cannot be written are lost, and written again once they can be.
pub fn start(home: &Home) -> Result<(), Failure> {
    let path = path(home);
    let mut file = Appended::at(&path, LARGEST);
    let opened = file.check().map_err(|error| Failure::log_not_written(&path, &error));
    let lines = Lines { file, told: opened.is_err() };
    let filter = EnvFilter::builder().parse_lossy(home.log.clone().unwrap_or_default().0);
    // Apart from the filter, where a longer name would win over a shorter one.
    let quiet = filter_fn(|logged| {
        *logged.level() <= Level::WARN || !QUIET.iter().any(|library| logged.target().starts_with(library))
    });
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(lines));
    let started = tracing_subscriber::registry().with(filter).with(quiet).with(lines).try_init();
    if started.is_err() {
        return Err(Failure::internal("the log was already started"));
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a thread panicked");
    }));
    opened
}

/// The log as the formatter writes it: a whole line at a time.
struct Lines {
    file: Appended,
    /// Whether it was said that lines are lost.
    told: bool,
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.file.append(line)
            && !std::mem::replace(&mut self.told, true)
        {
            // The one place left to say it; nobody may be there to read it.
            let failure = Failure::log_not_written(self.file.path(), &error);
            let _ = writeln!(io::stderr(), "warning: {failure}");
        }
        // The formatter would say so itself, for each line.
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_no_level_is_refused() {
        for text in [
            "off",
            "error",
            "warn",
            "info",
            "debug",
            "trace",
            "INFO",
            "info,guise_core=debug",
            "a=off, warn",
            "a[b{c=\"d\"}]=trace",
        ] {
            assert_eq!(text.parse::<Filter>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "verbose",
            "inof",
            "guise_core",
            "info,",
            "info,guise_core",
            "3",
            "a=loud",
            "a=b=c",
            "=",
            "[=info",
            "\u{1b}[31m",
        ] {
            let failure = text.parse::<Filter>().unwrap_err();
            assert_eq!(failure.code, crate::failure::Code::InvalidInput, "{text}");
        }
    }

    #[test]
    fn what_was_asked_for_goes_before_the_environment() {
        let asked: Filter = "debug".parse().unwrap();
        assert_eq!(Filter::chosen(Some(asked.clone())).unwrap(), Some(asked));
    }

    #[test]
    fn a_log_that_cannot_be_written_takes_every_line_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        std::fs::create_dir_all(path(&home)).unwrap();
        let mut lines = Lines { file: Appended::at(&path(&home), LARGEST), told: false };
        lines.write_all(b"lost\n").unwrap();
        lines.write_all(b"lost too\n").unwrap();
        std::fs::remove_dir(path(&home)).unwrap();
        lines.write_all(b"kept\n").unwrap();
        assert_eq!(std::fs::read_to_string(path(&home)).unwrap(), "kept\n");
    }
}
