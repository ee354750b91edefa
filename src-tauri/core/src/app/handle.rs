//! The way to the application for whoever asks and whoever watches.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use super::{Message, Origin, Wanted};
use crate::failure::Failure;
use crate::view::{Intent, Outcome, ShortcutView, Snapshot};

/// A way to the application. It can be cloned and given to anybody.
#[derive(Clone)]
pub struct AppHandle {
    pub(super) messages: mpsc::UnboundedSender<Message>,
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(super) looks: watch::Receiver<()>,
}

impl AppHandle {
    /// Has an intent carried out and waits for its end.
    pub async fn ask(&self, intent: Intent, origin: Origin) -> Result<Outcome, Failure> {
        self.ask_while(Wanted::always(), intent, origin).await
    }

    /// The same for whoever may want it no longer before its end. What can be stopped without harm is stopped then; the rest
    /// goes on, so the answer is always how it really ended.
    pub async fn ask_while(
        &self,
        wanted: Wanted,
        intent: Intent,
        origin: Origin,
    ) -> Result<Outcome, Failure> {
        let (reply, answer) = oneshot::channel();
        let asked = Message::Asked { intent, origin, wanted, reply };
        self.messages.send(asked).map_err(|_| Failure::ending())?;
        answer.await.map_err(|_| Failure::ending())?
    }

    /// Has an intent of the tray carried out; its end is told by a notice.
    pub fn click(&self, intent: Intent) {
        let (reply, _) = oneshot::channel();
        // An application that is ending takes no more clicks.
        let _ = self.messages.send(Message::Asked {
            intent,
            origin: Origin::Tray,
            wanted: Wanted::always(),
            reply,
        });
    }

    /// A terminal shows a question.
    pub(crate) fn prompt_attended(&self, prompt: u64) {
        let _ = self.messages.send(Message::PromptAttended { prompt });
    }

    /// A terminal that showed a question is gone.
    pub(crate) fn prompt_left(&self, prompt: u64) {
        let _ = self.messages.send(Message::PromptLeft { prompt });
    }

    /// The window of questions was closed without an answer.
    pub fn prompt_window_closed(&self) {
        let _ = self.messages.send(Message::PromptWindowClosed);
    }

    /// A window that has the settings opens: what they can be chosen from may be other than it was.
    pub fn settings_seen(&self) {
        let _ = self.messages.send(Message::SettingsSeen);
    }

    /// Says what is wrong with the desktop around the application, or that nothing is any more.
    pub fn desktop_trouble(&self, trouble: Option<Failure>) {
        let _ = self.messages.send(Message::DesktopTrouble(trouble));
    }

    /// Says what opens the switcher now.
    pub fn shortcut(&self, shortcut: ShortcutView) {
        let _ = self.messages.send(Message::Shortcut(shortcut));
    }

    /// Says that the agent can be found by nobody, or that it can again.
    pub(crate) fn socket_trouble(&self, trouble: Option<Failure>) {
        let _ = self.messages.send(Message::SocketTrouble(trouble));
    }

    /// What can be seen, now and whenever it changes.
    pub fn snapshots(&self) -> watch::Receiver<Arc<Snapshot>> {
        self.snapshots.clone()
    }

    /// Hears each look at what is live: times that are shown as what is left of them are shown anew then, so that nobody has
    /// to be woken for that alone.
    pub fn looks(&self) -> watch::Receiver<()> {
        self.looks.clone()
    }

    /// Ends the application: the clipboard is cleared, sessions are wiped. Returns when that is done.
    pub async fn end(&self) {
        let (done, ended) = oneshot::channel();
        if self.messages.send(Message::End { done }).is_ok() {
            let _ = ended.await;
        }
    }
}
