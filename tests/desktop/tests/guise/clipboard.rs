//! Copies: that they work, and that they do not stay.

use std::time::{Duration, Instant};

use desktop_tests::{Result, finish_with};

use crate::stage::{BROWSER, IDENTITY, LIMIT, Stage, aws_cli, click, open_manager, sent_on, wait_until_idle};

/// The shortest that a copy may stay, so that a test need not wait long.
const STAYS: Duration = Duration::from_secs(5);
const SHORT: &str = "\n[settings]\nclipboard_seconds = 5\n";
const COPY: [&str; 2] = ["Copy credentials", "AWSEC2FULLACCESS"];

fn wait_for_copy(stage: &Stage, part: &str) -> Result<String> {
    stage.session.wait_for("a copy on the clipboard", LIMIT, || {
        stage.session.clipboard().ok().filter(|text| text.contains(part))
    })
}

#[test]
fn copied_credentials_work_with_the_aws_cli_and_are_cleared_in_time() -> Result<()> {
    let stage = Stage::set("copy")?;
    stage.without_browser()?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.guise()?.edit_catalog(SHORT)?;

    stage.panel().choose(&item, &COPY)?;

    let copied = wait_for_copy(&stage, "export AWS_SESSION_TOKEN=")?;
    let begun = Instant::now();
    assert!(copied.contains("export AWS_ACCESS_KEY_ID="), "no key id");
    let targets = stage.session.clipboard_targets();
    assert!(targets.contains(&"x-kde-passwordManagerHint".to_owned()), "{targets:?}");
    assert_eq!(stage.session.clipboard_as("x-kde-passwordManagerHint")?, b"secret");

    stage.session.wait_for("an empty clipboard", LIMIT, || {
        stage.session.clipboard().map_or(true, |text| text.is_empty()).then_some(())
    })?;
    assert!(begun.elapsed() > STAYS / 2, "cleared after {:?}", begun.elapsed());
    assert!(begun.elapsed() < STAYS * 2, "cleared after {:?}", begun.elapsed());

    // What was copied still works, as a copy in a terminal does.
    let mut shell = stage.session.command("sh");
    shell.arg("-s");
    let script = format!(
        "{copied}\nexec '{}' sts get-caller-identity --output text --region eu-west-1 --endpoint-url {}\n",
        aws_cli().display(),
        stage.aws.url()
    );
    let finished = finish_with(shell, script.as_bytes(), BROWSER)?;
    let identity = String::from_utf8_lossy(&finished.stdout).into_owned();
    assert!(identity.contains(IDENTITY), "{identity}{}", finished.stderr);
    assert_eq!(stage.browser().opened()?, []);
    stage.end()
}

#[test]
fn what_another_program_copied_is_left_alone() -> Result<()> {
    let stage = Stage::set("copy-foreign")?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.guise()?.edit_catalog(SHORT)?;
    click(&item, &COPY)?;
    wait_for_copy(&stage, "AWS_SESSION_TOKEN")?;
    let begun = Instant::now();

    stage.session.set_clipboard("somebody else's text")?;

    // Nothing announces that nothing happens: the time that a copy stays has to pass.
    stage.session.wait_for("the time to pass", LIMIT, || (begun.elapsed() > STAYS * 3 / 2).then_some(()))?;
    assert_eq!(stage.session.clipboard()?, "somebody else's text");
    stage.end()
}

#[test]
fn quitting_in_the_tray_clears_the_copy_and_leaves_nothing_behind() -> Result<()> {
    let stage = Stage::set("quit")?;
    let (mut desktop, item) = stage.start_in_tray()?;
    let guise = stage.guise()?;
    click(&item, &COPY)?;
    wait_for_copy(&stage, "AWS_SESSION_TOKEN")?;
    open_manager(&item)?;
    stage.session.wait_until_drawn("Guise")?;

    stage.panel().choose(&item, &["Quit Guise"])?;

    assert!(desktop.wait(LIMIT)?.success());
    assert!(stage.session.clipboard().map_or(true, |text| text.is_empty()), "the copy is still there");
    assert!(!guise.socket().exists());
    crate::stage::wait_until_no_process(&stage.session, "guise-desktop")?;
    crate::stage::wait_until_no_process(&stage.session, "WebKit")?;
    stage.panel().wait_for_icons(0)?;
    stage.end()
}

#[test]
fn a_copied_sign_in_address_signs_in_whoever_opens_it() -> Result<()> {
    let stage = Stage::set("copy-address")?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.guise()?.tell(&["credentials", "AWSEC2FULLACCESS"])?;
    let menu = item.wait_for_menu("the session", LIMIT, |menu| menu.find(&["Sessions (1)"]).is_some())?;

    item.click(menu.entry(&["Sessions (1)", "AWSEC2FULLACCESS", "Copy sign-in URL"])?.id)?;

    let address = wait_for_copy(&stage, "SigninToken=")?;
    assert!(address.starts_with(&format!("{}/federation?Action=login", stage.aws.url())), "{address}");
    let targets = stage.session.clipboard_targets();
    assert!(targets.contains(&"x-kde-passwordManagerHint".to_owned()), "{targets:?}");
    wait_until_idle(&item)?;
    assert_eq!(stage.aws.simulator().console_visits(), []);
    sent_on(&address)?;
    let visits = stage.aws.simulator().console_visits();
    assert_eq!(visits.len(), 1);
    assert_eq!(visits[0].identity, IDENTITY);
    stage.end()
}
