//! `guise setup` at a terminal, and what it gives to others, run by them.

use std::process::Command;

use desktop_tests::{Result, finish_with, python_tool};

use crate::world::{COMMAND, World};

/// Answers questions at a terminal of its own, and prints all that was said there.
const AT_A_TERMINAL: &str = r"
import os, pty, select, sys, time
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:sys.argv.index('--answers')])
answers = sys.argv[sys.argv.index('--answers') + 1:]
said, asked, until = b'', 0, time.time() + 50
def hear(wait):
    global said
    if not select.select([fd], [], [], wait)[0]:
        return True
    try:
        part = os.read(fd, 65536)
    except OSError:
        return False
    said += part
    return part != b''
for question, answer in zip(answers[::2], answers[1::2]):
    while question.encode() not in said[asked:]:
        if time.time() > until or not hear(0.1):
            sys.stdout.buffer.write(said); sys.exit('not asked: ' + question)
    # A prompt without echo is only one once the echo is off.
    time.sleep(0.1)
    asked = len(said)
    os.write(fd, answer.encode() + b'\n')
while time.time() < until and hear(0.5): pass
sys.stdout.buffer.write(said.replace(b'\r\n', b'\n'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
";

const MARY: (&str, &str) = ("AKIASIMULATEDMARY222", "SIMULATED/mary/not+a+real+secret/2222222");
const ADA: (&str, &str) = ("AKIASIMULATEDADA2222", "SIMULATED/ada/not+a+real+secret/22222222");

fn set_up(world: &World, answers: &[(&str, &str)]) -> Result<(bool, String)> {
    let url = world.aws.url();
    let guise = world.command(&[
        "setup",
        "--sts-endpoint",
        url,
        "--signin-endpoint",
        url,
        "--console-endpoint",
        url,
    ])?;
    let mut driver = world.session.command(python_tool("python3")?);
    driver.env("GUISE_LOG", "trace");
    driver.args(["-c", AT_A_TERMINAL]).arg(guise.get_program()).args(guise.get_args()).arg("--answers");
    driver.args(answers.iter().flat_map(|(question, answer)| [*question, *answer]));
    let ended = finish_with(driver, b"", COMMAND)?;
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &ended.stderr;
    Ok((ended.status.success(), said))
}

#[test]
fn the_steps_are_asked_at_a_terminal_and_end_at_a_role_that_works() -> Result<()> {
    let world = World::start("setup")?;
    let (succeeded, said) = set_up(
        &world,
        &[
            ("Your name for it [work]:", ""),
            ("Region where", "here"),
            ("Region where", "eu-central-1"),
            ("Access key ID", "AKIASIMULATED"),
            ("Access key ID", MARY.0),
            ("Secret access key", MARY.1),
            ("Role name:", "a b"),
            ("Role name:", "FRESHEC2"),
            ("What it may do", "AmazonEC2FullAccess"),
            ("Account [111122223333]:", ""),
            ("Longest session", "30m"),
            ("Longest session", "2h"),
            ("Demand a code", ""),
            ("Demand that sessions", "ja"),
            ("Demand that sessions", "y"),
            ("External id", ""),
            ("Which? [6]", "1"),
            ("Which? [6]", "4"),
            ("Which? [6]", "5"),
            ("Do that?", "y"),
            ("Try it?", ""),
            ("Open the console?", "nein"),
            ("Open the console?", "n"),
        ],
    )?;
    assert!(succeeded, "{said}");
    for part in [
        "this user needs no permission at all",
        "error: `a b` is not a name that IAM takes for a role",
        "error: `30m` is not a longest session that IAM takes",
        "# the user `mary`, and nobody else",
        "error: `here` is not",
        "error: that is not an access key id",
        "error: `ja` is neither yes nor no",
        "error: `nein` is neither yes nor no",
        "aws iam create-role",
        "paste the one below",
        "iam:AttachRolePolicy",
        "the role is in IAM",
        "it works: `FRESHEC2` is yours",
        "/switchrole?account=111122223333&roleName=FRESHEC2",
    ] {
        assert!(said.contains(part), "no `{part}` in\n{said}");
    }
    assert!(!said.contains(MARY.1), "the secret was echoed");
    // What is to be pasted into IAM's page is a policy and nothing else.
    let policy = said.split_once("set on its page afterwards").unwrap_or_default().1;
    let policy = policy.split_once("\nways to make").unwrap_or_default().0;
    let policy: serde_json::Value = serde_json::from_str(policy).expect("a policy");
    assert_eq!(policy["Statement"][0]["Principal"]["AWS"], "arn:aws:iam::111122223333:user/mary");
    let page = world.tell(&["console", "FRESHEC2", "--print"])?;
    assert!(page.contains("ec2") && page.contains("eu-central-1"), "it opens at its own page: {page}");
    let calls = world.aws.calls("AssumeRole");
    assert_eq!(calls.last().and_then(|call| call.duration.clone()).as_deref(), Some("7200"));
    world.finish()
}

#[test]
fn a_user_who_may_make_nothing_is_told_of_the_other_ways_and_what_is_missing() -> Result<()> {
    let world = World::start("setup-ada")?;
    let (succeeded, said) = set_up(
        &world,
        &[
            ("Your name for it [work]:", "ada"),
            ("Region where", ""),
            ("Access key ID", ADA.0),
            ("Secret access key", ADA.1),
            ("Role name:", "Fresh"),
            ("What it may do", ""),
            ("Account", ""),
            ("Longest session", ""),
            ("Demand a code", ""),
            ("Demand that sessions", ""),
            ("External id", ""),
            ("Which? [6]", "5"),
            ("Do that?", "y"),
            ("Which? [6]", ""),
            ("Try it?", ""),
            ("Try it?", "n"),
        ],
    )?;
    assert!(succeeded, "{said}");
    assert!(said.contains("`ada` may not make roles, which is as it should be"), "{said}");
    assert!(said.contains("AWS refused to let `ada` assume `Fresh`"), "{said}");
    assert!(said.contains("must name arn:aws:iam::111122223333:user/ada"), "{said}");
    world.finish()
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() -> Result<()> {
    let world = World::start("setup-nobody")?;
    world.run(&["setup"])?.assert_failed("guise setup asks questions, and there is no terminal to ask on");
    world.finish()
}

#[test]
fn the_commands_that_are_given_make_the_role_when_a_shell_runs_them() -> Result<()> {
    let world = World::start("setup-commands")?;
    let (succeeded, said) = set_up(
        &world,
        &[
            ("Your name for it [work]:", "mary"),
            ("Region where", ""),
            ("Access key ID", MARY.0),
            ("Secret access key", MARY.1),
            ("Role name:", "-+=,.@Fresh"),
            ("What it may do", "AmazonEC2FullAccess"),
            ("Account", ""),
            ("Longest session", "12h"),
            ("Demand a code", ""),
            ("Demand that sessions", "y"),
            ("External id", "cust-42:eu/x"),
            ("Which? [6]", "1"),
            ("Which? [6]", ""),
            ("Try it?", "n"),
        ],
    )?;
    assert!(succeeded, "{said}");
    let commands =
        said.split_once("# in account").and_then(|(_, rest)| rest.split_once("ways to make the role"));
    let commands = format!("# in account{}", commands.expect("commands").0);
    let mut shell = Command::new("sh");
    let path = python_tool("aws")?.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    shell.args(["-c", &format!("set -e\nPATH=\"{path}:$PATH\"\n{commands}")]);
    shell.env("AWS_ACCESS_KEY_ID", MARY.0).env("AWS_SECRET_ACCESS_KEY", MARY.1);
    shell.env("AWS_ENDPOINT_URL", world.aws.url()).env("AWS_DEFAULT_REGION", "us-east-1");
    shell.env("AWS_EC2_METADATA_DISABLED", "true").env("HOME", world.session.home());
    let ended = finish_with(shell, b"", COMMAND)?;
    assert!(ended.status.success(), "{}", ended.stderr);
    let made = String::from_utf8_lossy(&ended.stdout);
    assert!(made.contains("arn:aws:iam::111122223333:role/-+=,.@Fresh"), "{made}");
    assert!(made.contains("43200"), "{made}");
    assert_eq!(world.aws.calls("AttachRolePolicy").len(), 1);
    world.finish()
}
