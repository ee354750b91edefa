//! The system calls of a program: written down in their order, and made to fail, or to take long, where a test says so.
//! By `strace`, from outside, so that the program is the real one.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use desktop_tests::{Because, Result};

/// The calls that change what is on a disk, and those that open what is read.
const WATCHED: &str =
    "trace=openat,write,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,flock";

/// One call that does not do as it was asked.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The call's name.
    pub call: String,
    /// The how-many-th call of that name.
    pub when: usize,
    /// What happens to it.
    pub effect: Effect,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug)]
pub enum Effect {
    /// The disk is full.
    NoSpace,
    /// The disk is broken.
    Broken,
    /// It takes this long before it begins.
    Late {
        /// How long, in milliseconds.
        ms: u64,
    },
}

impl Effect {
    fn word(self) -> String {
        match self {
            Effect::NoSpace => "error=ENOSPC".to_owned(),
            Effect::Broken => "error=EIO".to_owned(),
            Effect::Late { ms } => format!("delay_enter={}", ms * 1000),
        }
    }
}

/// A call as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// What it was given; file descriptors with their paths.
    pub arguments: String,
    /// Whether it was one that was made to fail.
    pub failed_by_us: bool,
}

impl Call {
    /// The path of the file descriptor that is the first argument.
    pub fn file(&self) -> Option<&Path> {
        let (_, rest) = self.arguments.split_once('<')?;
        Some(Path::new(rest.split_once('>')?.0))
    }

    /// The texts in quotes among the arguments: the paths of calls that name some.
    pub fn paths(&self) -> Vec<&Path> {
        self.arguments.split('"').skip(1).step_by(2).map(Path::new).collect()
    }
}

/// A program's calls on their way to the kernel.
#[derive(Debug)]
pub struct Trace {
    log: PathBuf,
}

impl Trace {
    /// A trace that is written down in this file.
    pub fn into(log: &Path) -> Trace {
        Trace { log: log.to_owned() }
    }

    /// The command that runs a program with its calls watched, and one of them going wrong.
    pub fn command<A: AsRef<OsStr>>(
        &self,
        program: &Path,
        arguments: &[A],
        fault: Option<&Fault>,
    ) -> Command {
        let mut strace = Command::new("strace");
        strace
            .args(["-f", "-qq", "-y", "-s", "256", "-e", WATCHED, "-e", "signal=none", "-o"])
            .arg(&self.log);
        if let Some(Fault { call, when, effect }) = fault {
            strace.args(["-e", &format!("inject={call}:{}:when={when}", effect.word())]);
        }
        strace.arg("--").arg(program).args(arguments);
        strace
    }

    /// The calls of the program that has run, in their order.
    pub fn calls(&self) -> Result<Vec<Call>> {
        let log = fs::read_to_string(&self.log).because("read what strace wrote")?;
        Ok(log.lines().filter_map(call).collect())
    }
}

/// Reads a line such as `4711  fsync(3</tmp/x>) = 0`.
fn call(line: &str) -> Option<Call> {
    let (_, line) = line.trim_start().split_once(' ')?;
    let (name, rest) = line.trim_start().split_once('(')?;
    let arguments =
        rest.rsplit_once(") ").or_else(|| rest.rsplit_once(')')).map_or(rest, |(arguments, _)| arguments);
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    plain.then(|| Call {
        name: name.to_owned(),
        arguments: arguments.to_owned(),
        failed_by_us: rest.contains("(INJECTED)"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_strace_is_read() {
        let read = call("4711  fsync(3</tmp/a b>) = -1 EIO (Input/output error) (INJECTED)").unwrap();
        assert_eq!(
            (read.name.as_str(), read.file(), read.failed_by_us),
            ("fsync", Some(Path::new("/tmp/a b")), true)
        );
        let read = call(r#"4711 rename("/tmp/x", "/tmp/y") = 0"#).unwrap();
        assert_eq!(read.paths(), [Path::new("/tmp/x"), Path::new("/tmp/y")]);
        assert!(!read.failed_by_us);
        assert_eq!(call("4711 +++ exited with 0 +++"), None);
    }
}
