//! Credentials that nobody reads: a closed output is a failure, and no panic.

use std::fs::File;
use std::process::Stdio;

use desktop_tests::{Because, Result, finish_with};

use crate::world::{COMMAND, EC2, World};

#[test]
fn f29_credentials_that_nobody_could_read_are_a_failure_without_a_panic() -> Result<()> {
    let world = World::with_roles("output")?;
    let guise = world.command(&["credentials", EC2, "--format", "json"])?;
    let line: Vec<String> = [guise.get_program()]
        .into_iter()
        .chain(guise.get_args())
        .map(|part| format!("'{}'", part.to_string_lossy()))
        .collect();
    let line = line.join(" ");
    for (what, script) in [
        ("closed", format!("{line} >&-")),
        ("all closed", format!("{line} <&- >&-")),
        ("a full disk", format!("{line} >/dev/full")),
    ] {
        let mut shell = world.session.command("sh");
        shell.args(["-c", &script]);
        let ended = finish_with(shell, b"", COMMAND)?;
        assert_eq!(ended.status.code(), Some(1), "{what}: {}", ended.stderr);
        assert!(ended.stderr.contains("error: standard output did not take"), "{what}: {}", ended.stderr);
        assert!(!ended.stderr.contains("panicked"), "{what}: {}", ended.stderr);
        assert!(ended.stdout.is_empty(), "{what}");
    }
    // A pipe whose reader is gone already.
    let (reader, writer) = std::io::pipe().because("make a pipe")?;
    drop(reader);
    let mut broken = world.command(&["credentials", EC2, "--format", "json"])?;
    let ended = broken.stdin(Stdio::null()).stdout(writer).output().because("run guise")?;
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("error: standard output did not take") && !said.contains("panicked"), "{said}");
    // Who throws it away on purpose is not refused, however the descriptor was opened.
    for write_only in [true, false] {
        let null =
            File::options().read(!write_only).write(true).open("/dev/null").because("open /dev/null")?;
        let mut command = world.command(&["credentials", EC2, "--format", "json"])?;
        let status = command.stdin(Stdio::null()).stdout(null).stderr(Stdio::null()).status();
        assert!(status.because("run guise")?.success());
    }
    // A secret that is to come from a standard input that is closed.
    let add = world.command(&world.adding("AKIAIOSFODNN7EXAMPLE"))?;
    let line: Vec<_> = [add.get_program()].into_iter().chain(add.get_args()).collect();
    let line: Vec<String> = line.iter().map(|part| format!("'{}'", part.to_string_lossy())).collect();
    let mut shell = world.session.command("sh");
    shell.args(["-c", &format!("{} <&-", line.join(" ").replace("'ada'", "'other'"))]);
    let ended = finish_with(shell, b"", COMMAND)?;
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(ended.stderr.starts_with("error: ") && !ended.stderr.contains("panicked"), "{}", ended.stderr);
    assert_eq!(world.credentials()?["Version"], 1, "the agent lives on");
    world.finish()
}
