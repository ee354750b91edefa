//! The sign-in endpoint over HTTPS: one form posted, one short answer read, no redirect followed.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request, StatusCode};

use super::https::Https;
use crate::console::Exchange;
use crate::failure::Refusal;
use crate::ports::{AWS_DEADLINE, Signin};
use crate::secret::{ExposeSecret, SecretString};

const TRIES: u32 = 3;
/// The second try waits for up to this long, the third for up to twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(800);

/// The endpoint as the network has it.
#[derive(Debug, Default)]
pub struct HttpSignin {
    https: Arc<Https>,
}

impl HttpSignin {
    pub(super) fn over(https: Arc<Https>) -> Self {
        HttpSignin { https }
    }

    async fn once(&self, exchange: &Exchange) -> Result<SecretString, Refusal> {
        let body = Full::new(Bytes::copy_from_slice(exchange.body.expose_secret().as_bytes()));
        let request = Request::builder()
            .method(Method::POST)
            .uri(exchange.address.as_str())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .map_err(|_| Refusal::Local("the sign-in address is none".to_owned()))?;
        let answer = self.https.send(request).await?;
        let status = answer.status();
        match status {
            StatusCode::OK => {
                let text = std::str::from_utf8(answer.body()).map_err(|_| Refusal::NotAws { status: 200 })?;
                Ok(text.to_owned().into())
            }
            // The body may echo what was sent, so it is not looked at.
            StatusCode::BAD_REQUEST => Err(refused(status, "")),
            StatusCode::TOO_MANY_REQUESTS => Err(refused(status, "TooManyRequestsException")),
            StatusCode::NETWORK_AUTHENTICATION_REQUIRED => Err(Refusal::NotAws { status: status.as_u16() }),
            _ if status.is_server_error() => Err(refused(status, "")),
            _ => Err(Refusal::NotAws { status: status.as_u16() }),
        }
    }
}

fn refused(status: StatusCode, code: &str) -> Refusal {
    tracing::debug!(status = status.as_u16(), "the sign-in endpoint refused");
    Refusal::Service { status: status.as_u16(), code: code.to_owned(), message: String::new(), skew: None }
}

fn may_pass(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Service { status, .. } => *status == 429 || *status >= 500,
        Refusal::Unreached(unreached) => unreached.obstacle.may_pass(),
        Refusal::NotAws { .. } | Refusal::Timeout | Refusal::Setting(_) | Refusal::Local(_) => false,
    }
}

/// A wait drawn by lot, so that many who were refused together do not come back together.
fn drawn(attempt: u32) -> Duration {
    let mut lot = [0u8; 4];
    // Without randomness nobody is worse off than without a lot.
    let lot = getrandom::fill(&mut lot).map_or(u32::MAX, |()| u32::from_le_bytes(lot));
    (FIRST_WAIT * 2u32.pow(attempt.saturating_sub(1))).mul_f64(f64::from(lot) / f64::from(u32::MAX))
}

#[async_trait]
impl Signin for HttpSignin {
    async fn exchange(&self, exchange: &Exchange) -> Result<SecretString, Refusal> {
        let tries = async {
            let mut attempt = 1;
            loop {
                match self.once(exchange).await {
                    Err(refusal) if attempt < TRIES && may_pass(&refusal) => {
                        tokio::time::sleep(drawn(attempt)).await;
                        attempt += 1;
                    }
                    ended => return ended,
                }
            }
        };
        tokio::time::timeout(AWS_DEADLINE, tries).await.unwrap_or(Err(Refusal::Timeout))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_drawn_within_its_bounds() {
        for attempt in 1..TRIES {
            let longest = FIRST_WAIT * 2u32.pow(attempt - 1);
            let waits: Vec<Duration> = (0..50).map(|_| drawn(attempt)).collect();
            assert!(waits.iter().all(|wait| *wait <= longest), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "nothing is drawn");
        }
    }
}
