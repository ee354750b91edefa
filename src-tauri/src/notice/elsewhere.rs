//! macOS and Windows: the system's notification centre.

use guise_core::view::Notice;

/// The notification centre.
#[derive(Default)]
pub(super) struct Notifications {}

impl Notifications {
    /// Shows a notice; says whether the system took it.
    pub(super) async fn show(&mut self, notice: &Notice) -> bool {
        let (title, body) = (notice.title.clone(), notice.body.clone());
        let shown = tokio::task::spawn_blocking(move || {
            notify_rust::Notification::new().appname("Guise").summary(&title).body(&body).show().is_ok()
        });
        shown.await.unwrap_or(false)
    }
}
