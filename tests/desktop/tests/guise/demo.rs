//! The demo on a person's own desktop: what it makes it also removes.

use std::fs;

use desktop_tests::{Canaries, DesktopSession, Guise, Result, Signal, SimulatedAws, TRAY_ID, TrayBus};

use crate::stage::{LIMIT, ROLE, click, wait_until_no_process};

#[test]
fn the_demo_leaves_nothing_behind_on_a_real_desktop() -> Result<()> {
    let session = DesktopSession::start("demo")?;
    let browser = desktop_tests::Browser::of(&session);
    browser.set_opener(desktop_tests::Opener::Nothing)?;
    let mut demo = session.run("demo", session.command(env!("CARGO_BIN_EXE_guise-demo")))?;
    let item = TrayBus::connect(&session)?.wait_for_item(TRAY_ID, LIMIT)?;
    let menu = item.wait_for_menu("the roles", LIMIT, |menu| menu.find(&[ROLE]).is_some())?;
    assert!(menu.find(&["Guise home: "]).is_some(), "{menu}");
    session.wait_for("the invitation", LIMIT, || demo.log().contains("Ctrl C ends it all").then_some(()))?;
    assert!(keychain(&session)?.contains("guise-"), "no item in the keychain");

    click(&item, &[ROLE])?;
    session.wait_for("the browser", LIMIT, || (browser.opened().ok()?.len() == 1).then_some(()))?;
    demo.signal(Signal::INT)?;

    assert!(demo.wait(LIMIT)?.success(), "{}", demo.log());
    wait_until_no_process(&session, "guise")?;
    assert!(!keychain(&session)?.contains("guise-"), "{}", keychain(&session)?);
    let left: Vec<_> = fs::read_dir(session.cache_dir())
        .expect("the cache")
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("guise"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!Guise::on(&session)?.catalog().exists(), "the person's own catalog was touched");
    let secrets = Canaries::new(SimulatedAws::start()?.secrets());
    let report = secrets.search_files_except([session.folder()], &[&browser.profile_dir()]);
    assert!(report.leaks.is_empty(), "{report}");
    Ok(())
}

/// The attributes of ada's item in the keychain.
fn keychain(session: &DesktopSession) -> Result<String> {
    let mut search = session.command("sh");
    // The attributes go to standard error, the secret to standard output.
    search.args(["-c", "secret-tool search --all --unlock username source/ada 2>&1 >/dev/null"]);
    let mut search = session.run("secret-tool", search)?;
    search.wait(LIMIT)?;
    Ok(search.log())
}
