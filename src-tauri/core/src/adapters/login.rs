//! The start at login: an entry of ours where the system looks for what to start when the person signs in.
//!
//! What the person changed about the entry by other means is theirs: an entry that is switched off in the desktop's
//! own settings stays off, and one that was not written by us is not touched.

#[cfg(any(target_os = "linux", test))]
pub mod desktop_entry;
#[cfg(any(target_os = "macos", test))]
mod property_list;
#[cfg_attr(target_os = "linux", path = "login/linux.rs")]
#[cfg_attr(target_os = "macos", path = "login/macos.rs")]
#[cfg_attr(windows, path = "login/windows.rs")]
mod system;

use std::ffi::OsString;
use std::path::Path;

use crate::failure::Failure;
use crate::home::Home;
use crate::state::Ledger;

/// The argument that tells the tray that nobody is waiting for it.
pub const AT_LOGIN: &str = "--login";
/// What the names of the entries begin with.
const NAME: &str = "org.guise.Guise";

/// What is started, and by which name the system knows it: one a Guise home.
#[derive(Clone, Debug)]
pub struct LoginEntry {
    name: String,
    arguments: Vec<OsString>,
    ledger: Ledger,
}

/// What the system does when the person signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtLogin {
    /// It starts Guise.
    Starts,
    /// It would, but the person switched that off in the system's own settings.
    SwitchedOff,
}

impl LoginEntry {
    /// The entry of a home.
    pub fn of(home: &Home) -> LoginEntry {
        let service = home.keychain_service();
        let name = format!("{NAME}{}", service.strip_prefix("guise").unwrap_or_default());
        let mut arguments = Vec::new();
        if let Some(folder) = &home.chosen {
            arguments.extend(["--home".into(), folder.into()]);
        }
        arguments.push(AT_LOGIN.into());
        LoginEntry { name, arguments, ledger: Ledger::of(home) }
    }

    /// Has the system start `program`, the tray, from now on; an entry that is there follows it where it has moved.
    pub fn write(&self, program: &Path) -> Result<AtLogin, Failure> {
        let mut command = vec![text(program.as_os_str())?];
        for argument in &self.arguments {
            command.push(text(argument)?);
        }
        if let Some(file) = system::file(&self.name)? {
            self.ledger.note_file(&file)?;
        }
        system::write(&self.name, &command)
    }

    /// Takes the entry out; says whether there was one of ours.
    pub fn remove(&self) -> Result<bool, Failure> {
        let removed = system::remove(&self.name)?;
        if let (true, Some(file)) = (removed, system::file(&self.name)?) {
            // An entry too many in the ledger harms nobody, and on a full disk it cannot be struck off.
            if let Err(failure) = self.ledger.forget_file(&file) {
                tracing::warn!(code = ?failure.code, "the ledger was not kept");
            }
        }
        Ok(removed)
    }

    /// Where our entry is, in words for a person; `None` where there is none.
    pub fn place(&self) -> Option<String> {
        system::place(&self.name)
    }
}

/// Whether a path is that of an entry of some Guise home's as [`LoginEntry`] writes it: an ordinary file, and no link.
pub fn is_entry(path: &Path) -> bool {
    let is_file = std::fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    let name = path.file_stem().and_then(|name| name.to_str()).filter(|name| is_name(name));
    let place = name.and_then(|name| system::place(name).zip(system::file(name).ok()?));
    is_file && place.is_some_and(|(_, place)| place == path)
}

/// The name of the one home of the system's folders, or that of a chosen one.
fn is_name(name: &str) -> bool {
    let digest = match name.strip_prefix(NAME) {
        Some("") => return true,
        other => other.and_then(|rest| rest.strip_prefix('-')),
    };
    digest.is_some_and(|digest| {
        digest.len() == 16 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// The systems keep these entries as text.
fn text(part: &std::ffi::OsStr) -> Result<String, Failure> {
    let readable = part.to_str().filter(|text| !text.contains('\0'));
    readable.map(str::to_owned).ok_or_else(|| Failure::login_entry_unnameable(Path::new(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_every_home_is_known_and_no_other() {
        for home in [Home::at(Path::new("/a")), Home::at(Path::new("/b"))] {
            assert!(is_name(&LoginEntry::of(&home).name));
        }
        assert!(is_name(NAME));
        for other in ["org.guise.Guised", "org.guise.Guise-", "org.guise.Guise-mine", "firefox", ""] {
            assert!(!is_name(other), "{other}");
        }
        assert!(!is_entry(Path::new("/etc/passwd")) && !is_entry(Path::new("/")));
    }
}
