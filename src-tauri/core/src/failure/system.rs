//! What a person reads when this computer, not AWS, is in the way: keychain, files, browser, clipboard, agent.

use std::path::Path;
use std::time::Duration;

use super::{Code, Failure, shown, shown_path, typed};

const PURGE_ANOTHER: &str = "guise --home FOLDER purge takes out what that home keeps";

/// What to do where a shortcut cannot be had.
const ANOTHER_SHORTCUT: &str = "choose another: guise settings shortcut Ctrl+Alt+G; none switches it off";

impl Failure {
    /// Another program holds the keys that the person wants.
    pub fn shortcut_taken(keys: &str) -> Failure {
        Failure::new(
            Code::ShortcutUnavailable,
            format!("another program holds the shortcut `{}`", shown(keys)),
        )
        .hint(ANOTHER_SHORTCUT)
    }

    /// The keyboard has no such key.
    pub fn shortcut_without_key(keys: &str) -> Failure {
        let message = format!("this keyboard has no key for the shortcut `{}`", shown(keys));
        Failure::new(Code::ShortcutUnavailable, message).hint(ANOTHER_SHORTCUT)
    }

    /// The desktop did not give us keys, and why.
    pub fn shortcut_refused(keys: &str, why: &str) -> Failure {
        let message = format!("the desktop refused the shortcut `{}`: {}", shown(keys), shown(why));
        Failure::new(Code::ShortcutUnavailable, message)
            .hint("bind guise-desktop --window switcher to keys in the desktop's own settings")
    }

    /// No keychain answers to its name.
    pub fn keychain_absent() -> Failure {
        Failure::new(Code::KeychainAbsent, "there is no keychain to keep the key in")
            .hint("start one that offers the Secret Service, such as gnome-keyring or KWallet, and try again; nothing was changed\nguise doctor looks for the cause")
    }

    /// The keychain is locked and stayed so.
    pub fn keychain_locked() -> Failure {
        Failure::new(Code::KeychainLocked, "the keychain is locked, and nobody unlocked it")
            .hint("unlock it and try again; nothing was changed")
    }

    /// The keychain, or the person at its prompt, said no.
    pub fn keychain_denied() -> Failure {
        Failure::new(Code::KeychainDenied, "the keychain did not let Guise in")
            .hint("allow it when the keychain asks, and try again; nothing was changed")
    }

    /// The keychain did not answer within its deadline.
    pub fn keychain_hung() -> Failure {
        Failure::new(Code::KeychainHung, "the keychain did not answer within 5 seconds")
            .hint("restart the keychain, or sign out of the desktop and in again; nothing was changed\nguise doctor looks for the cause")
    }

    /// The keychain failed in a way that it did not explain.
    pub fn keychain_broken() -> Failure {
        Failure::new(Code::KeychainBroken, "the keychain failed")
            .hint("look at it with the desktop's own password tool; nothing was changed\nguise doctor looks for the cause")
    }

    /// What was read back is not what was written.
    pub fn keychain_readback(source: &str) -> Failure {
        Failure::new(
            Code::KeychainBroken,
            format!("the keychain did not give back the key of `{}` as it was stored", shown(source)),
        )
        .hint("the source was not saved; look at the keychain and try again")
    }

    /// The item is there, but is not one of ours.
    pub fn keychain_item_foreign(source: &str) -> Failure {
        Failure::new(
            Code::KeychainBroken,
            format!("the keychain item of `{}` is not one that Guise wrote", shown(source)),
        )
        .hint(format!("remove the source and add it again: guise source remove {}", typed(source)))
    }

    /// The system starts no thread for us.
    pub fn no_thread() -> Failure {
        Failure::new(Code::Internal, "the system lets Guise start no more threads")
            .hint("end some programs, or raise the limit on processes (ulimit -u), and try again")
    }

    /// The catalog has the source, the keychain has no key for it.
    pub fn key_missing(source: &str) -> Failure {
        Failure::new(Code::KeyMissing, format!("the keychain holds no key for `{}`", shown(source)))
            .hint(format!("give it one: guise source add {} --access-key-id …", typed(source)))
    }

    /// A file of ours could not be written.
    pub fn not_written(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(Code::WriteFailed, format!("`{}` could not be written: {why}", shown_path(path)))
            .hint("what stood there before still does")
    }

    /// A file of ours is in its place, but the disk did not say that it will stay.
    pub fn not_confirmed(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(
            Code::WriteFailed,
            format!("`{}` was written, but the disk did not confirm it: {why}", shown_path(path)),
        )
        .hint("the change is there now; look at the disk before relying on it")
    }

    /// A file of ours could not be removed.
    pub fn not_removed(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(Code::WriteFailed, format!("`{}` could not be removed: {why}", shown_path(path)))
    }

    /// A file lies in one of our folders, and is none of ours.
    pub fn not_ours(path: &Path) -> Failure {
        Failure::new(Code::WriteFailed, format!("`{}` is not Guise's, and was left", shown_path(path)))
    }

    /// The ledger of a home knows of a key that is another home's: the home was copied.
    pub fn another_homes_key(source: &str, service: &str) -> Failure {
        let (source, service) = (shown(source), shown(service));
        let message = format!("the key of `{source}` under `{service}` is another home's, and was left");
        Failure::new(Code::WriteFailed, message).hint(PURGE_ANOTHER)
    }

    /// The same of an entry that starts Guise at login.
    pub fn another_homes_entry(path: &Path) -> Failure {
        Failure::new(Code::WriteFailed, format!("`{}` is another home's, and was left", shown_path(path)))
            .hint(PURGE_ANOTHER)
    }

    /// The keychain kept a key that was to be taken out with everything else.
    pub fn key_not_purged(source: &str, why: &Failure) -> Failure {
        let message = format!("the key of `{}` could not be taken out: {}", shown(source), why.message);
        Failure::new(why.code, message)
            .hint("catalog and state are still there, so that it can be tried again: guise purge")
    }

    /// Everything was to be taken out, and something is left.
    pub fn purged_in_part(last: &Failure) -> Failure {
        Failure::new(last.code, "something is left, as said above; all else was taken out")
            .hint("look at it, and remove it by hand")
    }

    /// The person said no to taking everything out.
    pub fn purge_declined() -> Failure {
        Failure::new(Code::Cancelled, "nothing was taken out")
    }

    /// Something that is never done unasked has nobody to agree to it.
    pub fn nobody_agreed(command: &str) -> Failure {
        Failure::new(Code::InvalidInput, "there is no terminal to ask on, so nothing was taken out")
            .hint(format!("{command} --yes asks nothing"))
    }

    /// The entry that starts us when the person signs in cannot name this path.
    pub fn login_entry_unnameable(path: &Path) -> Failure {
        Failure::new(
            Code::WriteFailed,
            format!("`{}` cannot be started at login, since its name is not text", path.display()),
        )
        .hint("install Guise, or choose its home, in a folder whose name is UTF-8")
    }

    /// The entry that starts us when the person signs in is there and cannot be read.
    pub fn login_entry_unreadable(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(
            Code::WriteFailed,
            format!("the start-at-login entry `{}` cannot be read: {why}", path.display()),
        )
        .hint("it is left as it is; remove it, and set start_at_login again")
    }

    /// The system did not take the entry that starts us when the person signs in.
    #[cfg(windows)]
    pub fn login_entry_refused(why: &str) -> Failure {
        Failure::new(Code::WriteFailed, format!("the start-at-login entry was refused: {}", shown(why)))
    }

    /// The tray is not installed where the command line could find it.
    pub fn desktop_not_installed() -> Failure {
        Failure::new(
            Code::NotFound,
            "guise-desktop, which would be started, is neither beside guise nor on PATH",
        )
        .hint("install the whole of Guise; nothing was changed")
    }

    /// No folder of the person's own can be found.
    pub fn no_home() -> Failure {
        Failure::new(Code::WriteFailed, "this account has no home folder to keep the catalog in")
            .hint("set HOME, or give a folder with --home")
    }

    /// The runtime folder is not there, or is not ours alone.
    pub fn runtime_folder(path: &Path, why: &str) -> Failure {
        Failure::new(Code::Agent, format!("`{}` cannot hold the agent's socket: {why}", path.display()))
            .hint("XDG_RUNTIME_DIR must name a folder of your own that nobody else can enter")
    }

    /// Guise's own folder within the runtime folder, or within a chosen home, cannot be used; `next` mends it.
    pub fn socket_folder(path: &Path, why: &str, next: impl Into<String>) -> Failure {
        Failure::new(Code::Agent, format!("`{}` cannot hold the agent's socket: {why}", path.display()))
            .hint(next)
    }

    /// The agent's socket could not be made.
    pub fn socket_not_made(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(Code::Agent, format!("the agent's socket `{}` could not be made: {why}", path.display()))
    }

    /// The agent's socket is there and cannot be spoken to.
    pub fn socket_not_reached(path: &Path, why: &std::io::Error) -> Failure {
        Failure::new(Code::Agent, format!("the agent's socket `{}` cannot be reached: {why}", path.display()))
    }

    /// A process that is not ours answers at the socket.
    pub fn agent_of_another_user() -> Failure {
        Failure::new(Code::Agent, "the socket is held by another user, so nothing was said to it")
            .hint("ask that user, or an administrator, to remove it")
    }

    /// No agent is there and none could be started.
    pub fn agent_not_started(why: &str) -> Failure {
        Failure::new(Code::Agent, format!("the agent did not start: {}", shown(why)))
            .hint("guise agent runs it in the foreground and says more")
    }

    /// Something is at the socket and does not answer.
    pub fn agent_silent(within: Duration) -> Failure {
        Failure::new(Code::Agent, format!("the agent did not answer within {} seconds", within.as_secs()))
            .hint("quit Guise and start it again")
    }

    /// The agent took a request and then said nothing any more, not even that it is at work.
    pub fn agent_fell_silent(since: Duration) -> Failure {
        let since = since.as_secs();
        Failure::new(
            Code::Agent,
            format!("the agent has the request, and has said nothing for {since} seconds"),
        )
        .hint("what was asked may still be done; if it stays silent, quit Guise and start it again")
    }

    /// An agent that was asked to make way is still there.
    pub fn agent_stays(within: Duration) -> Failure {
        let within = within.as_secs();
        Failure::new(Code::Agent, format!("the running agent did not make way within {within} seconds"))
            .hint("quit it, and try again")
    }

    /// The agent hung up before its answer.
    pub fn agent_gone() -> Failure {
        Failure::new(Code::Agent, "the agent ended before it answered")
            .hint("try again; a new one starts by itself")
    }

    /// The agent is newer than this program.
    pub fn agent_newer() -> Failure {
        Failure::new(Code::Agent, "the running agent is newer than this program")
            .hint("use the guise program that was installed with it")
    }

    /// What came over the socket cannot be read.
    pub fn agent_unintelligible() -> Failure {
        Failure::new(Code::Agent, "what came over the agent's socket cannot be read")
            .hint("quit Guise and start it again; if it stays so, report it")
    }

    /// Something that needs a desktop was asked of an agent without one.
    pub fn no_desktop() -> Failure {
        Failure::new(Code::NoDesktop, "this agent has no desktop to show a window on")
            .hint("start guise-desktop")
    }

    /// There is neither X11 nor Wayland.
    pub fn no_display() -> Failure {
        Failure::new(Code::NoDesktop, "there is no display to show a tray or a window on")
            .hint("guise agent does the same work without one")
    }

    /// The desktop did not let us in; `why` is its own word.
    pub fn desktop_refused(why: &str) -> Failure {
        Failure::new(Code::NoDesktop, format!("the desktop did not let Guise in: {}", shown(why)))
    }

    /// No panel shows tray icons.
    pub fn no_tray() -> Failure {
        Failure::new(Code::NoDesktop, "this desktop shows no tray icons, so Guise opens as a window").hint(
            "on GNOME, the AppIndicator extension brings them back; start guise-desktop again to come here\nguise doctor looks for the cause",
        )
    }

    /// No panel shows tray icons, and nobody asked for a window.
    pub fn no_tray_at_login() -> Failure {
        Failure::new(Code::NoDesktop, "Guise runs, but this desktop shows no tray icons").hint(
            "start it again to open its window; on GNOME, the AppIndicator extension brings the icons back",
        )
    }

    /// There is no session bus, on which tray, keychain and notifications are.
    pub fn no_bus() -> Failure {
        Failure::new(Code::NoDesktop, "there is no session bus, so Guise has no tray icon and no keychain")
            .hint("start guise-desktop from within the desktop, or with dbus-run-session")
    }

    /// No browser could be started.
    pub fn browser_not_started(why: &str) -> Failure {
        Failure::new(Code::Browser, format!("no browser could be started: {}", shown(why)))
            .hint("set a default browser in the desktop's settings; guise console --print gives the address\nguise doctor looks for the cause")
    }

    /// The browser that the person chose is not there.
    pub fn browser_gone(browser: &str) -> Failure {
        Failure::new(Code::Browser, format!("the browser `{}` could not be started", shown(browser)))
            .hint("choose another in the settings: guise settings browser system takes the desktop's own\nguise console --print gives the address")
    }

    /// The browser was started and never came for the address.
    pub fn browser_never_came() -> Failure {
        Failure::new(Code::Browser, "the browser did not come for the sign-in within 60 seconds")
            .hint("look whether a browser window opened, and try again")
    }

    /// The browser came for the address and hung up before its answer.
    pub fn browser_left() -> Failure {
        Failure::new(Code::Browser, "the browser closed the page before AWS had answered")
            .hint("open the role again")
    }

    /// A newer click on the same role took this one's place, which is no failure.
    pub fn superseded() -> Failure {
        Failure::new(Code::Cancelled, "a newer click on the role took this one's place")
    }

    /// The window ended, and nobody closed it.
    pub fn window_lost() -> Failure {
        Failure::new(Code::NoDesktop, "the window ended unexpectedly")
            .hint("Manage… in the tray opens it again; guise on a terminal does without it")
    }

    /// The loopback listener could not be made.
    pub fn handoff_not_made(why: &std::io::Error) -> Failure {
        Failure::new(Code::Browser, format!("the address for the browser could not be made: {why}"))
    }

    /// The clipboard did not take it, or somebody else took the clipboard at once.
    pub fn clipboard_refused(why: &str) -> Failure {
        Failure::new(Code::Clipboard, format!("the clipboard did not take it: {}", shown(why)))
            .hint("guise credentials ROLE prints the same on a terminal")
    }

    /// The clipboard holds something else than what was copied.
    pub fn clipboard_not_kept() -> Failure {
        Failure::new(Code::Clipboard, "the clipboard took it, but gave something else back")
            .hint("another program may be watching the clipboard; guise credentials ROLE prints the same on a terminal")
    }

    /// There is no terminal to ask on.
    pub fn no_terminal() -> Failure {
        Failure::new(Code::InvalidInput, "there is no terminal to ask for the secret on")
            .hint("give it on standard input, with --secret-stdin")
    }

    /// What was printed could not be written.
    pub fn output_closed(why: &std::io::Error) -> Failure {
        Failure::new(Code::WriteFailed, format!("standard output did not take what was asked for: {why}"))
            .hint("whoever reads it may have ended early; nothing else was changed")
    }

    /// The person said no.
    pub fn cancelled() -> Failure {
        Failure::new(Code::Cancelled, "nothing was entered, so nothing was changed")
    }

    /// The person stopped what was under way.
    pub fn stopped() -> Failure {
        Failure::new(Code::Cancelled, "it was stopped, and nothing was changed")
    }

    /// A session was ended while its console was on the way to the browser.
    pub fn ended_meanwhile() -> Failure {
        Failure::new(Code::Cancelled, "the session was ended before the browser came")
    }

    /// Somebody stopped waiting for a session.
    pub fn left() -> Failure {
        Failure::new(Code::Cancelled, "it was stopped; a session that AWS gives all the same is kept")
    }

    /// A fault of ours; `what` names it without any value.
    pub fn internal(what: &str) -> Failure {
        Failure::new(Code::Internal, format!("Guise ran into a fault of its own: {what}"))
            .hint("try again; if it stays so, report it")
    }

    /// The work was under way when Guise was asked to end.
    pub fn ending() -> Failure {
        Failure::new(Code::Cancelled, "Guise is ending")
    }
}
