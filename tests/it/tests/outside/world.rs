//! One world a test: a private desktop without a panel, a simulated AWS, and a Guise in a home of its own.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use desktop_tests::{
    ADAS_KEY_ID, ADAS_SECRET, Because, Canaries, DesktopSession, Finished, Guise, PanelState, Result,
    SessionConfig, SimulatedAws, finish_with,
};
use rustix::process::{Pid, Signal, kill_process};

/// What one command gets, on a machine that is busy.
pub(crate) const COMMAND: Duration = Duration::from_mins(1);
pub(crate) const EC2: &str = "AWSEC2FULLACCESS";

pub(crate) struct World {
    pub(crate) session: DesktopSession,
    pub(crate) aws: SimulatedAws,
    /// Secrets that came out of Guise, and those that only this test made up.
    secrets: RefCell<Vec<(String, String)>>,
    /// Everything that was said on standard error.
    said: RefCell<String>,
}

/// What a command answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answered {
    /// It failed with this sentence, with a hint, and without data.
    pub(crate) fn assert_failed(&self, sentence: &str) {
        assert_eq!((self.code, self.stdout.as_str()), (1, ""), "{sentence}: {}", self.stderr);
        assert!(self.stderr.contains(&format!("error: {sentence}")), "{sentence}: {}", self.stderr);
        assert!(self.stderr.contains("\nhint: "), "{}", self.stderr);
    }
}

impl World {
    pub(crate) fn start(name: &str) -> Result<World> {
        World::start_with(name, SessionConfig::default())
    }

    pub(crate) fn start_with(name: &str, config: SessionConfig) -> Result<World> {
        let config = SessionConfig { panel: PanelState::Absent, ..config };
        World::start_in(name, config, SimulatedAws::start()?)
    }

    /// A world with an AWS of its own.
    pub(crate) fn start_on(name: &str, aws: SimulatedAws) -> Result<World> {
        World::start_in(name, SessionConfig { panel: PanelState::Absent, ..SessionConfig::default() }, aws)
    }

    fn start_in(name: &str, config: SessionConfig, aws: SimulatedAws) -> Result<World> {
        let session = DesktopSession::start_with(name, config)?;
        Ok(World { session, aws, secrets: RefCell::default(), said: RefCell::default() })
    }

    /// A world with ada's key and the tutorial's roles in place.
    pub(crate) fn with_roles(name: &str) -> Result<World> {
        let world = World::start(name)?;
        world.add_ada()?;
        world.guise()?.add_roles()?;
        Ok(world)
    }

    pub(crate) fn guise(&self) -> Result<Guise<'_>> {
        Ok(Guise::on(&self.session)?.at_home(&self.home()))
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.session.home().join("g")
    }

    pub(crate) fn add_ada(&self) -> Result<Answered> {
        let answered = self.run_with_input(&self.adding(ADAS_KEY_ID), ADAS_SECRET)?;
        assert_eq!(answered.code, 0, "{}", answered.stderr);
        Ok(answered)
    }

    /// The arguments that add a source `ada` for the simulator.
    pub(crate) fn adding(&self, key_id: &str) -> Vec<String> {
        let url = self.aws.url();
        let arguments =
            ["source", "add", "ada", "--access-key-id", key_id, "--secret-stdin", "--region", "eu-west-1"];
        let endpoints = ["--sts-endpoint", url, "--signin-endpoint", url, "--console-endpoint", url];
        arguments.iter().chain(&endpoints).map(ToString::to_string).collect()
    }

    /// `guise` with these arguments, its log telling everything.
    pub(crate) fn command<A: AsRef<str>>(&self, arguments: &[A]) -> Result<Command> {
        let mut command = self.guise()?.command(arguments.iter().map(AsRef::as_ref));
        command.env("GUISE_LOG", "trace");
        Ok(command)
    }

    pub(crate) fn run<A: AsRef<str>>(&self, arguments: &[A]) -> Result<Answered> {
        self.run_with_input(arguments, "")
    }

    pub(crate) fn run_with_input<A: AsRef<str>>(&self, arguments: &[A], input: &str) -> Result<Answered> {
        Ok(self.heard(finish_with(self.command(arguments)?, input.as_bytes(), COMMAND)?))
    }

    /// `guise` of another home of this world, which has an agent of its own. The agent takes over the environment of the
    /// first command, so that more can be put into it.
    pub(crate) fn command_at<A: AsRef<str>>(&self, home: &str, arguments: &[A]) -> Result<Command> {
        let guise = Guise::on(&self.session)?.at_home(&self.session.home().join(home));
        let mut command = guise.command(arguments.iter().map(AsRef::as_ref));
        command.env("GUISE_LOG", "trace");
        Ok(command)
    }

    /// Runs commands at the same time, each with ada's secret on standard input; tells how long each took.
    pub(crate) fn run_together(&self, commands: Vec<Command>) -> Result<Vec<(Answered, Duration)>> {
        let run = |command| {
            let begun = Instant::now();
            finish_with(command, ADAS_SECRET.as_bytes(), COMMAND).map(|finished| (finished, begun.elapsed()))
        };
        let finished: Vec<_> = std::thread::scope(|scope| {
            let running: Vec<_> =
                commands.into_iter().map(|command| scope.spawn(move || run(command))).collect();
            running.into_iter().map(|each| each.join().expect("no panic")).collect()
        });
        finished.into_iter().map(|ended| ended.map(|(finished, took)| (self.heard(finished), took))).collect()
    }

    fn heard(&self, finished: Finished) -> Answered {
        self.said.borrow_mut().push_str(&finished.stderr);
        Answered {
            code: finished.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&finished.stdout).into_owned(),
            stderr: finished.stderr,
        }
    }

    /// Runs a command that must fail with this sentence and with a hint, and gives the time it took.
    pub(crate) fn fails<A: AsRef<str>>(&self, arguments: &[A], sentence: &str) -> Result<Duration> {
        let begun = Instant::now();
        self.run(arguments)?.assert_failed(sentence);
        Ok(begun.elapsed())
    }

    /// What a command takes on this machine now that asks nobody but the agent.
    pub(crate) fn quick(&self) -> Result<Duration> {
        self.fails(&["source", "test", "nobody"], "there is no source `nobody`")
    }

    /// The agents that run here, by id.
    pub(crate) fn agents(&self) -> Vec<u32> {
        let is_agent = |id: &u32| {
            let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0).any(|argument| argument == b"agent")
        };
        self.session.processes().into_iter().filter(is_agent).collect()
    }

    /// Runs a command that must succeed and gives its data.
    pub(crate) fn tell<A: AsRef<str>>(&self, arguments: &[A]) -> Result<String> {
        let answered = self.run(arguments)?;
        assert_eq!(answered.code, 0, "{}", answered.stderr);
        Ok(answered.stdout)
    }

    /// Ends the agent that a command started, and waits until it is gone.
    pub(crate) fn end_agent(&self) -> Result<()> {
        let agents = || {
            let pids = self.session.processes().into_iter().filter(|pid| {
                let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
                arguments.split(|byte| *byte == 0).any(|argument| argument == b"--idle-minutes")
            });
            pids.filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).collect::<Vec<_>>()
        };
        let running = agents();
        assert!(!running.is_empty(), "no agent runs");
        for pid in running {
            kill_process(pid, Signal::TERM).because("end the agent")?;
        }
        self.session.wait_for("the agent to end", COMMAND, || agents().is_empty().then_some(()))
    }

    /// The credentials of the tutorial's role, as `credential_process` gives them.
    pub(crate) fn credentials(&self) -> Result<serde_json::Value> {
        let text = self.tell(&["credentials", EC2, "--format", "json"])?;
        Ok(serde_json::from_str(&text).expect("credentials are JSON"))
    }

    /// A secret that must be found nowhere, besides all that the simulator gave out.
    pub(crate) fn keep_secret(&self, name: &str, value: &str) {
        self.secrets.borrow_mut().push((name.to_owned(), value.to_owned()));
    }

    /// Searches all that is left behind for every secret. The last line of every test.
    pub(crate) fn finish(self) -> Result<()> {
        let control = "positive-control-4711";
        let mut secrets = self.aws.secrets();
        secrets.extend(self.secrets.borrow().iter().cloned());
        let canaries = Canaries::new(secrets);
        assert!(
            canaries.find_in(self.said.borrow().as_bytes()).is_empty(),
            "a secret was said:\n{}",
            self.said.borrow()
        );
        let report = canaries.search_files([self.session.folder()]);
        assert!(report.leaks.is_empty(), "{:#?}", report.leaks);
        assert!(report.unreadable.is_empty(), "{:#?}", report.unreadable);
        assert!(report.files_read > 5, "{report:?}");
        // The search finds what is there to be found.
        fs::write(self.session.home().join("control"), control).because("write a control")?;
        let found = Canaries::new([("control", control)]).search_files([self.session.folder()]);
        assert_eq!(found.leaks.len(), 1, "the search is blind");
        Ok(())
    }
}
