//! What the SDK sends its requests with: our own [`Https`], and a look at the date of each answer.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::Full;
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::DATE;
use jiff::{SignedDuration, Timestamp};

use crate::adapters::https::Https;
use crate::failure::Refusal;
use crate::ports::Clock;

/// One call's connector. It remembers by how much AWS's clock was ahead of ours in the last answer.
#[derive(Clone)]
pub(in crate::adapters) struct Connector {
    https: Arc<Https>,
    clock: Arc<dyn Clock>,
    skew: Arc<Mutex<Option<SignedDuration>>>,
    status: Arc<Mutex<Option<u16>>>,
}

impl Connector {
    pub(in crate::adapters) fn new(https: Arc<Https>, clock: Arc<dyn Clock>) -> Self {
        Connector { https, clock, skew: Arc::default(), status: Arc::default() }
    }

    /// AWS's clock less ours, if anything dated has answered.
    pub(in crate::adapters) fn skew(&self) -> Option<SignedDuration> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The status of the last answer, if anything has answered.
    pub(in crate::adapters) fn status(&self) -> Option<u16> {
        *self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn exchanged(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let unmade = |what: &'static str| ConnectorError::user(what.into());
        let request = request.try_into_http1x().map_err(|_| unmade("a request that is none"))?;
        let (head, body) = request.into_parts();
        let body =
            body.bytes().map(Bytes::copy_from_slice).ok_or_else(|| unmade("a body that is streamed"))?;
        let request = hyper::Request::from_parts(head, Full::new(body));
        let answer = self.https.send(request).await.map_err(as_sdk)?;
        let date = answer.headers().get(DATE).and_then(|date| date.to_str().ok());
        if let Some(skew) = date.and_then(|date| skew(date, self.clock.now())) {
            *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = Some(skew);
        }
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer.status().as_u16());
        let (head, body) = answer.into_parts();
        let answer = Response::from_parts(head, SdkBody::from(body));
        HttpResponse::try_from(answer).map_err(|_| unmade("an answer that is none"))
    }
}

/// The failure in the SDK's terms: what may pass is tried again.
fn as_sdk(refusal: Refusal) -> ConnectorError {
    match refusal {
        Refusal::Unreached(unreached) if unreached.obstacle.may_pass() => {
            ConnectorError::io(unreached.into())
        }
        Refusal::Unreached(unreached) => ConnectorError::user(unreached.into()),
        Refusal::Setting(setting) => ConnectorError::user(setting.into()),
        Refusal::Local(what) => ConnectorError::user(what.into()),
        Refusal::Service { .. } | Refusal::NotAws { .. } | Refusal::Timeout => {
            ConnectorError::user("not an answer".into())
        }
    }
}

/// By how much an answer's date is ahead of ours.
fn skew(date: &str, now: Timestamp) -> Option<SignedDuration> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(theirs.duration_since(now))
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().exchanged(request))
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Connector").finish_non_exhaustive()
    }
}
