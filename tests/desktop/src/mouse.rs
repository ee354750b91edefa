//! The tray as a person uses it: icons found by their pixels, clicked by the mouse; menus walked by the keys.

use std::time::Duration;

use crate::error::{Because, DesktopError, Result};
use crate::session::DesktopSession;
use crate::tray::{MenuKind, MenuNode, TrayItem};

const LIMIT: Duration = Duration::from_secs(15);
/// The panel's measures, as its settings have them.
const PANEL_HEIGHT: usize = 32;
/// The part of it that is looked at: sixteen icons are enough, and where the pointer rests is none.
const PANEL_WIDTH: usize = 400;
/// Columns of background that part two icons.
const GAP: usize = 2;
/// Where the pointer rests when it is not needed: far from the panel and from its menus.
pub(crate) const ASIDE: [&str; 3] = ["mousemove", "1270", "890"];
/// The window class of the panel's plugins, and so of the tray's menus.
const PLUGIN_CLASS: &str = "wrapper-2.0";

/// A part of the screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    /// From the left.
    pub x: usize,
    /// From the top.
    pub y: usize,
    /// How wide it is.
    pub width: usize,
    /// How high it is.
    pub height: usize,
}

impl Rect {
    fn centre(self) -> (usize, usize) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }
}

/// The panel on the screen.
pub struct Panel<'a> {
    session: &'a DesktopSession,
}

impl<'a> Panel<'a> {
    /// The panel of this session.
    pub fn of(session: &'a DesktopSession) -> Self {
        Self { session }
    }

    /// Where the tray's icons are on the screen now, from left to right: whatever differs from the panel's colour.
    pub fn icons(&self) -> Result<Vec<Rect>> {
        self.session.xdotool(ASIDE)?;
        let area = format!("{PANEL_WIDTH}x{PANEL_HEIGHT}+0+0");
        let pixels =
            self.session.tool("import", &["-window", "root", "-crop", &area, "-depth", "8", "rgb:-"])?;
        if pixels.len() != PANEL_WIDTH * PANEL_HEIGHT * 3 {
            return Err(DesktopError::new(format!("the panel's picture has {} bytes", pixels.len())));
        }
        Ok(islands(&pixels))
    }

    /// Waits until the panel shows this many icons, twice in the same places.
    pub fn wait_for_icons(&self, count: usize) -> Result<Vec<Rect>> {
        let mut before = None;
        self.session.wait_for(&format!("{count} icons on the panel"), LIMIT, || {
            let now = self.icons().ok()?;
            let settled = now.len() == count && before.as_ref() == Some(&now);
            before = Some(now.clone());
            settled.then_some(now)
        })
    }

    /// Clicks an icon with the left button.
    pub fn left_click(&self, icon: Rect) -> Result<()> {
        self.click(icon, "1")
    }

    /// Clicks an icon with the right button and waits until a menu is on the screen.
    pub fn open_menu(&self, icon: Rect) -> Result<()> {
        self.click(icon, "3")?;
        self.wait_for_menus(1)
    }

    /// Closes whatever menus are open.
    pub fn close_menus(&self) -> Result<()> {
        self.session.wait_for("the menus to close", LIMIT, || {
            if self.menus() == 0 {
                return Some(());
            }
            self.session.xdotool(["key", "Escape"]).ok();
            None
        })
    }

    /// How many menus are open on the screen, submenus included.
    pub fn menus(&self) -> usize {
        let search = ["search", "--onlyvisible", "--class", PLUGIN_CLASS, "getwindowgeometry", "%@"];
        // No such window is a failure to xdotool.
        let geometry = self.session.xdotool(search).unwrap_or_default();
        // The plugin's own window is one of them, inside of the panel.
        let top = |line: &str| {
            line.trim().strip_prefix("Position: ")?.split([',', ' ']).nth(1)?.parse::<i64>().ok()
        };
        let tops = geometry.lines().filter_map(top);
        tops.filter(|top| usize::try_from(*top).is_ok_and(|top| top >= PANEL_HEIGHT)).count()
    }

    /// Opens the menu of the only icon on the panel by the mouse and chooses an entry in it by the keys.
    pub fn choose(&self, item: &TrayItem, path: &[&str]) -> Result<()> {
        let icons = self.wait_for_icons(1)?;
        let icon = *icons.first().because("no icon on the panel")?;
        self.choose_at(icon, item, path)
    }

    /// The same with the icon at this place, which is `item`'s.
    pub fn choose_at(&self, icon: Rect, item: &TrayItem, path: &[&str]) -> Result<()> {
        self.walk_to(icon, item, path)?;
        self.session.xdotool(["key", "Return"])?;
        self.session
            .wait_for("the menu to close after the choice", LIMIT, || (self.menus() == 0).then_some(()))
    }

    /// Opens the menu of the icon at this place and stops at an entry, so that it can be looked at.
    pub fn walk_to(&self, icon: Rect, item: &TrayItem, path: &[&str]) -> Result<()> {
        let menu = item.menu()?;
        let steps = walk(&menu.root, path)?;
        self.open_menu(icon)?;
        for (depth, step) in steps.iter().enumerate() {
            for _ in 0..step.downs {
                self.session.xdotool(["key", "Down"])?;
            }
            if step.opens {
                self.session.xdotool(["key", "Right"])?;
                self.wait_for_menus(depth + 2)?;
            }
        }
        Ok(())
    }

    fn click(&self, icon: Rect, button: &str) -> Result<()> {
        let (x, y) = icon.centre();
        self.session.xdotool(["mousemove", &x.to_string(), &y.to_string(), "click", button]).map(drop)
    }

    fn wait_for_menus(&self, count: usize) -> Result<()> {
        self.session.wait_for(&format!("{count} menus on the screen"), LIMIT, || {
            (self.menus() == count).then_some(())
        })
    }
}

/// What the keys do in one menu on the way to an entry.
struct Step {
    downs: usize,
    opens: bool,
}

/// The keys that lead to an entry, decided before anything is opened.
fn walk(root: &MenuNode, path: &[&str]) -> Result<Vec<Step>> {
    let mut here = root;
    let mut steps = Vec::new();
    for (depth, label) in path.iter().enumerate() {
        let entry = here.find(&[label]).because(format_args!("no entry `{label}` in the menu"))?;
        let before = here
            .children
            .iter()
            .filter(|child| child.is_selectable())
            .position(|child| child.id == entry.id)
            .because(format_args!("`{}` is off", entry.label))?;
        // At first nothing is selected; in a submenu that the keys opened its first entry is.
        let downs = if depth == 0 { before + 1 } else { before };
        steps.push(Step { downs, opens: entry.kind == MenuKind::Submenu });
        here = entry;
    }
    if here.kind == MenuKind::Item {
        return Ok(steps);
    }
    Err(DesktopError::new(format!("{path:?} opens a menu, it cannot be chosen")))
}

/// The parts of a panel's picture that are not its most frequent colour, from left to right.
fn islands(pixels: &[u8]) -> Vec<Rect> {
    let background = commonest(pixels);
    let is_mark = |x: usize, y: usize| {
        let at = (y * PANEL_WIDTH + x) * 3;
        pixels.get(at..at + 3).is_some_and(|pixel| far(pixel, background))
    };
    let columns: Vec<usize> =
        (0..PANEL_WIDTH).filter(|x| (0..PANEL_HEIGHT).any(|y| is_mark(*x, y))).collect();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for x in columns {
        match found.last_mut() {
            Some((_, last)) if x - *last <= GAP => *last = x,
            _ => found.push((x, x)),
        }
    }
    found
        .into_iter()
        .filter_map(|(left, right)| {
            let rows = || (0..PANEL_HEIGHT).filter(|y| (left..=right).any(|x| is_mark(x, *y)));
            let (top, bottom) = (rows().next()?, rows().next_back()?);
            Some(Rect { x: left, y: top, width: right - left + 1, height: bottom - top + 1 })
        })
        // A line at the panel's edge is no icon.
        .filter(|rect| rect.width > 4 && rect.height > 4)
        .collect()
}

fn commonest(pixels: &[u8]) -> [u8; 3] {
    let mut counts = std::collections::HashMap::new();
    for pixel in pixels.chunks_exact(3) {
        *counts.entry(pixel).or_insert(0_usize) += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count).map(|(pixel, _)| pixel);
    most.and_then(|pixel| pixel.try_into().ok()).unwrap_or_default()
}

fn far(pixel: &[u8], from: [u8; 3]) -> bool {
    pixel.iter().zip(from).any(|(left, right)| left.abs_diff(right) > 24)
}
