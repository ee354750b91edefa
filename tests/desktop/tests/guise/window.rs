//! The manager: opened from the menu, used by keys, gone when it is closed.

use desktop_tests::{Accessibility, Because, Result, Signal, TrayItem};

use crate::accessible::{Person, read_aloud};
use crate::stage::{
    LIMIT, Stage, menu_of_live_session, open_manager, processes_with, wait_until_no_process,
    wait_until_reaped, window_processes,
};

#[test]
fn the_menu_opens_the_manager_and_its_keys_open_and_end_a_session() -> Result<()> {
    let stage = Stage::set("window")?;
    let (desktop, item) = stage.start_in_tray()?;
    assert_eq!(processes_with(&stage.session, "WebKit"), Vec::<String>::new());

    open_manager(&item)?;
    let window = stage.session.wait_until_drawn("Guise")?;
    picture(&stage, "manager.png")?;
    // The role at the top has the focus.
    stage.session.xdotool(["windowactivate", "--sync", &window, "key", "Return"])?;
    stage.wait_for_console()?;
    menu_of_live_session(&item)?;

    stage.session.xdotool(["windowactivate", "--sync", &window])?;
    stage.session.xdotool(["key", "ctrl+3"])?;
    stage.session.wait_until_drawn("Guise")?;
    picture(&stage, "sessions.png")?;
    stage.session.xdotool(["key", "e"])?;
    item.wait_for_menu("no session", LIMIT, |menu| menu.find(&["Sessions"]).is_none())?;
    stage.browser().wait_for_title("Signed out", LIMIT)?;

    // A second click brings the same window to the front.
    open_manager(&item)?;
    stage.session.wait_for("the window in front", LIMIT, || {
        let active = stage.session.xdotool(["getactivewindow"]).ok()?;
        (active.trim() == window).then_some(())
    })?;
    let processes = window_processes(&stage.session);
    assert_eq!(processes.len(), 1);
    assert!(!processes_with(&stage.session, "WebKitWebProcess").is_empty());

    stage.session.xdotool(["key", "alt+F4"])?;
    wait_until_reaped(&processes)?;
    wait_until_no_process(&stage.session, "WebKit")?;
    assert_eq!(processes_with(&stage.session, "guise-desktop").len(), 1, "the agent lives on");
    assert!(item.menu()?.find(&["Manage…"]).is_some());

    open_manager(&item)?;
    let again = stage.session.wait_until_drawn("Guise");
    picture(&stage, "again.png")?;
    assert_eq!(stage.session.windows_titled("Guise").len(), 1);
    again?;
    drop(desktop);
    wait_until_no_process(&stage.session, "WebKit")?;
    stage.end()
}

#[test]
fn a_window_that_crashes_takes_nothing_with_it() -> Result<()> {
    let stage = Stage::set("window-crash")?;
    stage.without_browser()?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.guise()?.tell(&["credentials", "AWSEC2FULLACCESS"])?;
    open_manager(&item)?;
    let window = stage.session.wait_until_drawn("Guise")?;

    let processes = window_processes(&stage.session);
    stage.session.xdotool(["windowkill", &window])?;
    wait_until_reaped(&processes)?;
    wait_until_no_process(&stage.session, "WebKit")?;

    item.wait_for_menu("the session", LIMIT, |menu| menu.find(&["Sessions (1)"]).is_some())?;
    open_manager(&item)?;
    stage.session.wait_until_drawn("Guise")?;
    stage.end()
}

#[test]
fn a_window_with_something_unsaved_asks_before_it_closes() -> Result<()> {
    let stage = Stage::set_with("window-unsaved", read_aloud())?;
    let (_desktop, item) = stage.start_in_tray()?;
    let person = writes_half_a_role(&stage, &item)?;
    let processes = window_processes(&stage.session);
    person.presses("alt+F4")?;
    let asks = person.waits_for("the question", |page| {
        page.focused()
            .is_some_and(|focused| focused.role == "push button" && focused.name.starts_with("Cancel"))
    })?;
    assert!(asks.all().iter().any(|each| each.name.contains("Close the window all the same?")), "{asks}");
    picture(&stage, "unsaved.png")?;
    person.presses("Escape")?;
    person.waits_for("the form again", |page| page.focused().is_some_and(|field| field.role == "entry"))?;
    person.presses("alt+F4")?;
    person
        .waits_for("the question", |page| page.focused().is_some_and(|it| it.name.starts_with("Cancel")))?;
    // The way out stands before the way back.
    person.presses("shift+Tab")?;
    person.waits_for("the way out", |page| page.focused().is_some_and(|it| it.name == "Discard changes"))?;
    person.presses("Return")?;
    wait_until_reaped(&processes)?;
    stage.end()
}

#[test]
fn a_page_whose_process_is_killed_begins_afresh_and_can_be_closed() -> Result<()> {
    let stage = Stage::set_with("page-killed", read_aloud())?;
    let (_desktop, item) = stage.start_in_tray()?;
    let person = writes_half_a_role(&stage, &item)?;
    let page = stage.session.processes().into_iter().find(|id| {
        let name = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        name.starts_with("WebKitWebProces")
    });
    let page = page.and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?));
    rustix::process::kill_process(page.because("a page")?, Signal::KILL).because("kill the page")?;
    stage.session.wait_for("the roles", LIMIT, || {
        let page = Accessibility::of(&stage.session).ok()?.window("Guise").ok()?;
        page.focused().filter(|focused| focused.name.starts_with("Open console as")).map(drop)
    })?;
    picture(&stage, "page-killed.png")?;
    let processes = window_processes(&stage.session);
    person.presses("alt+F4")?;
    wait_until_reaped(&processes)?;
    stage.end()
}

/// Has the manager opened, and a role's form with something in it that is not saved.
fn writes_half_a_role<'a>(stage: &'a Stage, item: &TrayItem) -> Result<Person<'a>> {
    open_manager(item)?;
    let person = Person::at(stage)?;
    person.presses("n")?;
    person.waits_for("the form", |page| page.focused().is_some_and(|field| field.role == "entry"))?;
    stage.session.xdotool(["type", "--delay", "60", "half"])?;
    Ok(person)
}

/// A picture for a person to look at, where one is wanted.
pub(crate) fn picture(stage: &Stage, name: &str) -> Result<()> {
    let Some(folder) = std::env::var_os("GUISE_DESKTOP_PICTURES") else { return Ok(()) };
    stage.session.screenshot(std::path::Path::new(&folder).join(name))
}
