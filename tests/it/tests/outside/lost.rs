//! Agents that die while they are asked, and agents whose place in the runtime folder is cleaned up.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use aws_sim::{Fault, FaultKind, FaultTarget};
use desktop_tests::{Guise, Result, finish_with};
use rustix::process::Signal;

use crate::one_agent::is_working;
use crate::world::{COMMAND, EC2, World};

const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn f28_an_agent_that_dies_as_it_is_asked_is_said_at_once_and_the_next_call_starts_another() -> Result<()> {
    let world = World::start("dies")?;
    let agent = world.guise()?.start_agent(&world.session.log_dir())?;
    world.add_ada()?;
    world.guise()?.add_roles()?;
    let usual = world.quick()?;
    world.aws.simulator().fault(Fault::always(FaultTarget::Sts, FaultKind::Slow { ms: 20_000 }));
    let command = world.command(&["credentials", EC2])?;
    let (killed, ended) = thread::scope(|scope| -> Result<_> {
        let caller = scope.spawn(|| finish_with(command, b"", COMMAND));
        world.session.wait_for("the call", LIMIT, || is_working(&world).then_some(()))?;
        let killed = Instant::now();
        agent.signal(Signal::KILL)?;
        Ok((killed, caller.join().expect("no panic")?))
    })?;
    assert!(killed.elapsed() < usual + Duration::from_secs(2), "{:?}", killed.elapsed());
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stderr.contains("error: the agent ended before it answered"), "{}", ended.stderr);
    world.aws.simulator().clear_faults();
    assert_eq!(world.credentials()?["Version"], 1);
    assert_eq!(world.agents().len(), 1);
    drop(agent);
    world.finish()
}

#[test]
fn an_agent_whose_runtime_folder_is_removed_stays_the_only_one_and_is_found_again() -> Result<()> {
    let world = World::start("cleaned")?;
    let agent = world.guise()?.start_agent(&world.session.log_dir())?;
    world.add_ada()?;
    world.guise()?.add_roles()?;
    world.credentials()?;
    let run = world.home().join("run");
    let one_is_found = || {
        let found = run.join("agent.sock").exists() && run.join("agent.lock").exists();
        (found && world.agents().len() == 1).then_some(())
    };
    fs::remove_dir_all(&run).expect("the folder is there");
    world.session.wait_for("the agent to be found again", LIMIT, one_is_found)?;
    assert_eq!(world.agents(), [agent.id()], "another one took its place");
    assert_eq!(world.credentials()?["Version"], 1);
    assert_eq!(world.aws.calls("AssumeRole").len(), 1, "the session was lost");

    // Tools that call at the same moment may start another; then one of the two makes way.
    fs::remove_dir_all(&run).expect("the folder is there");
    for _ in 0..3 {
        assert_eq!(world.credentials()?["Version"], 1);
    }
    world.session.wait_for("one agent to be left", LIMIT, one_is_found)?;
    assert_eq!(world.credentials()?["Version"], 1);
    drop(agent);
    world.finish()
}

#[test]
fn a_runtime_directory_that_is_not_this_users_alone_is_refused() -> Result<()> {
    let world = World::start("runtime")?;
    let folder = world.session.home().join("rt");
    let guise = Guise::on(&world.session)?;
    let command = |folder: Option<&Path>| {
        let mut command: Command = guise.command(["source", "test", "nobody"]);
        match folder {
            Some(folder) => command.env("XDG_RUNTIME_DIR", folder),
            None => command.env_remove("XDG_RUNTIME_DIR"),
        };
        finish_with(command, b"", COMMAND).map(|ended| ended.stderr)
    };
    let refused = |why: &str| -> Result<()> {
        let said = command(Some(&folder))?;
        assert!(said.contains("cannot hold the agent's socket") && said.contains(why), "{why}: {said}");
        assert!(said.contains("hint: XDG_RUNTIME_DIR must name a folder of your own"), "{said}");
        Ok(())
    };
    refused("No such file or directory")?;
    fs::create_dir(&folder).expect("a folder");
    for mode in [0o755, 0o777, 0o710] {
        fs::set_permissions(&folder, Permissions::from_mode(mode)).expect("a mode");
        refused("others may enter it")?;
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700)).expect("a mode");
    chown(&folder, Some(4712), None).expect("the tests run as root");
    refused("it belongs to another user")?;
    chown(&folder, Some(world.session.user()), None).expect("the tests run as root");
    assert!(command(Some(&folder))?.contains("there is no source `nobody`"), "it works again");
    if !Path::new(&format!("/run/user/{}", world.session.user())).exists() {
        assert!(command(None)?.contains("XDG_RUNTIME_DIR is not set"), "without one");
    }
    world.finish()
}
