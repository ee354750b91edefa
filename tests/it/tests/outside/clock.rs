//! Clocks that are wrong or are set, agents that stand still, AWS gone and back: nothing that has ended is handed out, nothing is
//! lost, and nothing is asked over and over.

use std::process::Command;
use std::time::{Duration, Instant};

use aws_sim::{Data, Simulator};
use desktop_tests::{
    ADAS_KEY_ID, ADAS_SECRET, DesktopSession, EC2_ROLE, Guise, Result, Signal, SimulatedAws, TRAY_ID,
    TrayBus, finish_with,
};
use faults::clock::WallClock;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::world::{COMMAND, EC2, World};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A Guise whose wall clock is the test's to set.
struct Clocked {
    world: World,
    clock: WallClock,
}

impl Clocked {
    fn start(name: &str, off: i64) -> Result<Clocked> {
        let world = World::start(name)?;
        let clock = WallClock::new(&world.session.home())?;
        clock.set(off)?;
        let clocked = Clocked { world, clock };
        clocked.tell(&clocked.world.adding(ADAS_KEY_ID))?;
        clocked.tell(&["role", "add", EC2, "--arn", EC2_ROLE, "--source", "ada"])?;
        Ok(clocked)
    }

    fn command<A: AsRef<str>>(&self, arguments: &[A]) -> Result<Command> {
        let mut command = self.world.command(arguments)?;
        self.clock.give_to(&mut command);
        Ok(command)
    }

    fn tell<A: AsRef<str>>(&self, arguments: &[A]) -> Result<String> {
        let mut ended = self.world.run_together(vec![self.command(arguments)?])?;
        let (answered, _) = ended.pop().expect("one was run");
        assert_eq!(answered.code, 0, "{}", answered.stderr);
        Ok(answered.stdout)
    }

    /// The credentials that a tool is given, which must last by the tool's own clock.
    fn credentials(&self) -> Result<Value> {
        let text = self.tell(&["credentials", EC2, "--format", "json"])?;
        let credentials: Value = serde_json::from_str(&text).expect("credentials are JSON");
        let left =
            self.seconds(credentials["Expiration"].as_str().expect("a time"))? - self.seconds("now")?;
        assert!((300..=HOUR).contains(&left), "{left} s are left by the tool's clock");
        Ok(credentials)
    }

    /// A time in seconds, as a tool with the same clock reads it.
    fn seconds(&self, time: &str) -> Result<i64> {
        let mut date = self.world.session.command("date");
        self.clock.give_to(&mut date);
        date.args(["-u", "-d", time, "+%s"]);
        let finished = finish_with(date, b"", COMMAND)?;
        Ok(String::from_utf8_lossy(&finished.stdout).trim().parse().expect("seconds"))
    }

    /// How many sessions AWS gave.
    fn given(&self) -> usize {
        self.world.aws.calls("AssumeRole").iter().filter(|call| call.status == 200).count()
    }

    fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.world.guise()?.log()).unwrap_or_default())
    }
}

#[test]
fn f24_a_clock_that_is_wrong_from_the_start_is_named_and_worked_round() -> Result<()> {
    for (name, off) in
        [("hour-ahead", HOUR), ("hour-behind", -HOUR), ("day-ahead", DAY), ("day-behind", -DAY)]
    {
        let clocked = Clocked::start(name, off)?;
        let first = clocked.credentials()?;
        for _ in 0..3 {
            assert_eq!(clocked.credentials()?, first);
        }
        assert_eq!(clocked.given(), 1, "{name}: one session serves all");
        // What the tray says, which this world has none of.
        assert!(clocked.log()?.contains("the clock differs from AWS's"), "{name}");
        clocked.world.finish()?;
    }
    Ok(())
}

#[test]
fn f24_a_clock_that_is_set_while_the_agent_runs_has_nothing_ended_handed_out() -> Result<()> {
    let clocked = Clocked::start("set", 0)?;
    let first = clocked.credentials()?;
    for (off, given) in [(-HOUR, 1), (0, 1), (-DAY, 1), (0, 1), (HOUR, 2), (DAY, 3), (HOUR, 3)] {
        clocked.clock.set(off)?;
        let credentials = clocked.credentials()?;
        assert_eq!(clocked.credentials()?["AccessKeyId"], credentials["AccessKeyId"], "{off}");
        assert_eq!(clocked.given(), given, "set to {off}");
        assert_eq!(credentials["AccessKeyId"] == first["AccessKeyId"], given == 1, "set to {off}");
    }
    clocked.world.finish()
}

#[test]
fn f25_an_agent_that_stood_still_past_the_end_gives_fresh_credentials_first() -> Result<()> {
    let clocked = Clocked::start("stood-still", 0)?;
    let agent = clocked.world.session.processes().into_iter().find(|id| {
        let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|word| word == b"agent")
    });
    let agent = rustix::process::Pid::from_raw(i32::try_from(agent.expect("an agent runs")).expect("an id"));
    let agent = agent.expect("an id");
    let first = clocked.credentials()?;
    rustix::process::kill_process(agent, Signal::STOP).expect("stopped");
    clocked.clock.set(2 * HOUR)?;
    clocked.world.aws.simulator().set_clock_offset(2 * HOUR);
    rustix::process::kill_process(agent, Signal::CONT).expect("goes on");
    let fresh = clocked.credentials()?;
    assert_ne!(fresh["AccessKeyId"], first["AccessKeyId"]);
    assert_eq!(clocked.credentials()?, fresh);
    assert_eq!(clocked.given(), 2, "nothing is asked for that nobody wants");
    clocked.world.finish()
}

#[test]
fn f21_aws_gone_and_back_is_asked_when_somebody_asks_and_works_at_once() -> Result<()> {
    let world = World::start("gone")?;
    let runtime = Runtime::new().expect("an event loop");
    let start = |port| runtime.block_on(Simulator::start_on(Data::tutorial(), port)).expect("a simulator");
    let simulator = start(0);
    let url = simulator.base_url().to_owned();
    let port = url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let add =
        ["source", "add", "ada", "--access-key-id", ADAS_KEY_ID, "--secret-stdin", "--sts-endpoint", &url];
    assert_eq!(world.run_with_input(&add, ADAS_SECRET)?.code, 0);
    world.tell(&["role", "add", EC2, "--arn", EC2_ROLE, "--source", "ada"])?;
    drop(simulator);
    for _ in 0..2 {
        let answered = world.run(&["credentials", EC2])?;
        assert_eq!(answered.code, 1);
        assert!(
            answered.stderr.contains("cannot be reached: the connection was refused"),
            "{}",
            answered.stderr
        );
    }
    let simulator = start(port);
    // An agent that tried by itself would do so now.
    std::thread::sleep(Duration::from_secs(2));
    assert!(simulator.calls().is_empty(), "{:?}", simulator.calls());
    world.credentials()?;
    assert_eq!(simulator.calls().len(), 1);
    for (name, secret) in simulator.issued_secrets() {
        world.keep_secret(&name, &secret);
    }
    world.finish()
}

#[test]
fn f24_the_tray_is_right_within_thirty_seconds_of_a_clock_that_is_set() -> Result<()> {
    let (session, aws) = (DesktopSession::start("tray-clock")?, SimulatedAws::start()?);
    let (clock, guise) = (WallClock::new(&session.home())?, Guise::on(&session)?);
    let mut desktop = guise.desktop();
    clock.give_to(&mut desktop);
    let _desktop = session.run("guise-desktop", desktop)?;
    guise.wait_for_socket()?;
    guise.add_ada(&aws)?;
    guise.add_roles()?;
    let item = TrayBus::connect(&session)?.wait_for_item(TRAY_ID, COMMAND)?;
    guise.tell(&["credentials", EC2])?;
    let session_line = ["Sessions (1)", EC2];
    item.wait_for_menu("the session", COMMAND, |menu| menu.find(&session_line).is_some())?;
    clock.set(HOUR / 2)?;
    let began = Instant::now();
    item.wait_for_menu("half the time", COMMAND, |menu| {
        menu.find(&session_line).is_some_and(|line| line.label.contains("29 min left"))
    })?;
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    clock.set(2 * HOUR)?;
    let began = Instant::now();
    item.wait_for_menu("no session", COMMAND, |menu| menu.find(&["Sessions"]).is_none())?;
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(aws.calls("AssumeRole").len(), 1, "nothing is renewed by itself");
    Ok(())
}
