//! What another user of the machine, and another program of the same user, can and cannot do to the agent.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Duration;

use desktop_tests::{DesktopSession, Result, SessionConfig, finish_with};

use crate::world::{COMMAND, EC2, World};

const PERSON: u32 = 65_534;
const OTHER: u32 = 4712;

/// Connects to a Unix socket and tells how many bytes it was given.
const CONNECT: &str = "import socket,sys\n\
    s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[1])\n\
    try: print(len(s.recv(4096)))\n\
    except ConnectionError: print(0)\n";
/// Tries to read a process's memory and environment, and to attach to it.
const PRY: &str = "import ctypes,sys\n\
    p=sys.argv[1]; opened=[]\n\
    for name in ('mem','environ','maps','auxv'):\n\
    \x20   try:\n\
    \x20       open(f'/proc/{p}/{name}','rb').close(); opened.append(name)\n\
    \x20   except PermissionError: pass\n\
    libc=ctypes.CDLL(None,use_errno=True)\n\
    if libc.ptrace(16,int(p),None,None)==0: opened.append('ptrace')\n\
    print(' '.join(opened) or 'nothing')\n";

fn world(name: &str) -> Result<World> {
    let world = World::start_with(name, SessionConfig { user: Some(PERSON), ..SessionConfig::default() })?;
    assert_eq!(
        world.session.user(),
        PERSON,
        "these tests run the programs as another user, so they need root"
    );
    Ok(world)
}

fn python(session: &DesktopSession, user: u32, script: &str, argument: &str) -> Result<String> {
    let mut command = session.command_as(user, "python3");
    command.args(["-c", script, argument]);
    let finished = finish_with(command, b"", COMMAND)?;
    assert!(finished.status.success(), "{}", finished.stderr);
    Ok(String::from_utf8_lossy(&finished.stdout).trim().to_owned())
}

#[test]
fn another_user_gets_no_byte_from_the_socket_even_where_it_stands_open() -> Result<()> {
    let world = world("others")?;
    let guise = world.guise()?;
    let agent = guise.start_agent(&world.session.log_dir())?;
    let socket = guise.socket();
    // Opened wider than Guise ever does, all the way down.
    for each in socket.ancestors().take_while(|each| each.starts_with(world.session.folder())) {
        fs::set_permissions(each, fs::Permissions::from_mode(0o777)).expect("it can be opened");
    }
    let path = socket.to_string_lossy().into_owned();
    assert_eq!(python(&world.session, OTHER, CONNECT, &path)?, "0");
    assert_ne!(python(&world.session, PERSON, CONNECT, &path)?, "0", "the person herself is greeted");
    drop(agent);
    world.finish()
}

#[test]
fn a_socket_of_another_user_is_not_spoken_to() -> Result<()> {
    let world = world("squat")?;
    let run = world.home().join("run");
    fs::create_dir_all(&run).expect("a folder");
    let _squatter = UnixListener::bind(run.join("agent.sock")).expect("a socket");
    for path in [world.home(), run.clone()] {
        chown(&path, Some(PERSON), Some(PERSON)).expect("it can be given away");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("it can be closed");
    }
    // The listener is root's: the person's own folder, somebody else's socket.
    fs::set_permissions(run.join("agent.sock"), fs::Permissions::from_mode(0o777)).expect("it can be opened");
    let answered = world.run(&["source", "test", "ada"])?;
    assert_eq!(answered.code, 1);
    assert!(answered.stderr.contains("the socket is held by another user"), "{}", answered.stderr);
    world.finish()
}

#[test]
fn the_agent_cannot_be_read_or_attached_to_and_leaves_no_core() -> Result<()> {
    let world = world("pry")?;
    let agent = world.guise()?.start_agent(&world.session.log_dir())?;
    let process = agent_process(&world);
    assert_eq!(python(&world.session, PERSON, PRY, &process)?, "nothing");
    let limits = fs::read_to_string(format!("/proc/{process}/limits")).expect("limits can be read");
    let core =
        limits.lines().find(|line| line.starts_with("Max core file size")).expect("there is such a limit");
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    // The same prying works on a process that did not forbid it.
    let mut sleeper = world.session.command("sleep");
    sleeper.arg("60");
    let sleeper = world.session.run("sleeper", sleeper)?;
    let open = python(&world.session, PERSON, PRY, &named(&world, "sleep"))?;
    assert!(open.contains("mem") && open.contains("ptrace"), "{open}");
    drop((sleeper, agent));
    world.finish()
}

#[test]
fn another_user_cannot_use_up_or_use_the_hand_off() -> Result<()> {
    let world = world("handoff")?;
    world.add_ada()?;
    world.guise()?.add_roles()?;
    let opened = world.session.folder().join("address");
    let bin = world.session.folder().join("launcher");
    fs::create_dir_all(&bin).expect("a folder");
    let script =
        format!("#!/bin/sh\nprintf '%s' \"$1\" > '{0}.new' && mv '{0}.new' '{0}'\n", opened.display());
    fs::write(bin.join("xdg-open"), script).expect("a script");
    fs::set_permissions(bin.join("xdg-open"), fs::Permissions::from_mode(0o755)).expect("it can run");
    fs::set_permissions(world.session.folder(), fs::Permissions::from_mode(0o777))
        .expect("a folder to write in");

    // A fresh agent, whose launcher is ours.
    let agent_of_setup = agent_process(&world);
    rustix::process::kill_process(pid(&agent_of_setup), rustix::process::Signal::TERM).expect("it is there");
    world.session.wait_for("the agent to end", Duration::from_secs(20), || {
        (!Path::new(&format!("/proc/{agent_of_setup}")).exists()).then_some(())
    })?;
    let mut command = world.command(&["console", EC2])?;
    command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    let mut console = world.session.run("console", command)?;
    let address = world
        .session
        .wait_for("the address", Duration::from_secs(30), || fs::read_to_string(&opened).ok())?;

    let fetch = |user: u32| -> Result<(Option<i32>, String)> {
        let mut curl = world.session.command_as(user, "curl");
        curl.args(["--silent", "--include", "--max-time", "10", &address]);
        let finished = finish_with(curl, b"", COMMAND)?;
        Ok((finished.status.code(), String::from_utf8_lossy(&finished.stdout).into_owned()))
    };
    let (code, answer) = fetch(OTHER)?;
    assert_eq!(answer, "", "another user was answered");
    assert_ne!(code, Some(0));
    let (_, answer) = fetch(PERSON)?;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.contains("SigninToken="), "{answer}");
    assert!(console.wait(Duration::from_secs(20))?.success());
    world.finish()
}

#[test]
fn nothing_that_guise_keeps_is_open_to_others() -> Result<()> {
    let world = world("modes")?;
    world.add_ada()?;
    world.guise()?.add_roles()?;
    world.credentials()?;
    let mut folders = vec![world.home()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let found = entry.metadata().expect("it is there");
            assert_eq!(found.permissions().mode() & 0o077, 0, "{} is open to others", entry.path().display());
            seen += 1;
            if found.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    assert!(seen > 5, "{seen}");
    world.finish()
}

/// The process id of the agent of this world.
fn agent_process(world: &World) -> String {
    let home = world.home().to_string_lossy().into_owned();
    let agent = world.session.wait_for("the agent", Duration::from_secs(20), || {
        find(world, |line| line.contains(&home) && line.contains("\0agent"))
    });
    agent.expect("an agent runs")
}

fn named(world: &World, name: &str) -> String {
    let found = world.session.wait_for(name, Duration::from_secs(20), || {
        find(world, |line| line.split('\0').next().is_some_and(|program| program.ends_with(name)))
    });
    found.expect("it runs")
}

fn find(world: &World, is_it: impl Fn(&str) -> bool) -> Option<String> {
    world.session.processes().into_iter().map(|process| process.to_string()).find(|process| {
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        is_it(&String::from_utf8_lossy(&line))
    })
}

fn pid(text: &str) -> rustix::process::Pid {
    text.parse().ok().and_then(rustix::process::Pid::from_raw).expect("a process id")
}
