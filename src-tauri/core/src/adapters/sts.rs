//! STS through AWS's own SDK: the only file that names its client.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_sts::Client;
use aws_sdk_sts::config::{Credentials, Region as SdkRegion, SharedCredentialsProvider};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroize;

use crate::arn::{AccountId, PrincipalArn, Region};
use crate::chain::Plan;
use crate::console::Endpoint;
use crate::failure::Refusal;
use crate::ports::{Clock, Sts};
use crate::secret::{AccessKey, ExposeSecret, TemporaryCredentials};
use crate::view::Identity;

/// All tries together take no longer.
const DEADLINE: Duration = Duration::from_secs(15);
const TRIES: u32 = 3;

/// AWS's STS, or whatever stands at a source's own endpoint.
pub struct AwsSts {
    clock: Arc<dyn Clock>,
}

impl AwsSts {
    /// STS, with a clock to measure AWS's against.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        AwsSts { clock }
    }

    /// A client for one key. Nothing is read from the environment: where credentials go is the source's to say.
    fn client(key: &AccessKey, region: &Region, endpoint: Option<&Endpoint>) -> Client {
        let credentials =
            Credentials::new(key.id().as_str(), key.secret().expose_secret(), None, None, "guise");
        let mut shared = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(SdkRegion::new(region.as_str().to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_timeout(DEADLINE)
                    .connect_timeout(Duration::from_secs(5))
                    .build(),
            )
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
                aws_smithy_async::rt::sleep::TokioSleep::new(),
            ))
            .time_source(aws_smithy_async::time::SystemTimeSource::new());
        if let Some(endpoint) = endpoint {
            shared = shared.endpoint_url(endpoint.url().as_str());
        }
        Client::new(&shared.build())
    }
}

#[async_trait]
impl Sts for AwsSts {
    async fn caller_identity(
        &self,
        key: &AccessKey,
        region: &Region,
        endpoint: Option<&Endpoint>,
    ) -> Result<Identity, Refusal> {
        let answer = AwsSts::client(key, region, endpoint).get_caller_identity().send().await;
        let answer = answer.map_err(|error| refusal(error, &host(region, endpoint), self.clock.now()))?;
        let account = answer.account().and_then(|text| text.parse::<AccountId>().ok());
        let arn = answer.arn().and_then(|text| text.parse::<PrincipalArn>().ok());
        match (account, arn) {
            (Some(account), Some(arn)) => Ok(Identity { account, arn }),
            _ => Err(Refusal::NotAws { status: 200 }),
        }
    }

    async fn assume_role(
        &self,
        key: &AccessKey,
        plan: &Plan,
        endpoint: Option<&Endpoint>,
    ) -> Result<TemporaryCredentials, Refusal> {
        let seconds = i32::try_from(plan.duration.seconds())
            .map_err(|_| Refusal::Local("a duration overflowed".into()))?;
        let answer = AwsSts::client(key, &plan.region, endpoint)
            .assume_role()
            .role_arn(plan.arn.to_string())
            .role_session_name(plan.session_name.as_str())
            .duration_seconds(seconds)
            .send()
            .await;
        let answer =
            answer.map_err(|error| refusal(error, &host(&plan.region, endpoint), self.clock.now()))?;
        let Some(mut given) = answer.credentials else {
            return Err(Refusal::NotAws { status: 200 });
        };
        let expires =
            Timestamp::from_second(given.expiration.secs()).map_err(|_| Refusal::NotAws { status: 200 });
        let credentials = expires.map(|expires| TemporaryCredentials {
            access_key_id: given.access_key_id.clone(),
            secret_access_key: given.secret_access_key.clone().into(),
            session_token: given.session_token.clone().into(),
            expires,
        });
        given.secret_access_key.zeroize();
        given.session_token.zeroize();
        credentials
    }
}

fn host(region: &Region, endpoint: Option<&Endpoint>) -> String {
    match endpoint {
        Some(endpoint) => endpoint.url().authority().to_owned(),
        None => format!("STS in {region}"),
    }
}

/// Tells apart how a call ended. `host` is whom we tried to reach.
fn refusal<E>(error: SdkError<E>, host: &str, now: Timestamp) -> Refusal
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Refusal::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Refusal::Timeout,
        SdkError::DispatchFailure(_) => Refusal::Unreachable { host: host.to_owned() },
        SdkError::ResponseError(answer) => Refusal::NotAws { status: answer.raw().status().as_u16() },
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let skew = answer.raw().headers().get("date").and_then(|date| skew(date, now));
            match answer.err().code() {
                Some(code) => Refusal::Service {
                    status,
                    code: code.to_owned(),
                    message: answer.err().message().unwrap_or_default().to_owned(),
                    skew,
                },
                None => Refusal::NotAws { status },
            }
        }
        _ => Refusal::Local("a request to STS could not be made".to_owned()),
    }
}

fn skew(date: &str, now: Timestamp) -> Option<SignedDuration> {
    let theirs = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    Some(theirs.duration_since(now))
}
