//! Panels that restart, that are missing, that come late.

use desktop_tests::{PanelState, Result, SessionConfig};

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
