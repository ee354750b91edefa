//! Linux: a desktop entry in the autostart folder, as the freedesktop specification has it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{AtLogin, desktop_entry};
use crate::failure::Failure;

/// Writes the entry, or has the one that is there follow the program.
pub(super) fn write(name: &str, command: &[String]) -> Result<AtLogin, Failure> {
    let path = path(name)?;
    let Some(entry) = read(&path)? else {
        crate::state::replace(&path, desktop_entry::written(command).as_bytes())?;
        return Ok(AtLogin::Starts);
    };
    if desktop_entry::is_switched_off(&entry) {
        return Ok(AtLogin::SwitchedOff);
    }
    if desktop_entry::is_ours(&entry)
        && let Some(moved) = desktop_entry::moved(&entry, command)
    {
        crate::state::replace(&path, moved.as_bytes())?;
    }
    Ok(AtLogin::Starts)
}

/// Takes the entry out, if it is ours.
pub(super) fn remove(name: &str) -> Result<bool, Failure> {
    let path = path(name)?;
    if !read(&path)?.is_some_and(|entry| desktop_entry::is_ours(&entry)) {
        return Ok(false);
    }
    crate::state::removed(&path, fs::remove_file(&path))
}

/// The entry's path, if it is there and ours.
pub(super) fn place(name: &str) -> Option<String> {
    let path = path(name).ok()?;
    let entry = read(&path).ok()??;
    desktop_entry::is_ours(&entry).then(|| path.display().to_string())
}

/// The file that the entry is.
pub(super) fn file(name: &str) -> Result<Option<PathBuf>, Failure> {
    path(name).map(Some)
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::login_entry_unreadable(path, &error)),
    }
}

fn path(name: &str) -> Result<PathBuf, Failure> {
    let folder = dirs::config_dir().ok_or_else(Failure::no_home)?.join("autostart");
    Ok(folder.join(format!("{name}.desktop")))
}
