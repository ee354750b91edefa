//! The application against ports that are told how to behave.

mod catalog;
mod chain;
mod clock;
mod guide;
mod import;
mod keys;
mod panes;
mod prompts;
mod roles;
mod rotation;
mod settings;
mod state;
mod stopped;
mod world;

use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use url::Url;

pub(crate) use self::world::World;
use self::world::{IamIs, Writes, ports};
use super::*;
use crate::assume::Access;
use crate::captured::Captured;
use crate::catalog::{Assumer, Role};
use crate::console::Endpoints;
use crate::failure::{Code, Refusal};
use crate::ports::Clock;
use crate::secret::AccessKey;
use crate::session::Session;
use crate::view::{NewKey, NewSource, Notice, OpenConsole, Status};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const SESSION_SECRET: &str = "canary-session-secret";
const RIGHT_CODE: &str = "271828";

pub(crate) struct Stage {
    pub(crate) world: Arc<World>,
    pub(crate) app: AppHandle,
    pub(crate) home: Home,
    _folder: tempfile::TempDir,
    _log: Captured,
}

impl Stage {
    /// An application with one source and one role.
    pub(crate) async fn with(world: World) -> Stage {
        Stage::in_folder(world, tempfile::tempdir().unwrap()).await
    }

    async fn in_folder(world: World, folder: tempfile::TempDir) -> Stage {
        let log = Captured::without(&[SECRET, SESSION_SECRET, "canary-signin-token"]);
        let (home, world) = (Home::at(folder.path()), Arc::new(world));
        let app = start(Config {
            home: home.clone(),
            ports: ports(&world),
            zone: TimeZone::UTC,
            host: "engine".into(),
            endpoints: crate::console::Endpoints::default(),
        });
        let refusal = world.refuse.lock().unwrap().take();
        app.ask(Intent::AddSource(source("work")), Origin::Window).await.unwrap();
        *world.refuse.lock().unwrap() = refusal;
        let stage = Stage { world, app, home, _folder: folder, _log: log };
        stage.catalog().add_role(&name("ec2"), &role()).unwrap();
        stage
    }

    fn catalog(&self) -> CatalogFile {
        CatalogFile::in_home(&self.home)
    }

    async fn credentials(&self) -> Result<Arc<Session>, Failure> {
        let outcome = self.app.ask(credentials_of("ec2"), Origin::Window).await?;
        let Outcome::Credentials(session) = outcome else { panic!("{outcome:?}") };
        Ok(session)
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.app.snapshots().borrow().clone()
    }

    /// The next address that the browser is started with.
    async fn browser_started(&self) -> Url {
        for _ in 0..500 {
            if let Some(address) = self.world.opened.lock().unwrap().pop() {
                return address;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no browser was started");
    }
}

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn source(text: &str) -> Box<NewSource> {
    Box::new(NewSource {
        name: name(text),
        key: NewKey::AccessKey(
            AccessKey::new("AKIAIOSFODNN7EXAMPLE".parse().unwrap(), SECRET.into()).unwrap(),
        ),
        mfa_serial: None,
        mfa_process: Vec::new(),
        region: Some("eu-west-1".parse().unwrap()),
        endpoints: Endpoints::default(),
    })
}

fn role() -> Role {
    let arn = "arn:aws:iam::111122223333:role/AWSEC2FULLACCESS".parse().unwrap();
    let destination = "ec2".parse().ok();
    Role { destination, favourite: true, ..Role::new(arn, Assumer::Source(name("work"))) }
}

fn credentials_of(role: &str) -> Intent {
    Intent::Credentials { role: name(role), access: Access::Usual }
}

fn open() -> Intent {
    Intent::OpenConsole(OpenConsole {
        role: name("ec2"),
        destination: None,
        region: None,
        access: Access::Usual,
    })
}

/// Comes for a hand-off as a browser does.
async fn fetched(address: &Url) -> String {
    let port = address.port().unwrap();
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n", address.path());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn many_askers_share_one_call_and_the_next_one_shares_its_session() {
    let stage = Stage::with(World::default()).await;
    let asked: Vec<_> = (0..50)
        .map(|_| {
            let app = stage.app.clone();
            tokio::spawn(async move { app.ask(credentials_of("ec2"), Origin::Window).await })
        })
        .collect();
    for each in asked {
        let outcome = each.await.unwrap().unwrap();
        assert!(
            matches!(outcome, Outcome::Credentials(session) if session.credentials.access_key_id == "ASIA0")
        );
    }
    stage.credentials().await.unwrap();
    assert_eq!(stage.world.assumed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn nothing_with_five_minutes_left_is_handed_out() {
    let stage = Stage::with(World::default()).await;
    let first = stage.credentials().await.unwrap();
    stage.world.pass(3600 - 301);
    assert_eq!(stage.credentials().await.unwrap().id, first.id);
    stage.world.pass(1);
    assert_ne!(stage.credentials().await.unwrap().id, first.id);
}

#[tokio::test]
async fn an_edited_role_never_gets_the_old_ones_session() {
    let stage = Stage::with(World::default()).await;
    let first = stage.credentials().await.unwrap();
    let change = crate::catalog::RoleChange {
        duration: crate::catalog::Change::Set("2h".parse().unwrap()),
        ..Default::default()
    };
    stage.catalog().edit_role(&name("ec2"), &change).unwrap();
    let second = stage.credentials().await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(second.plan.duration().seconds(), 7200);
}

#[tokio::test]
async fn the_browser_starts_while_sts_is_still_asked_and_is_then_redirected() {
    let stage = Stage::with(World { sts_gate: Semaphore::new(0), ..World::default() }).await;
    let app = stage.app.clone();
    let opening = tokio::spawn(async move { app.ask(open(), Origin::Window).await });
    let address = stage.browser_started().await;
    assert_eq!(stage.snapshot().status, Status::Working);
    let browser = tokio::spawn(async move { fetched(&address).await });
    stage.world.sts_gate.add_permits(1);
    let answer = browser.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(answer.contains("https://eu-west-1.signin.aws.amazon.com/federation?Action=login"));
    assert!(answer.contains("SigninToken=canary-signin-token"));
    assert!(matches!(opening.await.unwrap(), Ok(Outcome::ConsoleOpened)));
    let snapshot = stage.snapshot();
    assert_eq!((snapshot.status, snapshot.recents.as_slice()), (Status::Live, ["ec2".to_owned()].as_slice()));
    let console = snapshot.sessions[0].console.clone().unwrap();
    assert_eq!((console.page.as_str(), console.region.as_str()), ("ec2", "eu-west-1"));
    assert!(console.until > console.opened);
    let shown = serde_json::to_string(&*snapshot).unwrap();
    for secret in [SECRET, SESSION_SECRET, "canary-signin-token"] {
        assert!(!shown.contains(secret));
    }
}

#[tokio::test]
async fn going_to_a_sessions_page_opens_it_again_where_it_was() {
    let stage = Stage::with(World::default()).await;
    let page = OpenConsole {
        role: name("ec2"),
        destination: Some("s3".parse().unwrap()),
        region: Some("us-east-1".parse().unwrap()),
        access: Access::Usual,
    };
    let go = async |intent| {
        let app = stage.app.clone();
        let opening = tokio::spawn(async move { app.ask(intent, Origin::Window).await });
        let answer = fetched(&stage.browser_started().await).await;
        assert!(answer.contains("us-east-1.console.aws.amazon.com%2Fs3"), "{answer}");
        assert!(matches!(opening.await.unwrap(), Ok(Outcome::ConsoleOpened)));
    };
    go(Intent::OpenConsole(page)).await;
    let session = stage.snapshot().sessions[0].id.clone();
    go(Intent::OpenPage { session: session.clone() }).await;
    assert_eq!(stage.snapshot().sessions.len(), 1, "it is the same session");
    let gone = stage.app.ask(Intent::OpenPage { session: "gone".into() }, Origin::Window).await;
    assert_eq!(gone.unwrap_err(), Failure::unknown_session());
}

#[tokio::test]
async fn the_duration_is_left_out_once_where_the_console_refuses_it() {
    let stage = Stage::with(World { refuse_duration: true, ..World::default() }).await;
    let asked = OpenConsole { role: name("ec2"), destination: None, region: None, access: Access::Usual };
    stage.app.ask(Intent::SigninUrl(asked), Origin::Window).await.unwrap();
    let bodies = stage.world.exchanged.lock().unwrap();
    let with: Vec<bool> = bodies.iter().map(|body| body.contains("SessionDuration=3600")).collect();
    assert_eq!(with, [true, false]);
}

#[tokio::test]
async fn a_refused_role_is_explained_in_the_browser_and_by_a_notice() {
    let denied =
        Refusal::Service { status: 403, code: "AccessDenied".into(), message: "no".into(), skew: None };
    let world = World { refuse: Mutex::new(Some(denied)), sts_gate: Semaphore::new(0), ..World::default() };
    let stage = Stage::with(world).await;
    stage.app.click(open());
    let address = stage.browser_started().await;
    stage.world.sts_gate.add_permits(10);
    let page = fetched(&address).await;
    assert!(page.contains("AWS refused to let <code>work</code> assume <code>ec2</code>"), "{page}");
    let mut snapshots = stage.app.snapshots();
    let failed = |snapshot: &Arc<Snapshot>| {
        matches!(&snapshot.roles[0].activity, crate::view::Activity::Failed { failure } if failure.code == Code::AccessDenied)
            && snapshot.status == Status::Trouble
    };
    tokio::time::timeout(Duration::from_secs(5), snapshots.wait_for(failed)).await.unwrap().unwrap();
    let notices = stage.world.notices.lock().unwrap().clone();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].body.contains("trust policy must name arn:aws:iam::111122223333:user/ada"));
    *stage.world.refuse.lock().unwrap() = None;
    stage.credentials().await.unwrap();
    assert_eq!(stage.snapshot().status, Status::Live, "a success clears the trouble");
}

#[tokio::test]
async fn without_a_browser_the_failure_says_so_and_the_session_is_kept() {
    let stage =
        Stage::with(World { browser_fails: true, sts_gate: Semaphore::new(0), ..World::default() }).await;
    let failure = stage.app.ask(open(), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::Browser);
    stage.world.sts_gate.add_permits(1);
    let mut snapshots = stage.app.snapshots();
    let landed =
        tokio::time::timeout(Duration::from_secs(5), snapshots.wait_for(|now| !now.sessions.is_empty()));
    let role = landed.await.unwrap().unwrap().roles[0].clone();
    assert!(
        matches!(role.activity, crate::view::Activity::Failed { .. }),
        "the failure is still shown: {role:?}"
    );
    stage.credentials().await.unwrap();
    assert_eq!(stage.world.assumed.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn ending_a_session_forgets_it_and_signs_out_only_where_the_console_was_opened() {
    let stage = Stage::with(World::default()).await;
    let session = stage.credentials().await.unwrap();
    let end = |id: String| stage.app.ask(Intent::EndSession { session: id }, Origin::Window);
    let ended = end(session.id.clone()).await.unwrap();
    assert!(
        matches!(ended, Outcome::SessionEnded { signed_out: false, copies_valid_until } if copies_valid_until == session.expires())
    );
    assert!(stage.world.opened.lock().unwrap().is_empty());
    assert_eq!(end(session.id.clone()).await.unwrap_err(), Failure::unknown_session());

    let app = stage.app.clone();
    let opening = tokio::spawn(async move { app.ask(open(), Origin::Window).await });
    fetched(&stage.browser_started().await).await;
    opening.await.unwrap().unwrap();
    let id = stage.snapshot().sessions[0].id.clone();
    assert!(matches!(end(id).await.unwrap(), Outcome::SessionEnded { signed_out: true, .. }));
    let signout = stage.world.opened.lock().unwrap().pop().unwrap();
    assert_eq!(signout.as_str(), "https://eu-west-1.signin.aws.amazon.com/oauth?Action=logout");
    assert!(stage.snapshot().sessions.is_empty());
}

#[tokio::test]
async fn a_copy_is_cleared_at_the_end() {
    let stage = Stage::with(World::default()).await;
    let copy = Intent::CopyCredentials {
        role: name("ec2"),
        format: Some(crate::output::Format::Json),
        access: Access::Usual,
    };
    let copied = stage.app.ask(copy, Origin::Window).await.unwrap();
    assert!(
        matches!(copied, Outcome::Copied { clears } if clears == Clock::now(&*stage.world) + SignedDuration::from_secs(45))
    );
    assert!(stage.world.clipboard.lock().unwrap().as_ref().unwrap().contains(SESSION_SECRET));
    stage.app.end().await;
    assert!(stage.world.clipboard.lock().unwrap().is_none());
    assert!(stage.app.ask(open(), Origin::Window).await.is_err(), "nothing is done after the end");
}

#[tokio::test]
async fn a_source_is_kept_only_when_all_went_well() {
    let refusal = Refusal::Service {
        status: 403,
        code: "InvalidClientTokenId".into(),
        message: String::new(),
        skew: None,
    };
    let stage = Stage::with(World::default()).await;
    *stage.world.refuse.lock().unwrap() = Some(refusal);
    let failure = stage.app.ask(Intent::AddSource(source("other")), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::KeyUnknown);
    assert_eq!(stage.world.items.lock().unwrap().len(), 1);
    *stage.world.refuse.lock().unwrap() = None;

    let path = stage.catalog().path().to_owned();
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, "broken = ").unwrap();
    assert_eq!(
        stage.app.ask(Intent::AddSource(source("other")), Origin::Window).await.unwrap_err().code,
        Code::CatalogUnreadable
    );
    assert_eq!(stage.world.items.lock().unwrap().len(), 1, "no key without a source");
    assert_eq!(stage.snapshot().roles.len(), 1, "the last good catalog stays in use");
    assert_eq!(stage.snapshot().status, Status::Trouble);
    std::fs::write(&path, good).unwrap();
    stage.credentials().await.unwrap();
    assert!(stage.snapshot().trouble.is_empty());
}

#[tokio::test]
async fn a_page_of_another_partition_is_refused_before_anything_is_asked() {
    let stage = Stage::with(World::default()).await;
    let destination = Some("https://cn-north-1.console.amazonaws.cn/ec2/home".parse().unwrap());
    let asked = OpenConsole { role: name("ec2"), destination, region: None, access: Access::Usual };
    let failure = stage.app.ask(Intent::OpenConsole(asked), Origin::Window).await.unwrap_err();
    assert_eq!(failure.code, Code::PartitionMismatch);
    assert_eq!(stage.world.assumed.load(Ordering::SeqCst), 0);
}
