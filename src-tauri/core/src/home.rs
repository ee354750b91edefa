//! Where Guise keeps things: the system's own folders, or one folder that moves everything together.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::log::Filter;

/// Environment variables of Guise's own, and AWS's one that it reads. Those of every program (proxies, folders, the display)
/// are read where they are needed.
pub mod variable {
    /// A file of CA certificates to trust in place of the system's, as AWS's own tools read it.
    pub const CERTIFICATES: &str = "AWS_CA_BUNDLE";
    /// The Guise home, as `--home` gives it.
    pub const HOME: &str = "GUISE_HOME";
    /// What is logged, as `--log` gives it.
    pub const LOG: &str = "GUISE_LOG";

    /// Where a proxy is, as every tool reads it; `guise doctor` tells what they mean.
    pub const PROXIES: [&str; 8] = [
        "HTTPS_PROXY",
        "https_proxy",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
        "NO_PROXY",
        "no_proxy",
    ];
    /// What else `guise doctor` looks at.
    pub const LOOKED_AT: [&str; 13] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_CA_BUNDLE",
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "BROWSER",
        "DISPLAY",
        "LOGNAME",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "USER",
        "WAYLAND_DISPLAY",
        "XDG_CURRENT_DESKTOP",
        "XDG_RUNTIME_DIR",
    ];
    /// What `guise doctor` looks at without reading it.
    pub const SECRETS: [&str; 2] = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
}

/// The folders of one Guise, and what sets its keychain items apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Holds the catalog.
    pub configuration: PathBuf,
    /// Holds what is learned, the journal and the log.
    pub state: PathBuf,
    /// Holds the socket and the lock; nobody else may enter it.
    pub runtime: PathBuf,
    /// The folder that was chosen, if one was.
    pub chosen: Option<PathBuf>,
    /// What its agents log, if that was asked for.
    pub log: Option<Filter>,
}

impl Home {
    /// The chosen folder, else `GUISE_HOME`, else the system's own folders.
    pub fn find(chosen: Option<PathBuf>) -> Result<Home, Failure> {
        match Home::look(chosen)? {
            (home, None) => Ok(home),
            (_, Some(failure)) => Err(failure),
        }
    }

    /// The same, and apart from it what is wrong with its runtime folder: for a look at a computer where something is.
    pub fn look(chosen: Option<PathBuf>) -> Result<(Home, Option<Failure>), Failure> {
        let from_environment =
            || std::env::var_os(variable::HOME).filter(|value| !value.is_empty()).map(PathBuf::from);
        match chosen.or_else(from_environment) {
            Some(folder) => {
                let folder =
                    spelled_one_way(&folder).map_err(|error| Failure::not_written(&folder, &error))?;
                Ok((Home::at(&folder), None))
            }
            None => Home::of_system(),
        }
    }

    /// The same, logging what was asked for, else what `GUISE_LOG` says.
    pub fn logging(self, asked: Option<Filter>) -> Result<Home, Failure> {
        Ok(Home { log: Filter::chosen(asked)?, ..self })
    }

    /// Everything in one folder.
    pub fn at(folder: &Path) -> Home {
        Home {
            configuration: folder.join("config"),
            state: folder.join("state"),
            runtime: folder.join("run"),
            chosen: Some(folder.to_owned()),
            log: None,
        }
    }

    fn of_system() -> Result<(Home, Option<Failure>), Failure> {
        let configuration = dirs::config_dir().ok_or_else(Failure::no_home)?.join("guise");
        let state =
            dirs::state_dir().or_else(dirs::data_local_dir).ok_or_else(Failure::no_home)?.join("guise");
        let (runtime, failure) = match runtime_folder() {
            Ok(folder) => (folder, None),
            Err(failure) => (PathBuf::new(), Some(failure)),
        };
        Ok((Home { configuration, state, runtime, chosen: None, log: None }, failure))
    }

    /// What the keychain items of this Guise begin with.
    pub fn keychain_service(&self) -> String {
        match &self.chosen {
            None => "guise".to_owned(),
            Some(folder) => {
                let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
                format!("guise-{}", digest[..8].iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            }
        }
    }

    /// The arguments that start another of our programs in the same home.
    pub fn arguments(&self) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        if let Some(folder) = &self.chosen {
            arguments.extend(["--home".into(), folder.into()]);
        }
        if let Some(filter) = &self.log {
            arguments.extend(["--log".into(), filter.to_string().into()]);
        }
        arguments
    }
}

/// `$XDG_RUNTIME_DIR/guise`, else the folder that systemd would have given; never a shared one such as `/tmp`.
#[cfg(target_os = "linux")]
fn runtime_folder() -> Result<PathBuf, Failure> {
    if let Some(folder) = std::env::var_os("XDG_RUNTIME_DIR").filter(|value| !value.is_empty()) {
        return of_this_user(PathBuf::from(folder)).map(|folder| folder.join("guise"));
    }
    let user = rustix::process::geteuid().as_raw();
    let folder = PathBuf::from(format!("/run/user/{user}"));
    if folder.is_dir() {
        return of_this_user(folder).map(|folder| folder.join("guise"));
    }
    Err(Failure::runtime_folder(&folder, "it is not there, and XDG_RUNTIME_DIR is not set"))
}

/// Refuses a runtime folder that is not as the specification wants it: there, this user's, and nobody else's to enter.
#[cfg(target_os = "linux")]
fn of_this_user(folder: PathBuf) -> Result<PathBuf, Failure> {
    use std::os::unix::fs::MetadataExt;
    let found = match std::fs::metadata(&folder) {
        Ok(found) if found.is_dir() && folder.is_absolute() => found,
        Ok(_) => return Err(Failure::runtime_folder(&folder, "it is no folder with its whole path")),
        Err(error) => return Err(Failure::runtime_folder(&folder, &error.to_string())),
    };
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(Failure::runtime_folder(&folder, "it belongs to another user"));
    }
    if found.mode() & 0o077 != 0 {
        return Err(Failure::runtime_folder(&folder, "others may enter it"));
    }
    Ok(folder)
}

/// A folder's path in the one way that all its spellings share, since its text sets keychain items apart: whole, without links as
/// far as it is there, and without a slash at its end.
fn spelled_one_way(folder: &Path) -> std::io::Result<PathBuf> {
    let mut path = PathBuf::new();
    for part in std::path::absolute(folder)?.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => path.push(part),
        }
        // Windows would give its paths a prefix that other programs do not take.
        if cfg!(unix)
            && let Ok(real) = std::fs::canonicalize(&path)
        {
            path = real;
        }
    }
    Ok(path)
}

/// The user's own temporary folder, which macOS and Windows give each user apart.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "on Linux there may be none")]
fn runtime_folder() -> Result<PathBuf, Failure> {
    Ok(std::env::temp_dir().join("guise"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_home_is_the_same_however_its_path_is_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let root = std::fs::canonicalize(folder.path()).unwrap();
        std::os::unix::fs::symlink(&root, root.join("link")).unwrap();
        let home = |path: &str| Home::find(Some(root.join(path))).unwrap();
        for there in [false, true] {
            for spelled in ["h/", "./h", "h/.", "h//", "x/../h", "link/h", "link/x/../h/"] {
                assert_eq!(home(spelled), home("h"), "{spelled}");
            }
            assert_eq!(home("h").chosen, Some(root.join("h")));
            assert_ne!(home("h").keychain_service(), home("other").keychain_service());
            if !there {
                std::fs::create_dir_all(root.join("h")).unwrap();
            }
        }
    }

    #[test]
    fn a_chosen_home_moves_everything_together() {
        let home = Home::at(Path::new("/tmp/demo"));
        for folder in [&home.configuration, &home.state, &home.runtime] {
            assert!(folder.starts_with("/tmp/demo"));
        }
        assert_ne!(home.keychain_service(), Home::at(Path::new("/tmp/other")).keychain_service());
        assert!(home.keychain_service().starts_with("guise-"));
        assert_eq!(home.arguments(), ["--home", "/tmp/demo"]);
        let talkative = home.logging(Some("debug".parse().unwrap())).unwrap();
        assert_eq!(talkative.arguments(), ["--home", "/tmp/demo", "--log", "debug"]);
    }
}
