//! A copy from the command line: marked, kept by a holder, cleared, and never taken from somebody else.

use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use desktop_tests::{Result, finish_with};
use rustix::process::{Pid, Signal, kill_process};

use crate::tools::tool;
use crate::world::{COMMAND, EC2, World};

const CLEARS: Duration = Duration::from_secs(20);

fn world(name: &str) -> Result<World> {
    let world = World::with_roles(name)?;
    world.guise()?.edit_catalog("\n[settings]\nclipboard_seconds = 5\n")?;
    Ok(world)
}

#[test]
fn a_copy_works_is_marked_and_is_cleared() -> Result<()> {
    let world = world("copy")?;
    let copied = world.run(&["credentials", EC2, "--copy"])?;
    assert_eq!((copied.code, copied.stdout.as_str()), (0, ""), "{}", copied.stderr);
    assert!(copied.stderr.contains("copied; the clipboard is cleared in 5 s"), "{}", copied.stderr);
    let text = world.session.clipboard()?;
    assert!(world.session.clipboard_targets().iter().any(|target| target == "x-kde-passwordManagerHint"));
    assert_eq!(world.session.clipboard_as("x-kde-passwordManagerHint")?, b"secret");

    let mut shell = world.session.command("sh");
    shell.args(["-e", "-s"]);
    let (aws, url) = (tool("aws"), world.aws.url());
    let script = format!(
        "{text}\n'{}' --endpoint-url {url} sts get-caller-identity --query Arn --output text",
        aws.display()
    );
    let finished = finish_with(shell, script.as_bytes(), COMMAND)?;
    assert!(
        String::from_utf8_lossy(&finished.stdout).contains("assumed-role/AWSEC2FULLACCESS/ada"),
        "{}",
        finished.stderr
    );

    world.session.wait_for("the clipboard to be cleared", CLEARS, || {
        let now = world.session.clipboard().unwrap_or_default();
        (!now.contains("AWS_SESSION_TOKEN")).then_some(())
    })?;
    world.finish()
}

#[test]
fn what_somebody_else_copied_is_left_alone() -> Result<()> {
    let world = world("theirs")?;
    assert_eq!(world.run(&["credentials", EC2, "--copy"])?.code, 0);
    world.session.set_clipboard("my own words")?;
    world.session.wait_for("the holder to end", CLEARS, || holders(&world).is_empty().then_some(()))?;
    assert_eq!(world.session.clipboard()?, "my own words");
    world.finish()
}

#[test]
fn a_clipboard_that_is_not_there_or_does_not_answer_is_said_so_in_time() -> Result<()> {
    let world = world("none")?;
    let mute = world.session.home().join("mute");
    // It takes connections, and says nothing on them.
    let _mute = UnixListener::bind(&mute).expect("a socket");
    let mute = mute.to_string_lossy().into_owned();
    for (wayland, x11, why) in [
        (None, None, "there is no desktop here that has one"),
        (Some("wayland-9"), None, "this Wayland desktop lets only programs with a window copy"),
        (None, Some(":4711"), "the desktop's display cannot be reached"),
        (Some(mute.as_str()), None, "it does not answer"),
    ] {
        let mut command = world.command(&["credentials", EC2, "--copy"])?;
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command.envs(wayland.map(|display| ("WAYLAND_DISPLAY", display)));
        command.envs(x11.map(|display| ("DISPLAY", display)));
        let begun = Instant::now();
        let finished = finish_with(command, b"", COMMAND)?;
        assert_eq!(finished.status.code(), Some(1), "{why}");
        assert_eq!(finished.stdout, b"");
        assert!(
            finished.stderr.contains(&format!("error: the clipboard did not take it: {why}")),
            "{}",
            finished.stderr
        );
        assert!(
            finished.stderr.contains("hint: guise credentials ROLE prints the same"),
            "{}",
            finished.stderr
        );
        assert!(!finished.stderr.contains("copied"), "{}", finished.stderr);
        assert!(begun.elapsed() < Duration::from_secs(10), "{why}: {:?}", begun.elapsed());
        world.session.wait_for("the holder to end", CLEARS, || holders(&world).is_empty().then_some(()))?;
    }
    assert_eq!(world.run(&["credentials", EC2, "--copy"])?.code, 0, "with a clipboard it works");
    world.finish()
}

#[test]
fn an_owner_of_the_clipboard_that_hangs_keeps_nobody_waiting() -> Result<()> {
    let world = world("stopped")?;
    world.session.set_clipboard("somebody else's")?;
    let owner = world.session.processes().into_iter().find(|process| has_argument(*process, b"xclip"));
    let owner = owner.and_then(|owner| Pid::from_raw(owner.cast_signed())).expect("xclip holds it");
    kill_process(owner, Signal::STOP).expect("it can be stopped");
    let begun = Instant::now();
    let copied = world.run(&["credentials", EC2, "--copy"])?;
    assert_eq!(copied.code, 0, "{}", copied.stderr);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    assert!(world.session.clipboard()?.contains("AWS_SESSION_TOKEN"));
    kill_process(owner, Signal::CONT).expect("it can go on");

    // It takes the clipboard from us and hangs: the holder does not wait for it for ever.
    world.session.set_clipboard("somebody else's again")?;
    let taker = world.session.processes().into_iter().find(|process| has_argument(*process, b"xclip"));
    let taker = taker.and_then(|taker| Pid::from_raw(taker.cast_signed())).expect("xclip holds it");
    kill_process(taker, Signal::STOP).expect("it can be stopped");
    world.session.wait_for("the holder to end", CLEARS, || holders(&world).is_empty().then_some(()))?;
    kill_process(taker, Signal::CONT).expect("it can go on");
    world.finish()
}

fn holders(world: &World) -> Vec<u32> {
    let processes = world.session.processes().into_iter();
    processes.filter(|process| has_argument(*process, b"clipboard-holder")).collect()
}

fn has_argument(process: u32, name: &[u8]) -> bool {
    std::fs::read(format!("/proc/{process}/cmdline"))
        .is_ok_and(|line| line.split(|byte| *byte == 0).any(|argument| argument == name))
}
