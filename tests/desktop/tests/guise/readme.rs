//! The pictures of the README, taken by hand: `cargo test -p desktop-tests --test guise -- --ignored`.

use std::path::Path;
use std::process::Command;

use desktop_tests::{Result, finish_with};

use crate::stage::{LIMIT, ROLE, Stage, menu_of_live_session, wait_until_idle};

#[test]
#[ignore = "it writes into docs/images, which a person looks at first"]
fn the_readme_shows_what_is_really_on_the_screen() -> Result<()> {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images");
    std::fs::create_dir_all(&images).expect("a folder for the pictures");
    let stage = Stage::set("readme")?;
    let (_desktop, item) = stage.start_in_tray()?;
    let icon = stage.panel().wait_for_icons(1)?[0];
    let take = |name: &str, area: &str| -> Result<()> {
        let whole = stage.session.folder().join(name);
        stage.session.screenshot(&whole)?;
        let mut crop = Command::new("convert");
        crop.arg(&whole).args(["-crop", area, "+repage", "-strip", "-colors", "256"]).arg(images.join(name));
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
    take("console.png", "1000x520+10+42")?;
    stage.panel().walk_to(icon, &item, &["acme-dev", "AWSEC2FULLACCESS"])?;
    take("tray.png", "1020x480+0+0")?;
    stage.panel().close_menus()?;

    item.activate()?;
    let window = stage.session.wait_until_drawn("Guise")?;
    // Over a plain ground, at a known place.
    stage.session.xdotool(["windowmove", "--sync", &window, "200", "100"])?;
    stage.session.wait_until_drawn("Guise")?;
    let geometry = stage.session.xdotool(["getwindowgeometry", "--shell", &window])?;
    let number = |name: &str| {
        let line = geometry.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
        line.and_then(|value| value.parse::<u32>().ok()).expect("a number")
    };
    take(
        "manager.png",
        &format!("{}x{}+{}+{}", number("WIDTH"), number("HEIGHT"), number("X"), number("Y")),
    )?;
    stage.end()
}
