//! Tells when a file or a folder changed on the disk, however it was changed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// A watch; it ends when it is dropped.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

/// Calls `changed` when the file at `path` may have changed. The folder is watched, because a file that is replaced
/// is another file; where the path is a link into somebody's dotfiles, the folder of what it names is too. `None` where
/// the system cannot watch; then changes show when something is next asked for.
pub fn watch(path: &Path, changed: impl Fn() + Send + 'static) -> Option<Watch> {
    crate::state::private_folder(path.parent()?).ok()?;
    let mut files = vec![path.to_owned()];
    files.extend(path.canonicalize());
    let names: Vec<OsString> = files.iter().filter_map(|file| file.file_name().map(OsString::from)).collect();
    let mut folders: Vec<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    folders.dedup();
    watch_events(&folders, move |event| {
        let ours =
            |path: &PathBuf| path.file_name().is_some_and(|name| names.iter().any(|each| each == name));
        if event.paths.iter().any(ours) {
            changed();
        }
    })
}

/// Calls `changed` when anything in the folder, or the folder itself, may have changed.
pub fn watch_folder(folder: &Path, changed: impl Fn() + Send + 'static) -> Option<Watch> {
    watch_events(&[folder], move |_| changed())
}

fn watch_events(folders: &[&Path], heard: impl Fn(&Event) + Send + 'static) -> Option<Watch> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let Ok(event) = event else { return };
        if !matches!(event.kind, EventKind::Access(_)) {
            heard(&event);
        }
    })
    .ok()?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::NonRecursive).ok()?;
    }
    Some(Watch { _watcher: watcher })
}
