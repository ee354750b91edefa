//! Panels that restart, that are missing, that come late.

use std::sync::{Arc, Mutex};

use desktop_tests::{Because, PanelState, Result, SessionConfig};
use zbus::blocking::connection::Builder;
use zbus::object_server::SignalEmitter;

use crate::stage::{LIMIT, ROLE, Stage, click};

#[test]
fn the_icon_returns_when_the_panel_restarts() -> Result<()> {
    let mut stage = Stage::set("panel-restart")?;
    stage.without_browser()?;
    let (_desktop, _) = stage.start_in_tray()?;
    stage.panel().wait_for_icons(1)?;

    stage.session.restart_panel()?;

    let item = stage.item()?;
    stage.panel().wait_for_icons(1)?;
    stage.panel().choose(&item, &[ROLE])?;
    stage.wait_for_opened(1)?;
    assert!(stage.session.windows_titled("Guise").is_empty(), "a window opened though the panel came back");
    stage.end()
}

#[test]
fn without_a_panel_the_window_opens_and_says_why_and_the_icon_comes_with_the_panel() -> Result<()> {
    let config = SessionConfig { panel: PanelState::Absent, ..SessionConfig::default() };
    let mut stage = Stage::set_with("no-panel", config)?;
    stage.without_browser()?;
    let _desktop = stage.start()?;

    stage.session.wait_until_drawn("Guise")?;
    if let Some(folder) = std::env::var_os("GUISE_DESKTOP_PICTURES") {
        stage.session.screenshot(std::path::Path::new(&folder).join("no-panel.png"))?;
    }

    stage.session.start_panel()?;
    let item = stage.item()?;
    stage.panel().wait_for_icons(1)?;
    item.wait_for_menu("no complaint about the tray", LIMIT, |menu| !menu.to_string().contains('⚠'))?;
    click(&item, &[ROLE])?;
    stage.wait_for_opened(1)?;
    stage.end()
}

#[test]
fn a_tray_without_a_panel_behind_it_is_taken_for_none_until_there_is_one() -> Result<()> {
    let config = SessionConfig { panel: PanelState::Absent, ..SessionConfig::default() };
    let stage = Stage::set_with("no-host", config)?;
    let hosts = Arc::new(Mutex::new(false));
    let watcher = Watcher { hosts: hosts.clone(), items: Vec::new() };
    let bus = Builder::address(stage.session.bus_address())
        .and_then(|bus| bus.serve_at(PATH, watcher))
        .and_then(|bus| bus.name(WATCHER))
        .and_then(Builder::build)
        .because("serve a tray without a panel")?;
    let _desktop = stage.start()?;
    let item = stage.item()?;
    item.wait_for_menu("the complaint", LIMIT, |menu| menu.to_string().contains("shows no tray icons"))?;
    stage.session.wait_until_drawn("Guise")?;

    *hosts.lock().expect("no panic") = true;
    let emitter = SignalEmitter::new(bus.inner(), PATH).because("name the tray")?;
    zbus::block_on(Watcher::status_notifier_host_registered(&emitter)).because("tell of a panel")?;
    item.wait_for_menu("no complaint", LIMIT, |menu| !menu.to_string().contains('⚠'))?;
    stage.end()
}

#[test]
fn without_a_session_bus_the_window_opens_and_says_why() -> Result<()> {
    let config = SessionConfig { panel: PanelState::Absent, ..SessionConfig::default() };
    let stage = Stage::set_with("no-bus", config)?;
    let mut desktop = stage.guise()?.desktop();
    desktop.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
    let mut desktop = stage.session.run("guise-desktop", desktop)?;
    stage.session.wait_until_drawn("Guise")?;
    if let Some(folder) = std::env::var_os("GUISE_DESKTOP_PICTURES") {
        stage.session.screenshot(std::path::Path::new(&folder).join("no-bus.png"))?;
    }
    let refused = stage.guise()?.add_ada(&stage.aws).expect_err("there is no keychain");
    assert!(refused.to_string().contains("there is no keychain to keep the key in"), "{refused}");
    assert!(desktop.ended().is_none(), "{}", desktop.log());
    stage.end()
}

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const PATH: &str = "/StatusNotifierWatcher";

/// A tray that takes items in, with a panel to show them or without.
struct Watcher {
    hosts: Arc<Mutex<bool>>,
    items: Vec<String>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&mut self, name: String) {
        self.items.push(name);
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        *self.hosts.lock().expect("no panic")
    }

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}
