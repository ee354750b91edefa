//! What does not work, and how the person hears of it.

use std::time::{Duration, Instant};

use aws_sim::{Fault, FaultKind, FaultTarget};
use desktop_tests::{EC2_ROLE, Notifications, Opener, Result};

use crate::stage::{BROWSER, LIMIT, ROLE, Stage, click, menu_of_live_session};

#[test]
fn a_role_that_is_refused_is_explained_everywhere_until_it_works() -> Result<()> {
    let stage = Stage::set("refused")?;
    let notifications = Notifications::of(&stage.session)?;
    stage.aws.trust(EC2_ROLE, "nobody")?;
    let (_desktop, item) = stage.start_in_tray()?;
    let idle = item.icon_bytes()?;

    click(&item, &[ROLE])?;

    let page = stage.browser().wait_for_title("Not signed in", BROWSER)?;
    let text = stage.text_of(&page)?;
    assert!(text.contains("AWS refused to let ada assume AWSEC2FULLACCESS"), "{text}");
    assert!(text.contains("trust policy must name arn:aws:iam::111122223333:user/ada"), "{text}");
    let notice = notifications.wait_for("AWSEC2FULLACCESS: it did not work", LIMIT)?;
    assert!(notice.body.contains("trust policy"), "{notice:?}");
    assert_eq!(notice.urgency, Some(2));
    item.wait_for_menu("the warning", LIMIT, |menu| {
        menu.find(&[ROLE]).is_some_and(|role| role.label.contains("⚠ AWS refused"))
    })?;
    stage.session.wait_for("another icon", LIMIT, || (item.icon_bytes().ok()? != idle).then_some(()))?;

    stage.aws.trust(EC2_ROLE, "ada")?;
    click(&item, &[ROLE])?;
    stage.wait_for_console()?;
    let menu = menu_of_live_session(&item)?;
    assert!(!menu.to_string().contains('⚠'), "{menu}");
    assert_eq!(notifications.shown().len(), 1, "{:?}", notifications.shown());
    stage.end()
}

#[test]
fn a_start_from_the_menu_that_fails_is_told_by_a_notification() -> Result<()> {
    let stage = Stage::set("no-start")?;
    let notifications = Notifications::of(&stage.session)?;
    let mut command = stage.guise()?.desktop();
    command.env("GUISE_LOG", "loud");

    let mut desktop = stage.session.run("guise-desktop", command)?;

    let notice = notifications.wait_for("Guise did not start", LIMIT)?;
    assert!(notice.body.contains("`loud`"), "{notice:?}");
    assert_eq!(notice.urgency, Some(2));
    assert!(!desktop.wait(LIMIT)?.success());
    Ok(())
}

#[test]
fn a_missing_browser_is_told_by_a_notification() -> Result<()> {
    let stage = Stage::set("no-browser")?;
    let notifications = Notifications::of(&stage.session)?;
    stage.browser().set_opener(Opener::Fails)?;
    let (_desktop, item) = stage.start_in_tray()?;

    click(&item, &[ROLE])?;

    let notice = notifications.wait_for("AWSEC2FULLACCESS: it did not work", LIMIT)?;
    assert!(notice.body.contains("no browser could be started"), "{notice:?}");
    assert!(notice.body.contains("set a default browser"), "{notice:?}");
    item.wait_for_menu("the warning", LIMIT, |menu| menu.to_string().contains("⚠ no browser"))?;
    stage.end()
}

#[test]
fn a_slow_aws_is_told_after_two_seconds_and_the_browser_does_not_wait_for_it() -> Result<()> {
    let stage = Stage::set("slow")?;
    let notifications = Notifications::of(&stage.session)?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.aws.simulator().fault(Fault::once(FaultTarget::Sts, FaultKind::Slow { ms: 4_000 }));

    let clicked = Instant::now();
    click(&item, &[ROLE])?;

    stage.wait_for_opened(1)?;
    assert!(stage.aws.calls("AssumeRole").is_empty(), "the browser waited for STS");
    item.wait_for_menu("the work", LIMIT, |menu| menu.to_string().contains("signing in…"))?;
    let notice = notifications.wait_for("AWSEC2FULLACCESS: signing in…", LIMIT)?;
    let after = notice.at - clicked;
    assert!(after > Duration::from_millis(1_900) && after < Duration::from_secs(4), "after {after:?}");
    assert!(stage.aws.calls("AssumeRole").is_empty(), "it came after the answer");
    stage.wait_for_console()?;
    let menu = menu_of_live_session(&item)?;
    assert!(!menu.to_string().contains("signing in…"), "{menu}");
    stage.end()
}

/// Where a window is on the screen.
#[derive(Debug)]
struct Frame {
    x: i32,
    y: i32,
    width: i32,
    height: i32,
}

impl Frame {
    fn of(stage: &Stage, window: &str) -> Result<Frame> {
        let told = stage.session.xdotool(["getwindowgeometry", "--shell", window])?;
        let of = |key: &str| {
            let value = told.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            value.and_then(|value| value.parse().ok()).expect("a number")
        };
        Ok(Frame { x: of("X"), y: of("Y"), width: of("WIDTH"), height: of("HEIGHT") })
    }

    fn holds(&self, x: i32, y: i32) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }
}

#[test]
fn a_locked_keychain_asks_and_the_browser_starts_when_it_was_answered() -> Result<()> {
    const TITLE: &str = "Guise: the keychain is locked";
    let stage = Stage::set("locked")?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.session.lock_keyring()?;

    click(&item, &[ROLE])?;

    stage.session.wait_for_keyring_prompt()?;
    // Ours says what for, and takes neither the keys nor the place of the keychain's own.
    stage.session.wait_for("the window that says so", LIMIT, || {
        (!stage.session.windows_titled(TITLE).is_empty()).then_some(())
    })?;
    let window = stage.session.wait_until_drawn(TITLE)?;
    crate::window::picture(&stage, "keychain-waits.png")?;
    let ours = Frame::of(&stage, &window)?;
    let theirs = stage.session.windows_titled("Unlock");
    let theirs = Frame::of(&stage, theirs.first().expect("the keychain's dialog"))?;
    // Its foot, where the way out is, is not behind the keychain's dialog.
    assert!(!theirs.holds(ours.x + ours.width - 60, ours.y + ours.height - 30), "{ours:?} {theirs:?}");
    let focused = stage.session.xdotool(["getwindowfocus", "getwindowname"]).unwrap_or_default();
    assert!(!focused.starts_with("Guise"), "{focused}");
    item.wait_for_menu("the wait", LIMIT, |menu| menu.to_string().contains("waiting for the keychain…"))?;
    assert_eq!(stage.browser().opened()?, []);
    assert!(stage.aws.calls("AssumeRole").is_empty());
    stage.session.answer_keyring_prompt()?;
    stage.session.wait_for("the window to go by itself", LIMIT, || {
        stage.session.windows_titled(TITLE).is_empty().then_some(())
    })?;
    stage.wait_for_console()?;
    menu_of_live_session(&item)?;
    stage.end()
}

#[test]
fn a_keychain_that_stays_locked_ends_the_matter() -> Result<()> {
    let stage = Stage::set("stays-locked")?;
    let notifications = Notifications::of(&stage.session)?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.session.lock_keyring()?;

    click(&item, &[ROLE])?;
    stage.session.cancel_keyring_prompt()?;

    let notice = notifications.wait_for("AWSEC2FULLACCESS: it did not work", LIMIT)?;
    assert!(notice.body.contains("the keychain is locked, and nobody unlocked it"), "{notice:?}");
    assert_eq!(stage.browser().opened()?, []);
    stage.end()
}
