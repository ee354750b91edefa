//! How any file of ours is replaced: in one step or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// What a file is called until it takes its place.
const PREFIX: &str = ".guise-";
const SUFFIX: &str = ".tmp";
/// No replacement takes as long; what is older was left by a process that was killed.
const LEFT_BEHIND: Duration = Duration::from_mins(1);

/// Makes a folder that only this user can enter; one that exists stays as it is.
pub(crate) fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Replaces a file: the new content is whole on the disk before it takes the old one's place, and only we can read it.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    Fresh::beside(path, content)?.take_its_place()
}

/// What came of a removal: whether there was something. What is gone by whomever is gone.
pub(crate) fn removed(path: &Path, removed: io::Result<()>) -> Result<bool, Failure> {
    match removed {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::not_removed(path, &error)),
    }
}

/// New content, whole on the disk beside the file whose place it may take. Dropped, it is gone.
pub(crate) struct Fresh {
    file: NamedTempFile,
    path: PathBuf,
}

impl Fresh {
    /// Writes new content beside the file at `path`.
    pub(crate) fn beside(path: &Path, content: &[u8]) -> Result<Fresh, Failure> {
        let written = || -> io::Result<NamedTempFile> {
            private_folder(folder_of(path))?;
            // `tempfile` makes it 0600.
            let mut file =
                tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder_of(path))?;
            file.write_all(content)?;
            file.as_file().sync_all()?;
            Ok(file)
        };
        let file = written().map_err(|error| Failure::not_written(path, &error))?;
        Ok(Fresh { file, path: path.to_owned() })
    }

    /// Puts it where the old file stands, in one step.
    pub(crate) fn take_its_place(self) -> Result<(), Failure> {
        let Fresh { file, path } = self;
        file.persist(&path).map_err(|error| Failure::not_written(&path, &error.error))?;
        // So that the new name survives a power cut too.
        confirmed(folder_of(&path)).map_err(|error| Failure::not_confirmed(&path, &error))
    }
}

/// Has the disk confirm a folder's names, where the system lets a folder be opened and asked.
fn confirmed(folder: &Path) -> io::Result<()> {
    let Ok(folder) = File::open(folder) else { return Ok(()) };
    match folder.sync_all() {
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        confirmed => confirmed,
    }
}

/// Removes what a process that was killed in the middle of a replacement left in a folder.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let left: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| is_temporary(&entry.file_name()))
        .map(|entry| entry.path())
        .collect();
    if left.is_empty() {
        return;
    }
    // The age is told by the disk's own clock: that of a file made now.
    let modified = |path: &Path| fs::symlink_metadata(path).and_then(|found| found.modified());
    let Ok(fresh) = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder) else {
        return;
    };
    let Ok(now) = modified(fresh.path()) else { return };
    for path in left {
        let old =
            modified(&path).is_ok_and(|made| now.duration_since(made).is_ok_and(|age| age > LEFT_BEHIND));
        let file = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && of_this_user(&found));
        if old && file && fs::remove_file(&path).is_ok() {
            tracing::debug!("a file that a killed process left behind was removed");
        }
    }
}

/// Whether a file is called as new content is until it takes its place.
pub(crate) fn is_temporary(name: &std::ffi::OsStr) -> bool {
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == 6 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(unix)]
fn of_this_user(found: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(found) == rustix::process::geteuid().as_raw()
}

#[cfg(not(unix))]
fn of_this_user(_: &fs::Metadata) -> bool {
    true
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_written_is_readable_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/file");
        replace(&path, b"x").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn what_takes_no_place_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        replace(&path, b"old").unwrap();
        drop(Fresh::beside(&path, b"new").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn f10_what_a_killed_process_left_is_swept_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let made = |name: &str, age: u64| {
            let file = File::options().create_new(true).write(true).open(folder.path().join(name)).unwrap();
            let now = file.metadata().unwrap().modified().unwrap();
            file.set_modified(now - Duration::from_secs(age)).unwrap();
        };
        let kept = [
            (".guise-notes", 3600),
            (".guise-notes.tmp", 3600),
            ("guise-abcdef.tmp", 3600),
            (".guise-fresh1.tmp", 5),
        ];
        for (name, age) in kept {
            made(name, age);
        }
        made(".guise-A1b2C3.tmp", 120);
        sweep(folder.path());
        let mut left: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut expected: Vec<&str> = kept.iter().map(|(name, _)| *name).collect();
        expected.sort_unstable();
        assert_eq!(left, expected);
    }
}
