//! The system's clipboard, with what it takes to keep a secret out of its histories.

use std::sync::{Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::ports::Clipboard;
use crate::secret::{ExposeSecret, SecretString};

/// How long the clipboard's owner may take to say what it holds.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// The clipboard of this desktop.
#[derive(Default)]
pub struct SystemClipboard {
    held: Mutex<Option<Held>>,
}

/// What was copied last. On X11 and Wayland the clipboard lives in the process that copied, as long as this does.
struct Held {
    connection: arboard::Clipboard,
    digest: [u8; 32],
}

impl Held {
    /// We answer for what is ours, so an owner that does not answer is not us. Reading can take long where it hangs, which
    /// is a thread's own affair.
    fn is_ours(&self) -> bool {
        let (tell, told) = mpsc::channel();
        let ours = self.digest;
        let read = move || {
            let text = arboard::Clipboard::new().and_then(|mut clipboard| clipboard.get_text());
            // Nobody hears it who has given up.
            let _ = tell.send(text.map(Zeroizing::new).is_ok_and(|text| digest(&text) == ours));
        };
        let started = thread::Builder::new().name("clipboard".into()).spawn(read);
        started.is_ok() && told.recv_timeout(ANSWERS_WITHIN).unwrap_or(false)
    }
}

impl SystemClipboard {
    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        // A panic elsewhere leaves nothing half done here.
        self.held.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clipboard for SystemClipboard {
    fn copy(&self, text: &SecretString) -> Result<(), Failure> {
        let mut held = self.held();
        let mut connection = match held.take() {
            Some(held) => held.connection,
            None => arboard::Clipboard::new().map_err(|error| Failure::clipboard_refused(reason(&error)))?,
        };
        let set = excluded_from_histories(connection.set());
        set.text(text.expose_secret().to_owned())
            .map_err(|error| Failure::clipboard_refused(reason(&error)))?;
        let now = Held { connection, digest: digest(text.expose_secret()) };
        if !now.is_ours() {
            return Err(Failure::clipboard_not_kept());
        }
        *held = Some(now);
        Ok(())
    }

    fn clear_if_ours(&self) {
        if let Some(mut held) = self.held().take()
            && held.is_ours()
            && held.connection.clear().is_err()
        {
            tracing::warn!("the clipboard could not be cleared");
        }
    }

    fn is_ours(&self) -> bool {
        self.held().as_ref().is_some_and(Held::is_ours)
    }
}

#[cfg(target_os = "linux")]
fn excluded_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtLinux::exclude_from_history(set)
}

#[cfg(target_os = "macos")]
fn excluded_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    arboard::SetExtApple::exclude_from_history(set)
}

#[cfg(windows)]
fn excluded_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_cloud().exclude_from_history().exclude_from_monitoring()
}

/// Our own words for the library's errors, whose texts are not meant for people.
fn reason(error: &arboard::Error) -> &'static str {
    match error {
        arboard::Error::ClipboardNotSupported => "this desktop offers none to programs in the background",
        arboard::Error::ClipboardOccupied => "another program is holding it",
        _ => none_within_reach(),
    }
}

/// Why there is no clipboard that a program without a window could use.
#[cfg(target_os = "linux")]
fn none_within_reach() -> &'static str {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match (is_set("WAYLAND_DISPLAY"), is_set("DISPLAY")) {
        (true, false) => {
            "this Wayland desktop lets only programs with a window copy; it has neither data control nor XWayland"
        }
        (false, false) => "there is no desktop here that has one",
        (_, true) => "the desktop's display cannot be reached",
    }
}

#[cfg(not(target_os = "linux"))]
fn none_within_reach() -> &'static str {
    "there is none within reach"
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}
