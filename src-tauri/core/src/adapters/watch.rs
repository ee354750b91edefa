//! Tells when a file changed on the disk, however it was changed.

use std::path::Path;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// A watch; it ends when it is dropped.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

/// Calls `changed` when the file at `path` may have changed. The folder is watched, because a file that is replaced
/// is another file. `None` where the system cannot watch; then changes show when something is next asked for.
pub fn watch(path: &Path, changed: impl Fn() + Send + 'static) -> Option<Watch> {
    let folder = path.parent()?;
    let name = path.file_name()?.to_owned();
    crate::state::private_folder(folder).ok()?;
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let reading = matches!(event.kind, EventKind::Access(_));
        if !reading && event.paths.iter().any(|path| path.file_name() == Some(&name)) {
            changed();
        }
    })
    .ok()?;
    watcher.watch(folder, RecursiveMode::NonRecursive).ok()?;
    Some(Watch { _watcher: watcher })
}
