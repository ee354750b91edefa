//! Import and export in the window: what the AWS CLI's files have is shown, brought in and opened; a catalog goes to a file by the
//! system's own dialog and comes back.

use std::fs;
use std::path::Path;
use std::time::Duration;

use desktop_tests::{ADAS_KEY_ID, ADAS_SECRET, Because, EC2_ROLE, Result};

use crate::accessible::{Person, read_aloud};
use crate::stage::{LIMIT, Stage, open_manager};
use crate::window::picture;

#[test]
fn roles_and_a_key_come_in_from_profiles_and_the_catalog_goes_to_a_file_and_back() -> Result<()> {
    let stage = Stage::set_with("brings-in", read_aloud())?;
    let aws = stage.session.home().join(".aws");
    fs::create_dir_all(&aws).because("make the folder")?;
    let key = format!(
        "[work]\naws_access_key_id = {ADAS_KEY_ID}\naws_secret_access_key = {ADAS_SECRET}\nregion = eu-west-1\n"
    );
    fs::write(aws.join("credentials"), &key).because("write the key")?;
    let profile =
        format!("[profile fromcli]\nrole_arn = {EC2_ROLE}\nsource_profile = work\nregion = eu-west-1\n");
    fs::write(aws.join("config"), profile).because("write the profile")?;
    let guise = stage.guise()?;
    let desktop = stage.at_the_simulator(guise.desktop());
    let _desktop = stage.session.run("guise-desktop", desktop)?;
    guise.wait_for_socket()?;
    let item = stage.item()?;
    open_manager(&item)?;
    let person = Person::before(&stage, "Open the setup guide")?;

    person.presses("ctrl+6")?;
    person.waits_for("what was found", |page| page.to_string().contains("Found on this computer"))?;
    picture(&stage, "import-found.png")?;
    reach(&person, "Move keys into the keychain")?;
    person.presses("space")?;
    reach(&person, "fromcli")?;
    person.presses("space")?;
    person.presses("ctrl+Return")?;
    person.waits_for("what came in", |page| {
        let said = page.to_string();
        said.contains("Added fromcli") && said.contains("aws_secret_access_key")
    })?;
    picture(&stage, "import-done.png")?;
    assert_eq!(fs::read_to_string(aws.join("credentials")).because("read")?, key, "the file is the person's");
    assert!(guise.tell(&["credentials", "fromcli", "--format", "json"])?.contains("SessionToken"));

    // Out by the system's dialog, which has the window's own name for it.
    let file = stage.session.home().join("given.toml");
    person.presses("ctrl+1")?;
    person.presses("ctrl+6")?;
    reach(&person, "Export the catalog…")?;
    person.presses("Return")?;
    name_file(&stage, "Guise: export the catalog", &file, "export-dialog.png")?;
    let given = stage.session.wait_for("the file", LIMIT, || {
        fs::read_to_string(&file).ok().filter(|text| text.contains("[roles.fromcli]"))
    })?;
    assert!(!given.contains(ADAS_SECRET) && given.contains(ADAS_KEY_ID), "{given}");

    // And in again: what is here is known, and what is new comes in.
    fs::write(&file, given.replace("[roles.fromcli]", "[roles.again]")).because("change the file")?;
    person.waits_for("that it was written", |page| page.to_string().contains("Wrote"))?;
    reach(&person, "Choose a file…")?;
    person.presses("Return")?;
    name_file(&stage, "Guise: look in a file", &file, "import-dialog.png")?;
    person.waits_for("what the file has", |page| page.to_string().contains("Found in given.toml"))?;
    picture(&stage, "import-catalog.png")?;
    reach(&person, "again")?;
    person.presses("space")?;
    person.presses("ctrl+Return")?;
    person.waits_for("what came in", |page| page.to_string().contains("Added again"))?;
    let catalog = || fs::read_to_string(stage.guise().map(|guise| guise.catalog()).unwrap_or_default());
    assert!(catalog().because("read the catalog")?.contains("[roles.again]"));
    reach(&person, "Undo")?;
    person.presses("Return")?;
    stage.session.wait_for("the role to go", LIMIT, || {
        catalog().is_ok_and(|text| !text.contains("[roles.again]")).then_some(())
    })?;
    // It is where the person had it, which is not what is looked for.
    fs::remove_file(aws.join("credentials")).because("take the key away")?;
    stage.end()
}

/// Types a path into the system's dialog, as often as it takes: on a machine that is busy its field comes after its window.
fn name_file(stage: &Stage, title: &str, file: &Path, name: &str) -> Result<()> {
    let shown = || stage.session.windows_titled(title).into_iter().next();
    stage.session.wait_for("the dialog", LIMIT, shown)?;
    stage.session.wait_until_drawn(title)?;
    picture(stage, name)?;
    stage
        .session
        .wait_for("the dialog to take the path", LIMIT, || {
            let dialog = shown()?;
            let session = &stage.session;
            session.xdotool(["windowfocus", &dialog]).ok()?;
            session.xdotool(["key", "ctrl+l"]).ok()?;
            session.xdotool(["key", "ctrl+a"]).ok()?;
            session.xdotool(["type", "--delay", "20", &file.display().to_string()]).ok()?;
            session.xdotool(["key", "Return"]).ok()?;
            let gone = || shown().is_none().then_some(());
            desktop_tests::wait_for("it to go", Duration::from_secs(3), gone).ok()
        })
        .or_else(|error| if shown().is_none() { Ok(()) } else { Err(error) })
}

/// Goes on by Tab until this has the focus.
fn reach(person: &Person, name: &str) -> Result<()> {
    for _ in 0..60 {
        let before = person.focus()?;
        if before == name {
            return Ok(());
        }
        person.presses("Tab")?;
        person.waits_for("the focus to go on", |page| {
            page.focused().is_none_or(|focused| focused.name != before)
        })?;
    }
    person.waits_for_focus(name)
}
