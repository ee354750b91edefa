//! One agent a home: many callers share one call, and whoever goes away takes nothing from the others.

use std::time::{Duration, Instant};

use aws_sim::{Fault, FaultKind, FaultTarget};
use desktop_tests::{ArgvWatch, Canaries, Program, Result, finish_with};
use rustix::process::Signal;

use crate::world::{COMMAND, EC2, World};

const LIMIT: Duration = Duration::from_secs(30);

#[test]
fn twenty_callers_at_once_share_one_call_to_sts() -> Result<()> {
    let world = World::with_roles("twenty")?;
    world.aws.simulator().fault(Fault::once(FaultTarget::Sts, FaultKind::Slow { ms: 700 }));
    let answers: Vec<String> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..20)
            .map(|_| {
                let command = world.command(&["credentials", EC2, "--format", "json"]);
                scope.spawn(move || finish_with(command?, b"", COMMAND))
            })
            .collect();
        let ended = callers.into_iter().map(|caller| caller.join().expect("no panic").expect("it ended"));
        ended.map(|finished| String::from_utf8_lossy(&finished.stdout).into_owned()).collect()
    });
    assert!(answers[0].contains("SessionToken"), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(world.aws.calls("AssumeRole").len(), 1);
    world.finish()
}

#[test]
fn a_caller_that_is_killed_takes_nothing_from_the_others() -> Result<()> {
    let world = World::with_roles("killed")?;
    world.aws.simulator().fault(Fault::once(FaultTarget::Sts, FaultKind::Slow { ms: 1500 }));
    let command = world.command(&["credentials", EC2])?;
    let leader = Program::start("leader", command, &world.session.log_dir(), None)?;
    // The call is in the simulator's hands when its one slow answer is taken.
    world.session.wait_for("the first call", LIMIT, || is_working(&world).then_some(()))?;
    leader.signal(Signal::KILL)?;
    assert_eq!(world.credentials()?["Version"], 1);
    assert_eq!(world.aws.calls("AssumeRole").len(), 1);
    drop(leader);
    // What the leader printed before it was killed is the credentials it was asked for.
    let _ = std::fs::remove_file(world.session.log_dir().join("leader.log"));
    world.finish()
}

#[test]
fn an_agent_by_hand_is_the_only_one_and_leaves_no_socket() -> Result<()> {
    let world = World::start("hand")?;
    let guise = world.guise()?;
    let mut agent = guise.start_agent(&world.session.log_dir())?;
    let second = world.run(&["agent"])?;
    assert!(second.stderr.contains("an agent is running already"), "{}", second.stderr);
    agent.signal(Signal::TERM)?;
    assert!(agent.wait(LIMIT)?.success());
    assert!(!guise.socket().exists());

    let mut killed = guise.start_agent(&world.session.log_dir())?;
    killed.signal(Signal::KILL)?;
    let _ = killed.wait(LIMIT)?;
    assert!(guise.socket().exists(), "a killed agent leaves its socket");
    let _agent = guise.start_agent(&world.session.log_dir())?;
    world.finish()
}

#[test]
fn an_agent_that_is_stopped_is_not_waited_for() -> Result<()> {
    let world = World::start("stopped")?;
    let agent = world.guise()?.start_agent(&world.session.log_dir())?;
    agent.signal(Signal::STOP)?;
    let begun = Instant::now();
    let answered = world.run(&["source", "test", "ada"])?;
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    assert_eq!(answered.code, 1);
    assert!(
        answered.stderr.contains("error: the agent did not answer within 2 seconds"),
        "{}",
        answered.stderr
    );
    agent.signal(Signal::CONT)?;
    drop(agent);
    world.finish()
}

#[test]
fn no_argument_and_no_environment_ever_holds_a_secret() -> Result<()> {
    let watch = ArgvWatch::start();
    let world = World::with_roles("argv")?;
    world.credentials()?;
    world.tell(&["console", EC2, "--print"])?;
    world.tell(&["credentials", EC2, "--copy"])?;
    let seen = watch.stop();
    assert!(!seen.with_argument("clipboard-holder").is_empty(), "the watch is blind");
    let leaks = seen.search(&Canaries::new(world.aws.secrets()));
    assert!(leaks.is_empty(), "{leaks:#?}");
    world.finish()
}

/// Whether the agent's log says that the assumption is under way.
pub(crate) fn is_working(world: &World) -> bool {
    world
        .guise()
        .map(|guise| std::fs::read_to_string(guise.log()).unwrap_or_default())
        .is_ok_and(|log| log.matches("under way").count() >= 2)
}
