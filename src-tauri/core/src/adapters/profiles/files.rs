//! The AWS CLI's files: where they are, and what stands there. Never waits, whatever stands in their place.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::profiles::{FileKind, LARGEST_FILE, ProfileFile};

/// Where the files are.
#[derive(Clone, Debug)]
pub struct Files {
    /// The file of profiles.
    pub config: PathBuf,
    /// The file of keys.
    pub credentials: PathBuf,
}

/// What the files say. It may hold keys, and is wiped.
pub(super) struct Contents {
    pub(super) config: Zeroizing<String>,
    pub(super) credentials: Zeroizing<String>,
}

impl Files {
    /// Where the environment says, or in `.aws` of the home directory.
    pub fn of_this_computer() -> Files {
        let home = dirs::home_dir().unwrap_or_default();
        let place =
            |variable: &str, usual: &str| match std::env::var_os(variable).filter(|path| !path.is_empty()) {
                Some(path) => {
                    let path = PathBuf::from(path);
                    path.strip_prefix("~").map(|rest| home.join(rest)).unwrap_or(path)
                }
                None => home.join(".aws").join(usual),
            };
        Files {
            config: place("AWS_CONFIG_FILE", "config"),
            credentials: place("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        }
    }

    /// Both files as the SDK can take them: one that is not there says nothing, one that it would choke on is refused with the
    /// line.
    pub(super) fn read(&self) -> Result<Contents, Failure> {
        let text = |path: &Path, kind| -> Result<Zeroizing<String>, Failure> {
            let mut text = read(path)?.unwrap_or_default();
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            match ProfileFile::read(&text, kind).fatal() {
                Some(problem) => Err(Failure::profile_file_malformed(path, problem.line, problem.what)),
                None => Ok(text),
            }
        };
        Ok(Contents {
            config: text(&self.config, FileKind::Config)?,
            credentials: text(&self.credentials, FileKind::Credentials)?,
        })
    }
}

/// The text of a file of a person's; `None` where there is none. What is no ordinary file, or too large, is refused, and never
/// waited for.
pub fn read(path: &Path) -> Result<Option<Zeroizing<String>>, Failure> {
    match bounded(path) {
        Ok(text) => Ok(text),
        Err(why) => Err(Failure::profile_file_unreadable(path, &why)),
    }
}

fn bounded(path: &Path) -> Result<Option<Zeroizing<String>>, String> {
    const NOT_ORDINARY: &str = "it is not an ordinary file";
    const TOO_LARGE: &str = "it is larger than 4 MiB";
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default(),
    );
    // A device may do something when it is opened.
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => return Err(NOT_ORDINARY.to_owned()),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound && !path.is_symlink() => return Ok(None),
        Err(error) => return Err(told(&error)),
    }
    let file = options.open(path).map_err(|error| told(&error))?;
    let found = file.metadata().map_err(|error| told(&error))?;
    if !found.is_file() {
        return Err(NOT_ORDINARY.to_owned());
    }
    if found.len() > LARGEST_FILE {
        return Err(TOO_LARGE.to_owned());
    }
    // Room for all at once: a buffer that grows leaves copies of its beginning behind.
    let room = usize::try_from(found.len()).unwrap_or_default() + 4096;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| told(&error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST_FILE) {
        return Err(TOO_LARGE.to_owned());
    }
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err("it is not text in UTF-8".to_owned())
        }
    }
}

fn told(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        ErrorKind::NotFound => "it is a link that leads nowhere".to_owned(),
        kind => kind.to_string(),
    }
}

/// Refuses an identity token that the SDK would wait for.
pub(super) async fn check_token(profile: &str, path: &Path) -> Result<(), Failure> {
    let token = path.to_owned();
    let found = tokio::task::spawn_blocking(move || bounded(&token)).await;
    let why = match found {
        Ok(Ok(Some(_))) => return Ok(()),
        Ok(Ok(None)) => "it is not there".to_owned(),
        Ok(Err(why)) => why,
        Err(_) => "it was not read".to_owned(),
    };
    Err(Failure::profile_token_unreadable(profile, path, &why))
}
