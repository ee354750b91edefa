//! Bad days of AWS and of the network: each is a sentence within its deadline, and the agent lives on.

use std::time::{Duration, Instant};

use aws_sim::{Fault, FaultKind, FaultTarget};
use desktop_tests::{Result, finish_with};

use crate::world::{COMMAND, EC2, World};

/// What all tries of one call may take, and a little for the programs.
const DEADLINE: Duration = Duration::from_secs(17);

#[test]
fn a_bad_day_of_sts_is_said_and_survived() -> Result<()> {
    let world = World::with_roles("faults")?;
    for (kind, sentence) in [
        (FaultKind::Throttle, "AWS asks for patience"),
        (FaultKind::Http { status: 503 }, "AWS is not working right now (it answered 503)"),
        (FaultKind::Html, "something other than AWS answered"),
        (FaultKind::Close, "cannot be reached"),
        (FaultKind::Slow { ms: 30_000 }, "AWS did not answer within 15 seconds"),
    ] {
        world.aws.simulator().fault(Fault::always(FaultTarget::Sts, kind));
        let begun = Instant::now();
        let answered = world.run(&["credentials", EC2])?;
        world.aws.simulator().clear_faults();
        assert!(begun.elapsed() < DEADLINE, "{sentence}: {:?}", begun.elapsed());
        assert_eq!((answered.code, answered.stdout.as_str()), (1, ""), "{sentence}");
        assert!(answered.stderr.contains(sentence), "{sentence}: {}", answered.stderr);
        assert!(answered.stderr.contains("\nhint: "), "{}", answered.stderr);
    }
    assert_eq!(world.credentials()?["Version"], 1, "the agent works again");
    world.finish()
}

#[test]
fn a_clock_that_is_an_hour_off_is_worked_round_and_expiry_is_told_by_our_own() -> Result<()> {
    let world = World::with_roles("clock")?;
    for seconds in [3600, -3600] {
        world.aws.simulator().set_clock_offset(seconds);
        world.tell(&["role", "edit", EC2, "--session-name", &format!("ada{seconds}")])?;
        let credentials = world.credentials()?;
        let expires = credentials["Expiration"].as_str().expect("a time").to_owned();
        let left = seconds_of(&world, &expires)? - seconds_of(&world, "now")?;
        assert!((3500..=3600).contains(&left), "{left} s are left by our clock");
        world.credentials()?;
    }
    assert_eq!(world.aws.calls("AssumeRole").iter().filter(|call| call.status == 200).count(), 2);
    world.finish()
}

#[test]
fn a_call_that_fails_once_is_tried_again() -> Result<()> {
    let world = World::with_roles("retry")?;
    world.aws.simulator().fault(Fault::once(FaultTarget::Sts, FaultKind::Throttle));
    assert_eq!(world.credentials()?["Version"], 1);
    world.aws.simulator().fault(Fault::once(FaultTarget::Signin, FaultKind::Http { status: 503 }));
    assert!(world.tell(&["console", EC2, "--print"])?.contains("SigninToken="));
    world.finish()
}

#[test]
fn a_bad_day_of_the_sign_in_endpoint_is_said_without_its_address() -> Result<()> {
    let world = World::with_roles("signin")?;
    for (kind, sentence) in [
        (
            FaultKind::Http { status: 400 },
            "AWS did not take the credentials of `AWSEC2FULLACCESS` for the console",
        ),
        (FaultKind::Http { status: 500 }, "AWS is not working right now (it answered 500)"),
        (FaultKind::Html, "something other than AWS answered"),
        (FaultKind::Close, "cannot be reached"),
        (FaultKind::Slow { ms: 30_000 }, "AWS did not answer within 15 seconds"),
    ] {
        world.aws.simulator().fault(Fault::always(FaultTarget::Signin, kind));
        let begun = Instant::now();
        let answered = world.run(&["console", EC2, "--print"])?;
        world.aws.simulator().clear_faults();
        assert!(begun.elapsed() < DEADLINE, "{sentence}: {:?}", begun.elapsed());
        assert_eq!((answered.code, answered.stdout.as_str()), (1, ""), "{sentence}");
        assert!(answered.stderr.contains(sentence), "{sentence}: {}", answered.stderr);
        assert!(!answered.stderr.contains("federation"), "{}", answered.stderr);
    }
    assert!(world.tell(&["console", EC2, "--print"])?.contains("SigninToken="), "the agent works again");
    assert_eq!(world.aws.calls("AssumeRole").len(), 1, "the session was kept");
    world.finish()
}

/// A time in seconds, as the system's own tool reads it.
fn seconds_of(world: &World, time: &str) -> Result<i64> {
    let mut date = world.session.command("date");
    date.args(["-u", "-d", time, "+%s"]);
    let finished = finish_with(date, b"", COMMAND)?;
    Ok(String::from_utf8_lossy(&finished.stdout).trim().parse().expect("seconds"))
}
