//! The keychain of a session: its service, its lock and its question for the password.

use super::{DesktopSession, START};
use crate::error::{Because, Result};

const SECRETS: &str = "org.freedesktop.secrets";
/// The window class of the keychain's question for its password.
const PROMPTER: &str = "gcr-prompter";
const KEYRING_PASSWORD: &[u8] = b"desktop-tests";

impl DesktopSession {
    /// Ends the keychain's service, as a crash would.
    pub fn stop_keyring(&mut self) -> Result<()> {
        drop(self.keyring.take());
        self.wait_for("the keychain to go", START, || (!self.owns(SECRETS)).then_some(()))
    }

    /// Ends the keychain's service and starts it again, so that it reads its files anew.
    pub fn restart_keyring(&mut self) -> Result<()> {
        self.stop_keyring()?;
        self.start_keyring()
    }

    /// Locks every collection of the keychain.
    pub fn lock_keyring(&self) -> Result<()> {
        self.of_collection("login", "Lock")
    }

    /// Unlocks a collection that has no password.
    pub fn unlock_collection(&self, name: &str) -> Result<()> {
        self.of_collection(name, "Unlock")
    }

    fn of_collection(&self, name: &str, method: &str) -> Result<()> {
        let bus = self.bus.as_ref().because("the session has no bus")?;
        let path = format!("/org/freedesktop/secrets/collection/{name}");
        let path = zbus::zvariant::ObjectPath::try_from(path).because("name the collection")?;
        let service = Some("org.freedesktop.Secret.Service");
        bus.call_method(Some(SECRETS), "/org/freedesktop/secrets", service, method, &(vec![path],))
            .because("lock or unlock the keychain")
            .map(drop)
    }

    /// Waits for the question for the keychain's password and types it.
    pub fn answer_keyring_prompt(&self) -> Result<()> {
        self.wait_for_keyring_prompt()?;
        self.xdotool(["type", &String::from_utf8_lossy(KEYRING_PASSWORD)])?;
        self.xdotool(["key", "Return"])?;
        self.wait_for_keyring_prompt_to_close()
    }

    /// Waits for the question for the keychain's password and cancels it.
    pub fn cancel_keyring_prompt(&self) -> Result<()> {
        self.wait_for_keyring_prompt()?;
        self.xdotool(["key", "Escape"])?;
        self.wait_for_keyring_prompt_to_close()
    }

    /// Waits until the question for the keychain's password is on the screen and takes keys.
    pub fn wait_for_keyring_prompt(&self) -> Result<()> {
        self.wait_for("the keychain's prompt", START, || {
            let active = self.xdotool(["getactivewindow"]).ok()?;
            self.keyring_prompt()?.lines().any(|window| window == active.trim()).then_some(())
        })
    }

    fn wait_for_keyring_prompt_to_close(&self) -> Result<()> {
        self.wait_for("the keychain's prompt to close", START, || {
            self.keyring_prompt().is_none().then_some(())
        })
    }

    fn keyring_prompt(&self) -> Option<String> {
        self.xdotool(["search", "--onlyvisible", "--class", PROMPTER]).ok()
    }

    /// Starts it with its login collection unlocked.
    pub(super) fn start_keyring(&mut self) -> Result<()> {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--unlock", "--components=secrets", "--foreground"]);
        self.keyring = Some(self.run_with_input("keyring", command, KEYRING_PASSWORD)?);
        self.wait_for("the keychain", START, || self.owns(SECRETS).then_some(()))
    }
}
