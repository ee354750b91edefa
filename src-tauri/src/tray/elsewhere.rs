//! macOS and Windows: Tauri's tray. Items are changed in place where the menu kept its shape, because a menu that is
//! replaced while it is open closes, and on Windows its ids run out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tauri::image::Image;
use tauri::menu::{IsMenuItem, Menu as TauriMenu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};
use tokio::sync::watch;

use guise_core::menu::{Action, Entry, Menu};
use guise_core::view::WindowName;

use super::{Clicks, Picture};
use crate::icon;

/// Only Linux has one, and needs it for the tray.
#[allow(clippy::unused_async, reason = "on Linux the bus has to be asked")]
pub(crate) async fn has_bus() -> bool {
    true
}

type Actions = Arc<Mutex<HashMap<String, Action>>>;

/// The icon and its menu.
pub(super) struct Tray {
    app: AppHandle,
    icon: TrayIcon,
    actions: Actions,
    /// The items in the order of the menu, submenus before what is in them.
    drawn: Vec<Drawn>,
    menu: Menu,
}

enum Drawn {
    Item(MenuItem<Wry>),
    Submenu(Submenu<Wry>),
    Separator,
}

impl Tray {
    /// Shows the icon; `None` where the system refuses.
    pub(super) fn start(
        tauri: &tauri::App,
        clicks: Clicks,
        picture: Picture,
        presence: watch::Sender<bool>,
    ) -> impl Future<Output = Option<Tray>> + Send + use<> {
        let tray = Tray::build(tauri.handle(), clicks, &picture);
        presence.send_replace(tray.is_ok());
        std::future::ready(tray.map_err(|error| tracing::error!(%error, "no tray icon")).ok())
    }

    fn build(app: &AppHandle, clicks: Clicks, picture: &Picture) -> tauri::Result<Tray> {
        let actions = Actions::default();
        let mut drawn = Vec::new();
        let menu = root(app, &picture.menu, &actions, &mut drawn)?;
        let (on_menu, on_icon, known) = (clicks.clone(), clicks, actions.clone());
        let icon = TrayIconBuilder::with_id("guise")
            .icon(Image::from_bytes(icon::picture(picture.status))?)
            .icon_as_template(cfg!(target_os = "macos"))
            .tooltip(icon::tooltip(picture.status))
            .menu(&menu)
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            // Registered once for the whole life: Tauri never takes a listener off.
            .on_menu_event(move |_, event| {
                let action =
                    known.lock().unwrap_or_else(PoisonError::into_inner).get(event.id().as_ref()).cloned();
                if let Some(action) = action {
                    on_menu.clicked(&action, None);
                }
            })
            .on_tray_icon_event(move |_, event| {
                let left_up = matches!(
                    event,
                    TrayIconEvent::Click {
                        button: MouseButton::Left,
                        button_state: MouseButtonState::Up,
                        ..
                    }
                );
                if left_up && !cfg!(target_os = "macos") {
                    on_icon.clicked(&Action::Show(WindowName::Switcher), None);
                }
            })
            .build(app)?;
        Ok(Tray { app: app.clone(), icon, actions, drawn, menu: picture.menu.clone() })
    }

    /// Draws a picture in place of the last.
    #[expect(clippy::unused_async, reason = "on Linux the bus is waited for")]
    pub(super) async fn draw(&mut self, picture: &Picture) {
        if let Err(error) = self.redraw(picture) {
            tracing::error!(%error, "the tray could not be drawn");
        }
    }

    fn redraw(&mut self, picture: &Picture) -> tauri::Result<()> {
        self.icon.set_icon_with_as_template(
            Some(Image::from_bytes(icon::picture(picture.status))?),
            cfg!(target_os = "macos"),
        )?;
        self.icon.set_tooltip(Some(icon::tooltip(picture.status)))?;
        if shape(&picture.menu) == shape(&self.menu) {
            let mut entries = Vec::new();
            flatten(&picture.menu, &mut entries);
            let mut actions = HashMap::new();
            for (entry, drawn) in entries.into_iter().zip(&self.drawn) {
                match (entry, drawn) {
                    (Entry::Item { label, action }, Drawn::Item(item)) => {
                        item.set_text(label)?;
                        actions.insert(item.id().as_ref().to_owned(), action.clone());
                    }
                    (Entry::Note { label }, Drawn::Item(item)) => item.set_text(label)?,
                    (Entry::Submenu { label, .. }, Drawn::Submenu(submenu)) => submenu.set_text(label)?,
                    _ => {}
                }
            }
            *self.actions.lock().unwrap_or_else(PoisonError::into_inner) = actions;
        } else {
            let (actions, mut drawn) = (Actions::default(), Vec::new());
            let menu = root(&self.app, &picture.menu, &actions, &mut drawn)?;
            let fresh = std::mem::take(&mut *actions.lock().unwrap_or_else(PoisonError::into_inner));
            *self.actions.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
            self.icon.set_menu(Some(menu))?;
            self.drawn = drawn;
        }
        self.menu = picture.menu.clone();
        Ok(())
    }
}

fn root(
    app: &AppHandle,
    menu: &Menu,
    actions: &Actions,
    drawn: &mut Vec<Drawn>,
) -> tauri::Result<TauriMenu<Wry>> {
    let items = items(app, menu, actions, drawn)?;
    let items: Vec<&dyn IsMenuItem<Wry>> = items.iter().map(AsRef::as_ref).collect();
    TauriMenu::with_items(app, &items)
}

fn items(
    app: &AppHandle,
    menu: &Menu,
    actions: &Actions,
    drawn: &mut Vec<Drawn>,
) -> tauri::Result<Vec<Box<dyn IsMenuItem<Wry>>>> {
    let mut made: Vec<Box<dyn IsMenuItem<Wry>>> = Vec::new();
    for entry in &menu.entries {
        match entry {
            Entry::Separator => {
                drawn.push(Drawn::Separator);
                made.push(Box::new(PredefinedMenuItem::separator(app)?));
            }
            Entry::Note { label } => {
                let item = MenuItem::new(app, label, false, None::<&str>)?;
                drawn.push(Drawn::Item(item.clone()));
                made.push(Box::new(item));
            }
            Entry::Item { label, action } => {
                let item = MenuItem::new(app, label, true, None::<&str>)?;
                let id = item.id().as_ref().to_owned();
                actions.lock().unwrap_or_else(PoisonError::into_inner).insert(id, action.clone());
                drawn.push(Drawn::Item(item.clone()));
                made.push(Box::new(item));
            }
            Entry::Submenu { label, menu } => {
                let submenu = Submenu::new(app, label, true)?;
                drawn.push(Drawn::Submenu(submenu.clone()));
                for item in items(app, menu, actions, drawn)? {
                    submenu.append(item.as_ref())?;
                }
                made.push(Box::new(submenu));
            }
        }
    }
    Ok(made)
}

/// The kinds of a menu's lines, in order; two menus of one shape differ in words alone.
fn shape(menu: &Menu) -> String {
    menu.entries
        .iter()
        .map(|entry| match entry {
            Entry::Separator => "-".to_owned(),
            Entry::Note { .. } => "n".to_owned(),
            Entry::Item { .. } => "i".to_owned(),
            Entry::Submenu { menu, .. } => format!("({})", shape(menu)),
        })
        .collect()
}

fn flatten<'a>(menu: &'a Menu, entries: &mut Vec<&'a Entry>) {
    for entry in &menu.entries {
        entries.push(entry);
        if let Entry::Submenu { menu, .. } = entry {
            flatten(menu, entries);
        }
    }
}
