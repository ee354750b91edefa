//! Windows: browsers register themselves for the start menu.

use std::process::{Command, Stdio};

use url::Url;
use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

use crate::browser::BrowserName;
use crate::failure::Failure;

/// Where browsers register, by a name of their own each.
const CLIENTS: &str = r"Software\Clients\StartMenuInternet";

#[expect(clippy::unused_async, reason = "elsewhere it is waited for")]
pub(super) async fn open_with(browser: &BrowserName, address: &Url) -> Result<(), Failure> {
    let program = program(browser).ok_or_else(|| Failure::browser_gone(browser.as_str()))?;
    let mut command = Command::new(program);
    command.arg(address.as_str()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(_) => Ok(()),
        Err(_) => Err(Failure::browser_gone(browser.as_str())),
    }
}

pub(super) fn known() -> Vec<BrowserName> {
    let all = [CURRENT_USER, LOCAL_MACHINE].into_iter().filter_map(|root| root.open(CLIENTS).ok());
    let names = all.filter_map(|clients| Some(clients.keys().ok()?.collect::<Vec<String>>())).flatten();
    names.filter_map(|name| name.parse().ok()).filter(|name| program(name).is_some()).collect()
}

/// The program that a registration starts: a path, in quotes where it has spaces, and nothing behind it is used.
fn program(browser: &BrowserName) -> Option<String> {
    let key = format!(r"{CLIENTS}\{}\shell\open\command", browser.as_str());
    let line = [CURRENT_USER, LOCAL_MACHINE]
        .into_iter()
        .find_map(|root| root.open(&key).ok()?.get_string("").ok())?;
    let line = line.trim();
    match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').map(|(program, _)| program.to_owned()),
        None => Some(line.to_owned()),
    }
}
