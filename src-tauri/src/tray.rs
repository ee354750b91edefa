//! The tray: draws the one menu value, and only when it has changed.

#[cfg_attr(target_os = "linux", path = "tray/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "tray/elsewhere.rs")]
mod system;

pub(crate) use system::has_bus;

use std::sync::Arc;
use std::time::Duration;

use guise_core::app::AppHandle;
use guise_core::menu::{Action, Menu, menu};
use guise_core::ports::Clock;
use guise_core::view::{Intent, OpenConsole, Status};
use jiff::tz::TimeZone;
use tokio::sync::{Notify, watch};

use crate::activation::LastClick;

/// Tells whether a tray has taken us in.
pub(crate) type Presence = watch::Receiver<bool>;

/// Changes that come together are drawn together.
const GATHERS: Duration = Duration::from_millis(30);

/// What is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    menu: Menu,
    status: Status,
}

/// Carries clicks to the application.
#[derive(Clone)]
pub(crate) struct Clicks {
    app: AppHandle,
    click: LastClick,
    quit: Arc<Notify>,
}

impl Clicks {
    pub(crate) fn new(app: AppHandle, click: LastClick, quit: Arc<Notify>) -> Self {
        Clicks { app, click, quit }
    }

    /// `activation` is what the desktop gave for this click.
    fn clicked(&self, action: &Action, activation: Option<String>) {
        self.click.put(activation);
        let intent = match action {
            Action::OpenConsole { role, access } => role.parse().map(|role| {
                Intent::OpenConsole(OpenConsole { role, destination: None, region: None, access: *access })
            }),
            Action::CopyCredentials { role, access } => {
                role.parse().map(|role| Intent::CopyCredentials { role, format: None, access: *access })
            }
            Action::CopySigninUrl(session) => Ok(Intent::CopySigninUrl { session: session.clone() }),
            Action::OpenPage(session) => Ok(Intent::OpenPage { session: session.clone() }),
            Action::Renew { role, access } => {
                role.parse().map(|role| Intent::RenewSession { role, access: *access })
            }
            Action::EndAllSessions => Ok(Intent::EndAllSessions),
            Action::EndSession(session) => Ok(Intent::EndSession { session: session.clone() }),
            Action::Show(window) => Ok(Intent::ShowWindow(*window)),
            Action::Quit => return self.quit.notify_one(),
        };
        match intent {
            Ok(intent) => self.app.click(intent),
            Err(failure) => tracing::error!(code = ?failure.code, "a menu named what cannot be named"),
        }
    }
}

/// Starts the tray and keeps it drawn. Must be called within the runtime, on the main thread.
pub(crate) fn start(
    tauri: &tauri::App,
    app: AppHandle,
    clicks: Clicks,
    clock: Arc<dyn Clock>,
    zone: TimeZone,
) -> Presence {
    let (presence, present) = watch::channel(false);
    let snapshots = app.snapshots();
    let picture = move || {
        let snapshot = snapshots.borrow();
        Picture { menu: menu(&snapshot, clock.now(), &zone), status: snapshot.status }
    };
    let first = picture();
    let tray = system::Tray::start(tauri, clicks, first.clone(), presence);
    tokio::spawn(async move {
        let Some(mut tray) = tray.await else { return };
        let mut drawn = first;
        let mut snapshots = app.snapshots();
        snapshots.mark_changed();
        let mut looks = app.looks();
        loop {
            let live = !snapshots.borrow().sessions.is_empty();
            tokio::select! {
                changed = snapshots.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    tokio::time::sleep(GATHERS).await;
                    snapshots.mark_unchanged();
                }
                // The time that is left is said anew.
                looked = looks.changed(), if live => {
                    if looked.is_err() {
                        return;
                    }
                }
            }
            let next = picture();
            if next != drawn {
                tray.draw(&next).await;
                drawn = next;
            }
        }
    });
    present
}
