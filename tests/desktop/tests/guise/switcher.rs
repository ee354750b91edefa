//! The switcher: opened by keys from another program, in front, gone when it is left.

use desktop_tests::{Because, DesktopSession, Guise, Program, Result, ShortcutsPortal};

use crate::stage::{LIMIT, ROLE, Stage, processes_with, wait_until_reaped, window_processes};
use crate::window::picture;

const KEYS: &str = "ctrl+alt+space";

#[test]
fn keys_open_the_switcher_in_front_and_it_goes_when_it_is_left() -> Result<()> {
    let stage = Stage::set("switcher")?;
    let (_desktop, item) = stage.start_in_tray()?;
    item.wait_for_menu("the keys", LIMIT, |menu| menu.find(&["Search… · Ctrl+Alt+Space"]).is_some())?;
    let (_other, other) = another_program(&stage.session)?;

    // The keys are taken by it, and Escape ends it.
    press(&stage, KEYS)?;
    let window = in_front(&stage)?;
    stage.session.wait_until_drawn("Guise")?;
    picture(&stage, "switcher.png")?;
    let (x, y, width, height) = geometry(&stage, &window)?;
    assert!((x + width / 2 - 640).abs() <= 2, "{x} {width}");
    assert!((y + height / 2 - 450).abs() <= 32, "{y} {height}");
    let processes = window_processes(&stage.session);
    press(&stage, "Escape")?;
    wait_until_reaped(&processes)?;
    is_in_front(&stage, &other)?;

    // So does another window that is turned to, and the keys themselves.
    press(&stage, KEYS)?;
    in_front(&stage)?;
    let processes = window_processes(&stage.session);
    stage.session.xdotool(["windowactivate", "--sync", &other])?;
    wait_until_reaped(&processes)?;
    press(&stage, KEYS)?;
    in_front(&stage)?;
    stage.session.wait_until_drawn("Guise")?;
    let processes = window_processes(&stage.session);
    press(&stage, KEYS)?;
    wait_until_reaped(&processes)?;
    assert_eq!(window_processes(&stage.session), Vec::<u32>::new(), "it was opened again");

    // A left click and a program that a desktop starts by a key of its own do the same.
    let icon = stage.panel().wait_for_icons(1)?[0];
    stage.panel().left_click(icon)?;
    in_front(&stage)?;
    stage.session.wait_until_drawn("Guise")?;
    let processes = window_processes(&stage.session);
    press(&stage, "Escape")?;
    wait_until_reaped(&processes)?;
    let mut command = stage.guise()?.desktop();
    command.args(["--window", "switcher"]);
    let mut by_hand = stage.session.run("by-hand", command)?;
    assert!(by_hand.wait(LIMIT)?.success(), "{}", by_hand.log());
    in_front(&stage)?;
    stage.session.wait_until_drawn("Guise")?;
    let processes = window_processes(&stage.session);
    press(&stage, "Escape")?;
    wait_until_reaped(&processes)?;
    assert_eq!(processes_with(&stage.session, "WebKit"), Vec::<String>::new());
    stage.end()
}

#[test]
fn other_keys_are_had_at_once_and_keys_that_another_holds_are_said() -> Result<()> {
    let stage = Stage::set("switcher-keys")?;
    let (_desktop, item) = stage.start_in_tray()?;
    let guise = stage.guise()?;
    item.wait_for_menu("the keys", LIMIT, |menu| menu.find(&["Search… · Ctrl+Alt+Space"]).is_some())?;
    guise.tell(&["settings", "shortcut", "super+shift+k"])?;
    item.wait_for_menu("the other keys", LIMIT, |menu| menu.find(&["Search… · Shift+Super+K"]).is_some())?;
    assert!(guise.tell(&["doctor"]).unwrap_or_default().contains("`Shift+Super+K` opens the switcher"));
    press(&stage, KEYS)?;
    press(&stage, "super+shift+k")?;
    in_front(&stage)?;
    let processes = window_processes(&stage.session);
    assert_eq!(processes.len(), 1, "the old keys opened one too");
    press(&stage, "Escape")?;
    wait_until_reaped(&processes)?;

    // A second Guise wants what the first has.
    let second = stage.guise()?.at_home(&stage.session.home().join("second"));
    let _second = stage.session.run("second", second.desktop())?;
    second.wait_for_socket()?;
    let doctor = |guise: &Guise<'_>| guise.run(&["doctor"]).map(|answered| answered.stdout);
    let says = |guise: &Guise<'_>, what: &str| {
        stage.session.wait_for(what, LIMIT, || doctor(guise).ok().filter(|said| said.contains(what)))
    };
    says(&second, "`Ctrl+Alt+Space` opens the switcher")?;
    second.tell(&["settings", "shortcut", "Shift+Super+K"])?;
    says(&second, "another program holds the shortcut `Shift+Super+K`")?;
    guise.tell(&["settings", "shortcut", "none"])?;
    item.wait_for_menu("no keys", LIMIT, |menu| {
        menu.find(&["Search…"]).is_some_and(|entry| entry.label == "Search…")
    })?;
    says(&guise, "none is wanted")?;
    stage.end()
}

#[test]
fn a_switcher_that_waits_is_shown_and_hidden_and_goes_with_the_setting() -> Result<()> {
    let stage = Stage::set("switcher-warm")?;
    let (_desktop, item) = stage.start_in_tray()?;
    item.wait_for_menu("the keys", LIMIT, |menu| menu.find(&["Search… · Ctrl+Alt+Space"]).is_some())?;
    let (_other, other) = another_program(&stage.session)?;
    stage.guise()?.tell(&["settings", "keep_switcher_warm", "true"])?;
    let processes = stage.session.wait_for("a switcher that waits", LIMIT, || {
        Some(window_processes(&stage.session)).filter(|processes| processes.len() == 1)
    })?;
    for _ in 0..2 {
        press(&stage, KEYS)?;
        in_front(&stage)?;
        stage.session.wait_until_drawn("Guise")?;
        press(&stage, "Escape")?;
        is_in_front(&stage, &other)?;
        assert_eq!(stage.session.windows_titled("Guise"), Vec::<String>::new());
        assert_eq!(window_processes(&stage.session), processes, "another one was started");
    }
    press(&stage, KEYS)?;
    in_front(&stage)?;
    stage.session.xdotool(["windowactivate", "--sync", &other])?;
    stage.session.wait_for("the switcher out of sight", LIMIT, || {
        stage.session.windows_titled("Guise").is_empty().then_some(())
    })?;
    stage.guise()?.tell(&["settings", "keep_switcher_warm", "false"])?;
    wait_until_reaped(&processes)?;
    item.wait_for_menu("the roles", LIMIT, |menu| menu.find(&[ROLE]).is_some())?;
    stage.end()
}

#[test]
fn on_wayland_the_portal_has_the_keys_and_without_one_the_desktop_is_named() -> Result<()> {
    let stage = Stage::set("switcher-portal")?;
    let start = |name: &str, guise: &Guise<'_>| {
        let mut command = guise.desktop();
        // There is no compositor: windows still come by X11, as on a desktop that has both.
        command.env("WAYLAND_DISPLAY", "none");
        stage.session.run(name, command)
    };
    let guise = stage.guise()?;
    let without = start("without", &guise)?;
    let says = |what: &str| {
        stage.session.wait_for(what, LIMIT, || {
            guise.run(&["doctor"]).ok().filter(|answered| answered.stdout.contains(what))
        })
    };
    says("bind guise-desktop --window switcher to keys")?;
    drop(without);

    let portal = ShortcutsPortal::of(&stage.session)?;
    let desktop = start("guise-desktop", &guise)?;
    says("`Press <Ctrl><Alt>space` opens the switcher")?;
    assert_eq!(portal.wanted()?, ["CTRL+ALT+space"]);
    portal.press("a-token")?;
    in_front(&stage)?;
    let processes = window_processes(&stage.session);
    let environment = std::fs::read(format!("/proc/{}/environ", processes[0])).because("read it")?;
    assert!(String::from_utf8_lossy(&environment).contains("XDG_ACTIVATION_TOKEN=a-token\0"));
    press(&stage, "Escape")?;
    wait_until_reaped(&processes)?;
    assert_eq!(processes_with(&stage.session, "--portal-keys").len(), 1);
    guise.tell(&["settings", "shortcut", "F9"])?;
    stage.session.wait_for("the other keys", LIMIT, || {
        (portal.wanted().ok()? == ["CTRL+ALT+space", "F9"]).then_some(())
    })?;
    drop(desktop);
    crate::stage::wait_until_no_process(&stage.session, "guise-desktop")?;
    stage.end()
}

fn press(stage: &Stage, keys: &str) -> Result<()> {
    stage.session.xdotool(["key", keys]).map(drop)
}

/// A window of another program, which has the focus.
fn another_program(session: &DesktopSession) -> Result<(Program, String)> {
    let mut command = session.command("xmessage");
    command.args(["-title", "Another program", "-geometry", "300x100+100+600", "words"]);
    let program = session.run("other", command)?;
    let window = session.wait_for("the other program", LIMIT, || {
        session.windows_titled("Another program").into_iter().next()
    })?;
    session.xdotool(["windowactivate", "--sync", &window])?;
    Ok((program, window))
}

/// Waits until a window of Guise has the focus.
fn in_front(stage: &Stage) -> Result<String> {
    stage.session.wait_for("the switcher in front", LIMIT, || {
        let active = stage.session.xdotool(["getwindowfocus"]).ok()?.trim().to_owned();
        stage.session.windows_titled("Guise").contains(&active).then_some(active)
    })
}

fn is_in_front(stage: &Stage, window: &str) -> Result<()> {
    stage.session.wait_for("the other program in front", LIMIT, || {
        (stage.session.xdotool(["getactivewindow"]).ok()?.trim() == window).then_some(())
    })
}

/// Where a window is, and how large.
fn geometry(stage: &Stage, window: &str) -> Result<(i32, i32, i32, i32)> {
    let told = stage.session.xdotool(["getwindowgeometry", "--shell", window])?;
    let number = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.and_then(|text| text.parse().ok()).because(format_args!("no {name} in {told}"))
    };
    Ok((number("X")?, number("Y")?, number("WIDTH")?, number("HEIGHT")?))
}
