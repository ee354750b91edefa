//! Files as Unix has them: an owner, and permissions for others.

use std::fs::{File, Metadata, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::failure::Unreadable;

/// Opens a file to read. A pipe that somebody left there is opened without waiting for its other end.
pub(super) fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).custom_flags(without_waiting()).open(path)
}

/// Opens a file to lock, which only this user can.
pub(super) fn open_lock(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true).mode(0o600).custom_flags(without_waiting());
    options.open(path)
}

fn without_waiting() -> i32 {
    (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed()
}

/// Refuses a file that somebody else could have written. What belongs to root is taken: a system may hand a catalog
/// out, and root needs no file of ours to reach us.
pub(super) fn check(found: &Metadata) -> Result<(), Unreadable> {
    let us = rustix::process::geteuid().as_raw();
    if found.uid() != us && found.uid() != 0 {
        return Err(Unreadable::OfAnotherUser { owner: found.uid(), us });
    }
    if found.mode() & 0o022 != 0 {
        return Err(Unreadable::OthersMayWrite);
    }
    Ok(())
}

/// The file's number, and when anything about it changed.
pub(super) fn marks(found: &Metadata) -> (u64, (i64, i64)) {
    (found.ino(), (found.ctime(), found.ctime_nsec()))
}
