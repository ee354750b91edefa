//! What is asked on the way to a role: a code, whether production is meant, and how much of the role is wanted.

use std::time::Duration;

use desktop_tests::{
    Accessibility, Assistive, Because, Result, Seen, SessionConfig, TrayItem, finish_with, python_tool,
};

use crate::stage::{
    BROWSER, LIMIT, ROLE, Stage, click, processes_with, wait_until_no_process, wait_until_reaped,
    window_processes,
};
use crate::window::picture;

/// The tutorial's user who has an MFA device.
const GRACE: (&str, &str) = ("AKIASIMULATEDGRACE22", "SIMULATED/grace/not+a+real+secret/222222");

const CODE_TITLE: &str = "Guise: code for needs-code";
const PRODUCTION_TITLE: &str = "Guise: PRODUCTION, live";

/// The colour in `tokens.css` that only what went wrong is drawn in.
const DANGER_TEXT: [u8; 3] = [0x95, 0x0f, 0x18];

/// What is pressed before a question can have been read answers nothing.
const READS: Duration = Duration::from_secs(1);

/// Whether a question says what was wrong with the last answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Yes,
    No,
}

const CODE_ROLE: &str = "
[roles.needs-code]
arn = \"arn:aws:iam::111122223333:role/MfaRequired\"
source = \"grace\"
destination = \"ec2\"
mfa = \"direct\"
mfa_serial = \"arn:aws:iam::111122223333:mfa/grace\"
";

const PRODUCTION_ROLE: &str = "
[roles.live]
arn = \"arn:aws:iam::111122223333:role/AWSEC2FULLACCESS\"
source = \"ada\"
destination = \"ec2\"
production = true
";

#[test]
fn a_code_typed_into_the_window_opens_the_console() -> Result<()> {
    let stage = Stage::set_with("asks-code", read_aloud())?;
    let (_desktop, item) = stage.start_in_tray()?;
    add_grace(&stage)?;
    stage.guise()?.edit_catalog(CODE_ROLE)?;
    let role = ["acme-dev", "needs-code…"];
    item.wait_for_menu("the role, which asks", LIMIT, |menu| menu.find(&role).is_some())?;

    // Closed, it is a no, and nothing begins.
    click(&item, &role)?;
    wait_until_asked(&stage, Again::No)?;
    let processes = window_processes(&stage.session);
    stage.session.xdotool(["key", "alt+F4"])?;
    wait_until_reaped(&processes)?;
    wait_until_calm(&item)?;

    click(&item, &role)?;
    wait_until_asked(&stage, Again::No)?;
    picture(&stage, "asks-code.png")?;
    waits_for_focus(&stage, CODE_TITLE, "Code of six digits for needs-code")?;
    item.wait_for_menu("that it waits", LIMIT, |menu| {
        menu.find(&role).is_some_and(|role| role.label.contains("waiting for you…"))
    })?;
    assert!(stage.aws.calls("AssumeRole").is_empty(), "it began without its code");
    assert!(processes_with(&stage.session, "xdg-open").is_empty());

    // A wrong one first, as a person types it.
    let code = stage.aws.simulator().totp_now("grace").expect("grace has a device");
    let wrong: String = code.chars().map(|digit| char::from(b'0' + (digit as u8 - b'0' + 1) % 10)).collect();
    type_into(CODE_TITLE, &stage, &wrong)?;
    wait_until_asked(&stage, Again::Yes)?;
    picture(&stage, "asks-code-again.png")?;
    let code = stage.aws.simulator().totp_now("grace").expect("grace has a device");
    type_into(CODE_TITLE, &stage, &code)?;

    let page = stage.browser().wait_for_title("EC2 | eu-west-1", BROWSER)?;
    assert!(stage.text_of(&page)?.contains("assumed-role/MfaRequired/grace"));
    assert!(!page.title.contains("read-only"), "{}", page.title);
    picture(&stage, "asks-code-opened.png")?;
    wait_until_no_process(&stage.session, "--window prompt")?;
    stage.end()
}

#[test]
fn a_code_that_the_aws_cli_waits_for_is_typed_into_the_window_and_the_cli_goes_on() -> Result<()> {
    let stage = Stage::set_with("asks-for-cli", read_aloud())?;
    let (_desktop, item) = stage.start_in_tray()?;
    add_grace(&stage)?;
    stage.guise()?.edit_catalog(CODE_ROLE)?;
    item.wait_for_menu("the role, which asks", LIMIT, |menu| {
        menu.find(&["acme-dev", "needs-code…"]).is_some()
    })?;
    let guise = stage.guise()?.command(["credential-process", "needs-code"]);
    let words = std::iter::once(guise.get_program()).chain(guise.get_args());
    let process = words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
    let config = stage.session.home().join("aws-config");
    let profile = format!("[profile tool]\nregion = eu-west-1\ncredential_process = {process}\n");
    std::fs::write(&config, profile).because("write a profile")?;
    let tell = || -> Result<std::thread::JoinHandle<_>> {
        let mut aws = stage.session.command(python_tool("aws")?);
        aws.env("AWS_CONFIG_FILE", &config).args(["--profile", "tool", "--endpoint-url", stage.aws.url()]);
        aws.args(["sts", "get-caller-identity", "--query", "Arn", "--output", "text"]);
        Ok(std::thread::spawn(move || finish_with(aws, b"", BROWSER)))
    };

    // A no ends the tool with the reason, and not with a stack of its own.
    let waiting = tell()?;
    wait_until_asked(&stage, Again::No)?;
    let page = waits_for_focus(&stage, CODE_TITLE, "Code of six digits for needs-code")?;
    let text = page.to_string();
    let by = text.split_once("Wanted by").map_or("", |(_, by)| by);
    assert!(by.contains("aws"), "who wants it is not said:\n{page}");
    picture(&stage, "asks-for-cli.png")?;
    press(CODE_TITLE, &stage, "Escape")?;
    let finished = waiting.join().expect("no panic")?;
    assert!(!finished.status.success() && finished.stdout.is_empty(), "{}", finished.stderr);
    wait_until_calm(&item)?;

    let waiting = tell()?;
    wait_until_asked(&stage, Again::No)?;
    let code = stage.aws.simulator().totp_now("grace").expect("grace has a device");
    type_into(CODE_TITLE, &stage, &code)?;
    let finished = waiting.join().expect("no panic")?;
    let said = String::from_utf8_lossy(&finished.stdout).into_owned();
    assert!(said.contains("assumed-role/MfaRequired/grace"), "{said}{}", finished.stderr);
    // What is held is not asked for again.
    let again = tell()?.join().expect("no panic")?;
    assert_eq!(String::from_utf8_lossy(&again.stdout), said, "{}", again.stderr);
    assert_eq!(stage.aws.calls("AssumeRole").len(), 1);
    stage.end()
}

#[test]
fn production_is_marked_and_asked_about_and_opens_read_only() -> Result<()> {
    let stage = Stage::set_with("asks-production", read_aloud())?;
    let (_desktop, item) = stage.start_in_tray()?;
    stage.guise()?.edit_catalog(PRODUCTION_ROLE)?;
    let role = ["acme-dev", "live… · PRODUCTION"];
    item.wait_for_menu("the mark", LIMIT, |menu| menu.find(&role).is_some())?;

    click(&item, &role)?;
    stage.session.wait_until_drawn(PRODUCTION_TITLE)?;
    picture(&stage, "asks-production.png")?;
    let page = waits_for_focus(&stage, PRODUCTION_TITLE, "Cancel")?;
    let text = page.to_string();
    for part in ["PRODUCTION", "Open live?", "acme-dev (1111 2222 3333)", "read-only", "30 min"] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    // What is pressed unread is Cancel.
    press(PRODUCTION_TITLE, &stage, "Return")?;
    wait_until_calm(&item)?;
    wait_until_no_process(&stage.session, "--window prompt")?;
    assert!(stage.aws.calls("AssumeRole").is_empty(), "it began all the same");
    assert_eq!(stage.browser().opened()?, []);

    click(&item, &role)?;
    stage.session.wait_until_drawn(PRODUCTION_TITLE)?;
    press(PRODUCTION_TITLE, &stage, "shift+Tab")?;
    waits_for_focus(&stage, PRODUCTION_TITLE, "Open as production")?;
    press(PRODUCTION_TITLE, &stage, "Return")?;
    let page = stage.browser().wait_for_title("EC2 | eu-west-1", BROWSER)?;
    assert!(page.title.contains("read-only"), "{}", page.title);
    let text = stage.text_of(&page)?;
    assert!(text.contains("READ-ONLY") && text.contains("ReadOnlyAccess"), "{text}");
    item.wait_for_menu("the session, and what it may", LIMIT, |menu| {
        menu.find(&["Sessions (1)", "live · acme-dev · PRODUCTION · read-only"]).is_some()
    })?;
    let icon = stage.panel().wait_for_icons(1)?[0];
    stage.panel().open_menu(icon)?;
    picture(&stage, "production-menu.png")?;
    stage.panel().close_menus()?;

    // All of it, where the person has to type the role's name: another word is none.
    stage.guise()?.tell(&["settings", "production_confirm", "word"])?;
    click(&item, &["Open with full access", "live… · acme-dev · PRODUCTION"])?;
    let page = waits_for_focus(&stage, PRODUCTION_TITLE, "To go on, type live")?;
    assert!(page.to_string().contains("full access"), "{page}");
    type_into(PRODUCTION_TITLE, &stage, "yes")?;
    press(PRODUCTION_TITLE, &stage, "Return")?;
    stage.session.wait_for("the word refused", LIMIT, || {
        let page = Accessibility::of(&stage.session).ok()?.window(PRODUCTION_TITLE).ok()?;
        page.to_string().contains("That is not the name of the role").then_some(())
    })?;
    picture(&stage, "asks-word.png")?;
    assert_eq!(stage.aws.calls("AssumeRole").len(), 1, "it began without its word");
    type_into(PRODUCTION_TITLE, &stage, "live")?;
    press(PRODUCTION_TITLE, &stage, "Return")?;
    stage.session.wait_for("the console with all that the role may", LIMIT, || {
        let titles: Vec<String> = stage.browser().pages().ok()?.into_iter().map(|page| page.title).collect();
        titles.iter().any(|title| title.contains("EC2 |") && !title.contains("read-only")).then_some(())
    })?;
    wait_until_no_process(&stage.session, "--window prompt")?;
    stage.end()
}

#[test]
fn any_role_can_be_opened_read_only() -> Result<()> {
    let stage = Stage::set("read-only")?;
    let (_desktop, item) = stage.start_in_tray()?;
    let menu = item.menu()?;
    assert!(menu.find(&["Open with full access", "Billing… · acme-prod · PRODUCTION"]).is_some(), "{menu}");

    click(&item, &["Open read-only", "AWSEC2FULLACCESS · acme-dev"])?;
    let page = stage.browser().wait_for_title("EC2 | eu-west-1", BROWSER)?;
    assert!(page.title.contains("read-only"), "{}", page.title);
    item.wait_for_menu("the session, and what it may", LIMIT, |menu| {
        menu.find(&["Sessions (1)", "AWSEC2FULLACCESS · acme-dev · read-only"]).is_some()
    })?;

    // With all that it may it is another session.
    click(&item, &[ROLE])?;
    stage.session.wait_for("both consoles", LIMIT, || {
        let titles: Vec<String> = stage.browser().pages().ok()?.into_iter().map(|page| page.title).collect();
        titles.iter().any(|title| title.contains("EC2 |") && !title.contains("read-only")).then_some(())
    })?;
    assert_eq!(stage.aws.calls("AssumeRole").len(), 2);
    assert!(processes_with(&stage.session, "--window prompt").is_empty(), "nothing was to be asked");
    stage.end()
}

/// Waits until nothing waits for the person.
fn wait_until_calm(item: &TrayItem) -> Result<()> {
    item.wait_for_menu("nobody waiting", LIMIT, |menu| {
        let text = menu.to_string();
        // A no is no failure, either.
        !["waiting for you", "signing in", "⚠"].iter().any(|part| text.contains(part))
    })
    .map(drop)
}

/// Waits until a question stands in its window, with what went wrong before or without. It blinks and counts, so it is not waited
/// for that to stop.
fn wait_until_asked(stage: &Stage, again: Again) -> Result<()> {
    stage.session.wait_for("the question, drawn", LIMIT, || {
        let window = stage.session.windows_titled(CODE_TITLE).into_iter().next()?;
        let pixels = stage.session.pixels_of(&window)?;
        let is_drawn = pixels.chunks_exact(3).any(|pixel| pixel != &pixels[..3]);
        let is_red = pixels.chunks_exact(3).any(|pixel| pixel == DANGER_TEXT);
        (is_drawn && is_red == (again == Again::Yes)).then_some(())
    })
}

fn read_aloud() -> SessionConfig {
    SessionConfig { assistive: Assistive::Running, ..SessionConfig::default() }
}

/// Waits until a screen reader hears this of the focus, and returns all that it may read.
fn waits_for_focus(stage: &Stage, title: &str, name: &str) -> Result<Seen> {
    let reader = Accessibility::of(&stage.session)?;
    stage.session.wait_for(&format!("the focus on `{name}`"), LIMIT, || {
        let window = reader.window(title).ok()?;
        let on_it = window.focused().is_some_and(|focused| focused.name == name);
        on_it.then_some(window)
    })
}

fn type_into(title: &str, stage: &Stage, text: &str) -> Result<()> {
    focus(title, stage)?;
    std::thread::sleep(READS);
    stage.session.xdotool(["type", "--delay", "40", text]).map(drop)
}

fn press(title: &str, stage: &Stage, key: &str) -> Result<()> {
    focus(title, stage)?;
    std::thread::sleep(READS);
    stage.session.xdotool(["key", key]).map(drop)
}

/// Nothing is typed anywhere but there.
fn focus(title: &str, stage: &Stage) -> Result<()> {
    stage.session.wait_for(&format!("`{title}` in front"), LIMIT, || {
        let window = stage.session.windows_titled(title).into_iter().next()?;
        stage.session.xdotool(["windowactivate", "--sync", &window]).ok()?;
        let active = stage.session.xdotool(["getactivewindow"]).ok()?;
        (active.trim() == window).then_some(())
    })
}

fn add_grace(stage: &Stage) -> Result<()> {
    let (id, secret) = GRACE;
    stage.guise()?.add_user(&stage.aws, "grace", id, secret)
}
