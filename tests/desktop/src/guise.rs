//! Guise itself: where its programs are, how they are started, and what the tutorial puts into its catalog.

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::aws::{ADAS_KEY_ID, ADAS_SECRET, EC2_ROLE, SimulatedAws};
use crate::error::{Because, DesktopError, Result};
use crate::session::{DesktopSession, Program};
use crate::wait::{finish_with, wait_for};

/// What one command gets, on a machine that is busy.
const COMMAND: Duration = Duration::from_mins(1);
/// What the agent gets to listen.
const START: Duration = Duration::from_secs(30);

/// What `guise-desktop` is called where it was built with the feature `automation`.
const AUTOMATION: &str = "guise-desktop-automation";
/// What the tray item calls itself.
pub const TRAY_ID: &str = "org.guise.Guise";
/// The names of the tutorial's accounts, as a person writes them into the catalog.
const ACCOUNTS: &str = "
[accounts.111122223333]
name = \"acme-dev\"

[accounts.444455556666]
name = \"acme-prod\"
environment = \"production\"
";

/// What a command answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Whether it ended with 0.
    pub succeeded: bool,
    /// Its data.
    pub stdout: String,
    /// Its words.
    pub stderr: String,
}

/// One Guise: its programs, its home, and the desktop it runs on.
pub struct Guise<'a> {
    folder: PathBuf,
    home: Option<PathBuf>,
    session: Option<&'a DesktopSession>,
}

impl<'a> Guise<'a> {
    /// The Guise of a session's person, in the system's own folders.
    pub fn on(session: &'a DesktopSession) -> Result<Self> {
        let mut folder = programs()?;
        if session.runs_as_another_user() {
            for name in ["guise", "guise-desktop"] {
                session.install(&folder.join(name))?;
            }
            folder = session.folder().join("bin");
        }
        Ok(Self { folder, home: None, session: Some(session) })
    }

    /// A Guise with a home of its own, on the desktop that this process runs on.
    pub fn here(home: &Path) -> Result<Self> {
        Ok(Self { folder: programs()?, home: Some(home.to_owned()), session: None })
    }

    /// The same with a home of its own.
    #[must_use]
    pub fn at_home(mut self, home: &Path) -> Self {
        self.home = Some(home.to_owned());
        self
    }

    /// `guise-desktop`, with the log telling everything, for a person who has seen it before: it opens no window by itself.
    pub fn desktop(&self) -> Command {
        self.remember_the_welcome();
        self.first_desktop()
    }

    /// The same for a person who starts it for the first time.
    pub fn first_desktop(&self) -> Command {
        self.talkative("guise-desktop")
    }

    /// [`Guise::desktop`] as it is built for a driver of its windows, see [`crate::WebDriver`].
    pub fn desktop_with_automation(&self) -> Result<Command> {
        let program = self.folder.join(AUTOMATION);
        if !program.is_file() {
            return Err(DesktopError::new(format!(
                "`{}` is not there; make test puts it there",
                program.display()
            )));
        }
        self.remember_the_welcome();
        Ok(self.talkative(AUTOMATION))
    }

    fn talkative(&self, program: &str) -> Command {
        let mut command = self.program(program);
        command.env("GUISE_LOG", "trace");
        command
    }

    /// Leaves behind what a first start leaves behind.
    fn remember_the_welcome(&self) {
        let told = r#"umask 077 && mkdir -p "$1" && { test -e "$1/told.json" || echo '{"told":["welcome"]}' >"$1/told.json"; }"#;
        let state = self.log().with_file_name("");
        // As the user whose state it is.
        let mut shell = self.session.map_or_else(|| Command::new("sh"), |session| session.command("sh"));
        shell.args(["-c", told, "sh"]).arg(state);
        // Where this fails a window opens, and the test that did not want one says so.
        drop(shell.status());
    }

    /// `guise` with these arguments.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.program("guise");
        command.args(arguments);
        command
    }

    /// Runs `guise` to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<Answered> {
        self.run_with_input(arguments, "")
    }

    /// The same, with a text on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Result<Answered> {
        let finished = finish_with(self.command(arguments), input.as_bytes(), COMMAND)?;
        Ok(Answered {
            succeeded: finished.status.success(),
            stdout: String::from_utf8_lossy(&finished.stdout).into_owned(),
            stderr: finished.stderr,
        })
    }

    /// Runs `guise`, which must succeed, and returns its data.
    pub fn tell(&self, arguments: &[&str]) -> Result<String> {
        self.tell_with_input(arguments, "")
    }

    fn tell_with_input(&self, arguments: &[&str], input: &str) -> Result<String> {
        let answered = self.run_with_input(arguments, input)?;
        if answered.succeeded {
            return Ok(answered.stdout);
        }
        Err(DesktopError::new(format!("guise {}: {}", arguments.join(" "), answered.stderr.trim())))
    }

    /// Runs the agent without a tray until the returned value is dropped; it listens when this returns.
    pub fn start_agent(&self, logs: &Path) -> Result<Program> {
        let mut agent = Program::start("guise-agent", self.command(["agent"]), logs, None)?;
        wait_for("the agent to listen", START, || {
            (agent.ended().is_some() || agent.log().contains("ready")).then_some(())
        })?;
        match agent.ended() {
            None => Ok(agent),
            Some(_) => Err(DesktopError::new(format!("guise agent: {}", agent.log().trim()))),
        }
    }

    /// Adds ada's access key, which is for this simulator.
    pub fn add_ada(&self, aws: &SimulatedAws) -> Result<()> {
        self.add_user(aws, "ada", ADAS_KEY_ID, ADAS_SECRET)
    }

    /// Adds the access key of one of this simulator's users, under this name.
    pub fn add_user(&self, aws: &SimulatedAws, name: &str, key_id: &str, secret: &str) -> Result<()> {
        let url = aws.url();
        let arguments = [
            "source",
            "add",
            name,
            "--access-key-id",
            key_id,
            "--secret-stdin",
            "--region",
            "eu-west-1",
            "--sts-endpoint",
            url,
            "--signin-endpoint",
            url,
            "--console-endpoint",
            url,
        ];
        self.tell_with_input(&arguments, secret).map(drop)
    }

    /// Adds the tutorial's roles, and what its accounts are called.
    pub fn add_roles(&self) -> Result<()> {
        let role = |name: &str, arn: &str, more: &[&str]| {
            let mut arguments = vec!["role", "add", name, "--arn", arn, "--source", "ada"];
            arguments.extend(more);
            self.tell(&arguments).map(drop)
        };
        role("AWSEC2FULLACCESS", EC2_ROLE, &["--destination", "ec2", "--favourite"])?;
        role("ReadOnly", "arn:aws:iam::111122223333:role/ReadOnly", &[])?;
        role("Billing", "arn:aws:iam::444455556666:role/Billing", &["--destination", "billing"])?;
        self.edit_catalog(ACCOUNTS)
    }

    /// Writes something more at the end of the catalog, as a person with an editor does.
    pub fn edit_catalog(&self, text: &str) -> Result<()> {
        let path = self.catalog();
        let mut file =
            OpenOptions::new().append(true).open(&path).because(format_args!("open `{}`", path.display()))?;
        file.write_all(text.as_bytes()).because("write into the catalog")
    }

    /// The catalog.
    pub fn catalog(&self) -> PathBuf {
        let folder = self.home.as_ref().map(|home| home.join("config"));
        folder.unwrap_or_else(|| self.system_folder("XDG_CONFIG_HOME")).join("catalog.toml")
    }

    /// The agent's log.
    pub fn log(&self) -> PathBuf {
        let folder = self.home.as_ref().map(|home| home.join("state"));
        folder.unwrap_or_else(|| self.system_folder("XDG_STATE_HOME")).join("guise.log")
    }

    /// The agent's socket.
    pub fn socket(&self) -> PathBuf {
        let folder = self.home.as_ref().map(|home| home.join("run"));
        folder.unwrap_or_else(|| self.system_folder("XDG_RUNTIME_DIR")).join("agent.sock")
    }

    /// Waits until an agent listens.
    pub fn wait_for_socket(&self) -> Result<()> {
        wait_for("the agent's socket", START, || fs::symlink_metadata(self.socket()).ok().map(drop))
    }

    fn system_folder(&self, variable: &str) -> PathBuf {
        let of_session = self.session.map(|session| match variable {
            "XDG_CONFIG_HOME" => session.config_dir(),
            "XDG_STATE_HOME" => session.state_dir(),
            _ => session.runtime_dir(),
        });
        of_session.unwrap_or_default().join("guise")
    }

    fn program(&self, name: &str) -> Command {
        let program = self.folder.join(name);
        let mut command = match self.session {
            Some(session) => session.command(&program),
            None => Command::new(&program),
        };
        if let Some(home) = &self.home {
            command.args([OsString::from("--home"), home.clone().into()]);
        }
        command
    }
}

/// The folder of Guise's programs: what `GUISE_TEST_PROGRAMS` says (`make prove` has those tested that are built for release), else
/// they are built beside whoever runs this.
pub fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe().because("find out where this program is")?;
    let folder = own.parent().because("this program lies in no folder")?;
    // A test lies one deeper than the programs.
    let beside = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    let folder = std::env::var_os("GUISE_TEST_PROGRAMS").map_or_else(|| beside.to_owned(), PathBuf::from);
    for name in ["guise", "guise-desktop"] {
        if !folder.join(name).is_file() {
            return Err(DesktopError::new(format!(
                "`{name}` is not in `{}`; cargo build --workspace puts it there",
                folder.display()
            )));
        }
    }
    Ok(folder)
}

/// A tool of the Python environment that `make test` prepares.
pub fn python_tool(name: &str) -> Result<PathBuf> {
    let target = programs()?.parent().map(|target| target.join("venv")).unwrap_or_default();
    let folder = std::env::var_os("GUISE_TEST_VENV").map_or(target, PathBuf::from);
    let tool = folder.join("bin").join(name);
    if tool.is_file() {
        return Ok(tool);
    }
    let missing = format!("`{}` is missing; tools/setup.sh test prepares it", tool.display());
    Err(DesktopError::new(missing))
}
