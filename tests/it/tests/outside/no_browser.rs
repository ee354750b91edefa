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
