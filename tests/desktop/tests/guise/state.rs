//! What Guise learns, and where it cannot keep it, as the person sees it.

use std::fs;

use desktop_tests::{Notifications, Result};

use crate::stage::{LIMIT, Stage, click, open_manager, wait_until_idle};
use crate::window::picture;

#[test]
fn a_shorter_session_and_a_state_folder_that_takes_nothing_are_said() -> Result<()> {
    let stage = Stage::set("state")?;
    stage.without_browser()?;
    let notifications = Notifications::of(&stage.session)?;
    let (_desktop, item) = stage.start_in_tray()?;
    let guise = stage.guise()?;
    let arn = "arn:aws:iam::111122223333:role/team/ops/Deploy";
    guise.tell(&["role", "add", "Deploy", "--arn", arn, "--source", "ada", "--duration", "12h"])?;
    let deploy = ["Copy credentials", "Deploy · acme-dev"];
    let copy = item.wait_for_menu("the role", LIMIT, |menu| menu.find(&deploy).is_some())?;
    let journal = guise.log().with_file_name("journal.jsonl");
    let moved = journal.with_extension("moved");
    fs::rename(&journal, &moved).expect("the journal can be moved");
    fs::create_dir(&journal).expect("a folder in its place");

    item.click(copy.entry(&deploy)?.id)?;

    let notice = notifications.wait_for("Deploy lasts 1 h, not 12 h", LIMIT)?;
    assert!(notice.body.contains("guise role edit Deploy --duration 12h"), "{notice:?}");
    let menu = item.wait_for_menu("the trouble", LIMIT, |menu| menu.to_string().contains("⚠ `"))?;
    assert!(menu.to_string().contains("journal.jsonl` could not be written"), "{menu}");
    open_manager(&item)?;
    stage.session.wait_until_drawn("Guise")?;
    picture(&stage, "state.png")?;

    fs::remove_dir(&journal).expect("it is empty");
    fs::rename(&moved, &journal).expect("the journal can be moved back");
    click(&item, &["Copy credentials", "AWSEC2FULLACCESS · acme-dev"])?;
    item.wait_for_menu("no trouble", LIMIT, |menu| !menu.to_string().contains("⚠"))?;
    wait_until_idle(&item)?;
    let told = guise.tell(&["journal"])?;
    assert!(told.lines().any(|line| line.contains("credentials copied") && line.ends_with("tray")), "{told}");
    stage.end()
}
