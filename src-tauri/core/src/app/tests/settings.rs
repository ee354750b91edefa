//! The settings on their way to the desktop.

use super::*;
use crate::catalog::Setting;

#[tokio::test]
async fn the_desktop_hears_the_settings_at_the_start_and_when_they_have_changed() {
    let stage = Stage::with(World::default()).await;
    let heard = || stage.world.settings.lock().unwrap().clone();
    assert_eq!(heard(), [Settings::default()]);
    stage.catalog().set_setting(Setting::StartAtLogin, "true").unwrap();
    // The watch, or else the next question, brings it.
    let _ = stage.app.ask(Intent::EndSession { session: "none".to_owned() }, Origin::Window).await;
    stage.catalog().set_setting(Setting::StartAtLogin, "true").unwrap();
    let _ = stage.app.ask(Intent::EndSession { session: "none".to_owned() }, Origin::Window).await;
    assert_eq!(heard(), [Settings::default(), Settings { start_at_login: true, ..Settings::default() }]);
}
