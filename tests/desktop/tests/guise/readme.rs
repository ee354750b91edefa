//! The pictures of the README, taken by hand: `cargo test -p desktop-tests --test guise -- --ignored`.

use std::path::Path;
use std::process::Command;

use desktop_tests::{Result, finish_with};

use crate::stage::{LIMIT, ROLE, Stage, menu_of_live_session, open_manager, wait_until_idle};

#[test]
#[ignore = "it writes into docs/images, which a person looks at first"]
fn the_readme_shows_what_is_really_on_the_screen() -> Result<()> {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images");
    std::fs::create_dir_all(&images).expect("a folder for the pictures");
    let stage = Stage::set("readme")?;
    let (_desktop, item) = stage.start_in_tray()?;
    let icon = stage.panel().wait_for_icons(1)?[0];
    let take = |name: &str, window: Option<&str>, area: &str| -> Result<()> {
        let whole = stage.session.folder().join(name);
        match window {
            Some(window) => stage.session.screenshot_of(window, &whole)?,
            None => stage.session.screenshot(&whole)?,
        }
        let mut crop = Command::new("convert");
        crop.arg(&whole).args(["-crop", area, "+repage", "-strip"]).arg(images.join(name));
        assert!(finish_with(crop, &[], LIMIT)?.status.success(), "convert failed");
        assert!(std::fs::metadata(images.join(name)).is_ok_and(|data| data.len() < 150_000));
        Ok(())
    };

    stage.panel().choose(&item, &[ROLE])?;
    stage.wait_for_console()?;
    menu_of_live_session(&item)?;
    wait_until_idle(&item)?;
    stage.session.point_aside()?;
    stage.session.wait_until_drawn("EC2")?;
    take("console.png", None, "992x520+14+46")?;
    stage.panel().walk_to(icon, &item, &["acme-dev", "AWSEC2FULLACCESS"])?;
    take("tray.png", None, "1020x480+0+0")?;
    stage.panel().close_menus()?;

    open_manager(&item)?;
    let window = stage.session.wait_until_drawn("Guise")?;
    take("manager.png", Some(&window), "960x640+0+0")?;
    stage.end()
}
