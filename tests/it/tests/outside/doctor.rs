//! `guise doctor` on good days and bad ones: it finds the cause, asks nobody, starts nothing and tells no secret.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use desktop_tests::{KeyringState, Program, Result, SessionConfig, finish_with};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::tools::tool;
use crate::world::{Answered, COMMAND, World};

const LIMIT: Duration = Duration::from_secs(30);
/// A port on which nobody listens, so that no test ever asks AWS.
const NOWHERE: &str = "http://127.0.0.1:1";
/// Who asks for the keychain's password.
const PROMPTER: &str = "org.gnome.keyring.SystemPrompter";
const FILED_ID: &str = "AKIAFILEDCANARY22222";
const PROXY_PASSWORD: &str = "proxyCanaryPassword22";
const FILED_SECRET: &str = "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";

/// STS as a proxy reaches it, with a clock of its own.
struct StandIn {
    _program: Program,
    folder: PathBuf,
    proxy: String,
}

impl StandIn {
    fn start(world: &World) -> Result<StandIn> {
        let folder = world.session.folder().join("sts");
        fs::create_dir_all(&folder).expect("a folder");
        let script = folder.join("aws_clock.py");
        fs::write(&script, include_str!("doctor/aws_clock.py")).expect("a script");
        let mut python = world.session.command(tool("python"));
        python.arg(script).arg(&folder);
        let program = world.session.run("sts", python)?;
        let port = world
            .session
            .wait_for("the stand-in for STS", LIMIT, || fs::read_to_string(folder.join("port")).ok())?;
        let proxy = format!("http://person:{PROXY_PASSWORD}@127.0.0.1:{port}");
        Ok(StandIn { _program: program, folder, proxy })
    }

    fn says(&self, what: &str) {
        fs::write(self.folder.join("says"), what).expect("it can be told");
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        let authority = self.folder.join("ca.pem").to_string_lossy().into_owned();
        vec![("HTTPS_PROXY", self.proxy.clone()), ("AWS_CA_BUNDLE", authority)]
    }
}

fn run(world: &World, arguments: &[&str], variables: &[(&str, String)]) -> Result<Answered> {
    let mut command = world.command(&[&["doctor"], arguments].concat())?;
    command.env("HTTPS_PROXY", NOWHERE);
    for (name, value) in variables {
        if value.is_empty() {
            command.env_remove(name);
        } else {
            command.env(name, value);
        }
    }
    let finished = finish_with(command, b"", COMMAND)?;
    let stdout = String::from_utf8_lossy(&finished.stdout).into_owned();
    assert_eq!(finished.stderr, "");
    for secret in [FILED_SECRET, PROXY_PASSWORD] {
        assert!(!stdout.contains(secret), "{stdout}");
    }
    Ok(Answered { code: finished.status.code().unwrap_or(-1), stdout, stderr: finished.stderr })
}

/// What is found, by check.
struct Found(i32, Value);

impl Found {
    fn by(world: &World, variables: &[(&str, String)]) -> Result<Found> {
        let answered = run(world, &["--json"], variables)?;
        Ok(Found(answered.code, serde_json::from_str(&answered.stdout).expect("it is JSON")))
    }

    /// The states and sentences of one check.
    fn of(&self, check: &str) -> Vec<(&str, &str)> {
        let all = self.1["findings"].as_array().expect("findings").iter();
        let all = all.filter(|finding| finding["check"] == check);
        all.map(|each| {
            (each["state"].as_str().unwrap_or_default(), each["said"].as_str().unwrap_or_default())
        })
        .collect()
    }

    fn state(&self, check: &str) -> &str {
        self.of(check).first().map_or("missing", |(state, _)| state)
    }

    fn has(&self, check: &str, state: &str, part: &str) {
        let found = self.of(check);
        let has = found.iter().any(|(each, said)| *each == state && said.contains(part));
        assert!(has, "no {state} of {check} says `{part}`: {:#}", self.1);
    }
}

#[test]
fn a_computer_in_order_is_fine_and_each_thing_that_is_not_is_found() -> Result<()> {
    let mut world = World::with_roles("doctor")?;
    world.session.start_panel()?;
    let applications = world.session.data_dir().join("applications");
    fs::create_dir_all(&applications).expect("a folder");
    let entry = applications.join("browser.desktop");
    fs::write(&entry, "[Desktop Entry]\nType=Application\nName=B\nExec=xdg-open %u\n").expect("written");
    fs::write(
        world.session.config_dir().join("mimeapps.list"),
        "[Default Applications]\nx-scheme-handler/https=browser.desktop\nx-scheme-handler/http=browser.desktop\ntext/html=browser.desktop\n",
    )
    .expect("written");
    let sts = StandIn::start(&world)?;

    sts.says("clock 0");
    let good = Found::by(&world, &sts.variables())?;
    assert_eq!(
        (good.0, &good.1["trouble"], &good.1["notice"], &good.1["unknown"]),
        (0, &0.into(), &0.into(), &0.into()),
        "{:#}",
        good.1
    );
    good.has("agent", "fine", "runs, without a tray");
    good.has("keychain", "fine", "`gnome-keyring-daemon` answers, and is unlocked");
    good.has("keys", "fine", "the source's key is in the keychain");
    good.has("tray", "fine", "a panel shows tray icons");
    good.has("browser", "fine", "`browser.desktop`, which starts `xdg-open`");
    good.has("proxy", "fine", "AWS is reached through it");
    good.has("certificates", "fine", "trusted authorities: 1, those that AWS_CA_BUNDLE names");
    good.has("catalog", "fine", "1 source, 3 roles");

    clock_and_way(&world, &sts)?;
    files(&world)?;
    drop(sts);
    world.finish()
}

/// The clock, and why it could not be asked.
fn clock_and_way(world: &World, sts: &StandIn) -> Result<()> {
    for (says, state, part) in [
        ("clock 90", "notice", "behind AWS's; at 5 min"),
        ("clock -3600", "trouble", "ahead of AWS's, which refuses what it signs"),
        ("html", "unknown", "something other than AWS answered, and points elsewhere"),
        ("deny", "unknown", "asks for a name and a password"),
    ] {
        sts.says(says);
        let found = Found::by(world, &sts.variables())?;
        found.has("clock", state, part);
        assert_eq!(found.0, i32::from(state == "trouble"), "{:#}", found.1);
    }
    sts.says("clock 0");
    let only_proxy = &sts.variables()[..1];
    Found::by(world, only_proxy)?.has("clock", "unknown", "comes from nobody that this computer trusts");
    Found::by(world, &[])?.has("clock", "unknown", "the proxy `127.0.0.1:1` cannot be reached");
    let no_file = Found::by(world, &[("AWS_CA_BUNDLE", "/nowhere/ca.pem".to_owned())])?;
    no_file.has("certificates", "trouble", "AWS_CA_BUNDLE names `/nowhere/ca.pem`, which cannot be read");
    Ok(())
}

/// The files that a person has: keys in plain text, the catalog, the entry at login.
fn files(world: &World) -> Result<()> {
    let aws = world.session.home().join(".aws");
    fs::create_dir_all(&aws).expect("a folder");
    let credentials = aws.join("credentials");
    let text = format!(
        "\u{feff}# mine\r\n[acme]\r\naws_access_key_id = {FILED_ID}\r\naws_secret_access_key = {FILED_SECRET}\r\n"
    );
    fs::write(&credentials, text).expect("written");
    fs::set_permissions(&credentials, fs::Permissions::from_mode(0o644)).expect("it can be opened");
    let made = std::process::Command::new("mkfifo").arg(aws.join("config")).status().expect("mkfifo runs");
    assert!(made.success());
    let autostart = world.session.config_dir().join("autostart");
    fs::create_dir_all(&autostart).expect("a folder");
    fs::write(
        autostart.join("org.guise.Guise.desktop"),
        "[Desktop Entry]\nType=Application\nName=Guise\nExec=\"/nowhere/my guise\"\n",
    )
    .expect("written");
    world.run(&["source", "remove", "ada"])?;
    let shell = [
        ("AWS_ACCESS_KEY_ID", "AKIASHELLCANARY22222".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", FILED_SECRET.to_owned()),
    ];

    let found = Found::by(world, &shell)?;
    assert_eq!(found.0, 1);
    found.has("plain-text-keys", "trouble", "line 3: profile `acme` has the long-term key AKIA…2222");
    found.has("plain-text-keys", "trouble", "holds keys, and others may read it");
    found.has("plain-text-keys", "trouble", "this shell's environment has the long-term key AKIA…2222");
    found.has("plain-text-keys", "unknown", "was not read: it is not an ordinary file");
    found.has("start-at-login", "trouble", "starts `/nowhere/my guise`, which is gone");
    found.has(
        "catalog",
        "trouble",
        "`AWSEC2FULLACCESS`, `Billing`, `ReadOnly` need source `ada`, which is not there",
    );

    let masked = run(world, &["--mask"], &shell)?;
    let home = world.session.folder().to_string_lossy().into_owned();
    for hidden in ["acme", "ada", "AWSEC2FULLACCESS", "AKIA…2", "1111", "person", "arn:"] {
        assert!(!masked.stdout.contains(hidden), "{hidden} is in\n{}", masked.stdout);
    }
    assert!(!masked.stdout.contains(&format!("{home}/home")), "{}", masked.stdout);
    assert!(masked.stdout.contains("profile `profile-1`") && masked.stdout.contains("`~/.aws/credentials`"));
    assert!(masked.stdout.lines().last().unwrap_or_default().contains(" in trouble, "), "{}", masked.stdout);

    let before = fs::read(world.guise()?.catalog()).expect("the catalog is there");
    world.guise()?.edit_catalog("\n[roles.odd]\narn = 3\n")?;
    Found::by(world, &[])?.has("catalog", "notice", "role `odd` cannot be used: ");
    world.guise()?.edit_catalog("\n[roles.broken\n")?;
    Found::by(world, &[])?.has("catalog", "trouble", "is not right: line ");
    let after = fs::read(world.guise()?.catalog()).expect("the catalog is there");
    assert!(after.starts_with(&before) && after.len() > before.len(), "the catalog was touched");

    // It held the secret, as it was meant to; from here on nothing may.
    fs::remove_file(credentials).expect("it can be removed");
    world.keep_secret("the filed secret", FILED_SECRET);
    world.keep_secret("the proxy's password", PROXY_PASSWORD);
    Ok(())
}

#[test]
fn a_locked_or_hung_keychain_is_told_without_a_prompt() -> Result<()> {
    let world = World::with_roles("doctor-locked")?;
    world.session.lock_keyring()?;
    let locked = Found::by(&world, &[])?;
    locked.has("keychain", "notice", "`gnome-keyring-daemon` answers, and is locked");
    locked.has("keys", "unknown", "the keychain was not looked into");
    assert!(!world.session.owns(PROMPTER), "somebody was asked for the password");

    let keyring = process_named(&world, "gnome-keyring-daemon");
    kill_process(keyring, Signal::STOP).expect("it can be stopped");
    let begun = Instant::now();
    let hung = Found::by(&world, &[])?;
    let took = begun.elapsed();
    kill_process(keyring, Signal::CONT).expect("it goes on");
    hung.has("keychain", "trouble", "`gnome-keyring-daemon` is there and does not answer");
    assert_eq!(hung.0, 1);
    assert!(took < Duration::from_secs(20), "{took:?}");

    // The prompt would have been seen.
    let test = world.session.run("test", world.command(&["source", "test", "ada"])?)?;
    world.session.cancel_keyring_prompt()?;
    assert!(world.session.owns(PROMPTER));
    drop(test);
    world.finish()
}

#[test]
fn a_bare_computer_is_looked_at_without_starting_or_making_anything() -> Result<()> {
    let config = SessionConfig { keyring: KeyringState::Absent, ..SessionConfig::default() };
    let world = World::start_with("doctor-bare", config)?;
    let bare = Found::by(&world, &[("DISPLAY", String::new())])?;
    assert_eq!(bare.0, 1);
    bare.has("agent", "fine", "none runs");
    bare.has("socket", "fine", "is made when it is needed");
    bare.has("keychain", "trouble", "nobody offers the Secret Service");
    bare.has("display", "notice", "there is none, so there are no tray and no windows");
    assert_eq!((bare.state("tray"), bare.state("browser")), ("unknown", "unknown"));
    bare.has("catalog", "fine", "nothing is configured yet");

    let no_tray = Found::by(&world, &[])?;
    no_tray.has("display", "fine", "X11 at `");
    no_tray.has("tray", "notice", "this desktop shows no tray icons");
    let no_server = Found::by(&world, &[("DISPLAY", ":4711".to_owned())])?;
    no_server.has("display", "trouble", "nobody answers for X11 at `:4711`");
    let no_opener = Found::by(&world, &[("PATH", "/nowhere".to_owned())])?;
    no_opener.has("browser", "trouble", "`xdg-open`, which starts it, is not installed");
    let no_bus = Found::by(&world, &[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere".to_owned())])?;
    no_bus.has("keychain", "trouble", "there is no session bus");
    assert!(!world.home().exists(), "something was made");

    let answered = world.run(&["source", "test", "ada"])?;
    assert_eq!(answered.code, 1, "an agent was started for this, and not before: {}", answered.stderr);
    assert!(world.home().exists());
    world.finish()
}

fn process_named(world: &World, name: &str) -> Pid {
    let found = world.session.processes().into_iter().find(|process| {
        let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let program =
            String::from_utf8_lossy(line.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned();
        program.ends_with(name)
    });
    found.and_then(|process| Pid::from_raw(i32::try_from(process).ok()?)).expect("it runs")
}
