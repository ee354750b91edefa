//! The tray as a panel sees it: the items on the bus, and their menus.

use std::collections::HashMap;
use std::time::Duration;

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedValue, Structure, Value};

use crate::error::{Because, DesktopError, Result};
use crate::session::{DesktopSession, WATCHER};
use crate::wait::wait_for;

const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// A connection to a session's bus that looks at its tray.
pub struct TrayBus {
    connection: Connection,
}

impl TrayBus {
    /// Connects to a session's bus.
    pub fn connect(session: &DesktopSession) -> Result<Self> {
        Self::connect_to(session.bus_address())
    }

    /// Connects to the bus at this address.
    pub fn connect_to(address: &str) -> Result<Self> {
        let connection = zbus::blocking::connection::Builder::address(address)
            .because("read the bus's address")?
            .method_timeout(Duration::from_secs(10))
            .build()
            .because("connect to the bus")?;
        Ok(Self { connection })
    }

    /// The items that are registered with the tray.
    pub fn items(&self) -> Result<Vec<TrayItem>> {
        let watcher = self.proxy(WATCHER, WATCHER_PATH, WATCHER)?;
        let names: Vec<String> =
            watcher.get_property("RegisteredStatusNotifierItems").because("ask the tray for its items")?;
        Ok(names.iter().map(|name| self.item_at(name)).collect())
    }

    /// Waits for the item that calls itself `id`.
    pub fn wait_for_item(&self, id: &str, limit: Duration) -> Result<TrayItem> {
        let found = wait_for(&format!("`{id}` in the tray"), limit, || {
            let items = self.items().ok()?;
            items.into_iter().find(|item| item.id().is_ok_and(|other| other == id))
        });
        found.map_err(|error| {
            let others: Vec<String> =
                self.items().unwrap_or_default().iter().filter_map(|item| item.id().ok()).collect();
            DesktopError::new(format!("{error}; what is there: {others:?}"))
        })
    }

    /// Waits until no item calls itself `id`, or there is no tray.
    pub fn wait_until_gone(&self, id: &str, limit: Duration) -> Result<()> {
        wait_for(&format!("`{id}` to leave the tray"), limit, || {
            let items = self.items().unwrap_or_default();
            (!items.iter().any(|item| item.id().is_ok_and(|other| other == id))).then_some(())
        })
    }

    /// The item that a tray calls by this name: a bus name, and a path where it is not the usual one.
    fn item_at(&self, name: &str) -> TrayItem {
        let (service, path) = match name.find('/') {
            // KDE's tray writes `name@/path`, others `name/path`.
            Some(at) => (name[..at].trim_end_matches('@'), &name[at..]),
            None => (name, "/StatusNotifierItem"),
        };
        TrayItem { connection: self.connection.clone(), service: service.to_owned(), path: path.to_owned() }
    }

    fn proxy(&self, service: &str, path: &str, interface: &str) -> Result<Proxy<'static>> {
        proxy(&self.connection, service, path, interface)
    }
}

/// What a panel shows when the pointer rests on an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolTip {
    /// Its first line.
    pub title: String,
    /// The rest.
    pub text: String,
}

/// One item of the tray.
#[derive(Clone)]
pub struct TrayItem {
    connection: Connection,
    service: String,
    path: String,
}

impl TrayItem {
    /// The name of the program behind it on the bus.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// `Id`: what it calls itself.
    pub fn id(&self) -> Result<String> {
        self.text("Id")
    }

    /// `Title`.
    pub fn title(&self) -> Result<String> {
        self.text("Title")
    }

    /// `Status`: `Active`, `Passive` or `NeedsAttention`.
    pub fn status(&self) -> Result<String> {
        self.text("Status")
    }

    /// `IconName`, empty where the icon travels in the bus.
    pub fn icon_name(&self) -> Result<String> {
        self.text("IconName")
    }

    /// The sizes of the icons that travel in the bus.
    pub fn icon_sizes(&self) -> Result<Vec<(i32, i32)>> {
        let icons: Vec<(i32, i32, Vec<u8>)> = self.property("IconPixmap")?;
        Ok(icons.into_iter().map(|(width, height, _)| (width, height)).collect())
    }

    /// The first such icon as ARGB bytes, to be compared with another.
    pub fn icon_bytes(&self) -> Result<Vec<u8>> {
        let icons: Vec<(i32, i32, Vec<u8>)> = self.property("IconPixmap")?;
        Ok(icons.into_iter().next().map(|(_, _, bytes)| bytes).unwrap_or_default())
    }

    /// `ToolTip`.
    pub fn tool_tip(&self) -> Result<ToolTip> {
        let value: OwnedValue = self.property("ToolTip")?;
        let fields = Structure::try_from(value).because("read the tool tip")?.into_fields();
        let text = |index: usize| {
            fields.get(index).and_then(|field| String::try_from(field.clone()).ok()).unwrap_or_default()
        };
        Ok(ToolTip { title: text(2), text: text(3) })
    }

    /// `ItemIsMenu`: whether a left click, too, opens the menu.
    pub fn is_menu(&self) -> Result<bool> {
        self.property("ItemIsMenu")
    }

    /// What a left click does.
    pub fn activate(&self) -> Result<()> {
        self.call("Activate")
    }

    /// What a click with the middle button does.
    pub fn secondary_activate(&self) -> Result<()> {
        self.call("SecondaryActivate")
    }

    /// The whole menu, as it is now.
    pub fn menu(&self) -> Result<MenuTree> {
        let none: &[&str] = &[];
        let (revision, root): (u32, RawNode) =
            self.menu_proxy()?.call("GetLayout", &(0_i32, -1_i32, none)).because("read the menu")?;
        Ok(MenuTree { revision, root: read_node(root)? })
    }

    /// Waits until the menu suits `is_it`, and returns it.
    pub fn wait_for_menu(
        &self,
        what: &str,
        limit: Duration,
        is_it: impl Fn(&MenuTree) -> bool,
    ) -> Result<MenuTree> {
        let found =
            wait_for(&format!("{what} in the menu"), limit, || self.menu().ok().filter(|menu| is_it(menu)));
        found.map_err(|error| match self.menu() {
            Ok(menu) => DesktopError::new(format!("{error}; the menu is\n{menu}")),
            Err(unread) => DesktopError::new(format!("{error}; {unread}")),
        })
    }

    /// Chooses an entry, as `libdbusmenu` and tests do: `Event`.
    pub fn click(&self, id: i32) -> Result<()> {
        self.menu_proxy()?
            .call("Event", &(id, "clicked", Value::from(0_i32), 0_u32))
            .because(format_args!("choose entry {id}"))
    }

    /// Chooses an entry as the real panel does: `EventGroup`. Fails if the item says that it knows no such entry.
    pub fn click_group(&self, id: i32) -> Result<()> {
        let unknown: Vec<i32> = self
            .menu_proxy()?
            .call("EventGroup", &(vec![(id, "clicked", Value::from(0_i32), 0_u32)],))
            .because(format_args!("choose entry {id}"))?;
        if unknown.is_empty() {
            return Ok(());
        }
        Err(DesktopError::new(format!("the menu knows no entry {id}")))
    }

    /// Says that a submenu is about to open, and returns whether it changed for that.
    pub fn about_to_show(&self, id: i32) -> Result<bool> {
        self.menu_proxy()?.call("AboutToShow", &(id,)).because(format_args!("open submenu {id}"))
    }

    /// The same as the real panel does it; returns the submenus that changed. Fails if one is unknown.
    pub fn about_to_show_group(&self, ids: &[i32]) -> Result<Vec<i32>> {
        let (changed, unknown): (Vec<i32>, Vec<i32>) = self
            .menu_proxy()?
            .call("AboutToShowGroup", &(ids,))
            .because(format_args!("open submenus {ids:?}"))?;
        if unknown.is_empty() {
            return Ok(changed);
        }
        Err(DesktopError::new(format!("the menu knows no entries {unknown:?}")))
    }

    fn text(&self, name: &str) -> Result<String> {
        self.property(name)
    }

    fn property<T>(&self, name: &str) -> Result<T>
    where
        T: TryFrom<OwnedValue>,
        T::Error: Into<zbus::Error>,
    {
        // Each answer is asked for anew: a test wants to know how it is, not how it was.
        let proxy = proxy(&self.connection, &self.service, &self.path, ITEM)?;
        proxy.get_property(name).because(format_args!("read `{name}` of `{}`", self.service))
    }

    fn call(&self, method: &str) -> Result<()> {
        proxy(&self.connection, &self.service, &self.path, ITEM)?
            .call(method, &(0_i32, 0_i32))
            .because(format_args!("call `{method}` of `{}`", self.service))
    }

    fn menu_proxy(&self) -> Result<Proxy<'static>> {
        let path: zbus::zvariant::OwnedObjectPath = self.property("Menu")?;
        proxy(&self.connection, &self.service, path.as_str(), MENU)
    }
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuKind {
    /// Something to choose.
    Item,
    /// A line between others.
    Separator,
    /// Something that opens further entries.
    Submenu,
}

/// One entry of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuNode {
    /// What the bus calls it; good until the menu changes.
    pub id: i32,
    /// What the person reads.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// Whether it is shown at all.
    pub visible: bool,
    /// Its tick, where it can have one.
    pub checked: Option<bool>,
    /// What it is.
    pub kind: MenuKind,
    /// What it opens.
    pub children: Vec<MenuNode>,
}

impl MenuNode {
    /// The entry below this one whose label, or whose ancestors' labels, begin like this. A label that is the same wins.
    pub fn find(&self, path: &[&str]) -> Option<&MenuNode> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        let shown =
            || self.children.iter().filter(|child| child.visible && child.kind != MenuKind::Separator);
        let same = shown().find(|child| child.label == *first);
        same.or_else(|| shown().find(|child| child.label.starts_with(first)))?.find(rest)
    }

    /// The number of entries below this one, at any depth.
    pub fn count(&self) -> usize {
        self.children.iter().map(|child| 1 + child.count()).sum()
    }

    /// Whether the keyboard stops at it.
    pub(crate) fn is_selectable(&self) -> bool {
        self.visible && self.enabled && self.kind != MenuKind::Separator
    }

    fn draw(&self, depth: usize, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for child in self.children.iter().filter(|child| child.visible) {
            let tick = match child.checked {
                Some(true) => "[x] ",
                Some(false) => "[ ] ",
                None => "",
            };
            let label = if child.kind == MenuKind::Separator { "---" } else { &child.label };
            let off = if child.enabled { "" } else { " (off)" };
            writeln!(f, "{:1$}{tick}{label}{off}", "", depth * 2)?;
            child.draw(depth + 1, f)?;
        }
        Ok(())
    }
}

/// A whole menu. Its `Display` is an outline, good for comparing and for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuTree {
    /// How often it changed.
    pub revision: u32,
    /// What holds the first entries.
    pub root: MenuNode,
}

impl MenuTree {
    /// The entry whose labels, from the outside, begin like this.
    pub fn find(&self, path: &[&str]) -> Option<&MenuNode> {
        self.root.find(path)
    }

    /// The same; a failure shows the menu.
    pub fn entry(&self, path: &[&str]) -> Result<&MenuNode> {
        self.find(path).because(format_args!("no entry {path:?} in the menu\n{self}"))
    }
}

impl std::fmt::Display for MenuTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.root.draw(0, f)
    }
}

type RawNode = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

fn read_node((id, mut properties, children): RawNode) -> Result<MenuNode> {
    let mut take = |name: &str| properties.remove(name);
    let string =
        |value: Option<OwnedValue>| value.and_then(|value| String::try_from(value).ok()).unwrap_or_default();
    let unless_false =
        |value: Option<OwnedValue>| value.and_then(|value| bool::try_from(value).ok()).unwrap_or(true);
    let children: Vec<MenuNode> = children
        .into_iter()
        .map(|child| read_node(child.try_into().because("read an entry of the menu")?))
        .collect::<Result<_>>()?;
    let kind = match (string(take("type")).as_str(), string(take("children-display")).as_str()) {
        ("separator", _) => MenuKind::Separator,
        (_, "submenu") => MenuKind::Submenu,
        _ => MenuKind::Item,
    };
    let can_tick = !string(take("toggle-type")).is_empty();
    let ticked = take("toggle-state").and_then(|value| i32::try_from(value).ok()) == Some(1);
    Ok(MenuNode {
        id,
        label: shown_label(&string(take("label"))),
        enabled: unless_false(take("enabled")),
        visible: unless_false(take("visible")),
        checked: can_tick.then_some(ticked),
        kind,
        children,
    })
}

/// A label as it is shown: `_` marks the next letter as a mnemonic, and two of them are one.
fn shown_label(label: &str) -> String {
    let mut shown = String::with_capacity(label.len());
    let mut letters = label.chars();
    while let Some(letter) = letters.next() {
        if letter == '_' {
            shown.extend(letters.next());
        } else {
            shown.push(letter);
        }
    }
    shown
}

fn proxy(connection: &Connection, service: &str, path: &str, interface: &str) -> Result<Proxy<'static>> {
    zbus::blocking::proxy::Builder::new(connection)
        .destination(service.to_owned())
        .and_then(|builder| builder.path(path.to_owned()))
        .and_then(|builder| builder.interface(interface.to_owned()))
        .map(|builder| builder.cache_properties(zbus::proxy::CacheProperties::No))
        .and_then(zbus::blocking::proxy::Builder::build)
        .because(format_args!("reach `{service}`"))
}

#[cfg(test)]
mod tests {
    use super::shown_label;

    #[test]
    fn a_label_is_shown_without_its_mnemonic() {
        assert_eq!(shown_label("_Quit"), "Quit");
        assert_eq!(shown_label("role__name"), "role_name");
        assert_eq!(shown_label("plain"), "plain");
    }
}
