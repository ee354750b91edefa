//! A server that is not AWS, or is on a bad day: what it says, how fast, and to whom it passes on is a script's to decide, and
//! all that it was sent is kept for the test to look at.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use desktop_tests::{Because, Result};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::certificates::Identity;

/// What a server does about a request.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Says these bytes and hangs up.
    Say(Vec<u8>),
    /// Says these bytes one by one, this far apart.
    Drip(Vec<u8>, Duration),
    /// Says nothing for as long as the other side waits.
    Silence,
    /// Cuts the connection, so that the other side hears of a reset.
    Reset,
    /// Passes the request on to this address, and what comes back too.
    Relay(SocketAddr),
    /// Says these bytes and then leads through to this address: what a proxy does.
    Tunnel(Vec<u8>, SocketAddr),
}

/// One request, as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// When its last byte came.
    pub at: Instant,
    /// Its head and its body. Secrets may be in it.
    pub text: String,
}

/// A server on this computer, until it is dropped.
pub struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    // Dropping it ends every connection.
    _runtime: Runtime,
}

type Script = Arc<dyn Fn(&Received, usize) -> Deed + Send + Sync>;

impl Server {
    /// Starts one that answers by `script`, which is given each request and how many came before it.
    pub fn start(script: impl Fn(&Received, usize) -> Deed + Send + Sync + 'static) -> Result<Server> {
        Server::start_with(None, script)
    }

    /// The same, encrypted, as whoever this is.
    pub fn start_as(
        identity: &Identity,
        script: impl Fn(&Received, usize) -> Deed + Send + Sync + 'static,
    ) -> Result<Server> {
        Server::start_with(Some(identity.acceptor()?), script)
    }

    fn start_with(
        tls: Option<TlsAcceptor>,
        script: impl Fn(&Received, usize) -> Deed + Send + Sync + 'static,
    ) -> Result<Server> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("server").enable_all().build();
        let runtime = runtime.because("start an event loop for a server")?;
        let listener =
            runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).because("listen for a test")?;
        let address = listener.local_addr().because("learn where a server listens")?;
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let (kept, script): (_, Script) = (received.clone(), Arc::new(script));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, tls.clone(), kept.clone(), script.clone()));
            }
        });
        Ok(Server { address, received, _runtime: runtime })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All that it was sent so far.
    pub fn received(&self) -> Vec<Received> {
        held(&self.received).clone()
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a connection is read from and written to.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

async fn serve(stream: TcpStream, tls: Option<TlsAcceptor>, kept: Arc<Mutex<Vec<Received>>>, script: Script) {
    let hear = |text: String| {
        let request = Received { at: Instant::now(), text };
        let mut kept = held(&kept);
        kept.push(request.clone());
        script(&request, kept.len() - 1)
    };
    match tls {
        None => {
            let mut stream = stream;
            let Some(text) = request(&mut stream).await else { return };
            let deed = hear(text.clone());
            if matches!(deed, Deed::Reset) {
                // Fails only where the connection is gone already.
                let _ = stream.set_zero_linger();
            } else {
                act(stream, &text, deed).await;
            }
        }
        Some(tls) => {
            // A handshake that fails is the other side's to tell.
            let Ok(mut stream) = tls.accept(stream).await else { return };
            let Some(text) = request(&mut stream).await else { return };
            act(stream, &text, hear(text.clone())).await;
        }
    }
}

/// Reads a request's head, and as much of a body as it announces; nothing where the other side hangs up before.
async fn request(stream: &mut impl Stream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
    }
}

/// Nothing here fails but by the other side's going away, which ends the matter.
async fn act(mut stream: impl Stream, request: &str, deed: Deed) {
    match deed {
        Deed::Say(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Deed::Drip(bytes, apart) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
                tokio::time::sleep(apart).await;
            }
        }
        Deed::Silence => while stream.read(&mut [0; 64]).await.is_ok_and(|count| count > 0) {},
        Deed::Reset => {}
        Deed::Relay(to) => pass_on(stream, request.as_bytes(), to).await,
        Deed::Tunnel(bytes, to) => {
            if stream.write_all(&bytes).await.is_ok() {
                pass_on(stream, b"", to).await;
            }
        }
    }
}

async fn pass_on(mut stream: impl Stream, first: &[u8], to: SocketAddr) {
    let Ok(mut there) = TcpStream::connect(to).await else { return };
    if there.write_all(first).await.is_ok() {
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut there).await;
    }
}

/// An answer as HTTP has it.
pub fn http(status: u16, kind: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A place that takes no connection and refuses none: what comes is left waiting, as by a firewall that drops it.
pub struct Blackhole {
    address: SocketAddr,
    _runtime: Runtime,
}

impl Blackhole {
    /// Opens one: a listener that never takes anybody in, with its queue full.
    pub fn open() -> Result<Blackhole> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build().because("start an event loop")?;
        let opened = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4()?;
            socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
            let listener = socket.listen(1)?;
            let address = listener.local_addr()?;
            for _ in 0..4 {
                tokio::spawn(async move {
                    let _waiting = TcpStream::connect(address).await;
                    std::future::pending::<()>().await;
                });
            }
            tokio::spawn(async move {
                let _never_asked = listener;
                std::future::pending::<()>().await;
            });
            Ok::<_, std::io::Error>(address)
        });
        let address = opened.because("open a place that takes nobody in")?;
        // Its queue is full once nobody else gets in.
        let gets_in = || std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok();
        desktop_tests::wait_for("a queue to be full", Duration::from_secs(10), || {
            (!gets_in()).then_some(())
        })?;
        Ok(Blackhole { address, _runtime: runtime })
    }

    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}
