//! Whoever asked: how a task answers them, and what it leaves for the owner to do.

use std::time::Duration;

use tokio::sync::mpsc;

use super::console::OpenedConsole;
use super::guide::{Kept, Made};
use super::import::Told;
use super::record::Reply;
use super::{App, Message, Origin, show};
use crate::catalog::{Name, Taken};
use crate::console::Destination;
use crate::failure::Failure;
use crate::ports::Ports;
use crate::secret::SecretString;
use crate::session::SessionKey;
use crate::view::{Notice, Outcome, Urgency};

/// How long a clipboard may take to answer.
pub(super) const CLIPBOARD: Duration = Duration::from_secs(5);
/// Work that takes longer than this is said to the person.
const LONG: Duration = Duration::from_secs(2);

/// The end of a task.
pub(super) struct Finished {
    /// The role that it was about, if it was about one.
    pub(super) role: Option<Name>,
    /// What changed by it.
    pub(super) effect: Effect,
    pub(super) result: Result<Outcome, Failure>,
    pub(super) origin: Origin,
    pub(super) reply: Reply,
}

/// What a task leaves for the owner to do.
pub(super) enum Effect {
    Nothing,
    /// The console was opened with this session.
    Opened {
        session: SessionKey,
        /// The page that was asked for, where one was.
        wanted: Option<Destination>,
        console: Box<OpenedConsole>,
    },
    /// This is on the clipboard now.
    Copied,
    /// A text that is no secret is on the clipboard now.
    TextCopied,
    /// A trial left this in the catalog on the disk.
    RoleKept(Box<Kept>),
    /// So much of a role is in IAM.
    RoleMade(Box<Made>),
    /// The source is in the catalog on the disk, and its key in the keychain.
    SourceAdded(Name),
    /// This can be brought in.
    Found(Box<Told>),
    /// The catalog on the disk is another.
    CatalogChanged,
    /// The catalog on the disk is another, and can be put back so.
    RolesTaken {
        /// Names the edit.
        undo: u64,
        taken: Taken,
    },
    /// An edit was taken back.
    Undone(u64),
    /// The source's key was looked for.
    SourceTested(Name),
    /// The source is gone from the catalog on the disk.
    SourceGone(Name),
}

/// Whoever asked, and how they are answered.
pub(super) struct Asker {
    pub(super) role: Option<Name>,
    pub(super) origin: Origin,
    pub(super) reply: Reply,
    /// Says that it takes long, unless it is stopped before.
    pub(super) long: Option<tokio::task::AbortHandle>,
    pub(super) messages: mpsc::UnboundedSender<Message>,
}

impl Asker {
    /// Answers when `work` is done; the work goes on even if nobody waits for it any more.
    pub(super) fn run(self, work: impl Future<Output = (Effect, Result<Outcome, Failure>)> + Send + 'static) {
        tokio::spawn(async move {
            // A task of its own, so that whoever waits is answered even if it is lost.
            let done = tokio::spawn(work).await;
            let lost = || (Effect::Nothing, Err(Failure::internal("a task was lost")));
            let (effect, result) = done.unwrap_or_else(|_| lost());
            self.finish(effect, result);
        });
    }

    pub(super) fn finish(self, effect: Effect, result: Result<Outcome, Failure>) {
        if let Some(long) = &self.long {
            long.abort();
        }
        let finished = Finished { role: self.role, effect, result, origin: self.origin, reply: self.reply };
        // An application that is gone has nobody left to answer.
        let _ = self.messages.send(Message::Finished(finished));
    }
}

/// Puts a secret on the clipboard, off the runtime's workers.
pub(super) async fn copy(
    ports: &Ports,
    text: SecretString,
    stay: Duration,
) -> (Effect, Result<Outcome, Failure>) {
    let clipboard = ports.clipboard.clone();
    let copied = tokio::time::timeout(CLIPBOARD, blocking(move || clipboard.copy(&text))).await;
    match copied.unwrap_or_else(|_| Err(Failure::clipboard_refused("it does not answer"))) {
        Ok(()) => {
            let clears = ports.clock.now() + stay;
            (Effect::Copied, Ok(Outcome::Copied { clears }))
        }
        Err(failure) => (Effect::Nothing, Err(failure)),
    }
}

/// Runs work that blocks where blocking is allowed.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Failure::internal("a task ended early")))
}

impl App {
    /// Whoever asked for something about a role, which is under way until it is finished.
    pub(super) fn asker_for(&mut self, role: Name, origin: Origin, reply: Reply) -> Asker {
        *self.tasks.entry(role.clone()).or_default() += 1;
        self.asker(Some(role), origin, reply)
    }

    /// Whoever asked. A click that takes long is said to the person, since nothing else shows it.
    pub(super) fn asker(&self, role: Option<Name>, origin: Origin, reply: Reply) -> Asker {
        let long = (origin == Origin::Tray).then(|| {
            let (desktop, role, snapshots) =
                (self.config.ports.desktop.clone(), role.clone(), self.snapshots.subscribe());
            tokio::spawn(async move {
                tokio::time::sleep(LONG).await;
                if !show::waits_for_person(&snapshots.borrow(), role.as_ref()) {
                    desktop.notify(Notice {
                        title: role
                            .map_or_else(|| "working…".to_owned(), |role| format!("{role}: signing in…")),
                        body: "it takes longer than usual, and goes on".to_owned(),
                        urgency: Urgency::Passing,
                    });
                }
            })
            .abort_handle()
        });
        Asker { role, origin, reply, long, messages: self.messages.clone() }
    }
}
