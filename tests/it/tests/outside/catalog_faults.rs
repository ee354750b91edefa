//! The catalog on bad days, from outside: the real program, real files, real disks that fail.

mod disk;
mod kills;
mod large;
mod strange_files;
mod writers;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use desktop_tests::{finish_with, programs};
use tempfile::TempDir;

use crate::world::{Answered, COMMAND};

/// A Guise home with a catalog in it, and no desktop: what changes a catalog needs none.
pub(crate) struct Stage {
    folder: TempDir,
    program: PathBuf,
    user: Option<u32>,
}

/// The head of every catalog here.
pub(crate) const HEAD: &str = "# ada's\n\n[sources.work]\nkind = \"access-key\"\n\
    access_key_id = \"AKIAIOSFODNN7EXAMPLE\"\narn = \"arn:aws:iam::111122223333:user/ada\"\naccount = \"111122223333\"\n";

/// One role of a catalog.
pub(crate) fn role(name: &str, session: &str) -> String {
    format!(
        "\n[roles.{name}]\narn = \"arn:aws:iam::111122223333:role/{name}\"\nsource = \"work\"\nsession_name = \"{session}\"\n"
    )
}

impl Stage {
    /// A stage of whoever runs the tests.
    pub(crate) fn new(catalog: &str) -> Stage {
        let folder = tempfile::tempdir().expect("a folder");
        let program = programs().expect("the programs are built").join("guise");
        let stage = Stage { folder, program, user: None };
        stage.begin(catalog);
        stage
    }

    /// A stage of another user, who may not do what root may. Needs root.
    pub(crate) fn of(user: u32, catalog: &str) -> Stage {
        assert!(
            rustix::process::geteuid().is_root(),
            "these tests run the program as another user, so they need root"
        );
        let folder = tempfile::tempdir().expect("a folder");
        chown(folder.path(), Some(user), Some(user)).expect("it can be given away");
        let program = folder.path().join("guise");
        // A build folder often lies in a closed home.
        let built = programs().expect("the programs are built").join("guise");
        if fs::hard_link(&built, &program).is_err() {
            fs::copy(&built, &program).expect("the program can be copied");
        }
        let stage = Stage { folder, program, user: Some(user) };
        stage.begin(catalog);
        stage
    }

    fn begin(&self, catalog: &str) {
        for each in [self.home(), self.config()] {
            fs::create_dir(&each).expect("a folder");
            self.own(&each, 0o700);
        }
        self.write(catalog);
        // So that it has been seen.
        self.run(&["role", "list"]).succeeded();
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("g")
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.home().join("config")
    }

    pub(crate) fn catalog(&self) -> PathBuf {
        self.config().join("catalog.toml")
    }

    pub(crate) fn last_good(&self) -> PathBuf {
        self.home().join("state/catalog.last.toml")
    }

    /// Writes the catalog as an editor does that writes into the file.
    pub(crate) fn write(&self, text: impl AsRef<[u8]>) {
        fs::write(self.catalog(), text).expect("the catalog can be written");
        self.own(&self.catalog(), 0o600);
    }

    /// Replaces the catalog as an editor does that puts a new file in its place.
    pub(crate) fn replace(&self, text: &str) {
        let fresh = self.config().join(".catalog.toml.swp");
        fs::write(&fresh, text).expect("a file can be written");
        self.own(&fresh, 0o600);
        fs::rename(fresh, self.catalog()).expect("it can take its place");
    }

    pub(crate) fn text(&self) -> String {
        fs::read_to_string(self.catalog()).expect("the catalog can be read")
    }

    /// Gives a file to the stage's user.
    pub(crate) fn own(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it can be changed");
        if let Some(user) = self.user {
            chown(path, Some(user), Some(user)).expect("it can be given away");
        }
    }

    /// The program's file and all its arguments.
    pub(crate) fn invocation<A: AsRef<str>>(&self, arguments: &[A]) -> (PathBuf, Vec<String>) {
        let mut all = vec!["--home".to_owned(), self.home().to_string_lossy().into_owned()];
        all.extend(arguments.iter().map(|each| each.as_ref().to_owned()));
        (self.program.clone(), all)
    }

    pub(crate) fn command<A: AsRef<str>>(&self, arguments: &[A]) -> Command {
        let (program, arguments) = self.invocation(arguments);
        let mut command = Command::new(program);
        command.args(arguments);
        self.dressed(command)
    }

    /// A command with nothing of the tests' own environment.
    pub(crate) fn dressed(&self, mut command: Command) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env_clear().env("PATH", path).env("HOME", self.folder.path()).current_dir("/");
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
    }

    pub(crate) fn run<A: AsRef<str>>(&self, arguments: &[A]) -> Answered {
        answered(self.command(arguments))
    }

    /// What is left in the configuration folder of writers that did not finish.
    pub(crate) fn left_behind(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.config()).expect("a folder").flatten().map(|entry| entry.path());
        entries
            .filter(|path| {
                path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with(".guise-"))
            })
            .collect()
    }
}

/// Runs a command to its end.
pub(crate) fn answered(command: Command) -> Answered {
    let finished = finish_with(command, b"", COMMAND).expect("the program ends");
    Answered {
        code: finished.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&finished.stdout).into_owned(),
        stderr: finished.stderr,
    }
}

impl Answered {
    /// What it answered, where it must have done as asked.
    pub(crate) fn succeeded(self) -> Answered {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self
    }
}
