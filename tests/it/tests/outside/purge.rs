//! A home that was copied and one that was moved: whose the keys and the start at login are then.

use std::fs;
use std::path::Path;
use std::process::Command;

use desktop_tests::{Result, finish_with};

use crate::world::{COMMAND, World};

const ENTRY: &str = "[Desktop Entry]\nType=Application\nName=Guise\nX-Guise-Setting=start_at_login\n";

#[test]
fn a_copy_of_a_home_leaves_the_first_one_what_it_has_and_a_moved_one_takes_it_along() -> Result<()> {
    let world = World::with_roles("copied")?;
    world.end_agent()?;
    let settings = world.session.home().join("settings");
    let entry = settings.join("autostart/org.guise.Guise-0123456789abcdef.desktop");
    fs::create_dir_all(entry.parent().expect("a folder")).expect("a folder");
    fs::write(&entry, ENTRY).expect("an entry");
    let ledger = world.home().join("state/ledger.json");
    let mut whole: serde_json::Value =
        serde_json::from_slice(&fs::read(&ledger).expect("the ledger")).expect("it is JSON");
    assert_eq!(whole["keychain"][0]["folder"], serde_json::json!(world.home().join("state")));
    whole["files"] = serde_json::json!([{ "path": entry, "folder": world.home().join("state") }]);
    fs::write(&ledger, whole.to_string()).expect("it can be written");
    let purge = |home: &str| -> Result<String> {
        let mut command = world.command_at(home, &["purge", "--yes"])?;
        command.env("XDG_CONFIG_HOME", &settings);
        let finished = finish_with(command, b"", COMMAND)?;
        assert!(finished.status.success(), "{}", finished.stderr);
        Ok(finished.stderr)
    };

    let name = "co\u{1b}[2Jpy";
    let copy = world.session.home().join(name);
    let copied = Command::new("cp").arg("-a").args([world.home(), copy.clone()]).status();
    assert!(copied.is_ok_and(|status| status.success()));
    let said = purge(name)?;
    assert!(said.contains("co[2Jpy/state/ledger.json") && !said.contains('\u{1b}'), "{said:?}");
    assert!(said.contains("note: the key of `ada` under `guise-"), "{said}");
    assert!(said.contains("0123456789abcdef.desktop` is another home's, and was left"), "{said}");
    assert!(!copy.exists() && entry.exists());
    assert_eq!(world.credentials()?["Version"], 1);
    world.end_agent()?;

    fs::rename(world.home(), world.session.home().join("moved")).expect("it can be moved");
    let said = purge("moved")?;
    assert!(said.contains("0123456789abcdef.desktop") && !said.contains("another home's"), "{said}");
    assert!(!entry.exists() && !Path::new(&world.session.home().join("moved")).exists());
    world.finish()
}
