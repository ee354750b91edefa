//! X11: the server tells us alone of the keys, in whatever program they are pressed.
//!
//! We wait for the server to speak: libraries for this look twenty times a second, and an agent at rest is woken by nothing.

use std::io;
use std::os::fd::AsFd;

use guise_core::failure::Failure;
use guise_core::shortcut::{Key, Modifier, Shortcut};
use guise_core::view::ShortcutView;
use tokio::io::Interest;
use tokio::net::UnixStream;
use x11rb::connection::Connection;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt, GrabMode, Keycode, ModMask, Window};
use x11rb::protocol::{ErrorKind, Event};
use x11rb::rust_connection::RustConnection;

use super::super::{Presses, Wanted};

const CAPS_LOCK: u16 = 1 << 1;
const NUM_LOCK: u16 = 1 << 4;
/// What may be on while the keys are pressed, and must not matter.
const LOCKS: [u16; 4] = [0, CAPS_LOCK, NUM_LOCK, CAPS_LOCK | NUM_LOCK];

/// Holds the keys that are wanted, for as long as there is a server.
pub(super) async fn hold(mut wanted: Wanted, presses: Presses) {
    let mut keyboard = match Keyboard::open() {
        Ok(keyboard) => keyboard,
        Err(why) => {
            // There is nothing to hold them with; what is wanted is told to be had not.
            while wanted.changed().await.is_ok() {
                let keys = wanted.borrow_and_update().clone();
                presses.became(keys.map_or(ShortcutView::Off, |keys| refused(&keys, &why)));
            }
            return;
        }
    };
    loop {
        let keys = wanted.borrow_and_update().clone();
        let (held, became) = match &keys {
            None => (Vec::new(), ShortcutView::Off),
            Some(keys) => match keyboard.grab(keys) {
                Ok(held) => (held, ShortcutView::Works { keys: keys.to_string() }),
                Err(failed) => (Vec::new(), failed),
            },
        };
        presses.became(became);
        loop {
            tokio::select! {
                changed = wanted.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    break;
                }
                heard = keyboard.next() => match heard {
                    Ok(Heard::Pressed { time }) => presses.pressed(Some(format!("guise_TIME{time}"))),
                    Ok(Heard::Remapped) => break,
                    Err(why) => {
                        tracing::warn!(why, "the X server is gone, and with it the shortcut");
                        return;
                    }
                },
            }
        }
        keyboard.let_go(&held);
    }
}

fn refused(keys: &Shortcut, why: &str) -> ShortcutView {
    ShortcutView::Failed { failure: Failure::shortcut_refused(&keys.to_string(), why) }
}

/// Something that the server said.
enum Heard {
    /// The keys were pressed, at this time of the server's.
    Pressed { time: u32 },
    /// The keys of the keyboard are others now.
    Remapped,
}

/// A way to the server of our own.
struct Keyboard {
    server: RustConnection,
    root: Window,
    /// The same connection, to wait at.
    readable: UnixStream,
    /// When a key was last let go.
    released: Option<u32>,
}

impl Keyboard {
    fn open() -> Result<Self, String> {
        let (server, screen) = x11rb::connect(None).map_err(|error| error.to_string())?;
        let root = server.setup().roots.get(screen).ok_or("it has no screen")?.root;
        let stream = server.stream().as_fd().try_clone_to_owned().map_err(|error| error.to_string())?;
        let readable = UnixStream::from_std(stream.into()).map_err(|error| error.to_string())?;
        Ok(Keyboard { server, root, readable, released: None })
    }

    /// Asks for the keys, on every key of the keyboard that means the same. Gives what to let go again.
    fn grab(&self, keys: &Shortcut) -> Result<Vec<(Keycode, u16)>, ShortcutView> {
        let codes = self.codes(keysym(keys.key())).map_err(|error| refused(keys, &error.to_string()))?;
        if codes.is_empty() {
            return Err(ShortcutView::Failed { failure: Failure::shortcut_without_key(&keys.to_string()) });
        }
        let modifiers = keys.modifiers().fold(0, |all, each| all | mask(each));
        let mut held = Vec::new();
        for (code, locks) in codes.iter().flat_map(|code| LOCKS.map(|locks| (*code, locks))) {
            let modifiers = modifiers | locks;
            let mode = GrabMode::ASYNC;
            let asked = self.server.grab_key(false, self.root, ModMask::from(modifiers), code, mode, mode);
            match asked.map_err(ReplyError::from).and_then(x11rb::cookie::VoidCookie::check) {
                Ok(()) => held.push((code, modifiers)),
                Err(error) => {
                    self.let_go(&held);
                    let taken = matches!(&error, ReplyError::X11Error(error) if error.error_kind == ErrorKind::Access);
                    return Err(if taken {
                        ShortcutView::Failed { failure: Failure::shortcut_taken(&keys.to_string()) }
                    } else {
                        refused(keys, &error.to_string())
                    });
                }
            }
        }
        Ok(held)
    }

    fn let_go(&self, held: &[(Keycode, u16)]) {
        for (code, modifiers) in held {
            // A server that is gone holds nothing.
            let _ = self.server.ungrab_key(*code, self.root, ModMask::from(*modifiers));
        }
        let _ = self.server.flush();
    }

    /// The keys that mean this, with or without Shift.
    fn codes(&self, keysym: u32) -> Result<Vec<Keycode>, ReplyError> {
        let setup = self.server.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = self.server.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let each = usize::from(mapping.keysyms_per_keycode).max(1);
        let rows = (first..=last).zip(mapping.keysyms.chunks(each));
        let means = |column: usize| {
            let rows = rows.clone().filter(|(_, row)| row.get(column) == Some(&keysym));
            rows.map(|(code, _)| code).collect::<Vec<_>>()
        };
        Ok((0..each).map(means).find(|codes| !codes.is_empty()).unwrap_or_default())
    }

    async fn next(&mut self) -> Result<Heard, String> {
        loop {
            while let Some(event) = self.server.poll_for_event().map_err(|error| error.to_string())? {
                if let Some(heard) = self.read(&event) {
                    return Ok(heard);
                }
            }
            self.readable.readable().await.map_err(|error| error.to_string())?;
            // It is read by the connection itself; what comes from now on wakes us again.
            let _ = self
                .readable
                .try_io(Interest::READABLE, || io::Result::<()>::Err(io::ErrorKind::WouldBlock.into()));
        }
    }

    /// A key that is held down is let go and pressed again at the same time, over and over: that is one press.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "a server says a hundred things that are no matter of ours"
    )]
    fn read(&mut self, event: &Event) -> Option<Heard> {
        match event {
            Event::KeyPress(key) if self.released != Some(key.time) => {
                Some(Heard::Pressed { time: key.time })
            }
            Event::KeyRelease(key) => {
                self.released = Some(key.time);
                None
            }
            Event::MappingNotify(_) => Some(Heard::Remapped),
            _ => None,
        }
    }
}

fn mask(modifier: Modifier) -> u16 {
    match modifier {
        Modifier::Shift => 1,
        Modifier::Ctrl => 1 << 2,
        Modifier::Alt => 1 << 3,
        Modifier::Super => 1 << 6,
    }
}

/// The number that X has for what a key means.
fn keysym(key: Key) -> u32 {
    match key {
        Key::Sign(sign) => u32::from(sign.to_ascii_lowercase()),
        Key::Function(number) => 0xffbd + u32::from(number),
        Key::Named(name) => match name {
            "Tab" => 0xff09,
            "Insert" => 0xff63,
            "Home" => 0xff50,
            "End" => 0xff57,
            "PageUp" => 0xff55,
            "PageDown" => 0xff56,
            "Left" => 0xff51,
            "Up" => 0xff52,
            "Right" => 0xff53,
            "Down" => 0xff54,
            _ => u32::from(' '),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_the_numbers_that_x_has_for_them() {
        for (keys, number) in [
            ("Ctrl+K", 0x6b),
            ("Ctrl+7", 0x37),
            ("F1", 0xffbe),
            ("F12", 0xffc9),
            ("Alt+Space", 0x20),
            ("Alt+Down", 0xff54),
        ] {
            assert_eq!(keysym(keys.parse::<Shortcut>().unwrap().key()), number, "{keys}");
        }
    }
}
