//! One agent a user, and which one that is.

use std::fs;
use std::time::{Duration, Instant};

use desktop_tests::{Result, SessionConfig, Signal};

use crate::stage::{LIMIT, ROLE, Stage, click, menu_of_live_session, processes_with, wait_until_no_process};

#[test]
fn a_second_start_shows_the_window_of_the_first_and_ends() -> Result<()> {
    let stage = Stage::set("second")?;
    let (_desktop, _item) = stage.start_in_tray()?;
    let guise = stage.guise()?;
    assert!(stage.session.windows_titled("Guise").is_empty());

    let mut second = stage.session.run("second", guise.desktop())?;

    assert!(second.wait(LIMIT)?.success(), "{}", second.log());
    stage.session.wait_until_drawn("Guise")?;
    stage.panel().wait_for_icons(1)?;
    stage.end()
}

#[test]
fn f18_fifty_starts_at_once_make_one_agent() -> Result<()> {
    let stage = Stage::set("fifty")?;
    let guise = stage.guise()?;
    let mut starts = Vec::new();
    for _ in 0..50 {
        starts.push(stage.session.run("start", guise.desktop())?);
    }
    stage.item()?;
    stage.session.wait_for("all of them but one to end", LIMIT * 2, || {
        let ended: Vec<_> = starts.iter_mut().filter_map(desktop_tests::Program::ended).collect();
        assert!(ended.iter().all(std::process::ExitStatus::success), "{ended:?}");
        (ended.len() == 49).then_some(())
    })?;
    assert_eq!(stage.panel().wait_for_icons(1)?.len(), 1);
    guise.add_ada(&stage.aws)?;
    stage.end()
}

#[test]
fn f18_an_agent_that_is_stopped_is_named_in_time_and_one_that_was_killed_is_replaced() -> Result<()> {
    let stage = Stage::set("wedged")?;
    let guise = stage.guise()?;
    let (mut desktop, _item) = stage.start_in_tray()?;
    let begun = Instant::now();
    assert!(stage.session.run("usual", guise.desktop())?.wait(LIMIT)?.success());
    let usual = begun.elapsed();

    desktop.signal(Signal::STOP)?;
    let begun = Instant::now();
    let mut second = stage.session.run("second", guise.desktop())?;
    assert_eq!(second.wait(LIMIT)?.code(), Some(1));
    assert!(begun.elapsed() < usual + Duration::from_secs(5), "{:?}, usual {usual:?}", begun.elapsed());
    assert!(second.log().contains("error: the agent did not answer within 2 seconds"), "{}", second.log());
    desktop.signal(Signal::CONT)?;
    guise.tell(&["credentials", "AWSEC2FULLACCESS"])?;

    desktop.signal(Signal::KILL)?;
    let _ = desktop.wait(LIMIT)?;
    assert!(guise.socket().exists(), "a dead socket is left");
    let _third = stage.session.run("third", guise.desktop())?;
    stage.item()?.wait_for_menu("the roles", LIMIT, |menu| menu.find(&[ROLE]).is_some())?;
    stage.end()
}

#[test]
fn an_agent_without_a_tray_makes_way_for_the_desktop() -> Result<()> {
    let stage = Stage::set("take-over")?;
    stage.without_browser()?;
    let guise = stage.guise()?;
    let mut trayless = guise.start_agent(&stage.session.log_dir())?;
    guise.add_ada(&stage.aws)?;
    guise.add_roles()?;
    guise.tell(&["credentials", "AWSEC2FULLACCESS"])?;

    let begun = Instant::now();
    let _desktop = stage.session.run("guise-desktop", guise.desktop())?;
    assert!(trayless.wait(LIMIT)?.success(), "{}", trayless.log());
    // It finishes with its callers first, and whoever comes in its place is none of them.
    assert!(begun.elapsed() < Duration::from_secs(3), "it made way after {:?}", begun.elapsed());

    let item = stage.item()?;
    item.wait_for_menu("the roles", LIMIT, |menu| menu.find(&[ROLE]).is_some())?;
    guise.tell(&["credentials", "AWSEC2FULLACCESS"])?;
    item.wait_for_menu("the session", LIMIT, |menu| menu.find(&["Sessions (1)"]).is_some())?;
    stage.end()
}

#[test]
fn the_command_line_opens_the_console_through_the_agent_of_the_desktop() -> Result<()> {
    let stage = Stage::set("command-line")?;
    let (_desktop, item) = stage.start_in_tray()?;

    stage.guise()?.tell(&["console", "AWSEC2FULLACCESS"])?;

    stage.wait_for_console()?;
    menu_of_live_session(&item)?;
    assert_eq!(processes_with(&stage.session, "agent --idle-minutes"), Vec::<String>::new());
    stage.end()
}

#[test]
fn the_agent_of_an_ordinary_user_is_closed_to_others_of_that_user() -> Result<()> {
    let config = SessionConfig { user: Some(65_534), ..SessionConfig::default() };
    let stage = Stage::set_with("user", config)?;
    let (mut desktop, item) = stage.start_in_tray()?;
    let guise = stage.guise()?;
    click(&item, &[ROLE])?;
    stage.wait_for_console()?;
    menu_of_live_session(&item)?;
    assert_eq!(processes_with(&stage.session, "WebKit"), Vec::<String>::new(), "the agent shows a web page");

    let id = desktop.id();
    let limits = fs::read_to_string(format!("/proc/{id}/limits")).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    assert_eq!(core.split_whitespace().rev().nth(1), Some("0"), "{core}");
    // What may be read of a process decides who may attach to it. The control is a program that is not closed.
    let reads = |process: u32, file: &str| -> Result<bool> {
        let mut command = stage.session.command("head");
        command.args(["-c", "1"]).arg(format!("/proc/{process}/{file}"));
        stage.session.run("read", command)?.wait(LIMIT).map(|status| status.success())
    };
    let open = stage.session.run("open", {
        let mut command = stage.session.command("sleep");
        command.arg("600");
        command
    })?;
    for file in ["environ", "maps", "auxv"] {
        assert!(reads(open.id(), file)?, "the control cannot be read: {file}");
        assert!(!reads(id, file)?, "{file} of the agent can be read");
    }

    // It may be gone before it has answered.
    let _ = click(&item, &["Quit Guise"]);
    assert!(desktop.wait(LIMIT)?.success());
    assert!(!guise.socket().exists());
    wait_until_no_process(&stage.session, "guise-desktop")?;
    stage.end()
}
