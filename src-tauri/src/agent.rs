//! The desktop agent: one a user and home. It owns the application, the tray, the windows and the socket.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use guise_core::agent::{self, Claim, Client, Kind, Request, Serving};
use guise_core::app::{self, AppHandle, Config};
use guise_core::catalog::Settings;
use guise_core::console::Endpoints;
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::ports::Desktop;
use guise_core::state::{Once, Told};
use guise_core::view::{Notice, Urgency, WindowName};
use guise_core::{adapters, log};
use jiff::tz::TimeZone;
use tauri::RunEvent;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::activation::{self, LastClick};
use crate::login::LoginSetting;
use crate::memory;
use crate::notice::Notifier;
use crate::shortcut::{self, Presses, ShortcutSetting};
use crate::tray;
use crate::window::Windows;

/// How long a tray may take to appear before the person is shown a window instead.
const TRAY_APPEARS_WITHIN: Duration = Duration::from_secs(10);

/// The same at login, when the panel starts beside us and everything is slow.
const TRAY_APPEARS_AT_LOGIN_WITHIN: Duration = Duration::from_secs(15);

/// How long an agent that has the home may take to listen.
const LISTENS_WITHIN: Duration = Duration::from_secs(5);

/// How long the bus may take to carry the answer to the last click.
const ANSWERS_WITHIN: Duration = Duration::from_millis(50);

/// How an agent came to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Started {
    /// By the person, who may have asked for a window.
    ByHand {
        /// Shown at once.
        window: Option<WindowName>,
    },
    /// By the session that began, with nobody waiting.
    AtLogin,
}

/// Becomes the agent, or asks the one that runs to show its window, where somebody waits for one.
pub(crate) fn run(home: Home, started: Started, endpoints: Endpoints) -> Result<(), Failure> {
    let runtime = agent::runtime()?;
    let Some(claim) = runtime.block_on(claim_or_ask(&home, started))? else {
        return Ok(());
    };
    if let Err(warning) = log::start(&home) {
        crate::say(&format!("warning: {warning}"));
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the desktop agent starts");
    serve(&runtime, home, claim, started, endpoints)
}

/// Claims the home, from an agent without a tray if need be; `None` where a desktop agent runs and was asked.
async fn claim_or_ask(home: &Home, started: Started) -> Result<Option<Claim>, Failure> {
    let window = match started {
        Started::ByHand { window } => Some(window.unwrap_or(WindowName::Manager)),
        Started::AtLogin => None,
    };
    let show = async |client: Client| match window {
        Some(window) => client
            .activating(activation::of_this_start())
            .ask(Request::ShowWindow { window }, None, |_| ())
            .await
            .map(|_| None),
        None => Ok(None),
    };
    if !has_display() {
        // A desktop agent that runs has one of its own; no other is asked to make way for nothing.
        return match Client::connect(home).await? {
            Some(client) if client.kind() == Kind::Desktop => show(client).await,
            _ => Err(Failure::no_display()),
        };
    }
    if let Some(claim) = agent::claim(home)? {
        return Ok(Some(claim));
    }
    // It may be starting or ending just now.
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < LISTENS_WITHIN {
        match Client::connect(home).await? {
            Some(client) if client.kind() == Kind::Desktop && !client.is_older() => {
                return show(client).await;
            }
            Some(client) => {
                // An agent finishes with its callers first, and would wait for us.
                drop(client);
                return agent::take_over(home).await.map(Some);
            }
            None => {}
        }
        if let Some(claim) = agent::claim(home)? {
            return Ok(Some(claim));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Failure::agent_silent(LISTENS_WITHIN))
}

fn serve(
    runtime: &Runtime,
    home: Home,
    claim: Claim,
    started: Started,
    endpoints: Endpoints,
) -> Result<(), Failure> {
    let _inside = runtime.enter();
    let zone = TimeZone::system();
    let notifier = Notifier::start();
    let windows = Windows::new(&home, notifier.clone());
    let login = LoginSetting::new(&home);
    let state = home.state.clone();
    let (shortcut, keys_wanted) = ShortcutSetting::new();
    let click = LastClick::default();
    let shell = Arc::new(Shell {
        notifier,
        windows,
        login,
        shortcut,
        click: click.clone(),
        warm: watch::Sender::new(false),
        app: OnceLock::new(),
    });
    let ports = adapters::ports(&home, shell.clone());
    let clock = ports.clock.clone();
    let app = app::start(Config { home, ports, zone: zone.clone(), host: adapters::host::name(), endpoints });
    // Set once, before anybody can click.
    let _ = shell.app.set((app.clone(), zone.clone()));

    let tauri = tauri::Builder::default().build(crate::context());
    let tauri = tauri.map_err(|error| Failure::desktop_refused(&error.to_string()))?;
    let exit = tauri.handle().clone();
    let quit = Arc::new(tokio::sync::Notify::new());

    shortcut::start(&tauri, keys_wanted, Presses::new(app.clone(), click.clone()));
    let clicks = tray::Clicks::new(app.clone(), click, quit.clone());
    let drawn = tray::start(&tauri, app.clone(), clicks, clock, zone);
    runtime.spawn(memory::give_back_in_pauses(app.clone(), shell.windows.closed()));
    if let Some(window) = first_window(started, &app, &state) {
        shell.show(window, activation::of_this_start().as_deref())?;
    }
    runtime.spawn(shell.clone().keep_warm());
    runtime.spawn(show_without_tray(started, drawn, app.clone(), shell.clone(), state));
    runtime.spawn(async move {
        let serving = Serving { kind: Kind::Desktop, idle: None };
        let mut code = 0;
        tokio::select! {
            ended = agent::serve(&claim, &app, serving, || tracing::info!("the agent is ready")) => {
                if let Err(failure) = ended {
                    tracing::error!(code = ?failure.code, "the socket could not be served");
                    crate::say(&format!("error: {failure}"));
                    code = 1;
                }
            }
            // A moment, so that the panel hears that its click was taken.
            () = quit.notified() => tokio::time::sleep(ANSWERS_WITHIN).await,
            () = told_to_end() => {}
        }
        app.end().await;
        tracing::info!("the agent ends");
        drop(claim);
        exit.exit(code);
    });
    tauri.run(|_, event| {
        // Without a window Tauri would end by itself; only an exit that was asked for has a code.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    Ok(())
}

/// The window to begin with: the one that was asked for, or, once, what to do first where nothing is configured.
fn first_window(started: Started, app: &AppHandle, state: &Path) -> Option<WindowName> {
    let Started::ByHand { window: None } = started else {
        return if let Started::ByHand { window } = started { window } else { None };
    };
    let snapshots = app.snapshots();
    let snapshot = snapshots.borrow();
    // A catalog that cannot be read is not an empty one.
    let is_new = snapshot.sources.is_empty() && snapshot.roles.is_empty() && snapshot.trouble.is_empty();
    let mut told = Told::load(state);
    if !is_new || told.has(Once::Welcome) {
        return None;
    }
    kept(told.tell(Once::Welcome));
    Some(WindowName::Guide)
}

/// Where no tray takes us in, opens the manager as an ordinary window, once, and says why. At login nobody asked for a
/// window: then a notification says it, and not again at the next login.
async fn show_without_tray(
    started: Started,
    mut drawn: tray::Presence,
    app: AppHandle,
    shell: Arc<Shell>,
    state: PathBuf,
) {
    let (mut patience, missing) = match started {
        Started::ByHand { .. } => (TRAY_APPEARS_WITHIN, Failure::no_tray()),
        Started::AtLogin => (TRAY_APPEARS_AT_LOGIN_WITHIN, Failure::no_tray_at_login()),
    };
    let mut shown = false;
    loop {
        let appeared = tokio::time::timeout(patience, becomes(&mut drawn, true)).await;
        if appeared.is_err() {
            let failure = if tray::has_bus().await { missing.clone() } else { Failure::no_bus() };
            app.desktop_trouble(Some(failure));
            match started {
                Started::ByHand { .. } => shown = shown || shell.show(WindowName::Manager, None).is_ok(),
                Started::AtLogin => tell_once(&shell, &state, &missing),
            }
            becomes(&mut drawn, true).await;
        }
        app.desktop_trouble(None);
        kept(Told::load(&state).forget(Once::NoTray));
        becomes(&mut drawn, false).await;
        patience = TRAY_APPEARS_WITHIN;
    }
}

fn tell_once(shell: &Shell, state: &Path, missing: &Failure) {
    let mut told = Told::load(state);
    if !told.has(Once::NoTray) {
        let body = missing.hint.clone().unwrap_or_default();
        shell.notify(Notice { title: missing.message.clone(), body, urgency: Urgency::Waiting });
        kept(told.tell(Once::NoTray));
    }
}

/// What cannot be kept is told again another time, which does no harm.
fn kept(result: Result<(), Failure>) {
    if let Err(failure) = result {
        tracing::warn!(code = ?failure.code, "what was told could not be kept");
    }
}

/// Waits until the tray is there, or is not. Without a bus to have a tray on it never is.
async fn becomes(drawn: &mut tray::Presence, present: bool) {
    if drawn.wait_for(|now| *now == present).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The desktop around the application: notifications and windows.
struct Shell {
    notifier: Notifier,
    windows: Windows,
    login: LoginSetting,
    shortcut: ShortcutSetting,
    click: LastClick,
    /// Whether a switcher is to wait out of sight.
    warm: watch::Sender<bool>,
    app: OnceLock<(AppHandle, TimeZone)>,
}

impl Shell {
    /// Has a switcher wait out of sight, where and while the settings want it.
    async fn keep_warm(self: Arc<Self>) {
        let mut wanted = self.warm.subscribe();
        loop {
            let warm = *wanted.borrow_and_update();
            if let Some((app, zone)) = self.app.get() {
                self.windows.keep_warm(warm, app.clone(), zone.clone());
            }
            if wanted.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Desktop for Shell {
    fn notify(&self, notice: Notice) {
        self.notifier.notify(notice);
    }

    fn show(&self, window: WindowName, activation: Option<&str>) -> Result<(), Failure> {
        let (app, zone) =
            self.app.get().ok_or_else(|| Failure::internal("a window was asked for too early"))?;
        let clicked = self.click.take();
        let activation = activation.map(str::to_owned).or(clicked);
        self.windows.show(window, activation, app.clone(), zone.clone())
    }

    fn settings(&self, settings: &Settings) {
        self.login.follow(settings);
        self.notifier.follow(settings.notifications);
        self.shortcut.follow(settings);
        self.warm.send_replace(settings.keep_switcher_warm);
    }
}

#[cfg(target_os = "linux")]
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(not(target_os = "linux"))]
fn has_display() -> bool {
    true
}

#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hang_up)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}
