//! Linux: `xdg-open`, which knows the desktop's default; or a browser of the person's choice by its desktop entry.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use url::Url;

use crate::adapters::desktop_entry;
use crate::browser::BrowserName;
use crate::failure::Failure;

/// A launcher that fails does so at once; one that has become the browser stays for as long as the browser does.
const FAILS_WITHIN: Duration = Duration::from_secs(3);

pub(super) async fn open(address: &Url) -> Result<(), Failure> {
    let mut launcher = Command::new("xdg-open");
    launcher.arg(address.as_str());
    started(launcher, "xdg-open is not installed", |status| {
        Failure::browser_not_started(match status {
            Some(3) => "xdg-open found no browser",
            Some(4) => "xdg-open's browser failed",
            _ => "xdg-open failed",
        })
    })
    .await
}

pub(super) async fn open_with(browser: &BrowserName, address: &Url) -> Result<(), Failure> {
    let gone = || Failure::browser_gone(browser.as_str());
    let entry = desktop_entry::installed(&format!("{browser}.desktop")).ok_or_else(gone)?;
    let words = entry.command(address.as_str()).filter(|_| entry.opens_web_pages()).ok_or_else(gone)?;
    let (program, arguments) = words.split_first().ok_or_else(gone)?;
    let mut launcher = Command::new(program);
    launcher.args(arguments);
    started(launcher, "its program is not there", |_| gone()).await.map_err(|_| gone())
}

/// Every entry that opens web pages, by its name.
pub(super) fn known() -> Vec<BrowserName> {
    let browsers = desktop_entry::all().into_iter().filter(|(_, entry)| entry.opens_web_pages());
    browsers.filter_map(|(name, _)| name.strip_suffix(".desktop")?.parse().ok()).collect()
}

async fn started(
    mut launcher: Command,
    missing: &str,
    failed: impl FnOnce(Option<i32>) -> Failure,
) -> Result<(), Failure> {
    // Its own process group, and never killed: it may become the browser itself.
    let mut launcher = launcher
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(false)
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::browser_not_started(missing),
            _ => Failure::browser_not_started(&error.to_string()),
        })?;
    match tokio::time::timeout(FAILS_WITHIN, launcher.wait()).await {
        Err(_) => {
            // Somebody has to take its exit status, whenever that comes.
            tokio::spawn(async move { launcher.wait().await });
            Ok(())
        }
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(failed(status.code())),
        Ok(Err(error)) => Err(Failure::browser_not_started(&error.to_string())),
    }
}
