//! The hand-off: a one-time address on this computer that takes the browser to the sign-in URL.
//!
//! The browser is started with `http://127.0.0.1:PORT/NONCE` at once, while STS and the sign-in exchange still run.
//! The first request that is accepted burns the nonce and waits for the answer: a redirect, or a page that explains
//! the failure. A connection that says nothing, or a request that is refused, neither serves nor burns it.

mod page;
#[cfg_attr(target_os = "linux", path = "handoff/peer/linux.rs")]
#[cfg_attr(target_os = "macos", path = "handoff/peer/macos.rs")]
#[cfg_attr(windows, path = "handoff/peer/windows.rs")]
mod peer;
mod request;

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::catalog::Name;
use crate::failure::Failure;
use crate::secret::SigninUrl;

/// How long the browser may take to come.
pub const BROWSER_COMES_WITHIN: Duration = Duration::from_mins(1);
/// How long a connection may take to say what it wants.
const SPEAKS_WITHIN: Duration = Duration::from_secs(5);
/// More connections than this at once are no browser's.
const MOST_CONNECTIONS: usize = 16;

/// What the browser is told.
#[derive(Debug)]
pub enum Answer {
    /// Go there.
    Redirect(SigninUrl),
    /// It did not work, and why.
    Explain(Failure),
}

/// The addresses that are out. A new one for a role voids the one that is still pending for it.
#[derive(Debug, Default)]
pub struct Handoff {
    pending: HashMap<Name, (AbortHandle, watch::Sender<Fate>)>,
}

/// What has become of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nobody has come yet.
    Pending,
    /// The browser came.
    Taken,
    /// A newer click took its place.
    Voided,
}

/// An address that is out, waiting for the browser and for the answer.
#[derive(Debug)]
pub struct Offer {
    /// What the browser is started with. Good for one request of this user's.
    pub address: Url,
    answer: oneshot::Sender<Answer>,
    served: oneshot::Receiver<()>,
    fate: watch::Receiver<Fate>,
}

impl Handoff {
    /// Makes an address for a role. The 60 seconds begin now, as the browser is started next.
    pub async fn offer(&mut self, role: &Name) -> Result<Offer, Failure> {
        self.offer_for(role, BROWSER_COMES_WITHIN).await
    }

    async fn offer_for(&mut self, role: &Name, comes_within: Duration) -> Result<Offer, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(|error| Failure::handoff_not_made(&error))?;
        let port = listener.local_addr().map_err(|error| Failure::handoff_not_made(&error))?.port();
        let nonce = nonce()?;
        let address = Url::parse(&format!("http://127.0.0.1:{port}/{nonce}"))
            .map_err(|_| Failure::internal("the hand-off's address is none"))?;
        let (answer, answered) = oneshot::channel();
        let (tell_served, served) = oneshot::channel();
        let slot = Arc::new(Slot {
            expected: request::Expected { nonce, port },
            taken: Mutex::new(Some(Waiting { answered, tell_served })),
            fate: watch::Sender::new(Fate::Pending),
        });
        let fate = slot.fate.clone();
        let task = tokio::spawn(listen(listener, slot, Instant::now() + comes_within));
        self.pending.retain(|_, (task, _)| !task.is_finished());
        let seen = fate.subscribe();
        if let Some((voided, fate)) = self.pending.insert(role.clone(), (task.abort_handle(), fate)) {
            fate.send_if_modified(|fate| {
                let pending = *fate == Fate::Pending;
                if pending {
                    *fate = Fate::Voided;
                }
                pending
            });
            voided.abort();
        }
        Ok(Offer { address, answer, served, fate: seen })
    }
}

impl Offer {
    /// Gives the browser its answer and waits until it has come for it.
    pub async fn answer(self, answer: Answer) -> Result<(), Failure> {
        // The listener is gone if nobody came in time, or a newer click voided the address.
        let _ = self.answer.send(answer);
        self.served.await.map_err(|_| match *self.fate.borrow() {
            Fate::Pending => Failure::browser_never_came(),
            Fate::Taken => Failure::browser_left(),
            Fate::Voided => Failure::superseded(),
        })
    }
}

/// What the first accepted request takes with it.
struct Waiting {
    answered: oneshot::Receiver<Answer>,
    tell_served: oneshot::Sender<()>,
}

struct Slot {
    expected: request::Expected,
    taken: Mutex<Option<Waiting>>,
    fate: watch::Sender<Fate>,
}

/// Takes connections until the address is burnt or its time is over. Connections live on in tasks of their own, so
/// that an accepted request gets its answer even when a newer click has voided the address.
async fn listen(listener: TcpListener, slot: Arc<Slot>, until: Instant) {
    let mut fate = slot.fate.subscribe();
    let connections = Arc::new(tokio::sync::Semaphore::new(MOST_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = timeout_at(until, listener.accept()) => accepted,
            // A moment more, so that a browser that asks twice is told, not refused.
            () = async { let _ = fate.wait_for(|fate| *fate == Fate::Taken).await; } => {
                let grace = Instant::now() + Duration::from_secs(2);
                while let Ok(Ok((stream, peer))) = timeout_at(grace, listener.accept()).await {
                    tokio::spawn(serve(stream, peer, slot.clone()));
                }
                return;
            }
        };
        match accepted {
            Err(_) => return,
            Ok(Err(_)) => tokio::time::sleep(Duration::from_millis(50)).await,
            Ok(Ok((stream, peer))) => {
                let Ok(permit) = connections.clone().try_acquire_owned() else { continue };
                let slot = slot.clone();
                tokio::spawn(async move {
                    serve(stream, peer, slot).await;
                    drop(permit);
                });
            }
        }
    }
}

/// Serves one connection of our own user; another's is closed before a byte of it is read.
async fn serve(stream: TcpStream, peer: SocketAddr, slot: Arc<Slot>) {
    let Ok(local) = stream.local_addr() else { return };
    let ours = tokio::task::spawn_blocking(move || peer::is_ours(peer, local)).await;
    if !ours.unwrap_or(false) {
        tracing::warn!("a connection that is not known to be this user's came for a hand-off and was closed");
        return;
    }
    let service = service_fn(|request| respond(request, slot.clone()));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SPEAKS_WITHIN)
        .keep_alive(false)
        .max_buf_size(16 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    // What goes wrong on a connection is the browser's business: it asks again or shows its own page.
    let _ = connection.await;
}

async fn respond(request: Request<Incoming>, slot: Arc<Slot>) -> Result<Response<Full<Bytes>>, Infallible> {
    if let Err(refused) = slot.expected.check(&request) {
        tracing::debug!(?refused, "a request to a hand-off was refused");
        return Ok(page::refused(refused));
    }
    let waiting = slot.taken.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(waiting) = waiting else {
        return Ok(page::refused(request::Refused::Used));
    };
    slot.fate.send_replace(Fate::Taken);
    let response = match waiting.answered.await {
        Ok(Answer::Redirect(url)) => page::redirect(&url),
        Ok(Answer::Explain(failure)) => page::failed(&failure),
        Err(_) => page::failed(&Failure::ending()),
    };
    // Nobody may be waiting to hear it.
    let _ = waiting.tell_served.send(());
    Ok(response)
}

/// 256 bits from the system's generator, as 64 hexadecimal digits.
fn nonce() -> Result<String, Failure> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| Failure::internal("the system gave no random numbers"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests;
