//! A profile's `credential_process`: run as the SDK runs it, by a shell, but with an end, and with nothing of it left behind.

use std::process::Stdio;
use std::time::Duration;

use aws_credential_types::Credentials;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::io::AsyncReadExt;
use zeroize::{Zeroize, Zeroizing};

use super::super::group::Group;
use super::as_sdk;
use crate::failure::Failure;
use crate::profiles::GUARD;

#[cfg_attr(unix, path = "process/unix.rs")]
#[cfg_attr(windows, path = "process/windows.rs")]
mod system;

/// The command may ask the person for something.
const WITHIN: Duration = Duration::from_secs(30);
/// Credentials have a few kB.
const MOST_OUTPUT: usize = 64 * 1024;

/// What the command gives. Nothing of what it prints is ever shown.
pub(super) async fn credentials(profile: &str, command: &str) -> Result<Credentials, Failure> {
    let failed = |how: &str| Failure::profile_process_failed(profile, how);
    let mut shell = system::shell(command);
    shell.env(GUARD, "1").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = Group::start(shell).map_err(|_| failed("could not be started"))?;
    let printed = tokio::time::timeout(WITHIN, finished(&mut running)).await;
    let (succeeded, printed) = match printed {
        Ok(Some(ended)) => ended,
        Ok(None) => return Err(failed("printed more than credentials have")),
        Err(_) => return Err(failed("did not end within 30 seconds")),
    };
    if !succeeded {
        return Err(failed("failed"));
    }
    read(&printed).map_err(failed)
}

/// Whether it ended well, and what it printed; `None` where that is too much.
async fn finished(running: &mut Group) -> Option<(bool, Zeroizing<Vec<u8>>)> {
    let mut printed = Zeroizing::new(Vec::with_capacity(MOST_OUTPUT + 1));
    if let Some(stdout) = running.child.stdout.take() {
        let mut stdout = stdout.take(MOST_OUTPUT as u64 + 1);
        // What was read counts, however it ended.
        let _ = stdout.read_to_end(&mut printed).await;
    }
    if printed.len() > MOST_OUTPUT {
        return None;
    }
    let succeeded = running.child.wait().await.is_ok_and(|status| status.success());
    Some((succeeded, printed))
}

/// Reads the output: a JSON object whose keys are compared as the SDK compares them.
fn read(printed: &[u8]) -> Result<Credentials, &'static str> {
    let mut found: Map<String, Value> =
        serde_json::from_slice(printed).map_err(|_| "did not print credentials as JSON")?;
    let read = from_object(&found);
    for value in found.values_mut() {
        if let Value::String(text) = value {
            text.zeroize();
        }
    }
    read
}

fn from_object(found: &Map<String, Value>) -> Result<Credentials, &'static str> {
    let get =
        |key: &str| found.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value);
    let text = |key: &str| get(key).and_then(Value::as_str).map(str::to_owned);
    if get("Version").and_then(Value::as_i64) != Some(1) {
        return Err("did not print `Version` 1");
    }
    let id = text("AccessKeyId").ok_or("printed no `AccessKeyId`")?;
    let secret = text("SecretAccessKey").ok_or("printed no `SecretAccessKey`")?;
    let expires = match text("Expiration") {
        None => None,
        Some(text) => Some(text.parse::<Timestamp>().map_err(|_| "printed an `Expiration` that is no time")?),
    };
    Ok(Credentials::new(id, secret, text("SessionToken"), expires.map(as_sdk), "credential_process"))
}
