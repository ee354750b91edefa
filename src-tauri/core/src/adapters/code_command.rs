//! Runs the command that gives an MFA code in the person's place: a program with its arguments, without a shell.

use std::process::Stdio;
use std::time::Duration;

use async_trait::async_trait;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use zeroize::Zeroize;

use crate::failure::Failure;
use crate::ports::CodeCommand;
use crate::secret::SecretString;

/// How long the command may take: it may ask for a touch.
const WITHIN: Duration = Duration::from_secs(30);
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
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut child =
            child.map_err(|error| Failure::mfa_process_not_started(program, &error.kind().to_string()))?;
        let stdout = child.stdout.take();
        let finished = async {
            let mut text = String::with_capacity(2048);
            if let Some(stdout) = stdout {
                // What is no text is no code either.
                let _ = stdout.take(MOST_OUTPUT + 1).read_to_string(&mut text).await;
            }
            (child.wait().await, text)
        };
        let Ok((status, mut text)) = tokio::time::timeout(WITHIN, finished).await else {
            return Err(Failure::mfa_process_failed(program, "did not end within 30 seconds"));
        };
        let code = one_line(&text);
        text.zeroize();
        match status {
            Ok(status) if status.success() => code.ok_or_else(Failure::mfa_process_no_code),
            Ok(status) => Err(Failure::mfa_process_failed(program, &format!("ended with {status}"))),
            Err(_) => Err(Failure::mfa_process_failed(program, "was lost")),
        }
    }
}

/// The one line that a text is.
fn one_line(text: &str) -> Option<SecretString> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    (!line.is_empty() && !line.contains('\n')).then(|| SecretString::from(line))
}

#[cfg(test)]
mod tests;
