//! Too little of the machine: files, memory, threads. Each is a sentence, no panic, and the agent lives on.

use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::Duration;

use desktop_tests::{Because, Result, SessionConfig, finish_with};

use crate::world::{COMMAND, EC2, World};

const LIMIT: Duration = Duration::from_secs(30);
/// A user that every system knows and few programs run as: the system counts the threads of all of them.
const PERSON: u32 = 1;

/// `guise` with these arguments, under a limit.
fn limited(world: &World, limit: &str, arguments: &[&str]) -> Result<Command> {
    let guise = world.command(arguments)?;
    let mut command = world.session.command("prlimit");
    command.arg(limit).arg(guise.get_program()).args(guise.get_args());
    Ok(command)
}

#[test]
fn f31_with_64_files_the_agent_serves_what_it_can_and_outlives_the_rush() -> Result<()> {
    let world = World::start("files")?;
    let agent = world.session.run("agent", limited(&world, "--nofile=64:64", &["agent"])?)?;
    world.guise()?.wait_for_socket()?;
    world.add_ada()?;
    world.guise()?.add_roles()?;
    let callers: Vec<UnixStream> = (0..200)
        .map(|_| UnixStream::connect(world.guise()?.socket()).because("connect to the agent"))
        .collect::<Result<_>>()?;
    let answered = world.run(&["credentials", EC2])?;
    if answered.code != 0 {
        answered.assert_failed("the agent did not answer within 2 seconds");
    }
    drop(callers);
    let works = || (world.run(&["credentials", EC2]).ok()?.code == 0).then_some(());
    world.session.wait_for("the rush to be over", LIMIT, works)?;
    assert_eq!(world.agents(), [agent.id()]);
    let log = std::fs::read_to_string(world.guise()?.log()).because("read the log")?;
    assert!(!log.contains("panicked"), "{log}");
    world.finish()
}

#[test]
fn f31_with_little_memory_a_command_works_or_says_why_not() -> Result<()> {
    let world = World::with_roles("memory")?;
    let mut worked = 0;
    for megabytes in [40, 80, 160, 640] {
        let limit = format!("--as={}", megabytes * 1024 * 1024);
        let ended = finish_with(limited(&world, &limit, &["credentials", EC2])?, b"", COMMAND)?;
        assert!(!ended.stderr.contains("panicked"), "{megabytes} MB: {}", ended.stderr);
        match ended.status.code() {
            Some(0) => worked += 1,
            // Below a certain size the system cannot even load the program.
            _ => assert!(ended.stdout.is_empty(), "{megabytes} MB: half of it"),
        }
    }
    assert!(worked > 1, "it never worked");
    assert_eq!(world.credentials()?["Version"], 1);
    world.finish()
}

#[test]
fn f31_an_agent_without_threads_says_so_and_one_with_few_lives() -> Result<()> {
    let config = SessionConfig { user: Some(PERSON), ..SessionConfig::default() };
    let world = World::start_with("threads", config)?;
    assert_eq!(world.session.user(), PERSON, "this test runs the programs as another user, so it needs root");
    world.add_ada()?;
    world.guise()?.add_roles()?;
    let mut kill = world.session.command("kill");
    kill.arg(world.agents()[0].to_string());
    finish_with(kill, b"", COMMAND)?;
    world.session.wait_for("the agent to end", LIMIT, || world.agents().is_empty().then_some(()))?;
    let running = threads_of(PERSON);
    let socket = world.guise()?.socket();
    let (mut refused, mut served) = (0, 0);
    for more in [1, 4, 9, 12, 40] {
        let mut agent = limited(&world, &format!("--nproc={}", running + more), &["agent"])?;
        agent.args(["--idle-minutes", "1"]);
        let mut agent = world.session.run("agent", agent)?;
        world.session.wait_for("the agent to be ready or to end", LIMIT, || {
            (agent.ended().is_some() || socket.exists()).then_some(())
        })?;
        if agent.ended().is_some() {
            refused += 1;
            let said = agent.log();
            assert!(said.contains("error: the system lets Guise start no more threads"), "{more}: {said}");
            assert!(said.contains("hint: ") && !said.contains("panicked"), "{more}: {said}");
            continue;
        }
        served += 1;
        let answered = world.run(&["credentials", EC2])?;
        assert!(answered.code == 0 || answered.stderr.contains("error: "), "{more}: {}", answered.stderr);
        assert!(agent.ended().is_none(), "{more}: {}", agent.log());
        agent.stop();
    }
    assert!(refused > 0 && served > 0, "{refused} refused, {served} served");
    world.finish()
}

/// How many threads all programs of a user have.
fn threads_of(user: u32) -> usize {
    let Ok(processes) = std::fs::read_dir("/proc") else { return 0 };
    let of_user = |status: &String| status.contains(&format!("\nUid:\t{user}\t"));
    let threads = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("Threads:"))?.trim().parse().ok()?;
        Some::<usize>(line)
    };
    processes
        .filter_map(|process| std::fs::read_to_string(process.ok()?.path().join("status")).ok())
        .filter(of_user)
        .filter_map(threads)
        .sum()
}
