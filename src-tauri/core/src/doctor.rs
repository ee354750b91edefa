//! `guise doctor`: what stands in the way on this computer, each thing with a next step.
//!
//! Probes look; pure functions make a [`Finding`] of what they saw. All look at once, each with a deadline, so that
//! whatever hangs is itself a finding. Nothing is changed, no question is asked, no agent is started, no secret is read
//! that is not dropped at once.

mod browser;
mod catalog;
mod clock;
mod desktop;
mod environment;
mod files;
mod keychain;
mod mask;
mod network;
mod plain_text;
mod program;
mod report;
mod seen;

pub(crate) use clock::host;
pub use environment::Environment;
pub(crate) use plain_text::found_in;
pub use report::{Report, Wording};
pub use seen::{
    AskedClock, BrowserSeen, CatalogSeen, CertificateFile, ClockTold, DefaultBrowser, DisplaySeen, FileSeen,
    FoundKey, KeyFile, Login, Offered, ProgramSeen, Stored, TraySeen, Unwritable,
};

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use tokio::time::timeout;

use crate::agent::Hello;
use crate::arn::Region;
use crate::failure::Failure;
use crate::home::Home;
use crate::ports::KeychainError;

/// Whose clocks are asked, at most.
const MOST_REGIONS: usize = 2;

/// How long each kind of look may take.
#[derive(Clone, Copy)]
struct Patience {
    /// Files and folders, the bus, the agent.
    near: Duration,
    /// The bus saying who offers a keychain, and a look into one that has just answered.
    short: Duration,
    /// A keychain saying whether it is locked.
    keychain: Duration,
    /// AWS, and the desktop's shell scripts.
    far: Duration,
}

/// The longest ways are the catalog and then AWS, and the three questions about the keychain: 8 seconds at most.
const PATIENCE: Patience = Patience {
    near: Duration::from_secs(3),
    short: Duration::from_secs(2),
    keychain: Duration::from_secs(4),
    far: Duration::from_secs(5),
};

/// What is looked at, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// This program and its home.
    Guise,
    /// The agent that runs, if one does.
    Agent,
    /// The folder of the agent's socket.
    Socket,
    /// Whether there is a keychain, and whether it is locked.
    Keychain,
    /// Whether the keychain holds the sources' keys, and none besides.
    Keys,
    /// X11 or Wayland.
    Display,
    /// Whether a panel shows tray icons.
    Tray,
    /// What opens the switcher.
    Shortcut,
    /// What opens web addresses.
    Browser,
    /// This computer's clock against AWS's.
    Clock,
    /// The proxy that the environment names.
    Proxy,
    /// Whom TLS trusts.
    Certificates,
    /// What the catalog says, and whether its file can be read.
    Catalog,
    /// Keys that lie about in plain text.
    PlainTextKeys,
    /// Where the log is.
    Log,
    /// Room for what Guise writes.
    Disk,
    /// The entry that starts Guise at login.
    StartAtLogin,
}

impl fmt::Display for Check {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Check::Guise => "guise",
            Check::Agent => "agent",
            Check::Socket => "socket",
            Check::Keychain => "keychain",
            Check::Keys => "keys",
            Check::Display => "display",
            Check::Tray => "tray",
            Check::Shortcut => "shortcut",
            Check::Browser => "browser",
            Check::Clock => "clock",
            Check::Proxy => "proxy",
            Check::Certificates => "certificates",
            Check::Catalog => "catalog",
            Check::PlainTextKeys => "plain text",
            Check::Log => "log",
            Check::Disk => "disk",
            Check::StartAtLogin => "at login",
        })
    }
}

/// How things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Fine,
    /// Worth knowing; Guise works.
    Notice,
    /// Something does not work, or is not safe, until somebody acts.
    Trouble,
    /// It could not be looked at, and why is said.
    Unknown,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How it is.
    pub state: State,
    /// What was seen, in the person's terms.
    pub said: String,
    /// What to do, where there is something to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_step: Option<String>,
}

impl Finding {
    fn new(check: Check, state: State, said: impl Into<String>) -> Finding {
        Finding { check, state, said: said.into(), next_step: None }
    }

    fn fine(check: Check, said: impl Into<String>) -> Finding {
        Finding::new(check, State::Fine, said)
    }

    fn notice(check: Check, said: impl Into<String>) -> Finding {
        Finding::new(check, State::Notice, said)
    }

    fn trouble(check: Check, said: impl Into<String>) -> Finding {
        Finding::new(check, State::Trouble, said)
    }

    fn unknown(check: Check, said: impl Into<String>) -> Finding {
        Finding::new(check, State::Unknown, said)
    }

    /// A failure that was met, with its own sentence and next step.
    fn failed(check: Check, failure: &Failure) -> Finding {
        Finding { next_step: failure.hint.clone(), ..Finding::trouble(check, failure.message.clone()) }
    }

    fn next(mut self, step: impl Into<String>) -> Finding {
        self.next_step = Some(step.into());
        self
    }
}

/// How one looks at a computer. Each call may hang: whoever asks has a deadline.
#[async_trait]
pub trait Probes: Send + Sync {
    /// The variables of this shell that matter.
    fn environment(&self) -> Environment;
    /// The person's home folder.
    fn home_folder(&self) -> Option<std::path::PathBuf>;
    /// The greeting of the agent that runs; `None` where none does.
    async fn agent(&self) -> Result<Option<Hello>, Failure>;
    /// Whether the socket's folder is there; a failure where it cannot be used.
    async fn socket_folder(&self) -> Result<Stored, Failure>;
    /// Who offers the keychain. Starts none.
    async fn keychain_offered(&self) -> Offered;
    /// Whether the keychain is locked. Raises no prompt.
    async fn keychain_locked(&self) -> Result<bool, KeychainError>;
    /// The names of our items in an unlocked keychain; `None` where it cannot tell.
    async fn keychain_items(&self) -> Result<Option<Vec<String>>, KeychainError>;
    /// Whether the display that the environment names answers.
    async fn display(&self) -> DisplaySeen;
    /// Whether somebody shows tray icons.
    async fn tray(&self) -> TraySeen;
    /// What would open a web address.
    async fn browser(&self) -> BrowserSeen;
    /// What AWS's clocks in these regions say, against ours.
    async fn clocks(&self, regions: &[Region]) -> Vec<AskedClock>;
    /// How many certificate authorities TLS loads here.
    async fn roots(&self) -> usize;
    /// What a file or folder with certificates holds.
    async fn certificates(&self, path: &std::path::Path) -> CertificateFile;
    /// The catalog that is worked with.
    async fn catalog(&self) -> CatalogSeen;
    /// Files in which AWS tools keep keys.
    async fn key_files(&self) -> Vec<KeyFile>;
    /// How many sessions in the AWS CLI's cache have not ended.
    async fn cached_sessions(&self) -> usize;
    /// The size of the log; `None` where there is none.
    async fn log_size(&self) -> Option<u64>;
    /// Room, in bytes, for each folder that Guise writes to.
    async fn room(&self) -> Vec<(std::path::PathBuf, u64)>;
    /// The folders that Guise writes to and may not. Nothing is made to find out.
    async fn unwritable(&self) -> Vec<Unwritable>;
    /// The entry that starts Guise at login.
    async fn login(&self) -> Login;
}

/// Looks at everything at once and tells it in order.
pub async fn examine(probes: &dyn Probes, home: &Home) -> Report {
    examine_within(PATIENCE, probes, home).await
}

async fn examine_within(patience: Patience, probes: &dyn Probes, home: &Home) -> Report {
    let near = patience.near;
    let environment = probes.environment();
    // The catalog says whose clocks to ask.
    let catalog_and_clocks = async {
        let seen = timeout(near, probes.catalog()).await.ok();
        let regions = clock::regions(seen.as_ref().and_then(CatalogSeen::known), MOST_REGIONS);
        let clocks = timeout(patience.far, probes.clocks(&regions)).await.unwrap_or_default();
        (seen, regions, clocks)
    };
    let key_files = async { (probes.key_files().await, probes.cached_sessions().await) };
    let own_files = async {
        (probes.log_size().await, probes.room().await, probes.unwritable().await, probes.login().await)
    };
    let (catalog_and_clocks, agent, socket, keychain, display, tray, browser, certificates, keys, files) = tokio::join!(
        catalog_and_clocks,
        timeout(near, probes.agent()),
        timeout(near, probes.socket_folder()),
        keychain::look(probes, patience),
        timeout(near, probes.display()),
        timeout(near, probes.tray()),
        timeout(patience.far, probes.browser()),
        timeout(near, network::look(probes, &environment)),
        timeout(near, key_files),
        timeout(near, own_files),
    );

    let (seen, regions, clocks) = catalog_and_clocks;
    let loaded = seen.as_ref().and_then(CatalogSeen::known);
    let late = |check, what: &str| {
        vec![Finding::unknown(check, format!("{what} did not let themselves be read in time"))]
    };
    let socket = program::socket(home, socket.ok());
    let shortcut = desktop::shortcut(
        agent.as_ref().ok().and_then(|seen| seen.as_ref().ok()).and_then(Option::as_ref),
        loaded,
    );
    let agent = program::agent(agent.unwrap_or_else(|_| Err(Failure::agent_silent(near))), &socket);
    let mut findings = vec![program::guise(home), agent, socket];
    findings.extend(keychain::told(&keychain, loaded));
    let display = display.unwrap_or_else(|_| DisplaySeen::of(&environment));
    findings.push(desktop::display(&display, &environment));
    findings.push(desktop::tray(&display, tray.ok(), &environment));
    findings.push(shortcut);
    findings.push(browser::browser(browser.ok(), &display));
    findings.push(clock::clock(&clocks, &regions));
    findings.push(network::proxy(&environment, &regions));
    findings
        .extend(certificates.unwrap_or_else(|_| late(Check::Certificates, "the files with certificates")));
    findings.extend(match &seen {
        Some(seen) => catalog::catalog(seen),
        None => late(Check::Catalog, "the catalog and its folder"),
    });
    let profiles = keys.as_ref().map(|(files, _)| plain_text::profiles(files)).unwrap_or_default();
    findings.extend(match &keys {
        Ok((files, sessions)) => plain_text::keys(files, *sessions, &environment, loaded),
        Err(_) => late(Check::PlainTextKeys, "the AWS tools' files"),
    });
    if let Ok((size, room, unwritable, login)) = files {
        let wished = loaded.is_some_and(|catalog| catalog.settings.start_at_login);
        findings.extend([
            files::log(home, size),
            files::disk(&room, &unwritable),
            files::login(&login, wished),
        ]);
    } else {
        findings.push(files::log(home, None));
        findings.extend(late(Check::Disk, "the folders that Guise writes to"));
        findings.extend(late(Check::StartAtLogin, "the folders of the desktop's settings"));
    }
    let mask = mask::Mask::new(&environment, probes.home_folder(), home, seen.as_ref(), profiles);
    Report::new(findings, mask)
}

#[cfg(test)]
mod tests;
