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
use guise_core::view::{Notice, Snapshot, Urgency, WindowName};
use jiff::tz::TimeZone;
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc, watch};

use crate::activation;
use crate::notice::Notifier;

/// How long a window of questions waits, out of sight, for the next: the code may have been wrong.
const LINGERS: Duration = Duration::from_secs(2);

/// What one is asked to come to the front by; with what lets it, where the desktop has to allow that.
type Raise = mpsc::Sender<Option<String>>;

#[derive(Default)]
struct Open {
    windows: HashMap<WindowName, Raise>,
    /// Tells a switcher that waits out of sight whether it is to.
    warm: watch::Sender<bool>,
}

/// The windows that are open.
#[derive(Clone)]
pub(crate) struct Windows {
    arguments: Vec<OsString>,
    runtime: Handle,
    notifier: Notifier,
    open: Arc<Mutex<Open>>,
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
    pub(crate) fn show(
        &self,
        name: WindowName,
        activation: Option<String>,
        app: AppHandle,
        zone: TimeZone,
    ) -> Result<(), Failure> {
        if name == WindowName::Manager {
            app.settings_seen();
        }
        let mut open = self.lock();
        if let Some(raise) = open.windows.get(&name)
            && !matches!(raise.try_send(activation.clone()), Err(mpsc::error::TrySendError::Closed(_)))
        {
            return Ok(());
        }
        let warm = name == WindowName::Switcher && *open.warm.borrow();
        let raise = self.open(&mut open, name, warm, activation.as_deref(), app, zone)?;
        if warm {
            // It waits, and is asked for as it will be from now on. It has just begun to listen.
            let _ = raise.try_send(activation);
        }
        Ok(())
    }

    /// Has a switcher wait out of sight from now on, or none.
    pub(crate) fn keep_warm(&self, wanted: bool, app: AppHandle, zone: TimeZone) {
        let mut open = self.lock();
        let changed = open.warm.send_if_modified(|warm| std::mem::replace(warm, wanted) != wanted);
        if !changed || !wanted || open.windows.contains_key(&WindowName::Switcher) {
            return;
        }
        if let Err(failure) = self.open(&mut open, WindowName::Switcher, true, None, app, zone) {
            tracing::error!(code = ?failure.code, "no switcher waits out of sight");
        }
    }

    fn open(
        &self,
        open: &mut Open,
        name: WindowName,
        waits: bool,
        activation: Option<&str>,
        app: AppHandle,
        zone: TimeZone,
    ) -> Result<Raise, Failure> {
        let mut child = self
            .start(name, waits, activation)
            .map_err(|error| Failure::desktop_refused(&error.to_string()))?;
        let (Some(hears), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::internal("a window has no way to speak"));
        };
        let (raise, mut raised) = mpsc::channel(1);
        open.windows.insert(name, raise.clone());
        let (windows, opened) = (self.clone(), raise.clone());
        let mut warm = open.warm.subscribe();
        self.runtime.spawn(async move {
            let served = serve_window(app.clone(), zone.clone(), said, hears, &mut raised);
            let closed = tokio::select! {
                closed = served => Some(closed),
                () = nothing_left(name, app.snapshots(), LINGERS) => None,
                _ = warm.wait_for(|warm| !warm), if waits => None,
            };
            let wanted = {
                let mut open = windows.lock();
                // A newer window of the name may already stand there, or all were let go.
                let ours = open.windows.get(&name).is_some_and(|current| current.same_channel(&raise));
                if ours {
                    open.windows.remove(&name);
                }
                // Nobody can ask for this one any more; whoever did in its last moment gets another.
                ours && (closed == Some(Closed::StillWanted) || raised.try_recv().is_ok())
            };
            if wanted {
                windows.show_again(name, &app, &zone);
            } else if name == WindowName::Prompt {
                match closed {
                    Some(_) => app.prompt_window_closed(),
                    None => windows.show_if_asked(&app, &zone).await,
                }
            }
            if end(&mut child).await.is_some_and(|status| !status.success()) {
                let failure = Failure::window_lost();
                let body = failure.hint.unwrap_or_default();
                windows.notifier.notify(Notice { title: failure.message, body, urgency: Urgency::Failed });
            }
            windows.closed.notify_one();
        });
        Ok(opened)
    }

    fn show_again(&self, name: WindowName, app: &AppHandle, zone: &TimeZone) {
        if let Err(failure) = self.show(name, None, app.clone(), zone.clone()) {
            tracing::error!(code = ?failure.code, "a window could not be opened again");
        }
    }

    /// A question that came just when the window of questions was let go can be seen a moment later.
    async fn show_if_asked(&self, app: &AppHandle, zone: &TimeZone) {
        let mut snapshots = app.snapshots();
        let asked = tokio::time::timeout(Duration::from_millis(100), snapshots.wait_for(asks)).await;
        if matches!(asked, Ok(Ok(_))) {
            self.show_again(WindowName::Prompt, app, zone);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self, name: WindowName, waits: bool, activation: Option<&str>) -> std::io::Result<Child> {
        let _inside = self.runtime.enter();
        let own = std::env::current_exe()?;
        // A newer version may have been installed in place of this one, and speaks otherwise; Linux still has this one.
        let program = if cfg!(target_os = "linux") { Path::new("/proc/self/exe") } else { &own };
        let mut command = Command::new(program);
        #[cfg(unix)]
        command.arg0(&own);
        command.args(&self.arguments).args(["--window", name.as_str(), "--stdio"]);
        if waits {
            command.arg("--waiting");
        }
        activation::hand_on(command.as_std_mut(), activation);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        if !cfg!(feature = "automation") {
            // WebKit would let anybody drive the page who can set this.
            command.env_remove("TAURI_WEBVIEW_AUTOMATION");
        }
        command.spawn()
    }
}

/// Waits until a window has nothing more to show, which is a matter of those that ask.
async fn nothing_left(name: WindowName, mut snapshots: watch::Receiver<Arc<Snapshot>>, lingers: Duration) {
    match name {
        WindowName::Manager | WindowName::Switcher | WindowName::Guide => std::future::pending().await,
        WindowName::Prompt => loop {
            // It is opened a moment before its question can be seen, and kept for the next one.
            if !matches!(tokio::time::timeout(lingers, snapshots.wait_for(asks)).await, Ok(Ok(_))) {
                return;
            }
            if snapshots.wait_for(|snapshot| !asks(snapshot)).await.is_err() {
                return;
            }
        },
    }
}

fn asks(snapshot: &Arc<Snapshot>) -> bool {
    !snapshot.prompts.is_empty()
}

/// A window ends by itself when its standard input does; one that does not is ended. Tells how it ended by itself.
async fn end(child: &mut Child) -> Option<ExitStatus> {
    if let Ok(ended) = tokio::time::timeout(Duration::from_secs(2), child.wait()).await {
        return ended.ok();
    }
    let _ = child.kill().await;
    None
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use guise_core::view::{AccountView, PromptView, QuestionView, ShortcutView, Status};

    use super::*;

    fn asking(ids: &[u64]) -> Arc<Snapshot> {
        let prompt = |id: &u64| PromptView {
            id: *id,
            role: "Admin".into(),
            keys_of: None,
            account: AccountView::default(),
            source: "work".into(),
            question: QuestionView::MfaCode { device: "ada".into(), serial: "GAHT12345678".into() },
            again: None,
            program: None,
        };
        Arc::new(Snapshot {
            version: String::new(),
            home: None,
            status: Status::Idle,
            sources: vec![],
            roles: vec![],
            favourites: vec![],
            recents: vec![],
            most_used: vec![],
            recent_pages: vec![],
            sessions: vec![],
            prompts: ids.iter().map(prompt).collect(),
            waiting_for_keychain: false,
            unusable: vec![],
            shortcut: ShortcutView::Off,
            trouble: vec![],
            settings: vec![],
        })
    }

    /// Whether it goes on waiting once it has seen all that there is to see.
    async fn waits(left: &mut (impl Future<Output = ()> + Unpin)) -> bool {
        tokio::select! {
            biased;
            () = left => false,
            () = tokio::task::yield_now() => true,
        }
    }

    #[tokio::test]
    async fn a_window_of_questions_is_let_go_a_moment_after_the_last() {
        let (tell, told) = watch::channel(asking(&[]));
        let mut left = pin!(nothing_left(WindowName::Prompt, told, Duration::from_hours(1)));
        assert!(waits(&mut left).await, "its question can be seen in a moment");
        for ids in [&[1, 2][..], &[2], &[], &[3]] {
            tell.send_replace(asking(ids));
            assert!(waits(&mut left).await, "{ids:?}");
        }

        let (_tell, told) = watch::channel(asking(&[]));
        nothing_left(WindowName::Prompt, told, Duration::ZERO).await;
    }

    #[tokio::test]
    async fn a_window_that_asks_nothing_is_the_persons_to_close() {
        let (_tell, told) = watch::channel(asking(&[]));
        let mut left = pin!(nothing_left(WindowName::Manager, told, Duration::ZERO));
        assert!(waits(&mut left).await);
    }
}
