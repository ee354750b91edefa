//! Runs the command that gives an MFA code in the person's place: a program with its arguments, without a shell.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use zeroize::Zeroizing;

use super::group::Group;
use crate::failure::Failure;
use crate::ports::CodeCommand;
use crate::secret::SecretString;

/// How long the command may take: it may ask for a touch.
const WITHIN: Duration = Duration::from_secs(30);
/// What a command that has ended printed last is read within this.
const LAST_WORDS: Duration = Duration::from_millis(300);
/// A code has six digits; what prints more than this prints something else.
const MOST_OUTPUT: u64 = 1024;

/// Programs of this computer.
#[derive(Debug)]
pub struct ProcessCodes;

#[async_trait]
impl CodeCommand for ProcessCodes {
    async fn code(&self, command: &[String]) -> Result<SecretString, Failure> {
        let Some((program, arguments)) = command.split_first() else {
            return Err(Failure::mfa_process_no_code());
        };
        let mut asked = Command::new(program);
        asked.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let running = Group::start(asked);
        let mut running =
            running.map_err(|error| Failure::mfa_process_not_started(program, &error.kind().to_string()))?;
        let Ok((status, text)) = tokio::time::timeout(WITHIN, finished(&mut running)).await else {
            return Err(Failure::mfa_process_failed(program, "did not end within 30 seconds"));
        };
        // What is no text is no code either.
        let code = std::str::from_utf8(&text).ok().and_then(one_line);
        match status {
            Ok(status) if status.success() => code.ok_or_else(Failure::mfa_process_no_code),
            Ok(status) => Err(Failure::mfa_process_failed(program, &format!("ended with {status}"))),
            Err(_) => Err(Failure::mfa_process_failed(program, "was lost")),
        }
    }
}

/// How it ended, and what it printed until then. What it leaves running may hold on to its output.
async fn finished(running: &mut Group) -> (std::io::Result<ExitStatus>, Zeroizing<Vec<u8>>) {
    let mut text = Zeroizing::new(Vec::with_capacity(2048));
    let Some(stdout) = running.child.stdout.take() else { return (running.child.wait().await, text) };
    let mut stdout = stdout.take(MOST_OUTPUT + 1);
    let ended = tokio::select! {
        _ = stdout.read_to_end(&mut text) => None,
        status = running.child.wait() => Some(status),
    };
    let status = match ended {
        None => running.child.wait().await,
        Some(status) => {
            let _ = tokio::time::timeout(LAST_WORDS, stdout.read_to_end(&mut text)).await;
            status
        }
    };
    (status, text)
}

/// The one line that a text is.
fn one_line(text: &str) -> Option<SecretString> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    (!line.is_empty() && !line.contains('\n')).then(|| SecretString::from(line))
}

#[cfg(test)]
mod tests;
