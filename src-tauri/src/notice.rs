//! Notifications, in the desktop's own way. One that cannot be shown is in the log.

#[cfg_attr(target_os = "linux", path = "notice/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "notice/elsewhere.rs")]
mod system;

use guise_core::view::Notice;
use tokio::sync::mpsc;

/// More than this at once are no news.
const MOST_WAITING: usize = 16;

/// Shows notices one after the other, without keeping anybody waiting.
#[derive(Clone)]
pub(crate) struct Notifier(mpsc::Sender<Notice>);

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
        Notifier(sender)
    }

    /// Shows a notice soon.
    pub(crate) fn notify(&self, notice: Notice) {
        if self.0.try_send(notice).is_err() {
            tracing::warn!("too many notifications at once");
        }
    }
}
