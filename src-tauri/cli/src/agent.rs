//! The agent from the command line: run it here, or ask the one that runs.

use std::cell::Cell;
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use guise_core::agent::{Answered, Claim, Client, Ended, Kind, Progress, Request, Serving};
use guise_core::app::{self, Config};
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::ports::NoDesktop;
use guise_core::{adapters, agent, log};
use jiff::tz::TimeZone;

use crate::arguments::AgentCommand;
use crate::prompt::{self, Asked};
use crate::{runtime, say};

/// How long an agent that is ending may take to finish what it has.
const ENDS_WITHIN: Duration = Duration::from_secs(40);
/// How long an agent that was started for a caller stays after its last.
const STAYS_MINUTES: &str = "15";

/// Runs the agent here until it is told to end.
pub(crate) fn run(home: &Home, command: &AgentCommand) -> Result<(), Failure> {
    if let Err(warning) = log::start(home) {
        say::warning(&warning);
    }
    let by_hand = command.idle_minutes.is_none();
    let runtime = agent::runtime()?;
    let Some(claim) = runtime.block_on(claim(home, by_hand))? else {
        if by_hand {
            say::words("an agent is running already");
        }
        return Ok(());
    };
    let serving = Serving {
        kind: Kind::Trayless,
        idle: command.idle_minutes.map(|minutes| Duration::from_secs(minutes * 60)),
    };
    let ended = runtime.block_on(async {
        let app = app::start(Config {
            home: home.clone(),
            ports: adapters::ports(home, Arc::new(NoDesktop)),
            zone: TimeZone::system(),
            host: adapters::host::name(),
            endpoints: guise_core::console::Endpoints::default(),
        });
        let ready = || {
            tracing::info!("the agent is ready");
            if by_hand {
                say::words("the agent is ready; Ctrl C ends it");
            }
        };
        let ended = tokio::select! {
            ended = agent::serve(&claim, &app, serving, ready) => ended.map(Some),
            () = interrupted() => Ok(None),
        };
        app.end().await;
        ended
    })?;
    if by_hand && ended == Some(Ended::MadeWay) {
        say::words("another agent took over");
    }
    // Whatever still hangs outside must not keep us.
    runtime.shutdown_timeout(Duration::from_millis(200));
    Ok(())
}

/// Claims the home. An agent that a caller started waits for one that is just ending; `None` where another serves.
async fn claim(home: &Home, by_hand: bool) -> Result<Option<Claim>, Failure> {
    let begun = tokio::time::Instant::now();
    loop {
        if let Some(claim) = agent::claim(home)? {
            return Ok(Some(claim));
        }
        if by_hand || Client::connect(home).await?.is_some() || begun.elapsed() > ENDS_WITHIN {
            return Ok(None);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits for Ctrl C, or for the system's request to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hang_up)) =
            (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Asks the agent of the home, and starts one without a tray where there is none. Questions are put to whoever types this.
pub(crate) fn ask(home: &Home, request: Request) -> Result<Answered, Failure> {
    ask_with(home, request, Asked::AtTerminal)
}

/// The same, with the questions put where they are wanted.
pub(crate) fn ask_with(home: &Home, request: Request, asked: Asked) -> Result<Answered, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure::agent_not_started(&error.to_string()))?;
    let mut arguments: Vec<OsString> = home.arguments();
    arguments.extend(["agent", "--idle-minutes", STAYS_MINUTES].map(OsString::from));
    let told = Cell::new(false);
    runtime()?.block_on(async {
        let client = Client::connect_or_start(home, &program, &arguments).await?;
        let person = prompt::person(asked, client.kind());
        client
            .ask(request, person, |progress| match progress {
                Progress::WaitingForKeychain if !told.replace(true) => {
                    say::words("the keychain is locked: unlock it in its own window to go on");
                }
                Progress::Note(note) => say::note(&note),
                Progress::TakenBack => say::words("\nthat needs no answer any more"),
                Progress::WaitingForKeychain | Progress::Working => {}
            })
            .await
    })
}
