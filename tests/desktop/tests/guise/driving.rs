//! The manager of the real application, driven: found by the names that a person reads, clicked and typed into as by a hand.

use std::path::Path;

use desktop_tests::{Because, Canaries, Program, Result, WebDriver, driven, free_port};
use serde_json::{Value, json};

use crate::stage::{LIMIT, Stage, processes_with};

/// Finds what can be used by its name: a button by what it is called, a field by its label, an entry of a list by its text. Of two
/// that are called the same, the one that asks before something is done.
const FINDS: &str = "
    const text = (each) => each.innerText.replace(/\\s+/g, ' ').trim();
    const called = (each) => each.getAttribute('aria-label') ?? text(each);
    const used = (found) => found.sort((a, b) => !!b.closest('[role=alertdialog]') - !!a.closest('[role=alertdialog]'))[0];
    const all = (kind) => [...document.querySelectorAll(kind)].filter((each) => each.checkVisibility?.() ?? true);
    const button = (name) => used(all('button').filter((each) => called(each) === name));
    const pane = (name) => all('nav button').find((each) => text(each.firstElementChild) === name);
    const field = (name) => used(all('label').filter((each) => text(each) === name))?.control;
    const entry = (name, choice) => [...(field(name)?.options ?? [])].find((each) => each.textContent.trim() === choice);
";

/// Everything of the page that a script in it could read: what is drawn, what stands in fields, and what it has put aside.
const LEFT: &str = "
    const fields = [...document.querySelectorAll('input, textarea, select')].map((each) => [each.value, each.defaultValue]);
    const kept = [{ ...localStorage }, { ...sessionStorage }, history.state, document.cookie, location.href, window.name];
    return JSON.stringify([document.documentElement.outerHTML, document.body.innerText, fields, kept]);
";

/// A `guise-desktop` whose windows wait for a driver.
pub(crate) struct Driven<'a> {
    stage: &'a Stage,
    port: u16,
    _desktop: Program,
}

impl<'a> Driven<'a> {
    /// Starts it; what its windows add is at the simulator.
    pub(crate) fn start(stage: &'a Stage) -> Result<Self> {
        let port = free_port()?;
        let guise = stage.guise()?;
        let desktop = stage.at_the_simulator(driven(guise.desktop_with_automation()?, port));
        let desktop = stage.session.run("guise-desktop", desktop)?;
        guise.wait_for_socket()?;
        Ok(Self { stage, port, _desktop: desktop })
    }

    /// Opens the manager at a pane.
    pub(crate) fn manager(&self, pane: &str) -> Result<Manager<'a>> {
        show(self.stage, "manager")?;
        let manager = Manager { stage: self.stage, driver: WebDriver::of(&self.stage.session, self.port)? };
        manager.goes_to(pane)?;
        Ok(manager)
    }
}

/// Has a window shown, as another start of the program does.
pub(crate) fn show(stage: &Stage, window: &str) -> Result<()> {
    let mut command = stage.guise()?.desktop_with_automation()?;
    command.args(["--window", window]);
    let mut shown = stage.session.run("show", command)?;
    shown.wait(LIMIT)?;
    stage.session.wait_for(&format!("the {window} window"), LIMIT, || {
        (!processes_with(&stage.session, &format!("--window {window}")).is_empty()).then_some(())
    })
}

/// The manager.
pub(crate) struct Manager<'a> {
    stage: &'a Stage,
    driver: WebDriver,
}

impl Manager<'_> {
    /// Goes to a pane by its name.
    pub(crate) fn goes_to(&self, pane: &str) -> Result<()> {
        self.clicks(pane, &format!("pane({})", json!(pane)))?;
        self.waits("the pane", || Ok(self.heading()? == pane))
    }

    /// Presses a button by its name, once it is there.
    pub(crate) fn presses(&self, name: &str) -> Result<()> {
        self.clicks(name, &format!("button({})", json!(name)))
    }

    /// Chooses one of a group, or goes into a field.
    pub(crate) fn ticks(&self, name: &str) -> Result<()> {
        self.clicks(name, &format!("field({})", json!(name)))
    }

    /// Chooses an entry of a list.
    pub(crate) fn chooses(&self, list: &str, entry: &str) -> Result<()> {
        let entry = format!("entry({}, {})", json!(list), json!(entry));
        self.waits(&entry, || Ok(self.looks(&format!("return !!{entry};"))? == true))?;
        self.driver.click(&format!("{FINDS} return {entry};")).because(entry)
    }

    /// Types into a field.
    pub(crate) fn types(&self, field: &str, typed: &str) -> Result<()> {
        let field = format!("field({})", json!(field));
        self.waits(&field, || Ok(self.looks(&format!("return !!{field};"))? == true))?;
        self.driver.type_into(&format!("{FINDS} return {field};"), typed)
    }

    /// Takes back what was last typed into a field, as far as the page can.
    pub(crate) fn takes_back(&self, field: &str) -> Result<()> {
        self.looks(&format!("field({}).focus(); document.execCommand('undo');", json!(field))).map(drop)
    }

    /// What stands in a field.
    pub(crate) fn value(&self, field: &str) -> Result<Value> {
        self.looks(&format!("return field({})?.value ?? null;", json!(field)))
    }

    /// The entries of a list.
    pub(crate) fn entries(&self, list: &str) -> Result<Value> {
        self.looks(&format!(
            "return [...(field({})?.options ?? [])].map((each) => each.textContent.trim());",
            json!(list)
        ))
    }

    /// Waits until this is on the page, and returns all that is.
    pub(crate) fn sees(&self, part: &str) -> Result<String> {
        self.waits(&format!("`{part}`"), || Ok(self.text()?.contains(part)))?;
        self.text()
    }

    /// Waits until this is on the page no more.
    pub(crate) fn sees_no_more(&self, part: &str) -> Result<()> {
        self.waits(&format!("`{part}` to go"), || Ok(!self.text()?.contains(part)))
    }

    /// Where the middles of some elements are, from the page's upper left corner.
    pub(crate) fn places_of(&self, selector: &str) -> Result<Vec<(f64, f64)>> {
        let found = self.looks(&format!(
            "return [...document.querySelectorAll({})].map((each) => each.getBoundingClientRect()).map((box) => [box.x + box.width / 2, box.y + box.height / 2]);",
            json!(selector)
        ))?;
        serde_json::from_value(found).because("places")
    }

    /// What is on the page, its lines joined.
    pub(crate) fn text(&self) -> Result<String> {
        let text = self.looks("return text(document.body);")?;
        text.as_str().map(str::to_owned).because("the page has no text")
    }

    /// No secret is anywhere on the page; what is looked through has the page's own words.
    pub(crate) fn holds_none_of(&self, secrets: &Canaries) -> Result<()> {
        let left = self.driver.run(LEFT)?;
        let left = left.as_str().because("the page gave nothing")?;
        assert!(left.len() > 2_000 && left.contains(&self.heading()?), "{left}");
        assert_eq!(secrets.find_in(left.as_bytes()), [], "{left}");
        Ok(())
    }

    /// A picture for a person to look at, where one is wanted.
    pub(crate) fn picture(&self, name: &str) -> Result<()> {
        let Some(folder) = std::env::var_os("GUISE_DESKTOP_PICTURES") else { return Ok(()) };
        let window = self.stage.session.wait_until_drawn("Guise")?;
        self.stage.session.xdotool(["windowactivate", "--sync", &window])?;
        self.stage.session.wait_until_drawn("Guise")?;
        self.stage.session.screenshot_of(&window, Path::new(&folder).join(name))
    }

    fn heading(&self) -> Result<String> {
        let heading = self.looks("return document.querySelector('h1')?.innerText ?? '';")?;
        Ok(heading.as_str().unwrap_or_default().to_owned())
    }

    fn clicks(&self, name: &str, finds: &str) -> Result<()> {
        self.waits(&format!("`{name}`"), || Ok(self.looks(&format!("return !!{finds};"))? == true))?;
        // A list that scrolls inside of the page is not scrolled by the driver.
        let shown = format!(
            "{FINDS} const found = {finds}; found.scrollIntoView({{ block: 'center' }}); return found;"
        );
        self.driver.click(&shown).because(finds)
    }

    fn looks(&self, body: &str) -> Result<Value> {
        self.driver.run(&format!("{FINDS} {body}"))
    }

    fn waits(&self, what: &str, is_so: impl Fn() -> Result<bool>) -> Result<()> {
        let waited = self.stage.session.wait_for(what, LIMIT, || is_so().is_ok_and(|so| so).then_some(()));
        waited.because(self.text().unwrap_or_else(|error| error.to_string()))
    }
}
