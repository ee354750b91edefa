//! A file as it stands on the disk: read only where it is an ordinary file that nobody else can write.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::SystemTime;

use crate::failure::{Failure, Unreadable};

#[cfg_attr(unix, path = "on_disk/unix.rs")]
#[cfg_attr(windows, path = "on_disk/windows.rs")]
mod system;

/// A catalog larger than this is not one that a person made: 10,000 roles with all their settings fit twice.
pub(super) const LARGEST: u64 = 16 * 1024 * 1024;

/// What a file looked like from outside when it was read, to tell cheaply whether it changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    modified: SystemTime,
    length: u64,
    /// A file that was replaced is another file, even within the same tick of the clock.
    number: u64,
    /// When anything about it changed, its owner and permissions included, in the system's own count.
    changed: (i64, i64),
}

/// What stands at a path.
#[derive(Debug)]
pub(super) enum Found {
    /// A file of ours.
    Text {
        /// What it says.
        text: String,
        /// What it looked like.
        stamp: FileStamp,
    },
    /// Nothing at all.
    Nothing,
}

/// Reads what stands at a path. Never waits, whatever it is.
pub(super) fn read(path: &Path) -> Result<Found, Failure> {
    let unreadable = |why| Failure::catalog_unreadable(path, &why);
    let file = match system::open(path) {
        Ok(file) => file,
        // A link that leads nowhere is somebody's arrangement, not an empty catalog.
        Err(error) if error.kind() == ErrorKind::NotFound && path.is_symlink() => {
            return Err(unreadable(Unreadable::LeadsNowhere));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return Err(unreadable(Unreadable::Denied));
        }
        Err(error) => return Err(unreadable(Unreadable::Failed(error))),
    };
    let failed = |error| unreadable(Unreadable::Failed(error));
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(unreadable(Unreadable::NotAFile));
    }
    system::check(&found).map_err(unreadable)?;
    if found.len() > LARGEST {
        return Err(unreadable(Unreadable::TooLarge));
    }
    let text = read_whole(file).map_err(failed)?.ok_or_else(|| unreadable(Unreadable::TooLarge))?;
    let text = String::from_utf8(text).map_err(|_| unreadable(Unreadable::NotText))?;
    let stamp = stamp_of(&found).ok_or_else(|| unreadable(Unreadable::NotAFile))?;
    Ok(Found::Text { text, stamp })
}

/// Opens the file that writers lock, and makes it where it is not there. Never waits, whatever it is.
pub(super) fn open_lock(path: &Path) -> std::io::Result<File> {
    system::open_lock(path)
}

/// What a file looks like from outside; `None` where there is none that can be looked at.
pub(super) fn stamp(path: &Path) -> Option<FileStamp> {
    stamp_of(&std::fs::metadata(path).ok()?)
}

/// The bytes of a file; `None` where it grew beyond all measure while it was read.
fn read_whole(file: File) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST);
    Ok(fits.then_some(bytes))
}

fn stamp_of(found: &Metadata) -> Option<FileStamp> {
    let (number, changed) = system::marks(found);
    Some(FileStamp { modified: found.modified().ok()?, length: found.len(), number, changed })
}
