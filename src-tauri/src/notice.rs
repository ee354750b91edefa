//! Notifications, in the desktop's own way. One that cannot be shown is in the log.

#[cfg_attr(target_os = "linux", path = "notice/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "notice/elsewhere.rs")]
mod system;

use std::sync::Arc;
use std::time::Duration;

use guise_core::catalog::Notifications;
use guise_core::failure::Failure;
use guise_core::view::{Notice, Urgency};
use tokio::sync::{mpsc, watch};

/// More than this at once are no news.
const MOST_WAITING: usize = 16;

/// How long a desktop may take to show the one notice of a program that ends.
const LAST_WORD: Duration = Duration::from_secs(2);

/// Says why Guise did not start, to a person who started it from a menu or by signing in and sees no terminal.
pub(crate) fn did_not_start(failure: &Failure) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let notice = Notice {
        title: "Guise did not start".to_owned(),
        body: failure.in_a_notice(),
        urgency: Urgency::Failed,
    };
    runtime.block_on(async {
        let mut desktop = system::Notifications::default();
        // Where nobody shows it, nothing is left to try.
        let _ = tokio::time::timeout(LAST_WORD, desktop.show(&notice)).await;
    });
}

/// Shows notices one after the other, without keeping anybody waiting.
#[derive(Clone)]
pub(crate) struct Notifier {
    notices: mpsc::Sender<Notice>,
    /// What the person wants to be told.
    wanted: Arc<watch::Sender<Notifications>>,
}

impl Notifier {
    /// Starts showing. Must be called within the runtime.
    pub(crate) fn start() -> Self {
        let (sender, mut notices) = mpsc::channel::<Notice>(MOST_WAITING);
        tokio::spawn(async move {
            let mut desktop = system::Notifications::default();
            while let Some(notice) = notices.recv().await {
                if !desktop.show(&notice).await {
                    tracing::warn!(title = notice.title, "a notification could not be shown");
                }
            }
        });
        Notifier { notices: sender, wanted: Arc::new(watch::channel(Notifications::default()).0) }
    }

    /// Tells from now on what the person wants to be told.
    pub(crate) fn follow(&self, wanted: Notifications) {
        self.wanted.send_replace(wanted);
    }

    /// Shows a notice soon.
    pub(crate) fn notify(&self, notice: Notice) {
        if !notice.is_wanted(*self.wanted.borrow()) {
            return;
        }
        if self.notices.try_send(notice).is_err() {
            tracing::warn!("too many notifications at once");
        }
    }
}
