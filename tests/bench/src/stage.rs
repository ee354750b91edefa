//! What the figures are taken on: a private desktop with a panel, an AWS to sign in to, and Guise as it is shipped.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use desktop_tests::{
    Because, DesktopSession, Guise, Program, Result, SimulatedAws, TRAY_ID, TrayBus, TrayItem, finish_with,
    wait_for,
};
use zbus::blocking::{Connection, Proxy, connection};

use crate::browser::{self, Opened};

/// The tutorial's role, as the menu has it.
pub const ROLE: &str = "★ AWSEC2FULLACCESS";
/// The same on the command line.
pub const ROLE_NAME: &str = "AWSEC2FULLACCESS";
/// What anything gets, on a machine that should not be busy.
pub const LIMIT: Duration = Duration::from_secs(30);
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// A desktop with the tutorial's roles in the catalog. No Guise runs.
pub struct Stage {
    /// Its AWS.
    pub aws: SimulatedAws,
    /// The desktop.
    pub session: DesktopSession,
    opened: PathBuf,
    bus: Connection,
}

/// A Guise that runs, and its item in the tray.
pub struct Running {
    /// The agent.
    pub agent: Program,
    /// Its item.
    pub item: TrayItem,
    /// From its start to the moment when the tray had it.
    pub started_in: Duration,
}

impl Stage {
    /// Sets it.
    pub fn set() -> Result<Self> {
        let (aws, session) = (SimulatedAws::start()?, DesktopSession::start("figures")?);
        let opened = browser::install(&session)?;
        let bus = connection::Builder::address(session.bus_address())
            .and_then(connection::Builder::build)
            .because("connect to the session's bus")?;
        let stage = Stage { aws, session, opened, bus };
        let guise = stage.guise()?;
        let agent = guise.start_agent(&stage.session.log_dir())?;
        guise.add_ada(&stage.aws)?;
        guise.add_roles()?;
        drop(agent);
        Ok(stage)
    }

    /// Its Guise.
    pub fn guise(&self) -> Result<Guise<'_>> {
        Guise::on(&self.session)
    }

    /// The desktop's program, saying no more than it does for a person.
    pub fn desktop(&self, guise: &Guise<'_>) -> Command {
        let mut command = guise.desktop();
        command.env_remove("GUISE_LOG").env(browser::FOLDER, &self.opened);
        command
    }

    /// Starts Guise and waits until the panel has taken its item in.
    pub fn start(&self) -> Result<Running> {
        let command = self.desktop(&self.guise()?);
        let watcher = Proxy::new(&self.bus, WATCHER, "/StatusNotifierWatcher", WATCHER);
        let watcher = watcher.because("reach the tray")?;
        let mut registered =
            watcher.receive_signal("StatusNotifierItemRegistered").because("listen to the tray")?;
        let begun = browser::now();
        let agent = self.session.run("guise-desktop", command)?;
        registered.next().because("the tray said no more")?;
        let started_in = browser::now().saturating_sub(begun);
        let item = TrayBus::connect(&self.session)?.wait_for_item(TRAY_ID, LIMIT)?;
        Ok(Running { agent, item, started_in })
    }

    /// Clicks an entry of the menu; returns when, and what the browser saw.
    pub fn click(&self, item: &TrayItem, path: &[&str]) -> Result<(Duration, Opened)> {
        let entry = item.wait_for_menu("the role", LIMIT, |menu| menu.find(path).is_some())?.entry(path)?.id;
        let before = browser::opened(&self.opened).len();
        let clicked = browser::now();
        item.click(entry)?;
        let opened = browser::wait_for_opened(&self.opened, before)?;
        if !opened.status.contains(" 303 ") && !opened.status.contains(" 302 ") {
            return Err(desktop_tests::DesktopError::new(format!(
                "the browser was told `{}`",
                opened.status
            )));
        }
        item.wait_for_menu("the open console", LIMIT, |menu| {
            menu.find(path).is_some_and(|entry| entry.label.contains("open until"))
        })?;
        Ok((clicked, opened))
    }

    /// Runs a command of Guise's to its end, which must be good.
    pub fn tell(&self, guise: &Guise<'_>, arguments: &[&str]) -> Result<()> {
        let finished = finish_with(guise.command(arguments), &[], LIMIT)?;
        finished
            .status
            .success()
            .then_some(())
            .because(format_args!("guise {arguments:?}: {}", finished.stderr))
    }
}

impl Running {
    /// Ends it and waits until the tray has let it go.
    pub fn end(mut self, stage: &Stage) -> Result<()> {
        self.agent.stop();
        TrayBus::connect(&stage.session)?.wait_until_gone(TRAY_ID, LIMIT)
    }
}

/// Milliseconds, as the table has them.
pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Waits until nothing has happened for so long that Guise itself counts as idle.
pub fn rest() {
    std::thread::sleep(Duration::from_secs(5));
}

/// Waits until a process has ended.
pub fn wait_until_ended(what: &str, id: u32) -> Result<()> {
    let path = PathBuf::from(format!("/proc/{id}"));
    wait_for(what, LIMIT, || (!path.exists()).then_some(()))
}
