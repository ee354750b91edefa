//! The switcher by real keys: a few letters or a link, Enter, and the browser is signed in.

use desktop_tests::{Accessibility, Assistive, Result, SessionConfig, State};

use crate::stage::{BROWSER, LIMIT, Stage, menu_of_live_session, wait_until_reaped, window_processes};
use crate::window::picture;

const TITLE: &str = "Guise: switch role";
/// As several sessions in one browser have it, which is good for that browser alone.
const LINK: &str =
    "https://111122223333-abcd1234.eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions";

#[test]
fn a_few_letters_and_enter_sign_the_browser_in_and_a_pasted_link_opens_its_page() -> Result<()> {
    let assistive = SessionConfig { assistive: Assistive::Running, ..SessionConfig::default() };
    let stage = Stage::set_with("switching", assistive)?;
    let (_desktop, item) = stage.start_in_tray()?;

    open(&stage)?;
    picture(&stage, "switcher.png")?;
    type_into(&stage, "ec2 dev")?;
    let reader = Accessibility::of(&stage.session)?;
    stage.session.wait_for("the role that was found, for a reader", LIMIT, || {
        let window = reader.window(TITLE).ok()?.to_string();
        window.contains("AWSEC2FULLACCESS, acme-dev, 1111 2222 3333").then_some(())
    })?;
    // The field and the list that it moves in are all that there is, and both say what they are.
    let window = reader.window(TITLE)?;
    let field = window.focused().expect("something has the focus");
    assert!(!field.name.is_empty() && field.is(State::Focusable), "{window}");
    let list = window.first("list box").expect("a list");
    assert!(!list.name.is_empty(), "{window}");
    let unnamed: Vec<&str> = window
        .all()
        .into_iter()
        .filter(|each| each.is(State::Focusable) && each.name.is_empty())
        .map(|each| each.role.as_str())
        .filter(|role| !["frame", "document web", "scroll pane"].contains(role))
        .collect();
    assert_eq!(unnamed, Vec::<&str>::new(), "{window}");
    picture(&stage, "switcher-found.png")?;
    let processes = window_processes(&stage.session);
    press(&stage, "Return")?;
    stage.wait_for_console()?;
    menu_of_live_session(&item)?;
    wait_until_reaped(&processes)?;

    // The link names its account, and its page opens in the session that is there.
    open(&stage)?;
    stage.session.set_clipboard(LINK)?;
    press(&stage, "ctrl+v")?;
    stage.session.wait_for("the roles that can open it", LIMIT, || {
        let window = reader.window(TITLE).ok()?.to_string();
        (window.contains("lambda/home#/functions") && window.contains("AWSEC2FULLACCESS")).then_some(())
    })?;
    picture(&stage, "switcher-link.png")?;
    press(&stage, "Return")?;
    let page = stage.browser().wait_for_title("Lambda | eu-west-1", BROWSER)?;
    assert!(stage.text_of(&page)?.contains("assumed-role/AWSEC2FULLACCESS/ada"));
    assert_eq!(stage.aws.calls("AssumeRole").len(), 1, "the session that was there does");

    // What was opened is offered, and what is chosen is opened.
    open(&stage)?;
    press(&stage, "Right")?;
    stage.session.wait_for("the pages", LIMIT, || {
        let window = reader.window(TITLE).ok()?.to_string();
        (window.contains("lambda/home#/functions, recent") && window.contains("DynamoDB")).then_some(())
    })?;
    picture(&stage, "switcher-pages.png")?;
    type_into(&stage, "dynamo")?;
    press(&stage, "Return")?;
    stage.browser().wait_for_title("DynamoDB | eu-west-1", BROWSER)?;
    stage.end()
}

/// Opens the switcher as a key of the desktop's own does.
fn open(stage: &Stage) -> Result<()> {
    stage.session.wait_for("the last switcher to be gone", LIMIT, || {
        stage.session.windows_titled(TITLE).is_empty().then_some(())
    })?;
    let mut command = stage.guise()?.desktop();
    command.args(["--window", "switcher"]);
    let _asking = stage.session.run("guise-desktop-switcher", command)?;
    let window = stage.session.wait_until_drawn(TITLE)?;
    stage.session.xdotool(["windowactivate", "--sync", &window])?;
    Ok(())
}

fn type_into(stage: &Stage, text: &str) -> Result<()> {
    in_front(stage)?;
    stage.session.xdotool(["type", "--delay", "40", text]).map(drop)
}

fn press(stage: &Stage, key: &str) -> Result<()> {
    in_front(stage)?;
    stage.session.xdotool(["key", key]).map(drop)
}

/// Nothing is typed anywhere but there.
fn in_front(stage: &Stage) -> Result<()> {
    stage.session.wait_for("the switcher in front", LIMIT, || {
        let window = stage.session.windows_titled(TITLE).into_iter().next()?;
        let active = stage.session.xdotool(["getactivewindow"]).ok()?;
        (active.trim() == window).then_some(())
    })
}
