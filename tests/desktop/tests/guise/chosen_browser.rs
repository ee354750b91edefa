//! The browser that opens the console: one of those that the desktop knows, chosen in the window by its name, and the desktop's own
//! again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use desktop_tests::{Because, Result};

use crate::driving::{Driven, Manager};
use crate::stage::{IDENTITY, LIMIT, Stage, sent_on};

const SETTING: &str = "Which browser opens the console: system, or one that this computer knows by name";
const OPEN: &str = "Open console as AWSEC2FULLACCESS in acme-dev";
/// Writes down what it was started with, an argument a line.
const BROWSER: &str = r#"#!/bin/sh
printf '%s\n' "$@" >"$0.$$.part"
mv "$0.$$.part" "$0.$$.call"
"#;

#[test]
fn the_browser_that_is_chosen_by_its_name_opens_the_console_and_then_the_desktops_own_again() -> Result<()> {
    let stage = Stage::set("chosen-browser")?;
    stage.without_browser()?;
    let driven = Driven::start(&stage)?;
    let guise = stage.guise()?;
    guise.add_ada(&stage.aws)?;
    guise.add_roles()?;
    // While Guise runs; in a place with a space in its name, and an argument of its own: what a shell would take apart.
    let folder = stage.session.folder().join("my apps");
    fs::create_dir(&folder).because("make the folder")?;
    install(&stage, &folder, "org.example.Mine", "x-scheme-handler/http;x-scheme-handler/https;")?;
    install(&stage, &folder, "org.example.Editor", "text/plain;")?;
    let manager = driven.manager("Settings")?;

    assert_eq!(manager.value(SETTING)?, "system");
    let offered = manager.entries(SETTING)?.to_string();
    assert!(!offered.contains("Editor"), "it opens no web pages: {offered}");
    chooses(&stage, &manager, "org.example.Mine")?;
    manager.picture("browser-chosen.png")?;

    opens(&manager)?;
    let call =
        stage.session.wait_for("the browser to be started", LIMIT, || calls(&folder).into_iter().next())?;
    let [option, address] = &call[..] else { panic!("{call:?}") };
    assert_eq!(option, "--profile=the person's");
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    signs_in(&stage, address, 1)?;
    assert_eq!(stage.browser().opened()?, [], "and not the desktop's own");

    manager.goes_to("Settings")?;
    chooses(&stage, &manager, "system")?;
    opens(&manager)?;
    signs_in(&stage, &stage.wait_for_opened(1)?, 2)?;
    assert_eq!(calls(&folder), [call], "and not the other one");

    // Both are signed in, so both are signed out.
    manager.goes_to("Sessions")?;
    manager.presses("End AWSEC2FULLACCESS in acme-dev")?;
    assert!(stage.wait_for_opened(2)?.ends_with("Action=logout"));
    let signs_out =
        |call: &Vec<String>| call.get(1).is_some_and(|address| address.ends_with("Action=logout"));
    stage.session.wait_for("the other one to be signed out", LIMIT, || {
        let calls = calls(&folder);
        (calls.len() == 2 && calls.iter().any(signs_out)).then_some(())
    })?;
    stage.end()
}

/// Installs a program for the person, which writes down what it is started with.
fn install(stage: &Stage, folder: &Path, name: &str, opens: &str) -> Result<()> {
    let program = folder.join(name);
    fs::write(&program, BROWSER).because("write the program")?;
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).because("make it a program")?;
    let entries = stage.session.data_dir().join("applications");
    fs::create_dir_all(&entries).because("make the folder of entries")?;
    let entry = format!(
        "[Desktop Entry]\nType=Application\nName=Mine\nExec=\"{}\" \"--profile=the person's\" %u\nMimeType={opens}\n",
        program.display()
    );
    fs::write(entries.join(format!("{name}.desktop")), entry).because("write the entry")
}

/// Chooses a browser in the settings, which the catalog then has.
fn chooses(stage: &Stage, manager: &Manager, name: &str) -> Result<()> {
    manager.chooses(SETTING, name)?;
    let guise = stage.guise()?;
    stage.session.wait_for("the setting", LIMIT, || {
        (guise.tell(&["settings", "browser"]).ok()?.trim() == name).then_some(())
    })
}

fn opens(manager: &Manager) -> Result<()> {
    manager.goes_to("Roles")?;
    manager.presses(OPEN)
}

/// Goes where the browser was sent, which is the console as the role.
fn signs_in(stage: &Stage, address: &str, times: usize) -> Result<()> {
    sent_on(&sent_on(address)?)?;
    let visits = stage.aws.simulator().console_visits();
    assert_eq!(visits.len(), times);
    assert!(visits.iter().all(|visit| visit.identity == IDENTITY), "{visits:?}");
    Ok(())
}

/// The arguments of each start of a program in a folder.
fn calls(folder: &Path) -> Vec<Vec<String>> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
    let calls = files.filter(|path| path.extension().is_some_and(|extension| extension == "call"));
    let read = calls.filter_map(|path| fs::read_to_string(path).ok());
    read.map(|text| text.lines().map(str::to_owned).collect()).collect()
}
