//! The window for somebody who does not see it, who has no mouse, who needs large text, or who likes it dark.

use std::process::Command;

use desktop_tests::{
    Accessibility, Assistive, ColorScheme, EC2_ROLE, Result, Seen, SessionConfig, SettingsPortal, State,
    finish_with,
};

use crate::stage::{LIMIT, Stage, open_manager, wait_until_reaped, window_processes};

const READ_ONLY: &str = "arn:aws:iam::111122223333:role/ReadOnly";
const OPEN_EC2: &str = "Open console as AWSEC2FULLACCESS in acme-dev";
const OPEN_READ_ONLY: &str = "Open console as ReadOnly in acme-dev";

/// A person with a screen reader and a keyboard.
pub(crate) struct Person<'a> {
    stage: &'a Stage,
    reader: Accessibility,
}

impl<'a> Person<'a> {
    /// Sits down at a window that has opened, and waits until the focus is on the first role.
    pub(crate) fn at(stage: &'a Stage) -> Result<Self> {
        Self::before(stage, OPEN_EC2)
    }

    /// The same where the focus is on something else at first.
    pub(crate) fn before(stage: &'a Stage, first: &str) -> Result<Self> {
        let window = stage.session.wait_until_drawn("Guise")?;
        stage.session.xdotool(["windowactivate", "--sync", &window])?;
        let person = Self { stage, reader: Accessibility::of(&stage.session)? };
        person.waits_for_focus(first)?;
        Ok(person)
    }

    /// The page, as it is now.
    pub(crate) fn page(&self) -> Result<Seen> {
        let window = self.reader.window("Guise")?;
        let page = window.all().into_iter().find(|each| each.role == "document web").cloned();
        Ok(page.expect("a page in the window"))
    }

    pub(crate) fn presses(&self, key: &str) -> Result<()> {
        self.stage.session.xdotool(["key", key]).map(drop)
    }

    /// What has the focus; the page itself where nothing on it has.
    pub(crate) fn focus(&self) -> Result<String> {
        Ok(self.page()?.focused().map(|each| each.name.clone()).unwrap_or_default())
    }

    pub(crate) fn waits_for_focus(&self, name: &str) -> Result<()> {
        self.waits_for(&format!("the focus on `{name}`"), |page| {
            page.focused().is_some_and(|focused| focused.name == name)
        })
        .map(drop)
    }

    /// Waits until the page is so; a failure shows it.
    pub(crate) fn waits_for(&self, what: &str, is_it: impl Fn(&Seen) -> bool) -> Result<Seen> {
        let found = self.stage.session.wait_for(what, LIMIT, || self.page().ok().filter(|page| is_it(page)));
        found.map_err(|error| match self.page() {
            Ok(page) => desktop_tests::DesktopError::new(format!("{error}\n{page}")),
            Err(_) => error,
        })
    }

    /// Presses a key again and again; what has the focus after each, until it is back where it began. Between the page's last
    /// stop and its first it is on the window itself, as with every web view.
    fn goes_round_by(&self, key: &str) -> Result<Vec<String>> {
        let begun = self.focus()?;
        let mut stops = Vec::new();
        let mut last = begun.clone();
        for _ in 0..30 {
            self.presses(key)?;
            let now = self.stage.session.wait_for(&format!("the focus to leave `{last}`"), LIMIT, || {
                self.focus().ok().filter(|now| *now != last)
            })?;
            if !now.is_empty() {
                stops.push(now.clone());
            }
            if now == begun {
                break;
            }
            last = now;
        }
        Ok(stops)
    }
}

pub(crate) fn read_aloud() -> SessionConfig {
    SessionConfig { assistive: Assistive::Running, ..SessionConfig::default() }
}

/// The headings of a page, as its outline.
fn headings(page: &Seen) -> Vec<String> {
    let headings = page.all().into_iter().filter(|each| each.role == "heading");
    headings
        .map(|each| {
            let level = each.attributes.get("level").map(String::as_str).unwrap_or_default();
            format!("{level} {}", each.name)
        })
        .collect()
}

/// Everything that can have the focus has a name, and is of a kind that a screen reader knows how to use.
pub(crate) fn everything_is_named(page: &Seen) {
    let stops: Vec<&Seen> = page.all().into_iter().filter(|each| each.is(State::Focusable)).collect();
    assert!(stops.len() > 3, "{page}");
    for each in stops {
        assert!(!each.name.is_empty(), "a `{}` without a name\n{page}", each.role);
        let known = [
            "document web",
            "landmark",
            "push button",
            "entry",
            "combo box",
            "check box",
            "radio button",
            "page tab",
            "page tab list",
            "panel",
            "password text",
            "list item",
            "toggle button",
            "heading",
        ];
        assert!(known.contains(&each.role.as_str()), "`{}` is a `{}`\n{page}", each.name, each.role);
    }
}

/// A picture for a person to look at, where one is wanted.
fn picture(stage: &Stage, name: &str) -> Result<()> {
    let Some(folder) = std::env::var_os("GUISE_DESKTOP_PICTURES") else { return Ok(()) };
    stage.session.screenshot(std::path::Path::new(&folder).join(name))
}

#[test]
fn every_pane_is_read_by_names_and_headings_and_the_keyboard_does_the_whole_job() -> Result<()> {
    let stage = Stage::set_with("accessible", read_aloud())?;
    stage.without_browser()?;
    stage.aws.trust(READ_ONLY, "ada")?;
    let (_desktop, item) = stage.start_in_tray()?;
    open_manager(&item)?;
    let person = Person::at(&stage)?;

    hears_the_roles(&person)?;
    tabs_round_the_window(&person)?;
    uses_a_role_by_keys(&person)?;
    ends_a_session(&person)?;
    reaches_the_sources(&person)?;
    finds_a_role_that_fails(&person)?;
    // The icon's state is in its name, not in its picture alone.
    let name = "Guise: something did not work";
    stage.session.wait_for("the icon's name", LIMIT, || (item.title().ok()? == name).then_some(()))?;
    stage.end()
}

/// What is read of the roles, and in which order.
fn hears_the_roles(person: &Person<'_>) -> Result<()> {
    let page = person.page()?;
    assert_eq!(page.name, "Guise · Roles");
    assert_eq!(person.reader.language("Guise")?, "en");
    everything_is_named(&page);
    assert_eq!(
        headings(&page),
        [
            "1 Roles",
            "2 acme-dev 1111 2222 3333",
            "3 Favourite AWSEC2FULLACCESS",
            "3 ReadOnly",
            "2 acme-prod 4444 5555 6666 PRODUCTION",
            "3 Billing",
        ]
    );
    let list = page.all().into_iter().find(|each| each.role == "table" && each.name == "Roles");
    let count = list.and_then(|list| list.attributes.get("rowcount").cloned());
    assert_eq!(count.as_deref(), Some("5"), "three roles under two accounts\n{page}");
    assert!(page.find("push button", "Open console as Billing in acme-prod, PRODUCTION").is_some(), "{page}");
    Ok(())
}

/// Tab goes the way that the eye goes, and round; so does Shift Tab, the other way.
fn tabs_round_the_window(person: &Person<'_>) -> Result<()> {
    let row = |role: &str, account: &str| {
        [
            format!("Open read-only as {role} in {account}"),
            format!("Copy credentials of {role} in {account}"),
            format!("Details of {role}"),
        ]
    };
    let panes = ["Roles", "Sources", "Sessions", "Journal", "Settings", "Import and export", "About"];
    let head = ["Find a role", "New role", "Group by Account", "Sort by Role"];
    let mut round = row("AWSEC2FULLACCESS", "acme-dev").to_vec();
    round.extend(panes.into_iter().chain(head).map(str::to_owned));
    round.push("Sorted ascending: turn around".to_owned());
    round.push("Select AWSEC2FULLACCESS".to_owned());
    round.push(OPEN_EC2.to_owned());
    assert_eq!(person.goes_round_by("Tab")?, round);
    picture(person.stage, "focus-on-a-role.png")?;
    round.pop();
    round.reverse();
    round.push(OPEN_EC2.to_owned());
    assert_eq!(person.goes_round_by("shift+Tab")?, round);
    Ok(())
}

/// The arrows move between roles; details open and close; a copy says so and moves nothing.
fn uses_a_role_by_keys(person: &Person<'_>) -> Result<()> {
    person.presses("Down")?;
    person.waits_for_focus(OPEN_READ_ONLY)?;
    person.presses("Right")?;
    person.waits_for("open details", |page| {
        let opened = page.find("push button", "Details of ReadOnly");
        opened.is_some_and(|each| each.is(State::Expanded)) && page.to_string().contains(READ_ONLY)
    })?;
    person.presses("Left")?;
    person.waits_for("closed details", |page| {
        let closed = page.find("push button", "Details of ReadOnly");
        closed.is_some_and(|each| each.is(State::Expandable) && !each.is(State::Expanded))
    })?;
    person.presses("c")?;
    person.waits_for("a word about the copy", |page| says(page, "Copied. The clipboard is cleared at"))?;
    assert!(person.stage.session.clipboard()?.contains("AWS_SESSION_TOKEN"));
    assert_eq!(person.focus()?, OPEN_READ_ONLY);
    Ok(())
}

/// A session ended by its button: the focus stays where there is something to do.
fn ends_a_session(person: &Person<'_>) -> Result<()> {
    person.presses("ctrl+3")?;
    let page = person.waits_for("the session", |page| {
        page.name == "Guise · Sessions"
            && page.focused().is_some_and(|focused| focused.name == OPEN_READ_ONLY)
    })?;
    everything_is_named(&page);
    assert_eq!(headings(&page), ["1 Sessions", "2 ReadOnly"]);
    picture(person.stage, "focus-on-a-session.png")?;
    for stop in
        ["Copy credentials of ReadOnly", "Copy sign-in URL of ReadOnly", "Renew ReadOnly", "End ReadOnly"]
    {
        person.presses("Tab")?;
        person.waits_for_focus(&format!("{stop} in acme-dev"))?;
    }
    person.presses("space")?;
    person.waits_for("a word about the end", |page| says(page, "Copies stay valid until"))?;
    let nothing = ["1 Sessions", "2 No live sessions"];
    person.waits_for("no session", |page| headings(page) == nothing)?;
    person.waits_for_focus("Go to roles")?;
    // The message can be reached and dismissed, and does not take the focus along.
    person.presses("Tab")?;
    person.waits_for_focus("Dismiss")?;
    person.presses("Return")?;
    person.waits_for_focus("Go to roles")?;
    Ok(())
}

/// The first source has the focus, on what asks AWS who it is.
fn reaches_the_sources(person: &Person<'_>) -> Result<()> {
    person.presses("ctrl+2")?;
    let page = person.waits_for("the sources", |page| {
        page.name == "Guise · Sources" && page.focused().is_some_and(|focused| focused.name == "Test: ada")
    })?;
    everything_is_named(&page);
    assert_eq!(headings(&page), ["1 Sources", "2 ada"]);
    Ok(())
}

/// Found by typing, and opened; what failed is told at once, and the focus stays.
fn finds_a_role_that_fails(person: &Person<'_>) -> Result<()> {
    person.stage.aws.trust(EC2_ROLE, "nobody")?;
    person.presses("ctrl+1")?;
    person.waits_for("the roles", |page| page.name == "Guise · Roles")?;
    person.presses("slash")?;
    person.waits_for_focus("Find a role")?;
    person.stage.session.xdotool(["type", "ec2"])?;
    person.waits_for("one role", |page| says(page, "1 of 3 roles"))?;
    person.presses("Return")?;
    person.waits_for("a failure read out at once", |page| {
        let at_once = |each: &&Seen| each.attributes.get("live").is_some_and(|live| live == "assertive");
        page.all()
            .into_iter()
            .find(at_once)
            .is_some_and(|each| each.to_string().contains("AWS refused to let"))
    })?;
    assert_eq!(person.focus()?, "Find a role");
    person.presses("Escape")?;
    person.waits_for_focus(OPEN_EC2)?;
    picture(person.stage, "focus-after-a-failure.png")?;
    Ok(())
}

/// Whether a live region, which speaks when there is time, holds these words.
fn says(page: &Seen, words: &str) -> bool {
    page.all().iter().any(|each| {
        each.attributes.get("live").is_some_and(|live| live == "polite") && each.to_string().contains(words)
    })
}

/// How bright the window is, from 0 to 1.
fn brightness(stage: &Stage, window: &str) -> Result<f64> {
    let file = stage.session.folder().join("looks.png");
    stage.session.screenshot_of(window, &file)?;
    let mut convert = Command::new("convert");
    convert.arg(&file).args(["-colorspace", "gray", "-format", "%[fx:mean]", "info:"]);
    let finished = finish_with(convert, &[], LIMIT)?;
    Ok(String::from_utf8_lossy(&finished.stdout).trim().parse().expect("a number"))
}

fn width(stage: &Stage, window: &str) -> Result<u32> {
    let geometry = stage.session.xdotool(["getwindowgeometry", "--shell", window])?;
    let width = geometry.lines().find_map(|line| line.strip_prefix("WIDTH="));
    Ok(width.expect("a width").parse().expect("a number"))
}

#[test]
fn the_window_is_dark_where_the_desktop_is_and_grows_with_its_text() -> Result<()> {
    let stage = Stage::set("looks")?;
    let (_desktop, item) = stage.start_in_tray()?;
    let session = &stage.session;

    // Nobody says anything: light, and of the usual size.
    open_manager(&item)?;
    let window = session.wait_until_drawn("Guise")?;
    picture(&stage, "light.png")?;
    assert!(brightness(&stage, &window)? > 0.8);
    assert_eq!(width(&stage, &window)?, 960);

    // The portal says dark, and later that it changed its mind.
    let close = || -> Result<()> {
        let processes = window_processes(session);
        session.xdotool([
            "windowactivate",
            "--sync",
            &session.wait_until_drawn("Guise")?,
            "key",
            "alt+F4",
        ])?;
        wait_until_reaped(&processes)
    };
    close()?;
    let portal = SettingsPortal::of(session, ColorScheme::Dark)?;
    open_manager(&item)?;
    let window = session.wait_until_drawn("Guise")?;
    session.wait_for("a dark window", LIMIT, || (brightness(&stage, &window).ok()? < 0.3).then_some(()))?;
    picture(&stage, "dark.png")?;
    portal.change(ColorScheme::Light)?;
    session.wait_for("a light window", LIMIT, || (brightness(&stage, &window).ok()? > 0.8).then_some(()))?;
    portal.change(ColorScheme::Dark)?;
    session.wait_for("a dark window", LIMIT, || (brightness(&stage, &window).ok()? < 0.3).then_some(()))?;
    portal.change(ColorScheme::Unsaid)?;
    session
        .wait_for("the theme's window", LIMIT, || (brightness(&stage, &window).ok()? > 0.8).then_some(()))?;
    close()?;
    drop(portal);

    // A dark GTK theme and text of twice the size, as desktops set them.
    let folder = session.config_dir().join("gtk-3.0");
    std::fs::create_dir_all(&folder).expect("a folder for GTK's settings");
    std::fs::write(folder.join("settings.ini"), "[Settings]\ngtk-application-prefer-dark-theme=1\n")
        .expect("GTK's settings");
    let mut resources = session.command("xprop");
    resources.args(["-root", "-f", "RESOURCE_MANAGER", "8s", "-set", "RESOURCE_MANAGER", "Xft.dpi:\t192\n"]);
    assert!(finish_with(resources, &[], LIMIT)?.status.success());
    open_manager(&item)?;
    let window = session.wait_until_drawn("Guise")?;
    picture(&stage, "dark-large.png")?;
    assert!(brightness(&stage, &window)? < 0.3);
    let width = width(&stage, &window)?;
    assert!((1_100..1_280).contains(&width), "{width} of 1280 pixels");
    stage.end()
}
