//! HTTPS to AWS, for STS and sign-in alike: one connection a request, and each way in which it can fail told apart.
//!
//! No connection is kept: after a change of network, or a sleep, a kept one is dead without knowing it. Redirects are
//! answers like any other; whoever asks does not follow them.

mod connect;
pub(crate) mod proxy;
mod trust;

use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;

use self::connect::{Route, Stream};
use self::trust::Trust;
use crate::failure::{Hop, Obstacle, Refusal, Unreached};

/// A connection stands within this, or another is tried.
const CONNECTS_WITHIN: Duration = Duration::from_secs(4);
/// AWS's answers have a few kB; what is longer is somebody else's.
const LARGEST_ANSWER: usize = 64 * 1024;

/// The way to AWS.
#[derive(Debug, Default)]
pub(super) struct Https {
    trust: Trust,
}

impl Https {
    /// Sends a request and reads its answer, whatever its status.
    pub(super) async fn send(&self, mut request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Refusal> {
        let address = request.uri().clone();
        let route = Route::to(&address)?;
        let hop = route.hop();
        let opened = tokio::time::timeout(CONNECTS_WITHIN, route.open(&self.trust)).await;
        let stream = opened.unwrap_or_else(|_| Err(Unreached { hop, obstacle: Obstacle::Silent }.into()))?;
        as_sent(&mut request, &address);
        let host = Hop::Aws(authority(&address));
        exchanged(stream, request).await.map_err(|obstacle| Unreached { hop: host, obstacle }.into())
    }
}

/// One request and its answer, read to the end.
async fn exchanged(
    stream: Box<dyn Stream>,
    request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>, Obstacle> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| obstacle(&error))?;
    let exchange = async {
        let answer = sender.send_request(request).await.map_err(|error| obstacle(&error))?;
        read(answer).await
    };
    // The connection does its work beside the exchange, which hears how it ended, and ends with it.
    let work = async {
        let _ = connection.await;
        std::future::pending().await
    };
    tokio::select! {
        answer = exchange => answer,
        never = work => never,
    }
}

async fn read(answer: Response<Incoming>) -> Result<Response<Bytes>, Obstacle> {
    let (head, body) = answer.into_parts();
    match Limited::new(body, LARGEST_ANSWER).collect().await {
        Ok(body) => Ok(Response::from_parts(head, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => Err(Obstacle::Garbled),
        Err(_) => Err(Obstacle::Closed),
    }
}

/// The request as it goes over the connection: the path alone, and the host in its header.
fn as_sent(request: &mut Request<Full<Bytes>>, address: &Uri) {
    let path = address.path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse().unwrap_or_default();
    if !request.headers().contains_key(HOST)
        && let Ok(host) = HeaderValue::from_str(&authority(address))
    {
        request.headers_mut().insert(HOST, host);
    }
}

/// Host and port, the port only where it is not the usual one.
fn authority(address: &Uri) -> String {
    let host = address.host().unwrap_or_default();
    match (address.scheme_str(), address.port_u16()) {
        (Some("https"), Some(443) | None) | (_, None) => host.to_owned(),
        (_, Some(port)) => format!("{host}:{port}"),
    }
}

fn obstacle(error: &hyper::Error) -> Obstacle {
    if error.is_parse() { Obstacle::Garbled } else { Obstacle::Closed }
}

impl From<Unreached> for Refusal {
    fn from(unreached: Unreached) -> Refusal {
        Refusal::Unreached(unreached)
    }
}

#[cfg(test)]
mod tests;
