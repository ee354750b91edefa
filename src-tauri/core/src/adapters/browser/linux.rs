//! Linux: `xdg-open`, which knows the desktop's default.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use url::Url;

use crate::failure::Failure;

/// A launcher that fails does so at once; one that has become the browser stays for as long as the browser does.
const FAILS_WITHIN: Duration = Duration::from_secs(3);

pub(super) async fn open(address: &Url) -> Result<(), Failure> {
    // Its own process group, and never killed: it may become the browser itself.
    let mut launcher = Command::new("xdg-open")
        .arg(address.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(false)
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::browser_not_started("xdg-open is not installed"),
            _ => Failure::browser_not_started(&error.to_string()),
        })?;
    match tokio::time::timeout(FAILS_WITHIN, launcher.wait()).await {
        Err(_) => {
            // Somebody has to take its exit status, whenever that comes.
            tokio::spawn(async move { launcher.wait().await });
            Ok(())
        }
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(Failure::browser_not_started(match status.code() {
            Some(3) => "xdg-open found no browser",
            Some(4) => "xdg-open's browser failed",
            _ => "xdg-open failed",
        })),
        Ok(Err(error)) => Err(Failure::browser_not_started(&error.to_string())),
    }
}
