//! The running simulator: one loopback port, and what a test may do to it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::Timestamp;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::{JoinHandle, JoinSet};

use crate::clock::{Clock, http_date, iso, later};
use crate::data::{Data, DataError};
use crate::encoding::base32_decode;
use crate::fault::{self, Fault, FaultKind};
use crate::http::{Answer, Form, Request};
use crate::journal::{Call, CallKind, ConsoleVisit};
use crate::policy::Policy;
use crate::sigv4::Authorization;
use crate::world::World;
use crate::{console, control, elsewhere, iam, page, signin, sts, totp};

/// The longest request body read.
const LONGEST_BODY: usize = 256 * 1024;
/// How long a request's head, and then its body, may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// A simulator that listens until it is dropped.
#[derive(Debug)]
pub struct Simulator {
    shared: Arc<Shared>,
    base_url: String,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    clock: Clock,
    calls: broadcast::Sender<Call>,
}

impl Simulator {
    /// Starts on a free port of the loopback address.
    pub async fn start(data: Data) -> io::Result<Self> {
        Self::start_on(data, 0).await
    }

    /// Starts on this port of the loopback address.
    pub async fn start_on(data: Data, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new(data, base_url.clone())),
            clock: Clock::default(),
            calls: broadcast::channel(256).0,
        });
        let server = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Ok(Self { shared, base_url, server })
    }

    /// `http://127.0.0.1:<port>`, without a slash at the end: the STS endpoint, the sign-in host and the console host.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Every call so far, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.world().calls.clone()
    }

    /// Every call from now on, as it is answered.
    pub fn watch_calls(&self) -> broadcast::Receiver<Call> {
        self.shared.calls.subscribe()
    }

    /// Makes something go wrong.
    pub fn fault(&self, fault: Fault) {
        self.shared.world().faults.push(fault);
    }

    /// Lets everything go right again.
    pub fn clear_faults(&self) {
        self.shared.world().faults.clear();
    }

    /// Replaces a role's trust policy.
    pub fn set_trust(&self, role_arn: &str, policy: &str) -> Result<(), DataError> {
        self.shared.world().data.set_trust(role_arn, Policy::from_json(policy)?)
    }

    /// Deletes a role: sessions of it stop working, as they do in AWS.
    pub fn delete_role(&self, role_arn: &str) -> Result<(), DataError> {
        let mut world = self.shared.world();
        let Some(position) = world.data.roles.iter().position(|role| world.data.role_arn(role) == role_arn)
        else {
            return Err(DataError::UnknownRole(role_arn.into()));
        };
        world.data.roles.remove(position);
        Ok(())
    }

    /// The time by the simulator's clock.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Puts the simulator's clock forward, on top of what it was moved before.
    pub fn advance(&self, by: Duration) {
        let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
        self.shared.clock.set_offset(self.shared.clock.offset().saturating_add(seconds));
    }

    /// Sets how many seconds ahead of the machine's the simulator's clock is.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.shared.clock.set_offset(seconds);
    }

    /// The console sessions of every browser that has not signed out, in the order of their logins.
    pub fn console_visits(&self) -> Vec<ConsoleVisit> {
        self.shared.world().console_visits(self.now())
    }

    /// Every secret that was given out so far, with what it is: what a test looks for where it must not be.
    pub fn issued_secrets(&self) -> Vec<(String, String)> {
        let world = self.shared.world();
        let sessions = world.sessions.values().flat_map(|session| {
            let name = session.principal.short_name();
            [
                (format!("secret key of {name}"), session.secret.reveal().to_owned()),
                (format!("session token of {name}"), session.token.reveal().to_owned()),
            ]
        });
        let keys = world
            .made_keys
            .iter()
            .map(|(user, secret)| (format!("secret key made for {user}"), secret.reveal().to_owned()));
        let tokens = world.issued_tokens.iter();
        sessions
            .chain(keys)
            .chain(tokens.map(|token| ("sign-in token".to_owned(), token.reveal().to_owned())))
            .collect()
    }

    /// The code the MFA device of the user of this name shows now.
    pub fn totp_now(&self, user: &str) -> Result<String, DataError> {
        let world = self.shared.world();
        let device = world.data.user(user).and_then(|user| user.mfa.as_ref());
        let seed = device.and_then(|device| base32_decode(device.seed.reveal()));
        let seed = seed.ok_or_else(|| DataError::UnknownUser(user.into()))?;
        Ok(totp::code(&seed, totp::step_at(self.shared.clock.now())))
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    /// The state. A handler that panicked left it whole enough for a test to look at.
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes connections until the task is aborted, which ends the connections with it.
async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                connections.spawn(serve(stream, peer, Arc::clone(&shared)));
            }
            // The process is out of file descriptors or the like: wait for some to be given back.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>) {
    let service = service_fn(move |request| respond(request, peer, Arc::clone(&shared)));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Returned to hyper in place of an answer, it closes the connection.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("closed by a fault")
    }
}

impl std::error::Error for Closed {}

async fn respond(
    incoming: hyper::Request<Incoming>,
    peer: SocketAddr,
    shared: Arc<Shared>,
) -> Result<hyper::Response<Full<Bytes>>, Closed> {
    let request = match receive(incoming, peer).await {
        Ok(request) => request,
        Err(status) => return Ok(dated(plain(status), shared.clock.now())),
    };
    let Some(mut call) = subject(&request) else {
        let now = shared.clock.now();
        let answer = if request.path.starts_with("/_sim") {
            control::answer(&mut shared.world(), &shared.clock, &request, now)
        } else {
            stray(&request)
        };
        return Ok(dated(answer, now));
    };
    let fault = fault::take(&mut shared.world().faults, call.kind, &call.action);
    let mut now = shared.clock.now();
    if let Some(FaultKind::Slow { ms }) = fault {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        now = shared.clock.now();
    }
    if let Some(FaultKind::ClockOffset { seconds }) = fault {
        now = later(now, seconds);
    }
    call.time = iso(now);
    call.source_ip = peer.ip().to_string();
    let answer = if fault == Some(FaultKind::Close) {
        call.error = Some("Closed".into());
        None
    } else if let Some((answer, code)) = fault.as_ref().and_then(|kind| fault::answer(kind, call.kind)) {
        call.error = Some(code);
        Some(answer)
    } else {
        Some(handle(&mut shared.world(), &request, now, &mut call))
    };
    if let (Some(FaultKind::LateKey { refusals }), "CreateAccessKey", Some(id)) =
        (fault, call.action.as_str(), &call.access_key)
    {
        shared.world().late_keys.insert(id.clone(), refusals);
    }
    call.status = answer.as_ref().map_or(0, |answer| answer.status);
    // Nobody has to be listening.
    let _ = shared.calls.send(call.clone());
    shared.world().calls.push(call);
    answer.map(|answer| dated(answer, now)).ok_or(Closed)
}

/// Which part of AWS a request is for, and what of; none when it is for the controls or for nobody.
fn subject(request: &Request) -> Option<Call> {
    let action = |form: &Form| form.get("Action").unwrap_or("unknown").to_owned();
    match (request.method.as_str(), request.path.as_str()) {
        // STS and IAM share an address here; what a request was signed for tells them apart.
        ("POST", "/") => {
            let form = request.form();
            let for_iam =
                Authorization::of(request).is_ok_and(|authorization| authorization.service == "iam");
            let mut call = Call::new(if for_iam { CallKind::Iam } else { CallKind::Sts }, action(&form));
            if for_iam {
                iam::note(request, &form, &mut call);
            } else {
                sts::note(request, &form, &mut call);
            }
            Some(call)
        }
        ("GET" | "POST", "/federation" | "/oauth") => {
            Some(Call::new(CallKind::Signin, action(&request.form())))
        }
        ("GET", elsewhere::PORTAL) => Some(Call::new(CallKind::Portal, "GetRoleCredentials")),
        ("GET" | "PUT", path) if path.starts_with(elsewhere::METADATA) => {
            Some(Call::new(CallKind::Metadata, path))
        }
        (_, "/favicon.ico" | "/robots.txt" | "/federation" | "/oauth") => None,
        ("GET" | "HEAD", path) if !path.starts_with("/_sim") => Some(Call::new(CallKind::Console, path)),
        _ => None,
    }
}

fn handle(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    match (call.kind, request.path.as_str()) {
        (CallKind::Sts, _) => sts::answer(world, request, now, call),
        (CallKind::Iam, _) => iam::answer(world, request, now, call),
        (CallKind::Signin, "/oauth") => signin::oauth(world, request, call),
        (CallKind::Signin, _) => signin::federation(world, request, now, call),
        (CallKind::Portal, _) => elsewhere::portal(world, request, now, call),
        (CallKind::Metadata, _) => elsewhere::metadata(world, request, now, call),
        (CallKind::Console, "/sessions/limit") => signin::limit(),
        (CallKind::Console, _) => console::page(world, request, now, call),
    }
}

/// What has no place here.
fn stray(request: &Request) -> Answer {
    match request.method.as_str() {
        "GET" | "HEAD" => plain(404),
        _ if request.path == "/" => plain(405).with("allow", "GET, HEAD, POST"),
        _ => plain(405).with("allow", "GET, HEAD"),
    }
}

/// Reads a request to its end, or says with which status it is refused.
async fn receive(incoming: hyper::Request<Incoming>, peer: SocketAddr) -> Result<Request, u16> {
    let (head, body) = incoming.into_parts();
    let body = tokio::time::timeout(PATIENCE, Limited::new(body, LONGEST_BODY).collect()).await;
    let body = body
        .map_err(|_| 408u16)?
        .map_err(|error| if error.is::<http_body_util::LengthLimitError>() { 413 } else { 400u16 })?;
    Ok(Request {
        method: head.method.as_str().into(),
        path: head.uri.path().into(),
        query: head.uri.query().unwrap_or_default().into(),
        headers: head.headers,
        body: body.to_bytes(),
        source_ip: peer.ip(),
    })
}

fn plain(status: u16) -> Answer {
    Answer::html(status, page::bad_request(status, "The simulator has nothing at this address."))
}

/// The answer with the simulator's own time on it, which is how a program finds out that its clock is wrong.
fn dated(answer: Answer, now: Timestamp) -> hyper::Response<Full<Bytes>> {
    answer.with("date", http_date(now)).into_hyper()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::fault::FaultTarget;

    /// Sends a request as it is and reads until the connection ends.
    async fn exchange(simulator: &Simulator, request: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(simulator.base_url().trim_start_matches("http://")).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    const HOME: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    #[tokio::test]
    async fn a_fault_befalls_one_call_and_the_journal_tells() {
        let simulator = Simulator::start(Data::tutorial()).await.unwrap();
        simulator.fault(Fault::once(FaultTarget::Console, FaultKind::Close));
        simulator.fault(Fault::once(FaultTarget::Console, FaultKind::Http { status: 503 }));
        assert_eq!(exchange(&simulator, HOME).await.unwrap_or_default(), "");
        assert!(exchange(&simulator, HOME).await.unwrap().starts_with("HTTP/1.1 503"));
        assert!(exchange(&simulator, HOME).await.unwrap().starts_with("HTTP/1.1 401"));
        let statuses: Vec<u16> = simulator.calls().iter().map(|call| call.status).collect();
        assert_eq!(statuses, [0, 503, 401]);
    }

    /// A form for a service, signed with rosa's key or another.
    fn signed(simulator: &Simulator, service: &str, form: &str, (id, secret): (&str, &str)) -> String {
        let request = Request::signed(service, form, (id, secret, None), simulator.now());
        let headers: String = request
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\r\n", value.to_str().unwrap()))
            .collect();
        format!(
            "POST / HTTP/1.1\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        )
    }

    fn element(answer: &str, name: &str) -> String {
        answer.split_once(&format!("<{name}>")).unwrap().1.split('<').next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_refusal_of_choice_is_given_as_often_as_was_asked() {
        let simulator = Simulator::start(Data::tutorial()).await.unwrap();
        let refusal = FaultKind::Refuse {
            status: 403,
            code: "RegionDisabledException".into(),
            message: Some("STS is not activated in this region for account:111122223333.".into()),
        };
        simulator.fault(Fault { times: Some(2), ..Fault::once(FaultTarget::Sts, refusal) });
        let rosa = ("AKIASIMULATEDROSA222", "SIMULATED/rosa/not+a+real+secret/2222222");
        let ask = signed(&simulator, "sts", "Action=GetCallerIdentity", rosa);
        for _ in 0..2 {
            let answer = exchange(&simulator, &ask).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
            assert_eq!(element(&answer, "Code"), "RegionDisabledException");
            assert!(element(&answer, "Message").ends_with("account:111122223333."));
        }
        assert!(exchange(&simulator, &ask).await.unwrap().starts_with("HTTP/1.1 200"));
        let errors: Vec<_> = simulator.calls().into_iter().map(|call| call.error).collect();
        let code = Some("RegionDisabledException".to_owned());
        assert_eq!(errors, [code.clone(), code, None]);
    }

    #[tokio::test]
    async fn a_new_key_can_be_late_at_sts() {
        let simulator = Simulator::start(Data::tutorial()).await.unwrap();
        simulator.fault(Fault::once(FaultTarget::Iam, FaultKind::LateKey { refusals: 1 }));
        let rosa = ("AKIASIMULATEDROSA222", "SIMULATED/rosa/not+a+real+secret/2222222");
        let made =
            exchange(&simulator, &signed(&simulator, "iam", "Action=CreateAccessKey", rosa)).await.unwrap();
        let (id, secret) = (element(&made, "AccessKeyId"), element(&made, "SecretAccessKey"));
        let ask = signed(&simulator, "sts", "Action=GetCallerIdentity", (&id, &secret));
        let early = exchange(&simulator, &ask).await.unwrap();
        assert_eq!(element(&early, "Code"), "InvalidClientTokenId");
        assert!(exchange(&simulator, &ask).await.unwrap().starts_with("HTTP/1.1 200"));
        assert_eq!(simulator.calls()[0].access_key.as_deref(), Some(id.as_str()));
        assert!(simulator.issued_secrets().contains(&("secret key made for rosa".into(), secret)));
    }

    #[tokio::test]
    async fn the_date_header_follows_the_simulators_clock() {
        let simulator = Simulator::start(Data::tutorial()).await.unwrap();
        simulator.set_clock_offset(-40 * 365 * 86_400);
        let year = simulator.now().strftime("%Y").to_string();
        let answer = exchange(&simulator, HOME).await.unwrap();
        let date = answer.lines().find(|line| line.starts_with("date: ")).unwrap();
        assert!(date.contains(&year), "{date}");
    }

    #[tokio::test]
    async fn it_stops_when_dropped() {
        let simulator = Simulator::start(Data::tutorial()).await.unwrap();
        let address = simulator.base_url().trim_start_matches("http://").to_owned();
        drop(simulator);
        tokio::task::yield_now().await;
        assert!(TcpStream::connect(address).await.is_err());
    }
}
