//! Browsers that are missing, that fail, and that never come: said without the address, and the agent lives on.

use std::fs;
use std::time::{Duration, Instant};

use desktop_tests::{Because, Browser, Opener, Result, finish_with};

use crate::world::{COMMAND, EC2, World};

#[test]
fn f27_a_browser_that_cannot_be_started_is_said_without_its_address() -> Result<()> {
    let world = World::with_roles("no-browser")?;
    let browser = Browser::of(&world.session);
    browser.set_opener(Opener::Fails)?;
    let begun = Instant::now();
    let failed = world.run(&["console", EC2])?;
    failed.assert_failed("no browser could be started: xdg-open found no browser");
    assert!(failed.stderr.contains("guise console --print gives the address"), "{}", failed.stderr);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let opened = browser.opened()?;
    assert_eq!(opened.len(), 1);
    let address = opened[0].args[0].clone();
    let nonce = address.rsplit('/').next().because("an address has a path")?.to_owned();
    assert_eq!(nonce.len(), 64, "{address}");
    assert!(!failed.stderr.contains(&nonce) && !failed.stderr.contains("127.0.0.1"), "{}", failed.stderr);
    let log = fs::read_to_string(world.guise()?.log()).because("read the log")?;
    assert!(log.contains(EC2) && !log.contains(&nonce), "the address is in the log:\n{log}");

    // Without the program itself. The agent has its own PATH, so it is another agent's.
    let missing = world.guise()?.at_home(&world.session.home().join("m"));
    let empty = world.session.home().join("empty");
    fs::create_dir(&empty).because("make a folder")?;
    missing.add_ada(&world.aws)?;
    missing.add_roles()?;
    let mut command = missing.command(["agent"]);
    command.env("PATH", &empty);
    let _ = missing.run(&["source", "list"])?;
    // It takes the place of the one that was started for the calls before.
    let stopped = end_agents(&world)?;
    assert!(stopped > 0);
    let _agent = world.session.run("agent", command)?;
    missing.wait_for_socket()?;
    let ended = finish_with(missing.command(["console", EC2]), b"", COMMAND)?;
    assert!(
        ended.stderr.contains("error: no browser could be started: xdg-open is not installed"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("127.0.0.1"), "{}", ended.stderr);
    assert!(missing.tell(&["credentials", EC2])?.contains("AWS_SESSION_TOKEN"), "the agent lives on");
    world.finish()
}

#[test]
fn f27_a_launcher_that_hangs_keeps_nobody_from_the_browser() -> Result<()> {
    let world = World::with_roles("hangs")?;
    let browser = Browser::of(&world.session);
    browser.set_opener(Opener::Hangs)?;
    std::thread::scope(|scope| -> Result<()> {
        let command = world.command(&["console", EC2])?;
        let caller = scope.spawn(|| finish_with(command, b"", COMMAND));
        let address = world.session.wait_for("the address", COMMAND, || {
            browser.opened().ok()?.first().map(|opened| opened.args[0].clone())
        })?;
        // Longer than a launcher has to fail in.
        std::thread::sleep(Duration::from_secs(4));
        assert!(!caller.is_finished(), "a launcher that hangs was taken for a failure");
        let mut fetch = world.session.command("python3");
        fetch.args(["-c", FETCH, &address]);
        let fetched = finish_with(fetch, b"", COMMAND)?;
        assert_eq!(String::from_utf8_lossy(&fetched.stdout).trim(), "303", "{}", fetched.stderr);
        let ended = caller.join().expect("no panic")?;
        assert!(ended.status.success(), "{}", ended.stderr);
        Ok(())
    })?;
    world.finish()
}

/// Asks once, follows nothing, and prints the status.
const FETCH: &str = "import http.client,sys,urllib.parse\n\
    u=urllib.parse.urlsplit(sys.argv[1]); c=http.client.HTTPConnection(u.netloc,timeout=30)\n\
    c.request('GET',u.path); print(c.getresponse().status)\n";

/// Ends every agent of the session, and tells how many there were.
fn end_agents(world: &World) -> Result<usize> {
    let agents = world.agents();
    for agent in &agents {
        let mut kill = world.session.command("kill");
        kill.arg(agent.to_string());
        finish_with(kill, b"", COMMAND)?;
    }
    world.session.wait_for("the agents to end", COMMAND, || world.agents().is_empty().then_some(()))?;
    Ok(agents.len())
}

#[test]
fn a_browser_of_the_persons_choice_is_started_by_its_desktop_entry_and_one_that_is_gone_is_said() -> Result<()>
{
    let world = World::with_roles("chosen-browser")?;
    let applications = world.session.data_dir().join("applications");
    fs::create_dir_all(&applications).because("make the folder")?;
    // It fetches its address as a browser would, and writes down that it was it.
    let seen = world.session.home().join("seen");
    let script = world.session.home().join("my browser");
    let program =
        format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >'{}'\ncurl -s -o /dev/null \"$2\"\n", seen.display());
    fs::write(&script, program).because("write the program")?;
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .because("allow it to run")?;
    let entry = |handles: &str| {
        format!(
            "[Desktop Entry]\nType=Application\nName=Mine\nExec=\"{}\" --new-window %u\nMimeType={handles};\n",
            script.display()
        )
    };
    fs::write(applications.join("mine.desktop"), entry("text/html;x-scheme-handler/https"))
        .because("install it")?;
    fs::write(applications.join("editor.desktop"), entry("text/plain")).because("install another")?;

    world.tell(&["settings", "browser", "mine"])?;
    world.tell(&["console", EC2])?;
    let given = fs::read_to_string(&seen).because("it was started")?;
    assert!(given.starts_with("--new-window\nhttp://127.0.0.1:"), "{given}");
    assert_eq!(Browser::of(&world.session).opened()?, [], "the desktop's own was not");

    for (name, sentence) in [
        ("editor", "the browser `editor` could not be started"),
        ("gone", "the browser `gone` could not be started"),
    ] {
        world.tell(&["settings", "browser", name])?;
        world.fails(&["console", EC2], sentence)?;
    }
    // No command can be one.
    world.fails(&["settings", "browser", "sh -c 'x'"], "`sh -c 'x'` is nothing that browser can be")?;
    world.fails(&["settings", "browser", "../../bin/sh"], "`../../bin/sh` is nothing that browser can be")?;
    world.tell(&["settings", "browser", ""])?;
    assert!(world.tell(&["settings"])?.contains("system"));
    world.finish()
}
