//! The way to AWS on its bad days. Each row is a Guise in a home of its own that adds a source by that way: it says what is in
//! the way, in time, and keeps nothing.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use desktop_tests::{ADAS_KEY_ID, Result};
use faults::certificates::{Authority, Identity, Validity};
use faults::server::{Blackhole, Deed, Server, http};

use crate::world::World;

/// All tries of one call, and what a busy machine adds.
const DEADLINE: Duration = Duration::from_secs(22);
const PROXY_PASSWORD: &str = "proxy-password-90210";

/// One way to AWS.
struct Row {
    case: &'static str,
    /// Where STS is said to be.
    endpoint: String,
    environment: Vec<(&'static str, String)>,
    /// What a person must read; nothing where it works.
    says: &'static str,
    /// Who is asked, and how often.
    asked: Option<(Server, RangeInclusive<usize>)>,
}

impl Row {
    fn new(case: &'static str, endpoint: impl Into<String>, says: &'static str) -> Row {
        Row { case, endpoint: endpoint.into(), environment: Vec::new(), says, asked: None }
    }

    /// STS is this server.
    fn at(case: &'static str, server: Server, tries: RangeInclusive<usize>, says: &'static str) -> Row {
        let endpoint = format!("http://{}", server.address());
        Row { asked: Some((server, tries)), ..Row::new(case, endpoint, says) }
    }

    /// STS is this server, encrypted.
    fn secure(case: &'static str, server: Server, tries: RangeInclusive<usize>, says: &'static str) -> Row {
        let endpoint = format!("https://localhost:{}", server.address().port());
        Row { endpoint, ..Row::at(case, server, tries, says) }
    }

    fn with(mut self, variable: &'static str, value: impl Into<String>) -> Row {
        self.environment.push((variable, value.into()));
        self
    }
}

/// Tries all at once, and sees that each says what it must and leaves nothing behind.
fn try_all(world: &World, rows: &[Row]) -> Result<()> {
    let home = |place: usize| format!("r{place}");
    let commands: Result<Vec<Command>> = rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let endpoint = ["--sts-endpoint", &row.endpoint];
            let add = ["source", "add", "ada", "--access-key-id", ADAS_KEY_ID, "--secret-stdin"];
            let mut command = world.command_at(&home(place), &[add.as_slice(), &endpoint].concat())?;
            command.envs(row.environment.iter().map(|(name, value)| (*name, value)));
            Ok(command)
        })
        .collect();
    let answers = world.run_together(commands?)?;
    let lists = (0..rows.len()).map(|place| world.command_at(&home(place), &["source", "list"]));
    let kept = world.run_together(lists.collect::<Result<_>>()?)?;
    for ((row, (answered, took)), (list, _)) in rows.iter().zip(&answers).zip(&kept) {
        let case = row.case;
        assert!(*took < DEADLINE, "{case}: {took:?}");
        assert!(!answered.stderr.contains(PROXY_PASSWORD), "{case}: {}", answered.stderr);
        if row.says.is_empty() {
            assert_eq!(answered.code, 0, "{case}: {}", answered.stderr);
            assert!(list.stdout.contains("ada"), "{case}: {}", list.stdout);
        } else {
            assert_eq!((answered.code, answered.stdout.as_str()), (1, ""), "{case}: {}", answered.stderr);
            assert!(answered.stderr.contains(row.says), "{case}: {}", answered.stderr);
            assert!(answered.stderr.contains("\nhint: "), "{case}: {}", answered.stderr);
            assert_eq!(list.code, 0, "{case}: the agent is alive: {}", list.stderr);
            assert!(!list.stdout.contains("ada"), "{case}: {}", list.stdout);
        }
        if let Some((server, tries)) = &row.asked {
            let count = server.received().len();
            assert!(tries.contains(&count), "{case}: it was asked {count} times");
        }
    }
    Ok(())
}

fn saying(bytes: Vec<u8>) -> Result<Server> {
    Server::start(move |_, _| Deed::Say(bytes.clone()))
}

fn refusal(code: &str) -> String {
    format!(
        "<ErrorResponse><Error><Code>{code}</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
    )
}

#[test]
fn f21_each_bad_day_of_sts_or_of_the_way_to_it_has_its_sentence_in_time() -> Result<()> {
    let world = World::start("f21")?;
    let sim: SocketAddr = world.aws.url().trim_start_matches("http://").parse().expect("an address");
    let portal = saying(http(200, "text/html", "<html><body>Welcome</body></html>"))?;
    let page = "<html><body>Please sign in to the network</body></html>";
    let elsewhere = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        portal.address()
    );
    let truncated = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws";
    let hole = Blackhole::open()?;
    let drip = http(200, "text/xml", page);
    let rows = [
        Row::at(
            "throttling",
            saying(http(400, "text/xml", &refusal("Throttling")))?,
            3..=3,
            "AWS asks for patience",
        ),
        Row::at(
            "503",
            saying(http(503, "text/plain", "no"))?,
            3..=3,
            "AWS is not working right now (it answered 503)",
        ),
        Row::at("reset", Server::start(|_, _| Deed::Reset)?, 3..=3, "the connection was cut off"),
        Row::at(
            "truncated",
            saying(http(200, "text/xml", truncated))?,
            1..=3,
            "something other than AWS answered",
        ),
        Row::at(
            "a sign-in page",
            saying(http(200, "text/html", page))?,
            1..=3,
            "does this network ask you to sign in first?",
        ),
        Row::at("a redirect", saying(elsewhere.into_bytes())?, 1..=3, "points elsewhere"),
        Row::at(
            "byte by byte",
            Server::start(move |_, _| Deed::Drip(drip.clone(), Duration::from_secs(1)))?,
            1..=3,
            "AWS did not answer within 15 seconds",
        ),
        Row::at(
            "silence",
            Server::start(|_, _| Deed::Silence)?,
            1..=3,
            "AWS did not answer within 15 seconds",
        ),
        Row::at(
            "a proxy in disguise",
            saying(http(407, "text/html", page))?,
            1..=1,
            "a proxy on the way asks for a name",
        ),
        Row::at(
            "it works at the third try",
            Server::start(move |_, before| match before {
                0 => Deed::Reset,
                1 => Deed::Say(http(503, "text/plain", "no")),
                _ => Deed::Relay(sim),
            })?,
            3..=3,
            "",
        ),
        Row::new(
            "an unknown name",
            "https://guise-test.invalid",
            "`guise-test.invalid` was not found by its name",
        ),
        Row::new(
            "a firewall that drops",
            format!("http://{}", hole.address()),
            "cannot be reached: nobody answers",
        ),
        Row::new("nobody", format!("http://127.0.0.1:{}", closed_port()), "the connection was refused"),
    ];
    try_all(&world, &rows)?;
    assert!(portal.received().is_empty(), "no redirect is followed");
    world.finish()
}

#[test]
fn f21_a_sign_in_follows_no_redirect_and_both_its_exchanges_have_the_time_of_one() -> Result<()> {
    let world = World::start("signin-time")?;
    let portal = saying(http(200, "text/html", "<html><body>Welcome</body></html>"))?;
    let elsewhere = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        portal.address()
    );
    // A refusal that takes its time, and then nothing: the second exchange has only what is left.
    let late = b"HTTP/1.1 400 X\r\ncontent-length: 0\r\n\r\n".to_vec();
    let signin = Server::start(move |_, before| match before {
        0 => Deed::Say(elsewhere.clone().into_bytes()),
        1 => Deed::Drip(late.clone(), Duration::from_millis(250)),
        _ => Deed::Silence,
    })?;
    let (sts, endpoint) = (world.aws.url().to_owned(), format!("http://{}", signin.address()));
    let add = ["source", "add", "ada", "--access-key-id", ADAS_KEY_ID, "--secret-stdin"];
    let endpoints = ["--sts-endpoint", &sts, "--signin-endpoint", &endpoint, "--console-endpoint", &sts];
    let open = ["console", "EC2", "--print"];
    let arguments = [
        [add.as_slice(), &endpoints].concat(),
        vec!["role", "add", "EC2", "--arn", desktop_tests::EC2_ROLE, "--source", "ada"],
        open.to_vec(),
        open.to_vec(),
    ];
    for (arguments, says) in
        arguments.iter().zip(["", "", "points elsewhere", "did not answer within 15 seconds"])
    {
        let ended = world.run_together(vec![world.command_at("s", arguments)?])?;
        let (answered, took) = &ended[0];
        assert_eq!(answered.code == 0, says.is_empty(), "{}", answered.stderr);
        assert!(answered.stderr.contains(says), "{}", answered.stderr);
        assert!(!answered.stderr.contains("federation"), "{}", answered.stderr);
        assert!(*took < DEADLINE, "{took:?}");
    }
    assert_eq!(signin.received().len(), 3);
    assert!(portal.received().is_empty(), "no redirect is followed");
    world.finish()
}

#[test]
fn t11_who_cannot_prove_to_be_aws_is_told_nothing() -> Result<()> {
    let world = World::start("t11")?;
    let authority = Authority::new()?;
    let bundle = file(&world, "ca.pem", &authority.pem());
    let empty = file(&world, "empty.pem", "no certificate\n");
    let broken = file(&world, "broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let missing = world.session.home().join("missing.pem").display().to_string();
    let sim: SocketAddr = world.aws.url().trim_start_matches("http://").parse().expect("an address");
    let relay = |identity: &Identity| Server::start_as(identity, move |_, _| Deed::Relay(sim));
    let by = |host: &str, validity| relay(&authority.identity(host, validity)?);
    let good = || by("localhost", Validity::Now);
    let rows = [
        Row::secure(
            "self-signed",
            relay(&Identity::self_signed("localhost")?)?,
            0..=0,
            "comes from nobody that this computer trusts",
        ),
        Row::secure("an authority that is not named", good()?, 0..=0, "AWS_CA_BUNDLE"),
        Row::secure("another name", by("elsewhere.test", Validity::Now)?, 0..=0, "is for another name")
            .with("AWS_CA_BUNDLE", &bundle),
        Row::secure("ended", by("localhost", Validity::Ended)?, 0..=0, "has ended")
            .with("AWS_CA_BUNDLE", &bundle),
        Row::secure("not valid yet", by("localhost", Validity::NotYet)?, 0..=0, "is not valid yet")
            .with("AWS_CA_BUNDLE", &bundle),
        Row::secure("AWS_CA_BUNDLE", good()?, 1..=1, "").with("AWS_CA_BUNDLE", &bundle),
        Row::secure("SSL_CERT_FILE", good()?, 1..=1, "").with("SSL_CERT_FILE", &bundle),
        Row::secure("no such file", good()?, 0..=0, "missing.pem` cannot be used")
            .with("AWS_CA_BUNDLE", &missing),
        Row::secure("an empty file", good()?, 0..=0, "there are none in it").with("AWS_CA_BUNDLE", &empty),
        Row::secure("a broken file", good()?, 0..=0, "is not a certificate").with("AWS_CA_BUNDLE", &broken),
    ];
    try_all(&world, &rows)?;
    world.finish()
}

#[test]
fn f26_each_way_of_naming_a_proxy_counts_and_each_that_fails_has_its_sentence() -> Result<()> {
    let world = World::start("f26")?;
    let dead = format!("http://guise:{PROXY_PASSWORD}@127.0.0.1:{}", closed_port());
    let refusing = |status: u16| saying(http(status, "text/html", "<html>no</html>"));
    let at = |server: &Server| format!("http://guise:{PROXY_PASSWORD}@{}", server.address());
    let by = |case, variable, server: Server, says| {
        let proxy = at(&server);
        let row = Row::new(case, "https://sts.guise.test", says).with(variable, proxy);
        Row { asked: Some((server, 1..=1)), ..row }
    };
    let rows = [
        by("407", "all_proxy", refusing(407)?, "asks for a name and a password"),
        by("declined", "https_proxy", refusing(503)?, "did not let Guise through to AWS (it answered 503)"),
        by(
            "not a proxy",
            "ALL_PROXY",
            saying(b"220 mail.example ESMTP\r\n\r\n".to_vec())?,
            "something other than AWS answered",
        ),
        Row::new("unreachable", "https://sts.guise.test", "the proxy `127.0.0.1:").with("HTTPS_PROXY", &dead),
        Row::new(
            "its name is unknown",
            "https://sts.guise.test",
            "the proxy `proxy.invalid:3128` was not found",
        )
        .with("HTTPS_PROXY", format!("http://guise:{PROXY_PASSWORD}@proxy.invalid:3128")),
        Row::new("no address", "https://sts.guise.test", "the proxy in HTTPS_PROXY cannot be used")
            .with("HTTPS_PROXY", format!("{PROXY_PASSWORD} is no address")),
        Row::new(
            "an exception",
            "https://sts.guise-test.invalid",
            "`sts.guise-test.invalid` was not found by its name",
        )
        .with("HTTPS_PROXY", &dead)
        .with("NO_PROXY", "guise-test.invalid"),
        Row::new("this computer", world.aws.url(), "")
            .with("HTTPS_PROXY", &dead)
            .with("HTTP_PROXY", &dead)
            .with("http_proxy", &dead)
            .with("ALL_PROXY", &dead),
    ];
    world.keep_secret("the proxy's password", PROXY_PASSWORD);
    try_all(&world, &rows)?;
    world.finish()
}

#[test]
fn f26_the_main_job_goes_by_a_proxy_with_an_authority_of_its_own() -> Result<()> {
    let world = World::start("proxy")?;
    world.keep_secret("the proxy's password", PROXY_PASSWORD);
    let authority = Authority::new()?;
    let bundle = file(&world, "ca.pem", &authority.pem());
    let sim: SocketAddr = world.aws.url().trim_start_matches("http://").parse().expect("an address");
    let relay = |host: &str| {
        Server::start_as(&authority.identity(host, Validity::Now)?, move |_, _| Deed::Relay(sim))
    };
    let (sts, signin) = (relay("sts.guise.test")?, relay("signin.guise.test")?);
    let (to_sts, to_signin) = (sts.address(), signin.address());
    let proxy = Server::start(move |request, _| {
        let through = b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec();
        let to = if request.text.starts_with("CONNECT sts.") { to_sts } else { to_signin };
        Deed::Tunnel(through, to)
    })?;
    let address = format!("http://guise:{PROXY_PASSWORD}@{}", proxy.address());
    let run = |arguments: &[&str]| {
        let mut command = world.command_at("p", arguments)?;
        command.env("HTTPS_PROXY", &address).env("AWS_CA_BUNDLE", &bundle);
        let mut ended = world.run_together(vec![command])?;
        let (answered, _) = ended.pop().expect("one was run");
        assert_eq!(answered.code, 0, "{}", answered.stderr);
        Ok::<_, desktop_tests::DesktopError>(answered.stdout)
    };
    run(&[
        "source",
        "add",
        "ada",
        "--access-key-id",
        ADAS_KEY_ID,
        "--secret-stdin",
        "--region",
        "eu-west-1",
        "--sts-endpoint",
        "https://sts.guise.test",
        "--signin-endpoint",
        "https://signin.guise.test",
        "--console-endpoint",
        world.aws.url(),
    ])?;
    run(&["role", "add", "EC2", "--arn", desktop_tests::EC2_ROLE, "--source", "ada"])?;
    let url = run(&["console", "EC2", "--print"])?;
    assert!(url.starts_with("https://signin.guise.test/federation?Action=login"), "{url}");
    let asked: Vec<String> = proxy.received().into_iter().map(|request| request.text).collect();
    assert_eq!(asked.len(), 3, "{asked:?}");
    for (request, host) in asked.iter().zip(["sts.guise.test", "sts.guise.test", "signin.guise.test"]) {
        assert!(request.starts_with(&format!("CONNECT {host}:443 HTTP/1.1\r\n")), "{request}");
        assert!(request.contains("\r\nProxy-Authorization: Basic "), "{request}");
    }
    assert_eq!((sts.received().len(), signin.received().len()), (2, 1));
    world.finish()
}

/// A port that nobody listens on.
fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

fn file(world: &World, name: &str, text: &str) -> String {
    let path: PathBuf = world.session.home().join(name);
    fs::write(&path, text).expect("written");
    path.display().to_string()
}
