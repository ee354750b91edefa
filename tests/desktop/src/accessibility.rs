//! What assistive technologies read: the tree of roles, names and states that programs show on the accessibility bus.
//!
//! AT-SPI is plain D-Bus, and a handful of its calls is all that is needed: an outline of a window, and what has the focus.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use zbus::blocking::Connection;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use crate::error::{Because, DesktopError, Result};
use crate::session::DesktopSession;

const LAUNCHER: &str = "org.a11y.Bus";
const LAUNCHER_PATH: &str = "/org/a11y/bus";
const REGISTRY: &str = "org.a11y.atspi.Registry";
const ROOT: &str = "/org/a11y/atspi/accessible/root";
const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const TEXT: &str = "org.a11y.atspi.Text";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// What a program gets to answer one question.
const ANSWER: Duration = Duration::from_secs(20);
const HEADING: u32 = 83;
/// Deeper than any page; a tree that turns back on itself ends here.
const DEEPEST: usize = 60;

/// The numbers of AT-SPI's states that are of interest, from its `atspi-constants.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be opened and closed.
    Expandable = 9,
    /// It is open.
    Expanded = 10,
    /// It can have the focus.
    Focusable = 11,
    /// It has the focus.
    Focused = 12,
    /// It is drawn.
    Showing = 25,
    /// It is off for now.
    Sensitive = 24,
}

/// The accessibility bus of a session.
pub struct Accessibility {
    connection: Connection,
}

/// Where one thing is on that bus.
type Address = (String, OwnedObjectPath);

impl Accessibility {
    /// Says on the session's bus that a screen reader is at work, as one does when it starts: programs that start before this
    /// show nothing.
    pub(crate) fn switch_on(bus: &Connection) -> Result<()> {
        for property in ["IsEnabled", "ScreenReaderEnabled"] {
            bus.call_method(
                Some(LAUNCHER),
                LAUNCHER_PATH,
                Some(PROPERTIES),
                "Set",
                &("org.a11y.Status", property, Value::from(true)),
            )
            .because("switch accessibility on")?;
        }
        Ok(())
    }

    /// Connects to the bus of a session that was started with [`crate::Assistive::Running`].
    pub fn of(session: &DesktopSession) -> Result<Self> {
        let bus = zbus::blocking::connection::Builder::address(session.bus_address())
            .and_then(zbus::blocking::connection::Builder::build)
            .because("connect to the session's bus")?;
        let address: String = bus
            .call_method(Some(LAUNCHER), LAUNCHER_PATH, Some(LAUNCHER), "GetAddress", &())
            .and_then(|answer| answer.body().deserialize())
            .because("ask for the accessibility bus")?;
        let connection = zbus::blocking::connection::Builder::address(address.as_str())
            .because("read the accessibility bus's address")?
            .method_timeout(ANSWER)
            .build()
            .because("connect to the accessibility bus")?;
        Ok(Self { connection })
    }

    /// The window whose title begins like this, with everything in it, as it is now.
    pub fn window(&self, title: &str) -> Result<Seen> {
        self.read(&self.find_window(title)?, 0)
    }

    fn find_window(&self, title: &str) -> Result<Address> {
        let root =
            (REGISTRY.to_owned(), OwnedObjectPath::try_from(ROOT).because("name the registry's root")?);
        for program in self.children(&root)? {
            // One that has just ended is still listed.
            for window in self.children(&program).unwrap_or_default() {
                if self.property::<String>(&window, "Name").is_ok_and(|name| name.starts_with(title)) {
                    return Ok(window);
                }
            }
        }
        Err(DesktopError::new(format!("no window `{title}` on the accessibility bus")))
    }

    fn find_heading(&self, from: &Address) -> Result<Address> {
        if self.ask::<u32, _>(from, "GetRole", &())? == HEADING {
            return Ok(from.clone());
        }
        let inside = self.children(from)?;
        let found = inside.iter().find_map(|child| self.find_heading(child).ok());
        found.because("there is no heading in the window")
    }

    fn read(&self, address: &Address, depth: usize) -> Result<Seen> {
        let states: Vec<u32> = self.ask(address, "GetState", &())?;
        let children = if depth < DEEPEST { self.children(address)? } else { Vec::new() };
        let children = children.iter().filter_map(|child| self.read(child, depth + 1).ok());
        Ok(Seen {
            role: role_name(self.ask(address, "GetRole", &())?),
            name: self.property::<String>(address, "Name")?,
            description: self.property::<String>(address, "Description")?,
            text: self.written(address),
            attributes: self.ask(address, "GetAttributes", &()).unwrap_or_default(),
            states: states.iter().rev().fold(0, |all, part| (all << 32) | u64::from(*part)),
            children: children.collect(),
        })
    }

    /// Only some things have text; the others refuse the question.
    fn written(&self, (service, path): &Address) -> String {
        self.connection
            .call_method(Some(service.as_str()), path, Some(TEXT), "GetText", &(0_i32, -1_i32))
            .and_then(|answer| answer.body().deserialize())
            .unwrap_or_default()
    }

    /// The language in which a window's first heading is read out.
    pub fn language(&self, title: &str) -> Result<String> {
        let heading = self.find_heading(&self.find_window(title)?)?;
        self.property(&heading, "Locale")
    }

    fn children(&self, address: &Address) -> Result<Vec<Address>> {
        let children: Vec<Address> = self.ask(address, "GetChildren", &())?;
        if !children.is_empty() {
            return Ok(children);
        }
        // A web view lends its place to another process: it counts that child and hands it out, but does not list it.
        let count: i32 = self.property(address, "ChildCount")?;
        (0..count).map(|index| self.ask(address, "GetChildAtIndex", &(index,))).collect()
    }

    fn ask<T, B>(&self, (service, path): &Address, method: &str, body: &B) -> Result<T>
    where
        T: for<'any> serde::Deserialize<'any> + zbus::zvariant::Type,
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.connection
            .call_method(Some(service.as_str()), path, Some(ACCESSIBLE), method, body)
            .and_then(|answer| answer.body().deserialize())
            .because(format_args!("ask `{path}` for {method}"))
    }

    fn property<T>(&self, (service, path): &Address, property: &str) -> Result<T>
    where
        T: TryFrom<OwnedValue, Error = zbus::zvariant::Error>,
    {
        let value: OwnedValue = self
            .connection
            .call_method(Some(service.as_str()), path, Some(PROPERTIES), "Get", &(ACCESSIBLE, property))
            .and_then(|answer| answer.body().deserialize())
            .because(format_args!("ask `{path}` for its {property}"))?;
        value.try_into().because(format_args!("read the {property} of `{path}`"))
    }
}

/// One thing as a screen reader sees it, with all that is in it. Its `Display` is an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What kind of thing it is, in AT-SPI's words: `push button`, `heading`, `list item`.
    pub role: String,
    /// What it is called.
    pub name: String,
    /// What is said about it besides.
    pub description: String,
    /// The text in it, without that of what stands in its own right.
    pub text: String,
    /// More about it: the level of a heading, how a live region speaks.
    pub attributes: HashMap<String, String>,
    /// What is in it.
    pub children: Vec<Seen>,
    states: u64,
}

impl Seen {
    /// Whether it is so.
    pub fn is(&self, state: State) -> bool {
        self.states & (1 << state as u32) != 0
    }

    /// Itself and everything in it, in reading order.
    pub fn all(&self) -> Vec<&Seen> {
        let mut all = vec![self];
        all.extend(self.children.iter().flat_map(Seen::all));
        all
    }

    /// The first thing of this role.
    pub fn first(&self, role: &str) -> Option<&Seen> {
        self.all().into_iter().find(|each| each.role == role)
    }

    /// The first thing of this role and name.
    pub fn find(&self, role: &str, name: &str) -> Option<&Seen> {
        self.all().into_iter().find(|each| each.role == role && each.name == name)
    }

    /// What has the focus: the innermost, where a page and a control in it both say so.
    pub fn focused(&self) -> Option<&Seen> {
        self.all().into_iter().rfind(|each| each.is(State::Focused))
    }

    fn draw(&self, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:1$}{2} `{3}`", "", depth * 2, self.role, self.name)?;
        for (state, word) in
            [(State::Focusable, " focusable"), (State::Focused, " FOCUSED"), (State::Expanded, " expanded")]
        {
            f.write_str(if self.is(state) { word } else { "" })?;
        }
        for attribute in ["level", "live", "container-live", "current", "keyshortcuts"] {
            if let Some(value) = self.attributes.get(attribute) {
                write!(f, " {attribute}={value}")?;
            }
        }
        for more in [&self.description, &self.text] {
            if !more.is_empty() {
                write!(f, " ({})", more.replace('\u{fffc}', "*"))?;
            }
        }
        writeln!(f)?;
        self.children.iter().try_for_each(|child| child.draw(depth + 1, f))
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.draw(0, f)
    }
}

/// AT-SPI's words for its numbers, as far as a page like ours has them: a web view gives the numbers alone.
fn role_name(number: u32) -> String {
    let name = match number {
        2 => "alert",
        7 => "check box",
        11 => "combo box",
        20 => "filler",
        23 => "frame",
        27 => "image",
        29 => "label",
        31 => "list",
        32 => "list item",
        33 => "menu",
        35 => "menu item",
        37 => "page tab",
        38 => "page tab list",
        39 => "panel",
        40 => "password text",
        43 => "push button",
        44 => "radio button",
        49 => "scroll pane",
        54 => "status bar",
        55 => "table",
        56 => "table cell",
        57 => "column header",
        61 => "text",
        62 => "toggle button",
        71 => "header",
        72 => "footer",
        73 => "paragraph",
        79 => "entry",
        HEADING => "heading",
        85 => "section",
        88 => "link",
        90 => "table row",
        95 => "document web",
        98 => "list box",
        101 => "notification",
        110 => "landmark",
        116 => "static",
        121 => "description list",
        122 => "description term",
        123 => "description value",
        other => return format!("role {other}"),
    };
    name.to_owned()
}
