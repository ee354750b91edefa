//! The sign-in endpoint over HTTPS: one form posted, one short answer read, no redirect followed.

use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{CONTENT_TYPE, DATE};
use reqwest::{Client, StatusCode, redirect};
use zeroize::Zeroizing;

use crate::console::Exchange;
use crate::failure::Refusal;
use crate::ports::Signin;
use crate::secret::{ExposeSecret, SecretString};

/// All tries together take no longer.
const DEADLINE: Duration = Duration::from_secs(15);
/// AWS's answers have 2 kB; what is longer is somebody else's.
const LARGEST_ANSWER: usize = 64 * 1024;
const TRIES: usize = 2;

/// The endpoint as the network has it.
#[derive(Debug, Default)]
pub struct HttpSignin {
    /// Made when first needed: a client loads the system's certificates.
    client: OnceLock<Client>,
    /// For addresses on this computer, which no proxy has any business with.
    direct: OnceLock<Client>,
}

impl HttpSignin {
    fn client(&self, exchange: &Exchange) -> Result<&Client, Refusal> {
        let plain = exchange.address.scheme() == "http";
        let slot = if plain { &self.direct } else { &self.client };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let mut builder =
            Client::builder().redirect(redirect::Policy::none()).connect_timeout(Duration::from_secs(5));
        if plain {
            builder = builder.no_proxy();
        }
        let client =
            builder.build().map_err(|_| Refusal::Local("an HTTPS client could not be made".to_owned()))?;
        Ok(slot.get_or_init(|| client))
    }

    async fn once(&self, exchange: &Exchange) -> Result<SecretString, Refusal> {
        let request = self
            .client(exchange)?
            .post(exchange.address.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(exchange.body.expose_secret().to_owned());
        let mut answer = request.send().await.map_err(|error| reached(&error, exchange))?;
        let status = answer.status();
        if status == StatusCode::BAD_REQUEST || status.is_server_error() {
            // The body may echo what was sent, so it is not even read.
            let date = answer.headers().contains_key(DATE);
            tracing::debug!(status = status.as_u16(), date, "the sign-in endpoint refused");
            return Err(Refusal::Service {
                status: status.as_u16(),
                code: String::new(),
                message: String::new(),
                skew: None,
            });
        }
        if status != StatusCode::OK {
            return Err(Refusal::NotAws { status: status.as_u16() });
        }
        let mut body = Zeroizing::new(Vec::with_capacity(LARGEST_ANSWER));
        while let Some(chunk) = answer.chunk().await.map_err(|error| reached(&error, exchange))? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(Refusal::NotAws { status: 200 });
            }
            body.extend_from_slice(&chunk);
        }
        let text = std::str::from_utf8(&body).map_err(|_| Refusal::NotAws { status: 200 })?;
        Ok(text.to_owned().into())
    }
}

/// `error` itself is neither kept nor logged: it may hold the address it was for.
fn reached(error: &reqwest::Error, exchange: &Exchange) -> Refusal {
    if error.is_timeout() {
        return Refusal::Timeout;
    }
    Refusal::Unreachable { host: exchange.address.authority().to_owned() }
}

#[async_trait]
impl Signin for HttpSignin {
    async fn exchange(&self, exchange: &Exchange) -> Result<SecretString, Refusal> {
        let tries = async {
            let mut last = Refusal::Timeout;
            for attempt in 0..TRIES {
                if attempt > 0 {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
                match self.once(exchange).await {
                    Err(refusal @ (Refusal::Service { status: 500.., .. } | Refusal::Unreachable { .. })) => {
                        last = refusal;
                    }
                    other => return other,
                }
            }
            Err(last)
        };
        tokio::time::timeout(DEADLINE, tries).await.unwrap_or(Err(Refusal::Timeout))
    }
}
