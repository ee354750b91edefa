//! The files that the doctor looks at: read with a bound, never where opening one would wait, and nothing kept of a secret.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::catalog::CatalogFile;
use crate::doctor::{CatalogSeen, CertificateFile, Environment, FileSeen, KeyFile, Unwritable, found_in};
use crate::home::Home;
use crate::ports::Clock;

/// No file with keys or certificates that a person has is larger.
const LARGEST: usize = 1024 * 1024;
/// More files in a folder than this are not looked at.
const MOST_FILES: usize = 500;

/// The catalog that is worked with.
pub(super) fn catalog(home: &Home) -> CatalogSeen {
    let current = CatalogFile::in_home(home).current();
    CatalogSeen { catalog: current.catalog, trouble: current.trouble }
}

/// The files in which the AWS tools keep keys. One that is not there is left out.
pub(super) fn key_files(environment: &Environment) -> Vec<KeyFile> {
    let named = |variable: &str, name: &str| {
        let in_home = || Some(dirs::home_dir()?.join(".aws").join(name));
        environment.get(variable).map(PathBuf::from).or_else(in_home)
    };
    let paths = [named("AWS_SHARED_CREDENTIALS_FILE", "credentials"), named("AWS_CONFIG_FILE", "config")];
    let mut files: Vec<KeyFile> = Vec::new();
    for path in paths.into_iter().flatten() {
        let is_known = files.iter().any(|file| file.path == path);
        if is_known || path.symlink_metadata().is_err() {
            continue;
        }
        let keys = read(&path).map(|bytes| found_in(&String::from_utf8_lossy(&bytes)));
        files.push(KeyFile { file: seen(&path), path, keys });
    }
    files
}

/// How many sessions in the AWS CLI's cache have not ended.
pub(super) fn cached_sessions(clock: &dyn Clock) -> usize {
    // Only the end is read; the rest of the file is dropped as it is.
    #[derive(Deserialize)]
    struct Cached {
        #[serde(rename = "Credentials")]
        credentials: Ends,
    }
    #[derive(Deserialize)]
    struct Ends {
        #[serde(rename = "Expiration")]
        expiration: jiff::Timestamp,
    }
    let Some(folder) = dirs::home_dir().map(|home| home.join(".aws/cli/cache")) else { return 0 };
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let now = clock.now();
    let paths = entries.flatten().map(|entry| entry.path()).take(MOST_FILES);
    let cached = paths.filter_map(|path| serde_json::from_slice::<Cached>(&read(&path).ok()?).ok());
    cached.filter(|cached| cached.credentials.expiration > now).count()
}

/// What a file or folder with certificates holds.
pub(super) fn certificates(path: &Path) -> CertificateFile {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        Err(error) => return CertificateFile::Unreadable(error.to_string()),
    };
    let loaded = if found.is_dir() {
        rustls_native_certs::load_certs_from_paths(None, Some(path))
    } else if found.is_file() {
        rustls_native_certs::load_certs_from_paths(Some(path), None)
    } else {
        return CertificateFile::Unreadable(NOT_ORDINARY.to_owned());
    };
    match loaded.errors.first() {
        Some(_) if loaded.certs.is_empty() => match File::open(path) {
            Err(error) => CertificateFile::Unreadable(error.to_string()),
            Ok(_) => CertificateFile::Holds(0),
        },
        _ => CertificateFile::Holds(loaded.certs.len()),
    }
}

/// Room in the file system that a folder is on, or would be on if it were made.
#[cfg(unix)]
pub(super) fn room(folder: PathBuf) -> Option<(PathBuf, u64)> {
    let there = folder.ancestors().find(|each| each.exists())?;
    let found = rustix::fs::statvfs(there).ok()?;
    Some((folder, found.f_bavail.saturating_mul(found.f_frsize)))
}

/// Not asked of this system.
#[cfg(not(unix))]
pub(super) fn room(_folder: PathBuf) -> Option<(PathBuf, u64)> {
    None
}

/// A folder that we may not write to, or may not make.
#[cfg(unix)]
pub(super) fn unwritable(folder: PathBuf) -> Option<Unwritable> {
    use rustix::fs::{Access, access};
    let there = folder.ancestors().find(|each| each.exists())?.to_owned();
    let refused = access(&there, Access::WRITE_OK | Access::EXEC_OK).err()?;
    Some(Unwritable { folder, there, read_only: refused == rustix::io::Errno::ROFS })
}

/// Told by lists there, which are not read.
#[cfg(not(unix))]
pub(super) fn unwritable(_folder: PathBuf) -> Option<Unwritable> {
    None
}

const NOT_ORDINARY: &str = "it is not an ordinary file";

/// Reads a file that may hold secrets, wiping what was read when it is dropped. A pipe is not waited for.
fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default(),
    );
    let file = options.open(path).map_err(|error| error.to_string())?;
    let found = file.metadata().map_err(|error| error.to_string())?;
    if !found.is_file() {
        return Err(NOT_ORDINARY.to_owned());
    }
    if found.len() > LARGEST as u64 {
        return Err("it is larger than 1 MiB".to_owned());
    }
    // Room for all at once: a buffer that grows leaves copies of its beginning behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LARGEST + 1));
    file.take(LARGEST as u64).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

#[cfg(unix)]
fn seen(path: &Path) -> Option<FileSeen> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let found = fs::metadata(path).ok()?;
    let ours = found.uid() == rustix::process::geteuid().as_raw();
    Some(FileSeen { ours, mode: found.permissions().mode() & 0o777 })
}

/// Who may do what with a file is told by lists there, which the folder of the person keeps.
#[cfg(not(unix))]
fn seen(_path: &Path) -> Option<FileSeen> {
    None
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_folder_that_cannot_be_made_is_told_with_what_is_in_its_way() {
        use super::*;

        let folder = tempfile::tempdir().unwrap();
        let in_the_way = folder.path().join("guise");
        assert_eq!(unwritable(in_the_way.join("state")), None);
        assert!(!in_the_way.exists(), "nothing is made to find out");
        // A file is no folder to anybody, not even to root, who may write to any.
        fs::write(&in_the_way, "").unwrap();
        let seen = unwritable(in_the_way.join("state")).unwrap();
        assert_eq!((seen.there, seen.read_only), (in_the_way, false));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_ordinary_file_is_not_waited_for() {
        use super::*;

        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap();
        assert_eq!(read(&pipe).unwrap_err(), NOT_ORDINARY);
        assert_eq!(read(folder.path()).unwrap_err(), NOT_ORDINARY);
        assert_eq!(certificates(&pipe), CertificateFile::Unreadable(NOT_ORDINARY.to_owned()));

        let large = folder.path().join("large");
        fs::write(&large, vec![b'x'; LARGEST + 1]).unwrap();
        assert_eq!(read(&large).unwrap_err(), "it is larger than 1 MiB");
        assert_eq!(certificates(&large), CertificateFile::Holds(0));
        assert!(matches!(certificates(&folder.path().join("gone")), CertificateFile::Unreadable(_)));
    }
}
