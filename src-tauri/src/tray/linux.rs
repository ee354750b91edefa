//! Linux: a `StatusNotifierItem`. It waits for a panel that comes later and outlives one that restarts.

mod host;

pub(crate) use host::has_bus;

use std::sync::Arc;
use std::time::Duration;

use ksni::menu::{MenuItem, StandardItem, SubMenu};
use ksni::{Category, Handle, Icon, OfflineReason, ToolTip, TrayMethods};
use tokio::sync::{oneshot, watch};

use guise_core::menu::{Action, Entry, Menu};
use guise_core::view::{Status, WindowName};

use self::host::{Seat, Watcher};
use super::{Clicks, Picture};
use crate::icon;

/// How long a panel may take to take the icon in.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// When a refused icon is offered again.
const AGAIN_AFTER: Duration = Duration::from_secs(10);

/// The item on the session's bus.
pub(super) struct Tray(Handle<Item>);

impl Tray {
    /// Offers the item; `None` where there is no session bus to offer it on.
    pub(super) fn start(
        _tauri: &tauri::App,
        clicks: Clicks,
        picture: Picture,
        presence: watch::Sender<bool>,
    ) -> impl Future<Output = Option<Tray>> + Send + use<> {
        let (tell, told) = oneshot::channel();
        let seat = Arc::new(Seat::new(presence));
        let item = Item { clicks, picture, seat: seat.clone() };
        let started = std::thread::Builder::new().name("tray".into()).spawn(move || serve(&item, tell));
        async move {
            let handle = if started.is_ok() { told.await.ok()? } else { return None };
            // The library says when a panel is missing, and when it is back, but not that it was there from the start.
            seat.offered();
            Some(Tray(handle))
        }
    }

    /// Draws a picture in place of the last.
    pub(super) async fn draw(&mut self, picture: &Picture) {
        let picture = picture.clone();
        self.0.update(move |item| item.picture = picture).await;
    }
}

/// Answers the panel, one question after the other: panels take a submenu's entries for lost that they hear of before the
/// submenu itself, and a runtime with several threads answers out of order.
fn serve(item: &Item, tell: oneshot::Sender<Handle<Item>>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        loop {
            let offer = item.clone().assume_sni_available(true).spawn();
            match tokio::time::timeout(ANSWERS_WITHIN, offer).await {
                Ok(Ok(handle)) => {
                    if tell.send(handle).is_ok() {
                        host::watch(&item.seat).await;
                    }
                    return;
                }
                // No bus yet, or somebody on it who holds the place and does not answer.
                Ok(Err(_)) => tracing::warn!("the tray icon was refused; it is offered again soon"),
                Err(_) => tracing::warn!("the panel does not answer; the tray icon is offered again soon"),
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    });
}

#[derive(Clone)]
struct Item {
    clicks: Clicks,
    picture: Picture,
    seat: Arc<Seat>,
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "org.guise.Guise".to_owned()
    }

    /// What a screen reader says of the icon; the library has no other words for it.
    fn title(&self) -> String {
        icon::tooltip(self.picture.status).to_owned()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn status(&self) -> ksni::Status {
        ksni::Status::Active
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        icons(self.picture.status)
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: self.title(), ..ToolTip::default() }
    }

    /// A left click.
    fn activate(&mut self, _x: i32, _y: i32) {
        self.clicks.clicked(&Action::Show(WindowName::Switcher), ksni::current_xdg_activation_token());
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        items(&self.picture.menu)
    }

    fn watcher_online(&self) {
        self.seat.watcher(Watcher::Online);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.seat.watcher(Watcher::Offline);
        true
    }
}

fn items(menu: &Menu) -> Vec<MenuItem<Item>> {
    menu.entries.iter().map(item).collect()
}

fn item(entry: &Entry) -> MenuItem<Item> {
    match entry {
        Entry::Separator => MenuItem::Separator,
        Entry::Note { label } => {
            StandardItem { label: escaped(label), enabled: false, ..StandardItem::default() }.into()
        }
        Entry::Submenu { label, menu } => {
            SubMenu { label: escaped(label), submenu: items(menu), ..SubMenu::default() }.into()
        }
        Entry::Item { label, action } => {
            let action = action.clone();
            StandardItem {
                label: escaped(label),
                activate: Box::new(move |item: &mut Item| {
                    item.clicks.clicked(&action, ksni::current_xdg_activation_token());
                }),
                ..StandardItem::default()
            }
            .into()
        }
    }
}

/// A single underscore would mark a key to press.
fn escaped(label: &str) -> String {
    label.replace('_', "__")
}

/// The picture's sizes as the bus wants them: alpha first, then red, green and blue.
fn icons(status: Status) -> Vec<Icon> {
    icon::pictures(status).into_iter().filter_map(decoded).collect()
}

fn decoded(file: &[u8]) -> Option<Icon> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().ok()?;
    let mut data = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut data).ok()?;
    if (frame.color_type, frame.bit_depth) != (png::ColorType::Rgba, png::BitDepth::Eight) {
        return None;
    }
    data.truncate(frame.buffer_size());
    let mut data = rimmed(&data, frame.width as usize);
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    Some(Icon { width: i32::try_from(frame.width).ok()?, height: i32::try_from(frame.height).ok()?, data })
}

/// The strokes with a thin dark rim, so that they stand out on a light panel too: the bus does not tell what the panel
/// looks like. Takes and gives red, green, blue and alpha.
fn rimmed(pixels: &[u8], width: usize) -> Vec<u8> {
    const RIM: [u8; 3] = [0x20; 3];
    let alpha =
        |at: Option<usize>| at.and_then(|at| pixels.get(at * 4 + 3)).map_or(0, |alpha| u32::from(*alpha));
    let mut drawn = Vec::with_capacity(pixels.len());
    for (at, pixel) in pixels.chunks_exact(4).enumerate() {
        let (left, right) = (at % width > 0, at % width + 1 < width);
        let above = at.checked_sub(width);
        let below = at + width;
        let beside = [left.then(|| at - 1), right.then_some(at + 1), above, Some(below)];
        let diagonal = [
            above.filter(|_| left).map(|above| above - 1),
            above.filter(|_| right).map(|above| above + 1),
            left.then(|| below - 1),
            right.then_some(below + 1),
        ];
        let near =
            beside.map(alpha).into_iter().chain(diagonal.map(|at| alpha(at) * 3 / 4)).max().unwrap_or(0);
        let over = u32::from(pixel[3]);
        let under = near * 3 / 4 * (255 - over) / 255;
        let both = over + under;
        let mixed = |channel: usize| {
            let sum = u32::from(pixel[channel]) * over + u32::from(RIM[channel]) * under;
            u8::try_from(sum.checked_div(both).unwrap_or(0)).unwrap_or(u8::MAX)
        };
        drawn.extend([mixed(0), mixed(1), mixed(2), u8::try_from(both).unwrap_or(u8::MAX)]);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_picture_in_every_size() {
        for status in [Status::Idle, Status::Working, Status::Live, Status::Production, Status::Trouble] {
            let sizes: Vec<i32> = icons(status).iter().map(|icon| icon.width).collect();
            assert_eq!(sizes, [16, 22, 24, 32, 48], "{status:?}");
        }
    }

    #[test]
    fn a_stroke_has_a_rim_on_all_sides_and_stays_as_it_is() {
        let mut pixels = vec![0; 5 * 5 * 4];
        pixels[12 * 4..13 * 4].copy_from_slice(&[255, 255, 255, 255]);
        let drawn = rimmed(&pixels, 5);
        assert_eq!(drawn[12 * 4..13 * 4], [255, 255, 255, 255]);
        for (near, alpha) in [(7, 191), (11, 191), (13, 191), (17, 191), (6, 143), (18, 143)] {
            assert_eq!(drawn[near * 4..near * 4 + 4], [0x20, 0x20, 0x20, alpha], "{near}");
        }
        assert_eq!(drawn[..4], [0, 0, 0, 0]);
    }

    #[test]
    fn an_underscore_in_a_name_is_shown() {
        assert_eq!(escaped("my_role"), "my__role");
    }
}
