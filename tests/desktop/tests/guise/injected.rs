//! A script that has found its way into a window can do nothing that the window's own page could not; and the program that ships
//! cannot be driven at all.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use desktop_tests::{Canaries, Program, Result, WebDriver, driven, free_port};
use serde_json::{Value, json};

use crate::driving::show;
use crate::stage::{LIMIT, Stage, processes_with, wait_until_no_process, window_processes};

const ATTEMPTS: &str = include_str!("injected.js");

/// What a window would have to be told for these must not leave the agent; none is a window's to ask.
fn forbidden_intents() -> Vec<Value> {
    vec![
        json!({"intent": "credentials", "role": "AWSEC2FULLACCESS"}),
        json!({"intent": "credentials", "role": "AWSEC2FULLACCESS", "access": "usual"}),
        json!({"intent": "signin-url", "role": "AWSEC2FULLACCESS"}),
        json!({"intent": "edit-source", "source": "ada", "mfa_process": ["/bin/sh"]}),
        json!({"intent": "add-source", "name": "x", "key": {"kind": "profile", "name": "x"}, "endpoints": {"sts": "http://127.0.0.1:1"}}),
        json!({"intent": "add-source", "name": "x", "key": {"kind": "profile", "name": "x"}, "mfa_process": ["/bin/sh"]}),
        json!({"intent": "open-console", "role": "AWSEC2FULLACCESS", "endpoint": "http://127.0.0.1:1"}),
        json!({"intent": "open-console", "role": "AWSEC2FULLACCESS", "browser": "/bin/sh"}),
        json!({"intent": "open-console", "role": "AWSEC2FULLACCESS", "destination": "https://example.com/"}),
    ]
}

/// Counts whoever comes.
struct Listener {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = heard.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut begin = [0; 200];
                let read = stream.read(&mut begin).unwrap_or(0);
                let text = String::from_utf8_lossy(&begin[..read]);
                hears.lock().expect("the list").push(text.lines().next().unwrap_or_default().to_owned());
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1",
                );
            }
        });
        Listener { port, heard }
    }
}

/// Every command that any part of the program could answer, from the access lists that its build wrote.
fn all_commands() -> Vec<String> {
    let lists = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-tauri/gen/schemas/acl-manifests.json");
    let lists: Value =
        serde_json::from_slice(&fs::read(lists).expect("the build's access lists")).expect("JSON");
    let mut commands =
        vec!["credentials".to_owned(), "plugin:shell|open".to_owned(), "plugin:fs|read_file".to_owned()];
    for (part, list) in lists.as_object().expect("lists by part") {
        if part == "__app-acl__" {
            continue;
        }
        for permission in list["permissions"].as_object().into_iter().flatten().map(|(_, each)| each) {
            for command in permission["commands"]["allow"].as_array().into_iter().flatten() {
                commands.push(format!("plugin:{part}|{}", command.as_str().expect("a name")));
            }
        }
    }
    commands.sort();
    commands.dedup();
    assert!(commands.len() > 100, "{commands:?}");
    commands
}

/// An agent whose windows wait for a driver, with ada and her roles.
fn start(stage: &Stage, inspected_at: u16) -> Result<Program> {
    let guise = stage.guise()?;
    let desktop = driven(guise.desktop_with_automation()?, inspected_at);
    let desktop = stage.session.run("guise-desktop", desktop)?;
    guise.wait_for_socket()?;
    guise.add_ada(&stage.aws)?;
    guise.add_roles()?;
    Ok(desktop)
}

#[test]
fn a_script_in_a_window_reaches_nothing() -> Result<()> {
    let stage = Stage::set("injected")?;
    stage.without_browser()?;
    let port = free_port()?;
    let _desktop = start(&stage, port)?;
    let listener = Listener::start();
    // A window must have something that it could be told.
    stage.guise()?.tell(&["credentials", "AWSEC2FULLACCESS"])?;
    let commands = all_commands();
    for window in ["manager", "switcher", "guide", "prompt"] {
        // Questions have no window before there is one; this one stands until its window is gone.
        let _asks = if window == "prompt" { Some(ask(&stage)?) } else { None };
        if window != "prompt" {
            show(&stage, window)?;
        }
        let driver = WebDriver::of(&stage.session, port)?;
        let others: Vec<&str> = if window == "switcher" { vec![] } else { vec!["find"] };
        let given = json!({
            "listener": format!("http://127.0.0.1:{}/", listener.port),
            "commands": commands.iter().map(String::as_str).chain(others).collect::<Vec<_>>(),
            "payload": {"label": window, "url": "http://127.0.0.1:1/", "path": "/etc/passwd", "query": "x"},
            "intents": forbidden_intents(),
        });
        let found = driver.run(&format!("const arguments0 = {given};\n{ATTEMPTS}"))?;
        assert_eq!(found["worked"], json!([]), "{window}");
        assert_eq!(found["answered"], true, "{window}: the script did not run as the page does");
        let page = found["html"].as_str().unwrap_or_default().to_owned();
        assert!(page.len() > 200, "{page}");
        let canaries = Canaries::new(stage.aws.secrets());
        assert_eq!(canaries.find_in(page.as_bytes()), [], "{window}");
        let here = Canaries::new([("a role's name", "AWSEC2FULLACCESS")]);
        for process in window_processes(&stage.session).into_iter().chain(web_processes(&stage)) {
            assert_eq!(canaries.search_memory(process)?, [], "{window}: {process}");
            assert!(
                window == "guide" || !here.search_memory(process)?.is_empty(),
                "{window}: the search is blind"
            );
        }
        drop(driver);
        let windows = stage.session.windows_titled("Guise");
        stage.session.xdotool(["windowclose", &windows[0]])?;
        wait_until_no_process(&stage.session, "WebKitWebProcess")?;
    }
    assert_eq!(*listener.heard.lock().expect("the list"), Vec::<String>::new());
    assert_eq!(stage.browser().opened()?, []);
    stage.end()
}

/// A program that wants a role of production, about which the person is asked.
fn ask(stage: &Stage) -> Result<Program> {
    let guise = stage.guise()?;
    guise.tell(&["account", "edit", "111122223333", "--production"])?;
    let asks = stage.session.run("asks", guise.command(["console", "AWSEC2FULLACCESS"]))?;
    stage.session.wait_for("the prompt window", LIMIT, || {
        (!processes_with(&stage.session, "--window prompt").is_empty()).then_some(())
    })?;
    Ok(asks)
}

fn web_processes(stage: &Stage) -> Vec<u32> {
    let all = stage.session.processes().into_iter();
    all.filter(|id| {
        fs::read(format!("/proc/{id}/cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains("WebKitWebProcess"))
    })
    .collect()
}

#[test]
fn the_program_that_ships_cannot_be_driven() -> Result<()> {
    let stage = Stage::set("not-driven")?;
    let port = free_port()?;
    let guise = stage.guise()?;
    let desktop = driven(guise.desktop(), port);
    let _desktop = stage.session.run("guise-desktop", desktop)?;
    guise.wait_for_socket()?;
    let mut command = guise.desktop();
    command.args(["--window", "manager"]);
    stage.session.run("show", command)?.wait(LIMIT)?;
    stage.session.wait_until_drawn("Guise")?;
    let driven_all_the_same = WebDriver::within(&stage.session, port, Duration::from_secs(5));
    assert!(driven_all_the_same.is_err(), "a window of the program that ships was driven");

    // Nor does a window start that is told so by hand.
    let mut window = guise.desktop();
    window.args(["--window", "manager", "--stdio"]).env("TAURI_WEBVIEW_AUTOMATION", "true");
    let mut window = stage.session.run("window", window)?;
    assert!(!window.wait(LIMIT)?.success());
    assert!(window.log().contains("TAURI_WEBVIEW_AUTOMATION"), "{}", window.log());
    Ok(())
}
