//! Windows as the agent sees them: short-lived processes of their own, at most one of a name.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use guise_core::agent::{Closed, serve_window};
use guise_core::app::AppHandle;
use guise_core::failure::Failure;
use guise_core::home::Home;
use guise_core::view::{Notice, Urgency, WindowName};
use jiff::tz::TimeZone;
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};

use crate::notice::Notifier;

/// The windows that are open.
#[derive(Clone)]
pub(crate) struct Windows {
    arguments: Vec<OsString>,
    runtime: Handle,
    notifier: Notifier,
    open: Arc<Mutex<HashMap<WindowName, mpsc::Sender<()>>>>,
    closed: Arc<Notify>,
}

impl Windows {
    /// No windows yet. Must be called within the runtime that will serve them.
    pub(crate) fn new(home: &Home, notifier: Notifier) -> Self {
        Windows {
            arguments: home.arguments(),
            runtime: Handle::current(),
            notifier,
            open: Arc::default(),
            closed: Arc::default(),
        }
    }

    /// Hears each window that has been closed and is gone.
    pub(crate) fn closed(&self) -> Arc<Notify> {
        self.closed.clone()
    }

    /// Opens a window, or has the open one come to the front.
    pub(crate) fn show(&self, name: WindowName, app: AppHandle, zone: TimeZone) -> Result<(), Failure> {
        let mut open = lock(&self.open);
        if let Some(raise) = open.get(&name)
            && !matches!(raise.try_send(()), Err(mpsc::error::TrySendError::Closed(())))
        {
            return Ok(());
        }
        let mut child = self.start(name).map_err(|error| Failure::desktop_refused(&error.to_string()))?;
        let (Some(hears), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::internal("a window has no way to speak"));
        };
        let (raise, mut raised) = mpsc::channel(1);
        open.insert(name, raise.clone());
        let windows = self.clone();
        self.runtime.spawn(async move {
            let closed = serve_window(app.clone(), zone.clone(), said, hears, &mut raised).await;
            let wanted = {
                let mut open = lock(&windows.open);
                // A newer window of the name may already stand there, or all were let go.
                let ours = open.get(&name).is_some_and(|current| current.same_channel(&raise));
                if ours {
                    open.remove(&name);
                }
                // Nobody can ask for this one any more; whoever did in its last moment gets another.
                ours && (closed == Closed::StillWanted || raised.try_recv().is_ok())
            };
            if wanted && let Err(failure) = windows.show(name, app, zone) {
                tracing::error!(code = ?failure.code, "a window could not be opened again");
            }
            if end(&mut child).await.is_some_and(|status| !status.success()) {
                let failure = Failure::window_lost();
                let body = failure.hint.unwrap_or_default();
                windows.notifier.notify(Notice { title: failure.message, body, urgency: Urgency::Failed });
            }
            windows.closed.notify_one();
        });
        Ok(())
    }

    fn start(&self, name: WindowName) -> std::io::Result<Child> {
        let _inside = self.runtime.enter();
        let own = std::env::current_exe()?;
        // A newer version may have been installed in place of this one, and speaks otherwise; Linux still has this one.
        let program = if cfg!(target_os = "linux") { Path::new("/proc/self/exe") } else { &own };
        let mut command = Command::new(program);
        #[cfg(unix)]
        command.arg0(&own);
        command.args(&self.arguments).args(["--window", name.as_str(), "--stdio"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        if !cfg!(feature = "automation") {
            // WebKit would let anybody drive the page who can set this.
            command.env_remove("TAURI_WEBVIEW_AUTOMATION");
        }
        command.spawn()
    }
}

/// A window ends by itself when its standard input does; one that does not is ended. Tells how it ended by itself.
async fn end(child: &mut Child) -> Option<ExitStatus> {
    if let Ok(ended) = tokio::time::timeout(Duration::from_secs(2), child.wait()).await {
        return ended.ok();
    }
    let _ = child.kill().await;
    None
}

fn lock(
    open: &Mutex<HashMap<WindowName, mpsc::Sender<()>>>,
) -> MutexGuard<'_, HashMap<WindowName, mpsc::Sender<()>>> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}
