//! The desktop under the desktop tests, proved on a stand-in: what these cannot do, no test of Guise could rely on.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use desktop_tests::{
    ArgvWatch, Browser, Canaries, DesktopSession, Encoding, KeyringState, MenuKind, Opener, Panel,
    PanelState, Program, Result, SessionConfig, TrayBus, TrayItem, wait_for,
};

const LIMIT: Duration = Duration::from_secs(20);
const BROWSER: Duration = Duration::from_mins(1);

#[test]
fn the_tray_is_read_and_used_over_the_bus() -> Result<()> {
    let session = DesktopSession::start("bus")?;
    let (app, item) = start_stand_in(&session)?;

    assert_eq!(item.title()?, "Stand-in tray");
    assert_eq!(item.status()?, "Active");
    assert_eq!(item.icon_name()?, "");
    assert_eq!(item.icon_sizes()?, [(22, 22), (48, 48)]);
    assert_eq!(item.tool_tip()?.title, "Stand-in");
    assert_eq!(item.tool_tip()?.text, "no role");
    assert!(!item.is_menu()?);

    let menu = item.menu()?;
    assert_eq!(menu.to_string(), MENU);
    assert_eq!(menu.entry(&["Copy", "Prod"])?.kind, MenuKind::Submenu);
    assert_eq!(menu.entry(&["Notify"])?.checked, Some(false));
    assert!(menu.find(&["Copy credentials", "Nobody"]).is_none());

    let submenu = menu.entry(&["Copy credentials"])?;
    assert!(item.about_to_show_group(&[submenu.id])?.is_empty());
    assert!(!item.about_to_show(submenu.id)?);
    item.click(menu.entry(&["Copy credentials", "AWSRead"])?.id)?;
    said(&app, &["ready", "chosen AWSReadOnly"])?;
    item.click_group(menu.entry(&["Copy credentials", "Production", "AWSEC2FULLACCESS"])?.id)?;
    said(&app, &["ready", "chosen AWSReadOnly", "chosen AWSEC2FULLACCESS"])?;
    assert!(item.click_group(4711).is_err(), "an entry that does not exist was chosen");
    item.activate()?;
    said(&app, &["ready", "chosen AWSReadOnly", "chosen AWSEC2FULLACCESS", "activate"])?;

    item.click(menu.entry(&["Notify"])?.id)?;
    item.wait_for_menu("the tick of `Notify`", LIMIT, |menu| {
        menu.find(&["Notify"]).is_some_and(|entry| entry.checked == Some(true))
    })?;
    drop(app);
    TrayBus::connect(&session)?.wait_until_gone("stand-in", LIMIT)
}

#[test]
fn the_panel_shows_the_item_and_takes_mouse_and_keys() -> Result<()> {
    let session = DesktopSession::start("mouse")?;
    let panel = Panel::of(&session);
    assert_eq!(panel.wait_for_icons(0)?, []);
    let (app, item) = start_stand_in(&session)?;
    let icon = panel.wait_for_icons(1)?[0];
    assert!(icon.width >= 16 && icon.height >= 16, "{icon:?}");

    panel.open_menu(icon)?;
    picture(&session, "menu.png")?;
    panel.close_menus()?;
    panel.left_click(icon)?;
    said(&app, &["ready", "activate"])?;
    panel.choose(&item, &["Open switcher"])?;
    said(&app, &["ready", "activate", "chosen Open switcher…"])?;
    panel.choose(&item, &["Copy credentials", "Production", "AWSEC2FULLACCESS"])?;
    said(&app, &["ready", "activate", "chosen Open switcher…", "chosen AWSEC2FULLACCESS"])?;
    assert!(panel.choose(&item, &["Nothing here"]).is_err(), "an entry that is off was chosen");

    let _second = session.run("second", session.command(stand_in()))?;
    panel.wait_for_icons(2).map(drop)
}

#[test]
fn the_item_returns_after_the_panel_restarts() -> Result<()> {
    let mut session = DesktopSession::start("restart")?;
    let (app, _) = start_stand_in(&session)?;
    Panel::of(&session).wait_for_icons(1)?;

    session.restart_panel()?;

    let item = TrayBus::connect(&session)?.wait_for_item("stand-in", LIMIT)?;
    Panel::of(&session).choose(&item, &["Console", "AWSEC2"])?;
    said(&app, &["ready", "chosen AWSEC2FULLACCESS"])
}

#[test]
fn a_panel_may_come_after_the_item() -> Result<()> {
    let config = SessionConfig {
        panel: PanelState::Absent,
        keyring: KeyringState::Absent,
        ..SessionConfig::default()
    };
    let mut session = DesktopSession::start_with("late-panel", config)?;
    assert!(!session.owns("org.kde.StatusNotifierWatcher"));
    let app = session.run("stand-in", session.command(stand_in()))?;
    said(&app, &["ready"])?;

    session.start_panel()?;

    TrayBus::connect(&session)?.wait_for_item("stand-in", LIMIT)?;
    Panel::of(&session).wait_for_icons(1).map(drop)
}

#[test]
fn the_browser_opens_what_xdg_open_is_given() -> Result<()> {
    let session = DesktopSession::start("browser")?;
    let browser = Browser::of(&session);
    let address = serve_page("Simulated console", "signed in as <b>AWSReadOnly</b>");
    let watch = ArgvWatch::start();

    let mut command = session.command("xdg-open");
    command.arg(&address);
    let mut launcher = session.run("xdg-open", command)?;
    assert!(launcher.wait(LIMIT)?.success());

    let page = browser.wait_for_title("Simulated console", BROWSER)?;
    assert_eq!(page.url, address);
    assert_eq!(browser.text(&page)?.trim(), "signed in as AWSReadOnly");
    session.wait_for("the browser's window", LIMIT, || {
        browser.window_titles().iter().any(|title| title.starts_with("Simulated console")).then_some(())
    })?;
    picture(&session, "browser.png")?;
    let opened = browser.opened()?;
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].args, [address.as_str()]);

    let seen = watch.stop();
    assert!(!seen.with_argument(&address).is_empty(), "the watch missed the browser");
    let canaries = Canaries::new([("the address", address.as_str())]);
    assert!(!seen.search(&canaries).is_empty());
    let profile = canaries.search_files([browser.profile_dir()]);
    assert!(profile.files_read > 10, "{profile}");
    Ok(())
}

#[test]
fn firefox_opens_it_as_well() -> Result<()> {
    let session = bare_session("firefox", None)?;
    let browser = Browser::of(&session);
    browser.set_opener(Opener::Firefox)?;
    let mut command = session.command("xdg-open");
    command.arg(serve_page("Simulated console", "signed in"));
    let _opener = session.run("xdg-open", command)?;
    session.wait_for("the browser's window", BROWSER, || {
        browser.window_titles().iter().any(|title| title.starts_with("Simulated console")).then_some(())
    })?;
    picture(&session, "firefox.png")
}

#[test]
fn a_browser_may_be_missing_or_hang() -> Result<()> {
    let session = bare_session("openers", None)?;
    let browser = Browser::of(&session);
    let open = |name: &str| {
        let mut command = session.command("xdg-open");
        command.args(["--", name]);
        session.run("xdg-open", command)
    };
    browser.set_opener(Opener::Nothing)?;
    assert!(open("first")?.wait(LIMIT)?.success());
    browser.set_opener(Opener::Fails)?;
    assert_eq!(open("second")?.wait(LIMIT)?.code(), Some(3));
    browser.set_opener(Opener::Hangs)?;
    let mut hung = open("third")?;
    let opened = wait_for("three calls", LIMIT, || browser.opened().ok().filter(|calls| calls.len() == 3))?;
    assert!(hung.ended().is_none());
    let args: Vec<_> = opened.iter().map(|call| call.args.join(" ")).collect();
    assert_eq!(args, ["-- first", "-- second", "-- third"]);
    Ok(())
}

#[test]
fn the_clipboard_is_written_and_read() -> Result<()> {
    let session = bare_session("clipboard", None)?;
    assert!(session.clipboard().is_err(), "a new desktop has something on its clipboard");
    assert!(session.clipboard_targets().is_empty());
    session.set_clipboard("Zugangsschlüssel")?;
    assert_eq!(session.clipboard()?, "Zugangsschlüssel");
    assert!(session.clipboard_targets().contains(&"UTF8_STRING".to_owned()));
    assert_eq!(session.clipboard_as("UTF8_STRING")?, "Zugangsschlüssel".as_bytes());
    Ok(())
}

#[test]
fn secrets_are_kept_and_locked() -> Result<()> {
    let config = SessionConfig { panel: PanelState::Absent, ..SessionConfig::default() };
    let mut session = DesktopSession::start_with("keychain", config)?;
    let value = "canary-in-the-keychain";
    let mut store = session.command("secret-tool");
    store.args(["store", "--label=test", "which", "one"]);
    let mut store = session.run_with_input("store", store, value.as_bytes())?;
    assert!(store.wait(LIMIT)?.success(), "{}", store.log());
    assert_eq!(lookup(&session)?, value);

    let report = Canaries::new([("item", value)]).search_files([session.folder()]);
    // The positive control is the very log of the lookup.
    let places: Vec<_> = report.leaks.iter().map(|leak| leak.path.clone()).collect();
    assert_eq!(places, [session.log_dir().join("lookup.log")], "{report}");
    assert_eq!(report.leaks[0].encoding, Encoding::Plain);

    session.lock_keyring()?;
    let mut command = session.command("secret-tool");
    command.args(["lookup", "which", "one"]);
    let mut search = session.run("cancelled", command)?;
    session.wait_for_keyring_prompt()?;
    picture(&session, "prompt.png")?;
    session.cancel_keyring_prompt()?;
    search.wait(LIMIT)?;
    assert!(!search.log().contains(value), "a locked keychain answered");

    let mut command = session.command("secret-tool");
    command.args(["lookup", "which", "one"]);
    let mut search = session.run("answered", command)?;
    session.answer_keyring_prompt()?;
    search.wait(LIMIT)?;
    assert_eq!(search.log(), value);
    session.stop_keyring()
}

#[test]
fn a_keychain_may_be_locked_from_the_start() -> Result<()> {
    let config = SessionConfig {
        panel: PanelState::Absent,
        keyring: KeyringState::Locked,
        ..SessionConfig::default()
    };
    let session = DesktopSession::start_with("locked", config)?;
    let bus = zbus::blocking::connection::Builder::address(session.bus_address())
        .and_then(zbus::blocking::connection::Builder::build);
    let bus = bus.expect("the session's bus");
    let login = "/org/freedesktop/secrets/collection/login";
    let login = zbus::blocking::Proxy::new(
        &bus,
        "org.freedesktop.secrets",
        login,
        "org.freedesktop.Secret.Collection",
    )
    .expect("a proxy");
    assert!(login.get_property::<bool>("Locked").expect("whether it is locked"));
    Ok(())
}

#[test]
fn nothing_outlives_a_session() -> Result<()> {
    let session = DesktopSession::start("end")?;
    let mark = format!("GUISE_DESKTOP_SESSION={}", session.folder().display());
    let mut command = session.command("setsid");
    command.args(["--fork", "sleep", "86399"]);
    let mut stray = session.run("stray", command)?;
    stray.wait(LIMIT)?;
    let (app, _) = start_stand_in(&session)?;
    assert!(bearing(&mark).len() >= 7, "{:?}", bearing(&mark));
    let folder = session.folder().to_owned();

    drop(app);
    drop(stray);
    drop(session);

    assert_eq!(bearing(&mark), Vec::<String>::new());
    assert!(!folder.exists());
    Ok(())
}

#[test]
fn two_users_share_a_machine() -> Result<()> {
    let config = SessionConfig { user: Some(65_534), ..SessionConfig::default() };
    let session = DesktopSession::start_with("users", config)?;
    let app = session.install(&stand_in())?;
    let app = session.run("stand-in", session.command(app))?;
    let item = TrayBus::connect(&session)?.wait_for_item("stand-in", LIMIT)?;
    Panel::of(&session).choose(&item, &["Open switcher"])?;
    said(&app, &["ready", "chosen Open switcher…"])?;

    // As the person, and as somebody else.
    let home = session.home();
    let list = |mut command: std::process::Command| -> Result<bool> {
        command.arg(&home);
        session.run("ls", command)?.wait(LIMIT).map(|status| status.success())
    };
    assert!(list(session.command("ls"))?);
    assert!(!list(session.command_as(1_234, "ls"))?);
    Ok(())
}

const MENU: &str = "\
Open switcher…
Nothing here (off)
---
Console
  AWSReadOnly
  AWSEC2FULLACCESS
Copy credentials
  AWSReadOnly
  Unreachable (off)
  Production
    Admin
    AWSEC2FULLACCESS
[ ] Notify
Quit
";

fn stand_in() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_stand_in_tray"))
}

fn start_stand_in(session: &DesktopSession) -> Result<(Program, TrayItem)> {
    let app = session.run("stand-in", session.command(stand_in()))?;
    let item = TrayBus::connect(session)?.wait_for_item("stand-in", LIMIT)?;
    Ok((app, item))
}

/// A desktop with neither panel nor keychain.
fn bare_session(name: &str, user: Option<u32>) -> Result<DesktopSession> {
    let (keyring, panel) = (KeyringState::Absent, PanelState::Absent);
    DesktopSession::start_with(name, SessionConfig { keyring, panel, user, ..SessionConfig::default() })
}

/// Waits until a program has written exactly these lines.
fn said(app: &Program, lines: &[&str]) -> Result<()> {
    let what = format!("`{}` to say {lines:?}", app.name());
    wait_for(&what, LIMIT, || app.log().lines().eq(lines.iter().copied()).then_some(()))
        .map_err(|error| desktop_tests::DesktopError::new(format!("{error}; it said\n{}", app.log())))
}

fn lookup(session: &DesktopSession) -> Result<String> {
    let mut command = session.command("secret-tool");
    command.args(["lookup", "which", "one"]);
    let mut lookup = session.run("lookup", command)?;
    lookup.wait(LIMIT)?;
    Ok(lookup.log())
}

/// The command lines of the processes with this in their environment.
fn bearing(mark: &str) -> Vec<String> {
    let bears = |folder: &Path| {
        fs::read(folder.join("environ"))
            .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == mark.as_bytes()))
    };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = processes.filter(|folder| bears(folder));
    ours.map(|folder| fs::read_to_string(folder.join("cmdline")).unwrap_or_default()).collect()
}

/// A picture for a person to look at, where one is wanted.
fn picture(session: &DesktopSession, name: &str) -> Result<()> {
    let taken = session.folder().join(name);
    session.screenshot(&taken)?;
    assert!(fs::metadata(&taken).is_ok_and(|data| data.len() > 500));
    if let Some(folder) = std::env::var_os("GUISE_DESKTOP_PICTURES") {
        fs::copy(&taken, Path::new(&folder).join(name)).expect("a copy of the picture");
    }
    Ok(())
}

/// Serves one page to whoever asks, until the test process ends.
fn serve_page(title: &str, body: &str) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let page = format!("<!doctype html><meta charset=utf-8><title>{title}</title><body>{body}</body>");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A browser opens connections that it does not use; they must not hold up the others.
            let page = page.clone();
            thread::spawn(move || {
                let mut request = [0; 4096];
                if stream.read(&mut request).is_ok_and(|length| length > 0) {
                    let head = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        page.len()
                    );
                    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.as_bytes())).ok();
                }
            });
        }
    });
    format!("http://{address}/console/home")
}
