//! STS through AWS's own SDK: the only files that name its client. It goes out through our own [`Https`].

mod connector;

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

use self::connector::Connector;
use super::https::Https;
use crate::arn::{AccountId, PrincipalArn, Region};
use crate::chain::Plan;
use crate::console::Endpoint;
use crate::failure::{Refusal, Setting, Unreached};
use crate::ports::{AWS_DEADLINE, Answered, Clock, Sts};
use crate::secret::{AccessKey, ExposeSecret, TemporaryCredentials};
use crate::view::Identity;

const TRIES: u32 = 3;
/// The second try waits for up to this long, the third for up to twice as long; the SDK draws how long.
const FIRST_WAIT: Duration = Duration::from_millis(800);

/// AWS's STS, or whatever stands at a source's own endpoint.
pub struct AwsSts {
    clock: Arc<dyn Clock>,
    https: Arc<Https>,
}

impl AwsSts {
    /// STS, with a clock to measure AWS's against.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        AwsSts::over(Arc::default(), clock)
    }

    pub(super) fn over(https: Arc<Https>, clock: Arc<dyn Clock>) -> Self {
        AwsSts { clock, https }
    }

    /// A client for one key and one call. Nothing is read from the environment: where credentials go is the source's to say.
    fn client(&self, key: &AccessKey, region: &Region, endpoint: Option<&Endpoint>) -> (Client, Connector) {
        let connector = Connector::new(self.https.clone(), self.clock.clone());
        let credentials =
            Credentials::new(key.id().as_str(), key.secret().expose_secret(), None, None, "guise");
        let mut shared = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(SdkRegion::new(region.as_str().to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(FIRST_WAIT))
            .timeout_config(TimeoutConfig::builder().operation_timeout(AWS_DEADLINE).build())
            .http_client(connector.clone())
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
                aws_smithy_async::rt::sleep::TokioSleep::new(),
            ))
            .time_source(aws_smithy_async::time::SystemTimeSource::new());
        if let Some(endpoint) = endpoint {
            shared = shared.endpoint_url(endpoint.url().as_str());
        }
        (Client::new(&shared.build()), connector)
    }
}

#[async_trait]
impl Sts for AwsSts {
    async fn caller_identity(
        &self,
        key: &AccessKey,
        region: &Region,
        endpoint: Option<&Endpoint>,
    ) -> Answered<Identity> {
        let (client, connector) = self.client(key, region, endpoint);
        let answer = client.get_caller_identity().send().await;
        let skew = connector.skew();
        let answer = answer.map_err(|error| refusal(error, skew)).and_then(|answer| {
            let account = answer.account().and_then(|text| text.parse::<AccountId>().ok());
            let arn = answer.arn().and_then(|text| text.parse::<PrincipalArn>().ok());
            match (account, arn) {
                (Some(account), Some(arn)) => Ok(Identity { account, arn }),
                _ => Err(Refusal::NotAws { status: 200 }),
            }
        });
        Answered { answer, skew }
    }

    async fn assume_role(
        &self,
        key: &AccessKey,
        plan: &Plan,
        endpoint: Option<&Endpoint>,
    ) -> Answered<TemporaryCredentials> {
        let Ok(seconds) = i32::try_from(plan.duration.seconds()) else {
            return Answered { answer: Err(Refusal::Local("a duration overflowed".into())), skew: None };
        };
        let (client, connector) = self.client(key, &plan.region, endpoint);
        let answer = client
            .assume_role()
            .role_arn(plan.arn.to_string())
            .role_session_name(plan.session_name.as_str())
            .duration_seconds(seconds)
            .send()
            .await;
        let skew = connector.skew();
        let answer = answer.map_err(|error| refusal(error, skew)).and_then(|answer| {
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
        });
        Answered { answer, skew }
    }
}

/// Tells apart how a call ended.
fn refusal<E>(error: SdkError<E>, skew: Option<SignedDuration>) -> Refusal
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Refusal::Timeout,
        SdkError::DispatchFailure(failure) => {
            failure.as_connector_error().map_or_else(unmade, |error| in_the_way(error))
        }
        SdkError::ResponseError(answer) => Refusal::NotAws { status: answer.raw().status().as_u16() },
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
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
        _ => unmade(),
    }
}

/// What our own connector said was in the way.
fn in_the_way(error: &(dyn StdError + 'static)) -> Refusal {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(unreached) = error.downcast_ref::<Unreached>() {
            return Refusal::Unreached(unreached.clone());
        }
        if let Some(setting) = error.downcast_ref::<Setting>() {
            return Refusal::Setting(setting.clone());
        }
        cause = error.source();
    }
    unmade()
}

fn unmade() -> Refusal {
    Refusal::Local("a request to STS could not be made".to_owned())
}

#[cfg(test)]
mod tests;
