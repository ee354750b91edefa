//! Files as Windows has them: what stands in a user's own folder is that user's to write, by what the folder passes on.

use std::fs::{File, Metadata, OpenOptions};
use std::path::Path;

use crate::failure::Unreadable;

/// Opens a file to read.
pub(super) fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

/// Opens a file to lock.
pub(super) fn open_lock(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

/// The folder's own permissions guard it.
#[expect(clippy::unnecessary_wraps, reason = "on Unix the owner or the mode can be wrong")]
pub(super) fn check(_: &Metadata) -> Result<(), Unreadable> {
    Ok(())
}

/// There is no number that the standard library tells; times and length must do.
pub(super) fn marks(_: &Metadata) -> (u64, (i64, i64)) {
    (0, (0, 0))
}
