//! The main job: one click, and the browser is in the console as that role.

use desktop_tests::{ArgvWatch, Canaries, Result, TrayItem};

use crate::stage::{LIMIT, ROLE, Stage, click, menu_of_live_session};

#[test]
fn one_click_in_the_tray_opens_the_console_and_no_process_ever_held_a_secret() -> Result<()> {
    let stage = Stage::set("one-click")?;
    let watch = ArgvWatch::start();
    let (_desktop, item) = stage.start_in_tray()?;
    let idle = item.icon_bytes()?;
    assert!(!idle.is_empty());
    assert!(item.menu()?.find(&["Sessions"]).is_none());

    click(&item, &[ROLE])?;

    stage.wait_for_console()?;
    let menu = menu_of_live_session(&item)?;
    let session = menu.entry(&["Sessions (1)", "AWSEC2FULLACCESS"])?;
    assert!(session.label.contains("acme-dev · 59 min left") || session.label.contains("1 h left"), "{menu}");
    assert!(menu.find(&["Sessions (1)", "AWSEC2FULLACCESS", "Go to ec2 in eu-west-1"]).is_some(), "{menu}");
    stage.session.wait_for("another icon", LIMIT, || (item.icon_bytes().ok()? != idle).then_some(()))?;
    assert_eq!(stage.aws.calls("AssumeRole").len(), 1);
    assert_eq!(stage.aws.calls("AssumeRole")[0].session_name.as_deref(), Some("ada"));

    let opened = stage.wait_for_opened(1)?;
    let rest = opened.strip_prefix("http://127.0.0.1:").expect("a loopback address");
    let (port, nonce) = rest.split_once('/').expect("a nonce");
    assert!(port.parse::<u16>().is_ok_and(|port| port > 0), "{opened}");
    assert!(nonce.len() == 64 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit()), "{opened}");

    let seen = watch.stop();
    assert!(!seen.with_argument(&opened).is_empty(), "the watch missed the browser");
    assert!(!seen.with_argument("--secret-stdin").is_empty(), "the watch missed the command line");
    let leaks = seen.search(&Canaries::new(stage.aws.secrets()));
    assert!(leaks.is_empty(), "{leaks:?}");
    stage.end()
}

#[test]
fn the_same_by_event_group_and_by_mouse_and_keys_on_the_real_panel() -> Result<()> {
    let stage = Stage::set("mouse")?;
    let (_desktop, item) = stage.start_in_tray()?;
    let role =
        |item: &TrayItem| -> Result<i32> { Ok(item.menu()?.entry(&["acme-dev", "AWSEC2FULLACCESS"])?.id) };

    item.click_group(role(&item)?)?;
    stage.wait_for_console()?;
    menu_of_live_session(&item)?;

    // Another page of the same browser, with the same session.
    let before = stage.browser().pages()?.len();
    stage.panel().choose(&item, &[ROLE])?;
    stage.session.wait_for("another console page", LIMIT, || {
        let pages = stage.browser().pages().ok()?;
        let consoles = pages.iter().filter(|page| page.title.contains("EC2 | eu-west-1"));
        (pages.len() > before && consoles.count() == 2).then_some(())
    })?;
    stage.wait_for_opened(2)?;
    assert_eq!(stage.aws.calls("AssumeRole").len(), 1, "the session was not reused");
    stage.end()
}

#[test]
fn ending_the_session_in_the_tray_is_the_way_back() -> Result<()> {
    let stage = Stage::set("end")?;
    let (_desktop, item) = stage.start_in_tray()?;
    click(&item, &[ROLE])?;
    stage.wait_for_console()?;
    menu_of_live_session(&item)?;

    // By the real panel: a third menu behind two others.
    stage.panel().choose(&item, &["Sessions (1)", "AWSEC2FULLACCESS", "End (copies stay valid until"])?;

    stage.browser().wait_for_title("Signed out", LIMIT)?;
    item.wait_for_menu("no session", LIMIT, |menu| menu.find(&["Sessions"]).is_none())?;
    assert!(stage.aws.simulator().console_visits().is_empty());
    assert!(!item.menu()?.entry(&[ROLE])?.label.contains("open until"));
    stage.wait_for_opened(2)?;

    // The next click is a new session.
    click(&item, &[ROLE])?;
    menu_of_live_session(&item)?;
    assert_eq!(stage.aws.calls("AssumeRole").len(), 2);
    stage.end()
}

#[test]
fn a_session_whose_console_was_not_opened_ends_without_the_browser() -> Result<()> {
    let stage = Stage::set("end-unopened")?;
    stage.without_browser()?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.guise()?.tell(&["credentials", "AWSEC2FULLACCESS"])?;
    let menu = item.wait_for_menu("the session", LIMIT, |menu| menu.find(&["Sessions (1)"]).is_some())?;

    item.click(menu.entry(&["Sessions (1)", "AWSEC2FULLACCESS", "End"])?.id)?;

    item.wait_for_menu("no session", LIMIT, |menu| menu.find(&["Sessions"]).is_none())?;
    assert_eq!(stage.browser().opened()?, []);
    stage.end()
}
