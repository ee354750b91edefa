//! The demo on the desktop that the person sits at.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use desktop_tests::{Because, DesktopError, Guise, Program, Result, SimulatedAws, trust_policy};

/// A socket's path may have no more than 107 bytes, and `run/agent.sock` comes behind this.
const LONGEST_HOME: usize = 80;

/// Puts the tutorial in place, starts Guise and stays until Ctrl C, or until Guise is quit.
pub(crate) fn run() -> Result<()> {
    let ended = signals()?;
    let aws = SimulatedAws::start()?;
    let home = home()?;
    let guise = Guise::here(home.path())?;
    let logs = home.path().join("logs");
    fs::create_dir(&logs).because("make a folder for the logs")?;

    let agent = guise.start_agent(&logs)?;
    guise.add_ada(&aws)?;
    let stayed = stay(&guise, &aws, &logs, agent, &ended, home.path());
    let removed = remove(&guise, &logs);
    println!("\nRemoved: the keychain item and {}", home.path().display());
    stayed.and(removed)
}

/// Has the desktop agent take over from the one that took the key, and waits.
fn stay(
    guise: &Guise<'_>,
    aws: &SimulatedAws,
    logs: &Path,
    agent: Program,
    ended: &mpsc::Receiver<()>,
    home: &Path,
) -> Result<()> {
    guise.add_roles()?;
    let mut desktop = Program::start("guise-desktop", guise.desktop(), logs, None)?;
    println!("{}", invitation(&guise.command([""; 0]).get_program().to_string_lossy(), home, aws));
    loop {
        if !matches!(ended.recv_timeout(Duration::from_millis(200)), Err(mpsc::RecvTimeoutError::Timeout)) {
            break;
        }
        if let Some(status) = desktop.ended() {
            if status.success() {
                println!("Guise was quit.");
                break;
            }
            return Err(DesktopError::new(format!("guise-desktop ended: {}", desktop.log().trim())));
        }
    }
    drop(desktop);
    drop(agent);
    Ok(())
}

/// Takes the key out of the keychain, through an agent that ends with that.
fn remove(guise: &Guise<'_>, logs: &Path) -> Result<()> {
    let _agent = guise.start_agent(logs)?;
    guise.tell(&["source", "remove", "ada"]).map(drop)
}

fn invitation(program: &str, home: &Path, aws: &SimulatedAws) -> String {
    let (home, url) = (home.display(), aws.url());
    let guise = format!("{program} --home {home}");
    let trust =
        format!(r#"{{"role":"arn:aws:iam::111122223333:role/ReadOnly","policy":{}}}"#, trust_policy("ada"));
    format!(
        "Guise runs against a simulated AWS at {url}, in a home of its own at {home}.

In the tray
  right-click the mask, choose AWSEC2FULLACCESS: the browser opens the simulated console as it
  choose ReadOnly or Billing: both refuse, and Guise says what would have to change
  Sessions ▸ AWSEC2FULLACCESS ▸ End: the way back
  a left click opens the window; without a tray it opens by itself after ten seconds

In a terminal
  {guise} role list
  {guise} console AWSEC2FULLACCESS --destination s3
  {guise} credentials AWSEC2FULLACCESS
  eval \"$({guise} credentials AWSEC2FULLACCESS)\" && aws sts get-caller-identity --endpoint-url {url}
  curl -X PUT {url}/_sim/trust -d '{trust}'
      lets ada into ReadOnly: choose it again

Ctrl C ends it all and removes what it made."
    )
}

/// A fresh folder whose path is short enough for a socket in it.
fn home() -> Result<tempfile::TempDir> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
    let suits = |folder: &PathBuf| folder.is_absolute() && folder.as_os_str().len() < LONGEST_HOME;
    let folder = cache.filter(suits).unwrap_or_else(std::env::temp_dir);
    fs::create_dir_all(&folder).because(format_args!("make `{}`", folder.display()))?;
    let home = tempfile::Builder::new().prefix("guise-demo-").tempdir_in(&folder);
    home.because(format_args!("make a folder in `{}`", folder.display()))
}

/// Hears Ctrl C and the system's wish that we end.
fn signals() -> Result<mpsc::Receiver<()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.because("start an event loop")?;
    let (tell, ended) = mpsc::channel();
    let inside = runtime.enter();
    let mut interrupt = signal(SignalKind::interrupt()).because("listen for Ctrl C")?;
    let mut terminate = signal(SignalKind::terminate()).because("listen for the wish to end")?;
    let mut hang_up = signal(SignalKind::hangup()).because("listen for the terminal's end")?;
    drop(inside);
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
        });
        // The demo may be ending by itself.
        let _ = tell.send(());
    });
    Ok(ended)
}
