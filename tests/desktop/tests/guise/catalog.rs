//! The catalog on a bad day, as the person sees it: in the tray and in the window, before a restart and after.

use std::fs;

use desktop_tests::{Opener, Result};

use crate::stage::{LIMIT, ROLE, Stage, open_manager};
use crate::window::picture;

#[test]
fn f14_a_catalog_that_does_not_parse_is_said_in_the_tray_and_the_last_good_one_is_used_even_after_a_restart()
-> Result<()> {
    let stage = Stage::set("catalog")?;
    stage.browser().set_opener(Opener::Nothing)?;
    let (desktop, item) = stage.start_in_tray()?;
    let idle = item.icon_bytes()?;
    let path = stage.guise()?.catalog();
    let good = fs::read_to_string(&path).expect("it is there");
    stage.guise()?.edit_catalog("\n[roles.half\n")?;
    let troubled = |item: &desktop_tests::TrayItem| {
        item.wait_for_menu("the trouble, and the roles all the same", LIMIT, |menu| {
            menu.find(&[ROLE]).is_some() && menu.to_string().contains("is not right: line")
        })
    };
    troubled(&item)?;
    stage.session.wait_for("another icon", LIMIT, || (item.icon_bytes().ok()? != idle).then_some(()))?;

    drop(desktop);
    let guise = stage.guise()?;
    let _desktop = stage.session.run("guise-desktop-again", guise.desktop())?;
    let item = stage.item()?;
    troubled(&item)?;
    let icon = stage.panel().wait_for_icons(1)?[0];
    stage.panel().open_menu(icon)?;
    picture(&stage, "catalog-broken-menu.png")?;
    stage.panel().close_menus()?;
    open_manager(&item)?;
    stage.session.wait_until_drawn("Guise")?;
    picture(&stage, "catalog-broken.png")?;

    let newer = format!("{good}\n[roles.tomorrow]\nkind = \"identity-center\"\n");
    fs::write(&path, &newer).expect("it can be written");
    let menu = item.wait_for_menu("the role that cannot be used, and no more trouble", LIMIT, |menu| {
        let text = menu.to_string();
        text.contains("⚠ role `tomorrow` cannot be used") && !text.contains("is not right")
    })?;
    assert!(!menu.entry(&["⚠ role `tomorrow`"])?.enabled, "it cannot be clicked:\n{menu}");
    stage.session.wait_for("the old icon", LIMIT, || (item.icon_bytes().ok()? == idle).then_some(()))?;
    stage.session.wait_until_drawn("Guise")?;
    picture(&stage, "catalog-newer.png")?;
    assert_eq!(fs::read_to_string(&path).expect("it is there"), newer);
    stage.end()
}
