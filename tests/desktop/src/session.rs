//! A private desktop: X server, bus, window manager, keychain and panel, all of one test and gone with it.

mod clipboard;
mod folders;
mod keyring;
mod program;
pub(crate) mod sweep;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, fdo::DBusProxy};

use crate::accessibility::Accessibility;
use crate::error::{Because, DesktopError, Result};
use crate::wait::{finish, wait_for};
use folders::Folders;
pub use program::Program;
use sweep::{Guard, MARK};

/// What a part of the desktop gets to come up, on a machine that is busy compiling.
const START: Duration = Duration::from_secs(30);
/// What a small tool (`xdotool`, `xclip`, `import`) gets to finish.
const TOOL: Duration = Duration::from_secs(10);
/// The bytes of each log that a failure shows.
const TAIL: usize = 2_000;
/// The name that a panel with a tray owns.
pub(crate) const WATCHER: &str = "org.kde.StatusNotifierWatcher";
/// The state of the keychain when a session begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyringState {
    /// Running and unlocked, as after a login.
    #[default]
    Unlocked,
    /// Running, with its login collection locked.
    Locked,
    /// No Secret Service on the bus, and none that could be started.
    Absent,
}

/// Whether a session begins with a panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PanelState {
    /// A panel with a tray.
    #[default]
    Running,
    /// No tray host at all; [`DesktopSession::start_panel`] brings one later.
    Absent,
}

/// Whether a session begins with an assistive technology, such as a screen reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assistive {
    /// None, and no accessibility bus: nothing that a test would have to wait for.
    #[default]
    Absent,
    /// One is at work, so that programs show themselves to it; [`crate::Accessibility`] reads what they show.
    Running,
}

/// What a session is to be like.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionConfig {
    /// The keychain.
    pub keyring: KeyringState,
    /// The panel.
    pub panel: PanelState,
    /// Whether somebody reads the windows.
    pub assistive: Assistive,
    /// The user id that everything runs as, where it is not the one of the test itself. Needs root.
    pub user: Option<u32>,
}

/// A desktop of one test's own. Everything that was started in it ends when it is dropped.
pub struct DesktopSession {
    name: String,
    config: SessionConfig,
    display: String,
    bus_address: String,
    bus: Option<Connection>,
    // Dropped in this order: what needs the bus and the display before these.
    panel: Option<Program>,
    keyring: Option<Program>,
    window_manager: Option<Program>,
    bus_daemon: Program,
    x_server: Program,
    _guard: Guard,
    folders: Folders,
}

impl DesktopSession {
    /// A desktop with an unlocked keychain and a panel. The name stands in messages.
    pub fn start(name: &str) -> Result<Self> {
        Self::start_with(name, SessionConfig::default())
    }

    /// A desktop as `config` wants it.
    pub fn start_with(name: &str, config: SessionConfig) -> Result<Self> {
        let folders = Folders::create(config.user)?;
        let guard = Guard::start(folders.base())?;
        let bare = |program: &str| environment(program.as_ref(), &folders, config, "", "");

        let mut command = bare("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"]);
        let mut x_server = Program::start("x-server", command, &folders.at("logs"), None)?;
        let display = first_line(&mut x_server, |line| line.parse::<u32>().is_ok())?;
        let display = format!(":{display}");

        let mut command = bare("dbus-daemon");
        let settings = folders.at("bus.conf");
        command.args(["--nofork", "--nopidfile", "--print-address=1"]).arg("--config-file").arg(settings);
        command.env("DISPLAY", &display);
        let mut bus_daemon = Program::start("bus", command, &folders.at("logs"), None)?;
        let bus_address = first_line(&mut bus_daemon, |line| line.starts_with("unix:"))?;

        let mut session = Self {
            name: name.to_owned(),
            config,
            display,
            bus_address,
            bus: None,
            panel: None,
            keyring: None,
            window_manager: None,
            bus_daemon,
            x_server,
            _guard: guard,
            folders,
        };
        session.bus = Some(connect(&session.bus_address)?);
        if let (Assistive::Running, Some(bus)) = (config.assistive, &session.bus) {
            Accessibility::switch_on(bus)?;
        }
        session.install_opener()?;
        session.window_manager = Some(session.run("window-manager", session.command("openbox"))?);
        if config.keyring != KeyringState::Absent {
            session.start_keyring()?;
        }
        session.wait_for("the window manager", START, || session.xdotool(["get_num_desktops"]).ok())?;
        if config.keyring == KeyringState::Locked {
            session.lock_keyring()?;
        }
        if config.panel == PanelState::Running {
            session.start_panel()?;
        }
        Ok(session)
    }

    /// A command with nothing of the test's own environment, set to run in this desktop.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        environment(program.as_ref(), &self.folders, self.config, &self.display, &self.bus_address)
    }

    /// The same as another user: with this desktop's addresses in its environment, and no right to use them. Needs root.
    pub fn command_as(&self, user: u32, program: impl AsRef<OsStr>) -> Command {
        let config = SessionConfig { user: Some(user), ..self.config };
        environment(program.as_ref(), &self.folders, config, &self.display, &self.bus_address)
    }

    /// Runs a command in a process group of its own until the returned value is dropped, with its output in `NAME.log`.
    pub fn run(&self, name: &str, command: Command) -> Result<Program> {
        Program::start(name, command, &self.log_dir(), None)
    }

    /// The same with these bytes, and then the end, on standard input.
    pub fn run_with_input(&self, name: &str, command: Command, input: &[u8]) -> Result<Program> {
        Program::start(name, command, &self.log_dir(), Some(input))
    }

    /// A copy of a program where every user of this desktop can run it: a build folder often lies in a closed home.
    pub fn install(&self, program: &Path) -> Result<PathBuf> {
        let name = program.file_name().because(format_args!("`{}` is no file", program.display()))?;
        let installed = self.folders.at("bin").join(name);
        Self::place(program, &installed)?;
        Ok(installed)
    }

    /// Copies a program by another process: while a thread of this one starts a child, that child holds every file that is
    /// being written here, and a program that is being written cannot be run.
    pub(crate) fn place(program: &Path, installed: &Path) -> Result<()> {
        let mut command = Command::new("install");
        command.args(["-m", "755"]).arg(program).arg(installed);
        finish(command, TOOL)?.success("install").map(drop)
    }

    /// Starts the panel and waits until its tray takes items.
    pub fn start_panel(&mut self) -> Result<()> {
        if self.panel.is_some() {
            return Ok(());
        }
        let mut command = self.command("xfce4-panel");
        command.arg("--disable-wm-check");
        self.panel = Some(self.run("panel", command)?);
        self.wait_for("the panel's tray", START, || self.owns(WATCHER).then_some(()))?;
        self.wait_for("the panel's window", START, || self.panel_window()).map(drop)
    }

    /// Ends the panel and waits until its tray is gone from the bus.
    pub fn stop_panel(&mut self) -> Result<()> {
        drop(self.panel.take());
        self.wait_for("the panel's tray to go", START, || (!self.owns(WATCHER)).then_some(()))
    }

    /// Ends the panel and starts another.
    pub fn restart_panel(&mut self) -> Result<()> {
        self.stop_panel()?;
        self.start_panel()
    }

    /// A picture of the whole screen, as PNG.
    pub fn screenshot(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let picture = self.tool("import", &["-window", "root", "png:-"])?;
        fs::write(path, picture).because(format_args!("write `{}`", path.display()))
    }

    /// A picture of one window without its frame, whatever is in front of it.
    pub fn screenshot_of(&self, window: &str, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let picture = self.tool("import", &["-window", window, "png:-"])?;
        fs::write(path, picture).because(format_args!("write `{}`", path.display()))
    }

    /// What `xdotool` answers to these arguments.
    pub fn xdotool<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Result<String> {
        let mut command = self.command("xdotool");
        command.args(args);
        let answer = finish(command, TOOL)?.success("xdotool")?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Waits as [`wait_for`] does; a failure shows the end of every log.
    pub fn wait_for<T>(&self, what: &str, limit: Duration, look: impl FnMut() -> Option<T>) -> Result<T> {
        wait_for(what, limit, look)
            .map_err(|error| DesktopError::new(format!("{error}\n{}", self.log_tails())))
    }

    /// The ends of the logs of all that runs here.
    pub fn log_tails(&self) -> String {
        let mut tails = format!("logs of the desktop `{}`:", self.name);
        let Ok(entries) = fs::read_dir(self.log_dir()) else { return tails };
        let mut logs: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        logs.sort();
        for log in logs {
            let bytes = fs::read(&log).unwrap_or_default();
            let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or_default();
            let name = log.file_name().unwrap_or_default().to_string_lossy();
            // Writing to a string cannot fail.
            let _ = write!(tails, "\n--- {name}\n{}", String::from_utf8_lossy(tail).trim_end());
        }
        tails
    }

    /// Where everything that runs here keeps its log.
    pub fn log_dir(&self) -> PathBuf {
        self.folders.at("logs")
    }

    /// The folder that holds all others: what a search for leaks begins with.
    pub fn folder(&self) -> &Path {
        self.folders.base()
    }

    /// The person's home.
    pub fn home(&self) -> PathBuf {
        self.folders.at("home")
    }

    /// `XDG_RUNTIME_DIR`.
    pub fn runtime_dir(&self) -> PathBuf {
        self.folders.at("run")
    }

    /// `XDG_CONFIG_HOME`.
    pub fn config_dir(&self) -> PathBuf {
        self.folders.at("config")
    }

    /// `XDG_DATA_HOME`.
    pub fn data_dir(&self) -> PathBuf {
        self.folders.at("data")
    }

    /// `XDG_STATE_HOME`.
    pub fn state_dir(&self) -> PathBuf {
        self.folders.at("state")
    }

    /// `XDG_CACHE_HOME`.
    pub fn cache_dir(&self) -> PathBuf {
        self.folders.at("cache")
    }

    /// `TMPDIR`.
    pub fn temporary_dir(&self) -> PathBuf {
        self.folders.at("tmp")
    }

    /// The address of the session bus.
    pub fn bus_address(&self) -> &str {
        &self.bus_address
    }

    /// The X display, like `:7`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The user id that programs run as here.
    pub fn user(&self) -> u32 {
        self.config.user.unwrap_or_else(|| rustix::process::getuid().as_raw())
    }

    /// Whether programs run as another user here than the test itself.
    pub fn runs_as_another_user(&self) -> bool {
        self.config.user.is_some()
    }

    /// The ids of all that runs here and of what descends from it, the bus and the X server apart.
    pub fn processes(&self) -> Vec<u32> {
        sweep::alive(self.folders.base(), &[self.bus_daemon.id(), self.x_server.id()])
    }

    /// The windows on the screen whose title begins like this, as `xdotool` calls them.
    pub fn windows_titled(&self, title: &str) -> Vec<String> {
        // No such window is a failure to xdotool.
        let found = self.xdotool(["search", "--onlyvisible", "--name", &format!("^{title}")]);
        found.unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// Waits until a window whose title begins like this has drawn itself and not changed for a second; returns what
    /// `xdotool` calls it.
    pub fn wait_until_drawn(&self, title: &str) -> Result<String> {
        let mut last: Option<(Instant, Vec<u8>)> = None;
        self.wait_for(&format!("a window titled `{title}`, drawn"), START, || {
            let window = self.windows_titled(title).into_iter().next()?;
            let now = self.pixels_of(&window)?;
            let has_content = now.chunks_exact(3).any(|pixel| pixel != &now[..3]);
            match &last {
                Some((since, before)) if *before == now => {
                    (has_content && since.elapsed() > Duration::from_secs(1)).then_some(window)
                }
                _ => {
                    last = Some((Instant::now(), now));
                    None
                }
            }
        })
    }

    /// What is drawn in a window: red, green and blue of each pixel.
    pub fn pixels_of(&self, window: &str) -> Option<Vec<u8>> {
        self.tool("import", &["-window", window, "-depth", "8", "rgb:-"]).ok()
    }

    /// Moves the pointer to where it touches nothing.
    pub fn point_aside(&self) -> Result<()> {
        self.xdotool(crate::mouse::ASIDE).map(drop)
    }

    /// Whether somebody on the bus has this name.
    pub fn owns(&self, bus_name: &str) -> bool {
        let asked = || -> Option<bool> {
            let name = bus_name.try_into().ok()?;
            DBusProxy::new(self.bus.as_ref()?).ok()?.name_has_owner(name).ok()
        };
        asked().unwrap_or(false)
    }

    /// Runs a small tool and returns what it wrote.
    pub(crate) fn tool(&self, program: &str, args: &[&str]) -> Result<Vec<u8>> {
        let mut command = self.command(program);
        command.args(args);
        finish(command, TOOL)?.success(program)
    }

    fn panel_window(&self) -> Option<String> {
        self.xdotool(["search", "--onlyvisible", "--class", "xfce4-panel"]).ok()
    }
}

impl Drop for DesktopSession {
    fn drop(&mut self) {
        if std::thread::panicking() {
            #[expect(clippy::print_stderr, reason = "a failed test shows what the desktop had to say")]
            {
                eprintln!("{}", self.log_tails());
            }
        }
        if std::env::var_os("GUISE_DESKTOP_KEEP").is_some() {
            self.folders.keep();
        }
        self.bus = None;
        let panel = self.panel.take();
        drop(panel);
        sweep::end_all(self.folders.base(), &[self.bus_daemon.id(), self.x_server.id()]);
        self.keyring = None;
        self.window_manager = None;
        self.bus_daemon.stop();
        self.x_server.stop();
    }
}

/// A command with the environment of the desktop, and of nothing else.
fn environment(
    program: &OsStr,
    folders: &Folders,
    config: SessionConfig,
    display: &str,
    bus_address: &str,
) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .current_dir(folders.base())
        .env("HOME", folders.at("home"))
        .env("XDG_RUNTIME_DIR", folders.at("run"))
        .env("XDG_CONFIG_HOME", folders.at("config"))
        .env("XDG_DATA_HOME", folders.at("data"))
        .env("XDG_STATE_HOME", folders.at("state"))
        .env("XDG_CACHE_HOME", folders.at("cache"))
        .env("TMPDIR", folders.at("tmp"))
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", folders.at("bin").display()))
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        .env("USER", "person")
        .env("LOGNAME", "person")
        .env("XDG_SESSION_TYPE", "x11")
        .env("XDG_CURRENT_DESKTOP", "XFCE")
        .env("GDK_BACKEND", "x11")
        // No settings service: nothing that a test would have to wait for.
        .env("GSETTINGS_BACKEND", "memory")
        .env("GIO_USE_VFS", "local")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env(MARK, folders.base());
    if !display.is_empty() {
        command.env("DISPLAY", display);
    }
    if !bus_address.is_empty() {
        command.env("DBUS_SESSION_BUS_ADDRESS", bus_address);
    }
    if config.assistive == Assistive::Absent {
        command.env("NO_AT_BRIDGE", "1");
    }
    if let Some(user) = config.user {
        command.uid(user).gid(user);
    }
    command
}

/// The line in which a server says where it is reached.
fn first_line(server: &mut Program, is_answer: impl Fn(&str) -> bool) -> Result<String> {
    let name = server.name().to_owned();
    let answer = wait_for(&format!("`{name}` to say its address"), START, || {
        let log = server.log();
        // A line without its end is still being written.
        let whole = log.get(..log.rfind('\n')?)?;
        whole.lines().find(|line| is_answer(line)).map(str::to_owned)
    });
    answer.map_err(|error| DesktopError::new(format!("{error}\n{}", server.log())))
}

fn connect(bus_address: &str) -> Result<Connection> {
    zbus::blocking::connection::Builder::address(bus_address)
        .because("read the bus's address")?
        .build()
        .because("connect to the session's bus")
}
