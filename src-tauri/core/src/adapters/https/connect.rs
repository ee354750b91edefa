//! A connection to AWS: names, addresses, the proxy's tunnel, TLS.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper::Uri;
use rustls::CertificateError;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use super::authority;
use super::proxy::{Proxy, Scheme};
use super::trust::Trust;
use crate::failure::{Hop, Obstacle, Refusal, Unreached};

/// An address gets this much time alone before the next is tried beside it.
const HEAD_START: Duration = Duration::from_millis(300);
/// A proxy says yes or no in less.
const LARGEST_HEAD: usize = 8 * 1024;

/// What bytes go over.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Whom to connect to, and by way of whom.
pub(super) struct Route {
    address: Uri,
    host: String,
    port: u16,
    proxy: Option<Proxy>,
}

impl Route {
    /// The way to an address: straight on this computer, else by the proxy that is set, if one is.
    pub(super) fn to(address: &Uri) -> Result<Route, Refusal> {
        let host = address.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let usual = if is_secure(address) { 443 } else { 80 };
        let port = address.port_u16().unwrap_or(usual);
        let proxy =
            if is_here(&host) { None } else { Proxy::for_address(address, |name| std::env::var(name).ok())? };
        Ok(Route { address: address.clone(), host, port, proxy })
    }

    /// Whom we talk to first.
    pub(super) fn hop(&self) -> Hop {
        match &self.proxy {
            Some(proxy) => Hop::Proxy(proxy.shown()),
            None => self.aws(),
        }
    }

    fn aws(&self) -> Hop {
        Hop::Aws(authority(&self.address))
    }

    /// Connects.
    pub(super) async fn open(&self, trust: &Trust) -> Result<Box<dyn Stream>, Refusal> {
        let at = |hop: Hop| move |obstacle| Unreached { hop, obstacle };
        let mut stream: Box<dyn Stream> = match &self.proxy {
            None => Box::new(reach(&self.host, self.port).await.map_err(at(self.aws()))?),
            Some(proxy) => {
                let mut stream: Box<dyn Stream> =
                    Box::new(reach(&proxy.host, proxy.port).await.map_err(at(self.hop()))?);
                if proxy.scheme == Scheme::Https {
                    stream = encrypt(stream, &proxy.host, self.hop(), trust).await?;
                }
                tunnel(&mut stream, &self.host, self.port, proxy).await.map_err(at(self.hop()))?;
                stream
            }
        };
        if is_secure(&self.address) {
            stream = encrypt(stream, &self.host, self.aws(), trust).await?;
        }
        Ok(stream)
    }
}

fn is_secure(address: &Uri) -> bool {
    address.scheme_str() == Some("https")
}

/// Whether a host is this computer, or a part of it as the metadata of an instance are, which no proxy has any business with.
fn is_here(host: &str) -> bool {
    let own = |address: IpAddr| match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.segments()[..2] == [0xfd00, 0x0ec2],
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(own)
}

/// Connects to whichever of a host's addresses answers first, each a moment after the one before it.
async fn reach(host: &str, port: u16) -> Result<TcpStream, Obstacle> {
    let found = tokio::net::lookup_host((host, port)).await.map_err(|_| Obstacle::NoName)?;
    let mut addresses: std::collections::VecDeque<SocketAddr> = found.collect();
    let mut tries = JoinSet::new();
    let mut last = Obstacle::NoName;
    loop {
        if let Some(address) = addresses.pop_front() {
            tries.spawn(TcpStream::connect(address));
        }
        let head_start = async {
            if addresses.is_empty() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(HEAD_START).await;
        };
        let ended = tokio::select! {
            ended = tries.join_next() => ended,
            () = head_start => continue,
        };
        match ended {
            Some(Ok(Ok(stream))) => {
                // A request is written in one piece; nothing is to be gathered.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Some(Ok(Err(error))) => last = obstacle(&error),
            None if addresses.is_empty() => return Err(last),
            Some(Err(_)) | None => {}
        }
    }
}

/// Has the proxy lead through to a host.
async fn tunnel(stream: &mut Box<dyn Stream>, host: &str, port: u16, proxy: &Proxy) -> Result<(), Obstacle> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    stream.write_all(&proxy.connect_request(&host, port)).await.map_err(|error| obstacle(&error))?;
    let mut head = Vec::with_capacity(256);
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= LARGEST_HEAD {
            return Err(Obstacle::Garbled);
        }
        // One by one: what comes after the head is the host's.
        head.push(stream.read_u8().await.map_err(|error| obstacle(&error))?);
    }
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = std::str::from_utf8(line).unwrap_or_default();
    let status =
        line.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).and_then(|digits| digits.parse().ok());
    match status {
        Some(200..300) => Ok(()),
        Some(407) => Err(Obstacle::SignIn),
        Some(status) => Err(Obstacle::Declined(status)),
        None => Err(Obstacle::Garbled),
    }
}

async fn encrypt(
    stream: Box<dyn Stream>,
    host: &str,
    hop: Hop,
    trust: &Trust,
) -> Result<Box<dyn Stream>, Refusal> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Refusal::Unreached(Unreached { hop: hop.clone(), obstacle: Obstacle::NoName }))?;
    let connector = TlsConnector::from(trust.config().await?);
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => {
            let obstacle = obstacle(&error);
            if obstacle == Obstacle::Untrusted {
                // The person may add the certificate now; the next try looks again.
                trust.forget();
            }
            Err(Unreached { hop, obstacle }.into())
        }
    }
}

/// What an error of the system's, or of TLS on top of it, stands for.
fn obstacle(error: &io::Error) -> Obstacle {
    if let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return tls_obstacle(tls);
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Obstacle::Refused,
        io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Obstacle::NoRoute,
        io::ErrorKind::TimedOut => Obstacle::Silent,
        _ => Obstacle::Closed,
    }
}

fn tls_obstacle(error: &rustls::Error) -> Obstacle {
    match error {
        rustls::Error::InvalidCertificate(fault) => match fault {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Obstacle::Ended,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Obstacle::NotYet,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                Obstacle::WrongName
            }
            _ => Obstacle::Untrusted,
        },
        _ => Obstacle::Garbled,
    }
}
