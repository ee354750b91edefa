//! The first start, the start at login, and the way out again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use desktop_tests::{Guise, Notifications, PanelState, Program, Result, SessionConfig};

use crate::stage::{
    LIMIT, Stage, open_manager, processes_with, wait_until_no_process, wait_until_reaped, window_processes,
};

/// A folder whose name has everything in it that an entry has to escape.
const AWKWARD: &str = r#"a b"c\d$e`f%g'h=é;~"#;

#[test]
fn the_first_start_with_nothing_configured_opens_the_window_once() -> Result<()> {
    let stage = Stage::set("first-start")?;
    let guise = stage.guise()?;
    let desktop = stage.session.run("guise-desktop", guise.first_desktop())?;
    stage.session.wait_until_drawn("Guise")?;
    picture(&stage, "first-start.png")?;
    let processes = window_processes(&stage.session);
    stage.session.xdotool(["key", "alt+F4"])?;
    wait_until_reaped(&processes)?;
    end(&stage, desktop)?;

    let mut again = stage.session.run("guise-desktop", guise.first_desktop())?;
    stage.item()?;
    guise.wait_for_socket()?;
    assert_eq!(window_processes(&stage.session), Vec::<u32>::new(), "it opened twice");
    assert!(again.ended().is_none());
    Ok(())
}

#[test]
fn at_login_without_a_tray_one_notification_says_so_and_no_window_opens() -> Result<()> {
    let config = SessionConfig { panel: PanelState::Absent, ..SessionConfig::default() };
    let stage = Stage::set_with("login", config)?;
    let notifications = Notifications::of(&stage.session)?;
    let at_login = || -> Result<Program> {
        let mut command = stage.guise()?.first_desktop();
        command.arg("--login");
        stage.session.run("guise-desktop", command)
    };

    let desktop = at_login()?;
    let shown = notifications.wait_for("shows no tray icons", LIMIT)?;
    assert!(shown.body.contains("start it again to open its window"), "{shown:?}");
    assert_eq!(window_processes(&stage.session), Vec::<u32>::new());
    // Started again at the same login it has nothing to show either.
    assert!(at_login()?.wait(LIMIT)?.success());
    assert_eq!(window_processes(&stage.session), Vec::<u32>::new());
    end(&stage, desktop)?;

    let desktop = at_login()?;
    stage.guise()?.wait_for_socket()?;
    // Longer than a tray may take to appear at login.
    std::thread::sleep(Duration::from_secs(17));
    assert_eq!(notifications.shown().len(), 1, "{:?}", notifications.shown());
    assert_eq!(window_processes(&stage.session), Vec::<u32>::new());

    // A person who starts it gets what the notification promised.
    stage.session.run("guise-desktop", stage.guise()?.first_desktop())?.wait(LIMIT)?;
    stage.session.wait_until_drawn("Guise")?;
    drop(desktop);
    Ok(())
}

#[test]
fn the_entry_that_starts_guise_at_login_follows_its_setting_and_can_be_launched() -> Result<()> {
    let stage = Stage::set("entry")?;
    // Programs and home lie where every character has to be escaped.
    let folder = stage.session.home().join(AWKWARD);
    fs::create_dir_all(&folder).expect("an awkward folder");
    let put = |name: &str| -> Result<()> {
        let built = desktop_tests::programs()?.join(name);
        if fs::hard_link(&built, folder.join(name)).is_err() {
            fs::copy(&built, folder.join(name)).expect("a copy of the program");
        }
        Ok(())
    };
    put("guise")?;
    put("guise-desktop")?;
    let home = folder.join("g");
    let guise = Guise::on(&stage.session)?.at_home(&home);
    let set = |value: &str| -> Result<String> {
        let mut command = stage.session.command(folder.join("guise"));
        command.arg("--home").arg(&home).args(["settings", "start_at_login", value]);
        let mut program = stage.session.run("set", command)?;
        assert!(program.wait(LIMIT)?.success(), "{}", program.log());
        Ok(program.log())
    };

    set("true")?;
    let entry = only_entry(&stage);
    let mut check = stage.session.command("desktop-file-validate");
    check.arg(&entry);
    let mut check = stage.session.run("validate", check)?;
    assert!(check.wait(LIMIT)?.success() && check.log().is_empty(), "{}", check.log());

    let mut launch = stage.session.command("gio");
    launch.arg("launch").arg(&entry);
    let mut launch = stage.session.run("launch", launch)?;
    assert!(launch.wait(LIMIT)?.success(), "{}", launch.log());
    guise.wait_for_socket()?;
    stage.item()?;
    assert_eq!(processes_with(&stage.session, "--login").len(), 1);

    // The program may be replaced while it runs: its windows still open, and are its own.
    fs::remove_file(folder.join("guise-desktop")).expect("the program can be removed");
    open_manager(&stage.item()?)?;
    stage.session.wait_until_drawn("Guise")?;
    put("guise-desktop")?;

    // The agent that runs sees the catalog change, whoever changes it, and does as it says.
    fs::write(guise.catalog(), "[settings]\n").expect("the catalog can be written");
    stage.session.wait_for("the entry to go", LIMIT, || (!entry.exists()).then_some(()))?;
    fs::write(guise.catalog(), "[settings]\nstart_at_login = true\n").expect("the catalog can be written");
    stage.session.wait_for("the entry to come", LIMIT, || entry.exists().then_some(()))?;

    // What the person switched off in the desktop's own settings stays so.
    let switched_off = fs::read_to_string(&entry).expect("an entry") + "Hidden=true\n";
    fs::write(&entry, &switched_off).expect("the entry can be written");
    assert!(set("true")?.contains("switch it off all the same"));
    assert_eq!(fs::read_to_string(&entry).expect("an entry"), switched_off);
    set("false")?;
    assert!(!entry.exists());
    Ok(())
}

#[test]
fn a_purge_leaves_nothing_of_guise_behind() -> Result<()> {
    let stage = Stage::set("purge")?;
    stage.without_browser()?;
    let before = files(&stage);
    let (mut desktop, item) = stage.start_in_tray()?;
    let guise = stage.guise()?;
    guise.tell(&["settings", "start_at_login", "true"])?;
    guise.tell(&["credentials", "AWSEC2FULLACCESS"])?;
    open_manager(&item)?;
    stage.session.wait_until_drawn("Guise")?;
    assert!(files(&stage).len() > before.len() + 3);
    assert!(keychain(&stage)?.contains("source/ada"));

    let refused = guise.run(&["purge"])?;
    assert!(!refused.succeeded && refused.stderr.contains("--yes"), "{}", refused.stderr);
    assert!(keychain(&stage)?.contains("source/ada"));
    let purged = guise.run(&["purge", "--yes"])?;

    assert!(purged.succeeded, "{}", purged.stderr);
    for part in ["the key of `ada`", "org.guise.Guise.desktop", "catalog.toml", "guise.log"] {
        assert!(purged.stderr.contains(part), "{}", purged.stderr);
    }
    assert!(desktop.wait(LIMIT)?.success());
    wait_until_no_process(&stage.session, "guise")?;
    let left: Vec<PathBuf> = files(&stage).into_iter().filter(|path| !before.contains(path)).collect();
    assert_eq!(left, Vec::<PathBuf>::new());
    assert!(!keychain(&stage)?.contains("source/ada"));
    Ok(())
}

fn end(stage: &Stage, desktop: Program) -> Result<()> {
    drop(desktop);
    wait_until_no_process(&stage.session, "guise-desktop")
}

/// The one entry of ours in the autostart folder, which only its owner and the session need to read.
fn only_entry(stage: &Stage) -> PathBuf {
    let folder = stage.session.config_dir().join("autostart");
    let entries: Vec<PathBuf> =
        fs::read_dir(&folder).expect("the folder is there").flatten().map(|entry| entry.path()).collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    let mode = fs::metadata(&entries[0]).expect("an entry").permissions().mode();
    assert_eq!(mode & 0o111, 0, "an entry is no program");
    entries[0].clone()
}

/// Every file and folder of the person's that Guise might have made.
fn files(stage: &Stage) -> Vec<PathBuf> {
    let session = &stage.session;
    let mut folders = vec![
        session.home(),
        session.config_dir(),
        session.state_dir(),
        session.data_dir(),
        session.cache_dir(),
        session.runtime_dir(),
        session.temporary_dir(),
    ];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    // The keychain's files, the folder that others keep their entries in too, and what the libraries of every window make.
    let autostart = session.config_dir().join("autostart");
    let others = [
        session.data_dir().join("keyrings"),
        session.cache_dir().join("mesa_shader_cache"),
        session.runtime_dir().join("at-spi"),
    ];
    found.retain(|path| *path != autostart && !others.iter().any(|other| path.starts_with(other)));
    found
}

/// The attributes of Guise's items in the keychain.
fn keychain(stage: &Stage) -> Result<String> {
    let mut search = stage.session.command("sh");
    search.args(["-c", "secret-tool search --all service guise 2>&1 >/dev/null"]);
    let mut search = stage.session.run("secret-tool", search)?;
    search.wait(LIMIT)?;
    Ok(search.log())
}

/// A picture for a person to look at, where one is wanted.
fn picture(stage: &Stage, name: &str) -> Result<()> {
    let Some(folder) = std::env::var_os("GUISE_DESKTOP_PICTURES") else { return Ok(()) };
    stage.session.screenshot(Path::new(&folder).join(name))
}
