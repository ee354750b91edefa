//! Linux: the session bus, the display's socket, the desktop's own answers, and its files.

mod bus;

use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::Command;
use tokio::time::timeout;

pub(super) use bus::{keychain_offered, tray};

use crate::adapters::desktop_entry::{self, Entry};
use crate::doctor::{BrowserSeen, DefaultBrowser, DisplaySeen, Environment, Login, ProgramSeen};

/// For one of the desktop's scripts to answer.
const SCRIPT: Duration = Duration::from_secs(2);
/// What `xdg-open` tries where no desktop says which browser, in its order.
const FALLBACKS: [&str; 8] = [
    "x-www-browser",
    "firefox",
    "iceweasel",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "www-browser",
    "w3m",
];
/// What the names of the entries begin with that start Guise at login.
const LOGIN_ENTRY: &str = "org.guise.Guise";

/// Whether somebody answers where the environment says that the display is.
pub(super) fn display(environment: &Environment) -> DisplaySeen {
    let x11 = environment.get("DISPLAY").map(|name| (name.to_owned(), x11_answers(name)));
    let wayland = environment.get("WAYLAND_DISPLAY").map(|name| {
        let runtime = environment.get("XDG_RUNTIME_DIR").unwrap_or_default();
        (name.to_owned(), Some(UnixStream::connect(Path::new(runtime).join(name)).is_ok()))
    });
    DisplaySeen { x11, wayland }
}

/// `None` for a display on another computer, which is not asked.
fn x11_answers(name: &str) -> Option<bool> {
    let (host, rest) = name.rsplit_once(':')?;
    if !host.is_empty() && host != "unix" {
        return None;
    }
    let number: u32 = rest.split('.').next()?.parse().ok()?;
    let path = format!("/tmp/.X11-unix/X{number}");
    let in_abstract =
        || SocketAddr::from_abstract_name(&path).and_then(|name| UnixStream::connect_addr(&name));
    Some(UnixStream::connect(&path).is_ok() || in_abstract().is_ok())
}

/// What would open a web address.
pub(super) async fn browser(environment: &Environment) -> BrowserSeen {
    if on_path("xdg-open").is_none() {
        return BrowserSeen::NoOpener;
    }
    let mut entry = answer("xdg-settings", &["get", "default-web-browser"]).await;
    if entry.is_none() {
        entry = answer("xdg-mime", &["query", "default", "x-scheme-handler/https"]).await;
    }
    let variable = environment.get("BROWSER").and_then(|value| {
        let first = value.split(':').next()?.split_whitespace().next()?;
        Some(program(first))
    });
    BrowserSeen::Opener {
        default: entry.map(|entry| DefaultBrowser {
            program: desktop_entry::installed(&entry)
                .and_then(|entry| entry.program())
                .map(|each| program(&each)),
            entry,
        }),
        variable,
        fallback: FALLBACKS.into_iter().find(|name| on_path(name).is_some()).map(str::to_owned),
    }
}

/// The entry that starts Guise at login. Each home has its own; one that starts nothing is told before one that is well.
pub(super) fn login() -> Login {
    let folder = dirs::config_dir().map(|folder| folder.join("autostart"));
    let Some(Ok(found)) = folder.map(std::fs::read_dir) else { return Login::NoEntry };
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(LOGIN_ENTRY) && name.ends_with(".desktop")
    };
    let mut entries: Vec<PathBuf> = found.flatten().map(|entry| entry.path()).filter(is_ours).collect();
    entries.sort();
    let logins =
        entries.into_iter().map(|entry| match Entry::read(&entry).and_then(|entry| entry.program()) {
            Some(name) => Login::Starts { entry, program: program(&name) },
            None => Login::Unreadable(entry),
        });
    let is_well = |login: &Login| matches!(login, Login::Starts { program: ProgramSeen::There(_), .. });
    let (well, broken): (Vec<Login>, Vec<Login>) = logins.partition(is_well);
    broken.into_iter().chain(well).next().unwrap_or(Login::NoEntry)
}

/// What a script of the desktop's answers in its first line; `None` where it fails, says nothing or takes too long.
async fn answer(script: &str, arguments: &[&str]) -> Option<String> {
    // A group of its own, so that one that hangs ends with all that it has started.
    let child = Command::new(script)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let Ok(ended) = timeout(SCRIPT, child.wait_with_output()).await else {
        // Failing means that nobody is left in it.
        let _ = group.map(|group| kill_process_group(group, Signal::KILL));
        return None;
    };
    let output = ended.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned)
}

fn program(name: &str) -> ProgramSeen {
    if on_path(name).is_some() {
        ProgramSeen::There(name.to_owned())
    } else {
        ProgramSeen::Gone(name.to_owned())
    }
}

/// Where a program is that is named by its path, or alone as on a command line.
fn on_path(name: &str) -> Option<PathBuf> {
    let can_run =
        |path: &PathBuf| path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok();
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(can_run);
    }
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(can_run)
}
