//! Windows: a value of the person's own `Run` key. What they switch off in the Task Manager the system keeps elsewhere.

use std::path::PathBuf;

use windows_registry::CURRENT_USER;

use super::AtLogin;
use crate::failure::Failure;

const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";

/// Writes the value.
pub(super) fn write(name: &str, command: &[String]) -> Result<AtLogin, Failure> {
    let line = command.iter().map(|argument| quoted(argument)).collect::<Vec<_>>().join(" ");
    let written = CURRENT_USER.create(RUN).and_then(|key| match key.get_string(name) {
        Ok(there) if there == line => Ok(()),
        _ => key.set_string(name, &line),
    });
    written.map(|()| AtLogin::Starts).map_err(|error| Failure::login_entry_refused(&error.message()))
}

/// Takes the value out.
pub(super) fn remove(name: &str) -> Result<bool, Failure> {
    if place(name).is_none() {
        return Ok(false);
    }
    let removed = CURRENT_USER.create(RUN).and_then(|key| key.remove_value(name));
    removed.map(|()| true).map_err(|error| Failure::login_entry_refused(&error.message()))
}

/// The value's place in the registry, if it is there.
pub(super) fn place(name: &str) -> Option<String> {
    CURRENT_USER.open(RUN).ok()?.get_string(name).ok()?;
    Some(format!(r"HKEY_CURRENT_USER\{RUN}\{name}"))
}

/// The entry is no file.
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it is one, and may have no name")]
pub(super) fn file(_name: &str) -> Result<Option<PathBuf>, Failure> {
    Ok(None)
}

/// An argument as Windows programs take a command line apart: backslashes count only before a quote.
fn quoted(argument: &str) -> String {
    let mut text = String::from("\"");
    let mut backslashes = 0;
    for each in argument.chars() {
        match each {
            '\\' => backslashes += 1,
            '"' => {
                text.extend(std::iter::repeat_n('\\', backslashes + 1));
                backslashes = 0;
            }
            _ => backslashes = 0,
        }
        text.push(each);
    }
    text.extend(std::iter::repeat_n('\\', backslashes));
    text + "\""
}
