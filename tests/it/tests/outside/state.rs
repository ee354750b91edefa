//! What Guise keeps for itself, from outside: ceilings against the simulator, the log and its level, a disk without room.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use desktop_tests::{Result, finish_with};
use rustix::process::Signal;

use crate::world::{Answered, COMMAND, EC2, World};

/// So many lines of the journal need more than a page.
const MANY: usize = 30;
const LIMIT: Duration = Duration::from_secs(30);

impl World {
    fn state(&self) -> PathBuf {
        self.home().join("state")
    }

    /// `guise` with these arguments, and nothing about the log in its environment.
    fn run_plainly(&self, arguments: &[&str]) -> Result<Answered> {
        let mut command = self.command(arguments)?;
        command.env_remove("GUISE_LOG");
        let finished = finish_with(command, b"", COMMAND)?;
        let stdout = String::from_utf8_lossy(&finished.stdout).into_owned();
        Ok(Answered { code: finished.status.code().unwrap_or(-1), stdout, stderr: finished.stderr })
    }

    /// How long each session was asked for since the last look.
    fn durations(&self, seen: &mut usize) -> Vec<String> {
        let calls = self.aws.calls("AssumeRole");
        let new = calls[*seen..].iter().filter_map(|call| call.duration.clone()).collect();
        *seen = calls.len();
        new
    }
}

#[test]
fn a_role_that_allows_less_is_found_out_once_and_the_person_is_told() -> Result<()> {
    let world = World::with_roles("ceiling")?;
    let arn = "arn:aws:iam::111122223333:role/team/ops/Deploy";
    world.tell(&["role", "add", "Deploy", "--arn", arn, "--source", "ada", "--duration", "12h"])?;
    world.end_agent()?;
    let guise = world.guise()?;
    let mut agent = guise.start_agent(&world.session.log_dir())?;
    let mut seen = 0;
    let answered = world.run(&["credentials", "Deploy"])?;
    assert_eq!(answered.code, 0, "{}", answered.stderr);
    assert!(
        answered.stderr.contains("note: `Deploy` lasts 1 h: its maximum in IAM is below 12 h\n\nhint: raise"),
        "{}",
        answered.stderr
    );
    assert_eq!(world.durations(&mut seen), ["43200", "3600"]);
    // The session is found again, and its console is asked for as long as the role says.
    assert!(world.tell(&["console", "Deploy", "--print"])?.contains("SigninToken="));
    assert_eq!(world.aws.calls("getSigninToken")[0].duration.as_deref(), Some("43200"));
    assert!(world.durations(&mut seen).is_empty());

    // Another agent knows it too.
    agent.signal(Signal::TERM)?;
    assert!(agent.wait(LIMIT)?.success());
    let agent = guise.start_agent(&world.session.log_dir())?;
    world.tell(&["credentials", "Deploy"])?;
    assert_eq!(world.durations(&mut seen), ["3600"]);

    // Whoever says the duration again wants it tried again.
    world.tell(&["role", "edit", "Deploy", "--duration", "12h"])?;
    world.tell(&["credentials", "Deploy"])?;
    assert_eq!(world.durations(&mut seen), ["43200", "3600"]);
    world.tell(&["role", "edit", "Deploy", "--duration", "1h"])?;
    assert_eq!(world.run(&["credentials", "Deploy"])?.stderr, "");
    drop(agent);
    world.finish()
}

#[test]
fn a_level_reaches_the_agent_that_is_started_and_a_wrong_one_is_refused() -> Result<()> {
    let world = World::with_roles("level")?;
    let log = world.guise()?.log();
    // The agent that the preparation started keeps its own; another is wanted here.
    world.end_agent()?;
    let _ = fs::remove_file(&log);
    let answered = world.run_plainly(&["--log", "off,guise_core::app=info", "credentials", EC2])?;
    assert_eq!(answered.code, 0, "{}", answered.stderr);
    let text = fs::read_to_string(&log).expect("there is a log");
    assert!(text.lines().all(|line| line.contains("INFO guise_core::app")) && !text.is_empty(), "{text}");

    for wrong in ["loud", "", "guise_core"] {
        let answered = world.run_plainly(&["role", "list", "--log", wrong])?;
        assert_eq!((answered.code, answered.stdout.as_str()), (2, ""), "{wrong}");
        assert!(
            answered.stderr.contains(&format!("error: `{wrong}` is no level to log at")),
            "{}",
            answered.stderr
        );
    }
    let mut command = world.command(&["role", "list"])?;
    command.env("GUISE_LOG", "loud");
    let finished = finish_with(command, b"", COMMAND)?;
    assert_eq!(finished.status.code(), Some(1));
    assert!(finished.stderr.contains("error: `loud` is no level to log at"), "{}", finished.stderr);
    world.finish()
}

#[test]
fn a_log_that_cannot_be_opened_is_said_and_done_without() -> Result<()> {
    let world = World::with_roles("no-log")?;
    world.end_agent()?;
    let log = world.guise()?.log();
    fs::rename(&log, log.with_extension("before")).expect("it can be moved");
    fs::create_dir(&log).expect("a folder in its place");
    let agent = world.guise()?.start_agent(&world.session.log_dir())?;
    assert_eq!(world.credentials()?["Version"], 1);
    let said = agent.log();
    assert_eq!(said.matches("warning: the log `").count(), 1, "{said}");
    assert!(
        said.contains("cannot be written: it is not an ordinary file\n\nhint: Guise goes on without it"),
        "{said}"
    );
    drop(agent);
    world.finish()
}

#[test]
fn f11_a_disk_without_room_keeps_nobody_from_their_work_and_loses_nothing() -> Result<()> {
    let world = World::with_roles("no-room")?;
    let room = Room::without_any(&world)?;
    let before = fs::read(world.state().join("journal.jsonl")).expect("the journal");
    let ledger = fs::read_to_string(world.state().join("ledger.json")).expect("the ledger");
    let agent = world.guise()?.start_agent(&world.session.log_dir())?;
    assert_eq!(world.credentials()?["Version"], 1);
    assert!(world.tell(&["console", EC2, "--print"])?.contains("SigninToken="));
    // More lines than the journal's last page has room for.
    for _ in 0..MANY {
        world.tell(&["source", "test", "ada"])?;
    }
    assert!(agent.log().contains("warning: the log `"), "{}", agent.log());
    assert!(agent.log().contains("No space left on device"), "{}", agent.log());
    let torn = fs::read(world.state().join("journal.jsonl")).expect("the journal");
    assert!(torn.starts_with(&before), "what was there is still there");
    assert_eq!(torn.len() % 4096, 0, "the disk is full to its last byte");
    assert_eq!(fs::read_to_string(world.state().join("ledger.json")).expect("the ledger"), ledger);

    // With room again all goes on, after what was torn.
    room.make();
    world.tell(&["source", "test", "ada"])?;
    let entries: Vec<serde_json::Value> =
        serde_json::from_str(&world.tell(&["journal", "--json", "--last", "100"])?).expect("it is JSON");
    assert_eq!(entries.last().expect("an entry")["deed"], "source-tested");
    assert_eq!(entries[0]["deed"], "source-added");
    let tested = entries.iter().filter(|entry| entry["deed"] == "source-tested").count();
    assert!((1..MANY).contains(&tested), "{tested}");
    drop(agent);
    // For the search below, which the small disk is hidden from.
    for file in ["journal.jsonl", "guise.log"] {
        fs::copy(world.state().join(file), world.session.log_dir().join(file)).expect("it can be copied");
    }
    drop(room);
    world.finish()
}

#[test]
fn f11_a_purge_makes_room_on_a_disk_without_any() -> Result<()> {
    let world = World::with_roles("no-room-purge")?;
    let room = Room::without_any(&world)?;
    let answered = world.run(&["purge", "--yes"])?;
    // The disk itself and what fills it are not Guise's.
    for part in ["filler` is not Guise's, and was left", "something is left"] {
        assert!(answered.stderr.contains(part), "{}", answered.stderr);
    }
    assert!(!answered.stderr.contains("what stood there before still does"), "{}", answered.stderr);
    let left: Vec<PathBuf> =
        fs::read_dir(world.state()).expect("the disk").flatten().map(|entry| entry.path()).collect();
    assert_eq!(left, [world.state().join("filler")]);
    assert!(!world.home().join("config").exists());
    drop(room);
    world.finish()
}

/// The state folder on a small disk of its own, full to the last byte.
struct Room {
    folder: PathBuf,
    filler: PathBuf,
}

impl Room {
    fn without_any(world: &World) -> Result<Room> {
        assert!(rustix::process::geteuid().is_root(), "this test mounts a small disk, so it needs root");
        world.end_agent()?;
        let folder = world.state();
        let kept: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(&folder)
            .expect("the state folder")
            .flatten()
            .map(|entry| (entry.path(), fs::read(entry.path()).expect("a file")))
            .filter(|(path, _)| path.extension().is_some_and(|ending| ending != "log"))
            .collect();
        let mounted =
            system("mount", &["-t", "tmpfs", "-o", "size=256k,mode=700", "guise-test"], Some(&folder));
        assert!(mounted, "a small disk can be mounted");
        for (path, bytes) in kept {
            fs::write(path, bytes).expect("there is room yet");
        }
        let filler = folder.join("filler");
        let mut size = 256 * 1024;
        while size > 0 {
            // Whatever fits of it stays.
            let _ = append(&filler, &vec![0; size]);
            size /= 2;
        }
        Ok(Room { folder, filler })
    }

    fn make(&self) {
        fs::remove_file(&self.filler).expect("it can be removed");
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        system("umount", &["--lazy"], Some(&self.folder));
    }
}

fn append(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    fs::OpenOptions::new().create(true).append(true).open(path)?.write_all(bytes)
}

fn system(program: &str, arguments: &[&str], path: Option<&Path>) -> bool {
    Command::new(program).args(arguments).args(path).status().is_ok_and(|status| status.success())
}
