//! A copy from the command line. The selection lives in the process that made it, so a holder stays behind for as
//! long as the copy may.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use guise_core::adapters::clipboard::SystemClipboard;
use guise_core::failure::Failure;
use guise_core::ports::Clipboard;
use guise_core::secret::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::say;

/// What a holder says when the clipboard has the text.
const HELD: &str = "held";
/// What a holder gets to have it.
const HELD_WITHIN: Duration = Duration::from_secs(5);
/// Credentials have 4 kB.
const LONGEST: u64 = 1024 * 1024;

/// Starts a holder, gives it the text over its standard input and waits until it has the clipboard.
pub(crate) fn copy(text: &SecretString, stay: Duration) -> Result<(), Failure> {
    let failed = |_| Failure::clipboard_refused("the process that holds it did not start");
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command.arg("clipboard-holder").arg("--seconds").arg(stay.as_secs().to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // It outlives us and the terminal's job.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut holder = command.spawn().map_err(failed)?;
    if let Some(mut input) = holder.stdin.take() {
        input.write_all(text.expose_secret().as_bytes()).map_err(failed)?;
    }
    let (tell, told) = mpsc::channel();
    if let Some(output) = holder.stdout.take() {
        let read = move || {
            let mut answer = String::new();
            let read = BufReader::new(output.take(4096)).read_line(&mut answer);
            // Nobody hears it who has given up.
            let _ = tell.send(read.map(|_| answer));
        };
        std::thread::Builder::new().spawn(read).map_err(|_| Failure::no_thread())?;
    }
    let Ok(answer) = told.recv_timeout(HELD_WITHIN) else {
        // Ours to end, and of no use any more.
        let _ = holder.kill();
        return Err(Failure::clipboard_refused("it does not answer"));
    };
    match answer.map_err(failed)?.trim_end() {
        HELD => Ok(()),
        "" => Err(Failure::clipboard_refused("the process that holds it ended")),
        told => Err(serde_json::from_str(told)
            .unwrap_or_else(|_| Failure::clipboard_refused("for no reason that it told"))),
    }
}

/// The holder: takes the clipboard, says so, and stays until the time is over or somebody else copies.
pub(crate) fn hold(seconds: u64) -> Result<(), Failure> {
    let mut text = Zeroizing::new(String::with_capacity(16 * 1024));
    std::io::stdin()
        .lock()
        .take(LONGEST)
        .read_to_string(&mut text)
        .map_err(|_| Failure::internal("no text came"))?;
    let clipboard = SystemClipboard::default();
    if let Err(failure) = clipboard.copy(&text.as_str().to_owned().into()) {
        return say::data(&serde_json::to_string(&failure).unwrap_or_default());
    }
    drop(text);
    say::data(HELD)?;
    let until = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < until && clipboard.is_ours() {
        std::thread::sleep(Duration::from_millis(500).min(until.saturating_duration_since(Instant::now())));
    }
    clipboard.clear_if_ours();
    Ok(())
}
