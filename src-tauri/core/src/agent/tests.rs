//! The socket as callers meet it: polite, newer, older, broken and silent ones.
#![cfg(unix)]

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

use super::*;
use crate::app::tests::{Stage, World};
use crate::failure::{Code, Failure};

struct Served {
    stage: Stage,
    serving: JoinHandle<Result<Ended, Failure>>,
}

impl Served {
    async fn start(idle: Option<Duration>) -> Served {
        let stage = Stage::with(World::default()).await;
        let claim = claim(&stage.home).unwrap().unwrap();
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        let app = stage.app.clone();
        let serving = tokio::spawn(async move {
            let serving = Serving { kind: Kind::Trayless, idle };
            serve(&claim, &app, serving, || ready.send(()).unwrap()).await
        });
        is_ready.await.unwrap();
        Served { stage, serving }
    }

    /// Says one line after the greeting and gives everything that comes back.
    async fn say(&self, line: &str) -> String {
        let mut stream = UnixStream::connect(self.stage.home.runtime.join("agent.sock")).await.unwrap();
        let mut hello = String::new();
        let (read, mut write) = stream.split();
        let mut read = BufReader::new(read);
        read.read_line(&mut hello).await.unwrap();
        assert!(hello.contains(&format!("\"guise\":{PROTOCOL}")), "{hello}");
        write.write_all(line.as_bytes()).await.unwrap();
        write.write_all(b"\n").await.unwrap();
        let mut answer = String::new();
        read.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn client(&self) -> Client {
        Client::connect(&self.stage.home).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_caller_gets_what_it_asks_for() {
    let served = Served::start(None).await;
    let request = Request::Credentials {
        role: "ec2".into(),
        access: crate::assume::Access::Usual,
        format: "json".into(),
    };
    let answered = served.client().await.ask(request, None, |_| ()).await.unwrap();
    assert!(matches!(answered, Answered::Secret { expires: Some(_), .. }), "{answered:?}");
    let unknown = Request::Credentials {
        role: "nope".into(),
        access: crate::assume::Access::Usual,
        format: "sh".into(),
    };
    assert_eq!(served.client().await.ask(unknown, None, |_| ()).await.unwrap_err().code, Code::NotFound);
    let window = Request::ShowWindow { window: crate::view::WindowName::Manager };
    assert_eq!(served.client().await.ask(window, None, |_| ()).await.unwrap_err().code, Code::NoDesktop);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_harms_nobody() {
    let served = Served::start(None).await;
    for line in [
        "",
        "{}",
        "null",
        "[1,2",
        "{\"guise\":1}",
        "{\"guise\":1,\"request\":{\"ask\":\"fly\"}}",
        "\u{0}\u{1}",
    ] {
        assert!(served.say(line).await.contains("\"failed\""), "{line}");
    }
    assert!(served.say(&"x".repeat(1_000_000)).await.contains("\"failed\""));
    served.client().await;
}

#[tokio::test]
async fn an_older_caller_is_told_and_a_newer_one_can_have_the_place() {
    let served = Served::start(None).await;
    let older = served.say("{\"guise\":0,\"request\":{\"ask\":\"test-source\",\"source\":\"work\"}}").await;
    assert!(older.contains("newer than this program"), "{older}");
    let newer = served.say("{\"guise\":99,\"request\":{\"ask\":\"make-way\"}}").await;
    assert!(newer.contains("\"done\""), "{newer}");
    assert_eq!(served.serving.await.unwrap().unwrap(), Ended::MadeWay);
    assert!(claim(&served.stage.home).unwrap().is_some());
}

#[tokio::test]
async fn an_agent_is_one_and_another_can_take_over() {
    let served = Served::start(None).await;
    assert!(claim(&served.stage.home).unwrap().is_none());
    let taken = take_over(&served.stage.home).await.unwrap();
    assert_eq!(served.serving.await.unwrap().unwrap(), Ended::MadeWay);
    assert!(claim(&served.stage.home).unwrap().is_none(), "the new one has it");
    drop(taken);
    assert!(Client::connect(&served.stage.home).await.unwrap().is_none());
}

#[tokio::test]
async fn an_idle_agent_ends_and_a_busy_one_does_not() {
    let served = Served::start(Some(Duration::from_millis(300))).await;
    let staying = UnixStream::connect(served.stage.home.runtime.join("agent.sock")).await.unwrap();
    tokio::time::timeout(Duration::from_millis(600), async {
        while !served.serving.is_finished() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap_err();
    drop(staying);
    assert_eq!(served.serving.await.unwrap().unwrap(), Ended::Idle);
}

#[tokio::test]
async fn a_socket_or_a_folder_that_is_taken_away_is_made_anew() {
    let served = Served::start(None).await;
    let run = &served.stage.home.runtime;
    for taken in [&["agent.sock"][..], &["agent.lock"], &["agent.lock", "agent.sock"], &[]] {
        for file in taken {
            std::fs::remove_file(run.join(file)).unwrap();
        }
        if taken.is_empty() {
            std::fs::remove_dir_all(run).unwrap();
        }
        tokio::time::timeout(Duration::from_secs(10), async {
            while !run.join("agent.sock").exists() || !run.join("agent.lock").exists() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .unwrap();
        served.client().await;
        assert!(claim(&served.stage.home).unwrap().is_none(), "{taken:?}: another could be the agent");
    }
    assert!(!served.serving.is_finished());
}

#[tokio::test]
async fn an_agent_whose_place_another_has_taken_makes_way_and_leaves_the_others_socket() {
    let served = Served::start(None).await;
    let home = served.stage.home.clone();
    std::fs::remove_file(home.runtime.join("agent.lock")).unwrap();
    std::fs::remove_file(home.runtime.join("agent.sock")).unwrap();
    let other = claim(&home).unwrap().unwrap();
    let listener = super::socket::Listener::bind(&home).await.unwrap();
    assert_eq!(served.serving.await.unwrap().unwrap(), Ended::MadeWay);
    assert!(listener.is_there());
    drop(other);
}

#[tokio::test]
async fn a_place_that_cannot_be_made_anew_is_said_and_tried_again() {
    let served = Served::start(None).await;
    let run = served.stage.home.runtime.clone();
    std::fs::remove_dir_all(&run).unwrap();
    // Something else stands there.
    std::fs::write(&run, b"").unwrap();
    let mut snapshots = served.stage.app.snapshots();
    let troubled = snapshots.wait_for(|snapshot| !snapshot.trouble.is_empty());
    let trouble =
        tokio::time::timeout(Duration::from_secs(10), troubled).await.unwrap().unwrap().trouble.clone();
    assert!(trouble[0].message.contains("cannot hold the agent's socket"), "{trouble:?}");
    std::fs::remove_file(&run).unwrap();
    let well = snapshots.wait_for(|snapshot| snapshot.trouble.is_empty());
    tokio::time::timeout(Duration::from_secs(20), well).await.unwrap().unwrap();
    served.client().await;
}

#[tokio::test]
async fn a_folder_that_others_may_enter_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let home = crate::home::Home::at(folder.path());
    drop(claim(&home).unwrap());
    std::fs::set_permissions(&home.runtime, std::fs::Permissions::from_mode(0o755)).unwrap();
    let failure = claim(&home).unwrap_err();
    assert!(failure.message.contains("others may enter"), "{failure}");
}

/// A window's end of the way to the agent, and the agent's work for it.
fn serving_a_window(
    stage: &Stage,
    mut raised: tokio::sync::mpsc::Receiver<Option<String>>,
) -> (tokio::io::DuplexStream, JoinHandle<Closed>) {
    let (window, agent) = tokio::io::duplex(1 << 20);
    let (said, hears) = tokio::io::split(agent);
    let app = stage.app.clone();
    let serving = async move { serve_window(app, jiff::tz::TimeZone::UTC, said, hears, &mut raised).await };
    (window, tokio::spawn(serving))
}

#[tokio::test]
async fn a_window_sees_snapshots_and_is_answered_without_a_secret() {
    let stage = Stage::with(World::default()).await;
    let (raise, raised) = tokio::sync::mpsc::channel(1);
    let (window, serving) = serving_a_window(&stage, raised);
    let (read, mut write) = tokio::io::split(window);
    let mut lines = BufReader::new(read).lines();
    write
        .write_all(b"{\"ask\":{\"id\":7,\"intent\":{\"intent\":\"copy-credentials\",\"role\":\"ec2\"}}}\n")
        .await
        .unwrap();
    let mut heard = Vec::new();
    while !heard.iter().any(|line| matches!(line, ToWindow::Reply { .. })) {
        let line = lines.next_line().await.unwrap().unwrap();
        assert!(!line.contains("canary"), "{line}");
        heard.push(serde_json::from_str::<ToWindow>(&line).unwrap());
    }
    assert!(matches!(heard[0], ToWindow::Snapshot(_)));
    let Some(ToWindow::Reply { id: 7, reply: crate::view::WindowReply::Done { message } }) = heard.pop()
    else {
        panic!("{heard:?}");
    };
    assert!(message.starts_with("Copied. The clipboard is cleared at "), "{message}");
    let mut next =
        async || serde_json::from_str::<ToWindow>(&lines.next_line().await.unwrap().unwrap()).unwrap();
    raise.send(Some("token".into())).await.unwrap();
    while next().await != (ToWindow::Raise { activation: Some("token".into()) }) {}
    write.write_all(b"\"raised\"\n").await.unwrap();
    drop((lines, write));
    assert_eq!(serving.await.unwrap(), Closed::Done);
}

#[tokio::test]
async fn a_window_that_ends_instead_of_coming_to_the_front_is_still_wanted() {
    let stage = Stage::with(World::default()).await;
    let (raise, raised) = tokio::sync::mpsc::channel(1);
    raise.send(None).await.unwrap();
    let (window, serving) = serving_a_window(&stage, raised);
    let mut lines = BufReader::new(window).lines();
    while lines.next_line().await.unwrap().unwrap() != r#"{"raise":{"activation":null}}"# {}
    drop(lines);
    assert_eq!(serving.await.unwrap(), Closed::StillWanted);
}

#[tokio::test]
async fn what_a_window_that_is_gone_asked_for_goes_on_and_a_failure_is_told_otherwise() {
    let stage = Stage::with(World::default()).await;
    stage.world.sts_gate.forget_permits(1000);
    *stage.world.refuse.lock().unwrap() = Some(crate::failure::Refusal::Timeout);
    let (_raise, raised) = tokio::sync::mpsc::channel(1);
    let (window, serving) = serving_a_window(&stage, raised);
    let (read, mut write) = tokio::io::split(window);
    let mut lines = BufReader::new(read).lines();
    write
        .write_all(b"{\"ask\":{\"id\":1,\"intent\":{\"intent\":\"open-console\",\"role\":\"ec2\"}}}\n")
        .await
        .unwrap();
    while !lines.next_line().await.unwrap().unwrap().contains("signing-in") {}
    drop((lines, write));
    serving.await.unwrap();
    stage.world.sts_gate.add_permits(1);
    let told = async {
        while stage.world.notices.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), told).await.expect("nobody was told");
    let notices = stage.world.notices.lock().unwrap();
    assert_eq!(notices[0].title, "ec2: it did not work");
    assert!(notices[0].body.contains("AWS did not answer"), "{}", notices[0].body);
}
