//! Memory that only starting, or the last piece of work, needed: it is given back once nothing has happened for a while.

#[cfg(target_os = "linux")]
#[path = "memory/linux.rs"]
mod system;

use std::sync::Arc;
use std::time::Duration;

use guise_core::app::AppHandle;
use guise_core::view::Snapshot;
use tokio::sync::{Notify, watch};

/// After so long without anything new, what was needed for the last thing is not needed.
const QUIET: Duration = Duration::from_secs(3);

/// Gives memory back in each pause after something has happened: the start, a change that can be seen, a window that was closed.
/// Ends with the application.
pub(crate) async fn give_back_in_pauses(app: AppHandle, window_closed: Arc<Notify>) {
    let mut snapshots = app.snapshots();
    loop {
        while let Ok(happened) = tokio::time::timeout(QUIET, happens(&mut snapshots, &window_closed)).await {
            if happened.is_err() {
                return;
            }
        }
        #[cfg(target_os = "linux")]
        system::give_back();
        if happens(&mut snapshots, &window_closed).await.is_err() {
            return;
        }
    }
}

async fn happens(
    snapshots: &mut watch::Receiver<Arc<Snapshot>>,
    window_closed: &Notify,
) -> Result<(), watch::error::RecvError> {
    tokio::select! {
        changed = snapshots.changed() => changed,
        () = window_closed.notified() => Ok(()),
    }
}
