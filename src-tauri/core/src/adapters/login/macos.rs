//! macOS: a launch agent of the person's own, which the system reads when they sign in.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use super::{AtLogin, property_list};
use crate::failure::Failure;

/// Writes the launch agent.
pub(super) fn write(name: &str, command: &[String]) -> Result<AtLogin, Failure> {
    let path = path(name)?;
    let wanted = property_list::written(name, command);
    match fs::read_to_string(&path) {
        Ok(there) if property_list::is_switched_off(&there) => return Ok(AtLogin::SwitchedOff),
        Ok(there) if there == wanted => {}
        Ok(_) => crate::state::replace(&path, wanted.as_bytes())?,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            crate::state::replace(&path, wanted.as_bytes())?;
        }
        Err(error) => return Err(Failure::login_entry_unreadable(&path, &error)),
    }
    Ok(AtLogin::Starts)
}

/// Takes the launch agent out.
pub(super) fn remove(name: &str) -> Result<bool, Failure> {
    let path = path(name)?;
    crate::state::removed(&path, fs::remove_file(&path))
}

/// The launch agent's path, if it is there.
pub(super) fn place(name: &str) -> Option<String> {
    let path = path(name).ok()?;
    path.exists().then(|| path.display().to_string())
}

/// The file that the launch agent is.
pub(super) fn file(name: &str) -> Result<Option<PathBuf>, Failure> {
    path(name).map(Some)
}

fn path(name: &str) -> Result<PathBuf, Failure> {
    let folder = dirs::home_dir().ok_or_else(Failure::no_home)?.join("Library/LaunchAgents");
    Ok(folder.join(format!("{name}.plist")))
}
