//! A copy from the command line: marked, kept by a holder, cleared, and never taken from somebody else.

use std::time::Duration;

use desktop_tests::{Result, finish_with};

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
    let holders = || world.session.processes().into_iter().filter(|process| is_holder(*process)).count();
    world.session.wait_for("the holder to end", CLEARS, || (holders() == 0).then_some(()))?;
    assert_eq!(world.session.clipboard()?, "my own words");
    world.finish()
}

#[test]
fn a_clipboard_that_is_not_there_is_said_so() -> Result<()> {
    let world = world("none")?;
    let mut command = world.command(&["credentials", EC2, "--copy"])?;
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let finished = finish_with(command, b"", COMMAND)?;
    assert_eq!(finished.status.code(), Some(1));
    assert!(finished.stderr.contains("error: the clipboard did not take it"), "{}", finished.stderr);
    assert!(finished.stderr.contains("hint: guise credentials ROLE prints the same"), "{}", finished.stderr);
    world.finish()
}

fn is_holder(process: u32) -> bool {
    std::fs::read(format!("/proc/{process}/cmdline"))
        .is_ok_and(|line| line.windows(16).any(|part| part == b"clipboard-holder"))
}
