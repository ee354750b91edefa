//! STS through AWS's own SDK: the only files that name its client. It goes out through our own [`Https`].

pub(super) mod connector;
mod said;

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_sts::Client;
use aws_sdk_sts::config::{Credentials, Region as SdkRegion, SharedCredentialsProvider};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::types::{PolicyDescriptorType, Tag};
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroize;

use self::connector::Connector;
pub(super) use self::said::said;
use super::https::Https;
use crate::arn::{AccountId, PrincipalArn, Region};
use crate::assume::{MfaCode, PolicyArn, TagKey, TagValue};
use crate::chain::{AssumeRole, SessionToken};
use crate::failure::{Refusal, Setting, Unreached};
use crate::ports::{Answered, Caller, Clock, Sts};
use crate::secret::{self as signs, ExposeSecret, TemporaryCredentials};
use crate::session::SessionDuration;
use crate::view::Identity;

pub(super) const TRIES: u32 = 3;
/// The second try waits for up to this long, the third for up to twice as long; the SDK draws how long.
pub(super) const FIRST_WAIT: Duration = Duration::from_millis(800);

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

    /// A client for one call. Nothing is read from the environment: where credentials go is the source's to say.
    fn client(&self, caller: Caller<'_>, tries: u32) -> (Client, Connector) {
        let connector = Connector::new(self.https.clone(), self.clock.clone());
        (Client::new(&configured(caller, caller.region, tries, connector.clone())), connector)
    }
}

/// How any client of the SDK's makes one call for a caller, in a region, through a connector of ours.
pub(super) fn configured(caller: Caller<'_>, region: &Region, tries: u32, connector: Connector) -> SdkConfig {
    let shared = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(SdkRegion::new(region.as_str().to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(signing(caller.credentials)))
        .retry_config(RetryConfig::standard().with_max_attempts(tries).with_initial_backoff(FIRST_WAIT))
        .timeout_config(TimeoutConfig::builder().operation_timeout(caller.within).build())
        // A deadline of ours ends a call that stalls, and says what it is.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .http_client(connector)
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
            aws_smithy_async::rt::sleep::TokioSleep::new(),
        ))
        .time_source(aws_smithy_async::time::SystemTimeSource::new());
    let shared = match caller.endpoint {
        Some(endpoint) => shared.endpoint_url(endpoint.url().as_str()),
        None => shared.use_fips(caller.hosts.fips).use_dual_stack(caller.hosts.dual_stack),
    };
    shared.build()
}

/// What the SDK signs with.
fn signing(credentials: &signs::Credentials) -> Credentials {
    match credentials {
        signs::Credentials::LongTerm(key) => {
            Credentials::new(key.id().as_str(), key.secret().expose_secret(), None, None, "guise")
        }
        signs::Credentials::Temporary(session) => Credentials::new(
            session.access_key_id.as_str(),
            session.secret_access_key.expose_secret(),
            Some(session.session_token.expose_secret().to_owned()),
            None,
            "guise",
        ),
    }
}

/// A code is good once, so what holds one is sent once.
fn tries(code: Option<&MfaCode>) -> u32 {
    if code.is_some() { 1 } else { TRIES }
}

#[async_trait]
impl Sts for AwsSts {
    async fn caller_identity(&self, caller: Caller<'_>) -> Answered<Identity> {
        let (client, connector) = self.client(caller, TRIES);
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
        caller: Caller<'_>,
        call: &AssumeRole,
        code: Option<&MfaCode>,
    ) -> Answered<TemporaryCredentials> {
        let tag = |(key, value): (&TagKey, &TagValue)| {
            Tag::builder().key(key.as_str()).value(value.as_str()).build()
        };
        let tags: Result<Vec<Tag>, _> = call.tags.iter().map(tag).collect();
        let Ok(tags) = tags else {
            return Answered { answer: Err(Refusal::Local("a tag could not be sent".into())), skew: None };
        };
        let policy = |arn: &PolicyArn| PolicyDescriptorType::builder().arn(arn.to_string()).build();
        let (client, connector) = self.client(caller, tries(code));
        let answer = client
            .assume_role()
            .role_arn(call.arn.to_string())
            .role_session_name(call.session_name.as_str())
            .duration_seconds(seconds(call.duration))
            .set_external_id(call.external_id.as_ref().map(ToString::to_string))
            .set_source_identity(call.source_identity.as_ref().map(ToString::to_string))
            .set_tags((!tags.is_empty()).then_some(tags))
            .set_transitive_tag_keys(filled(call.transitive_tags.iter().map(ToString::to_string)))
            .set_policy(call.policy.as_ref().map(ToString::to_string))
            .set_policy_arns(filled(call.policy_arns.iter().map(policy)))
            .set_serial_number(call.mfa.as_ref().map(ToString::to_string))
            .set_token_code(code.map(|code| code.expose_secret().to_owned()))
            .send()
            .await;
        let skew = connector.skew();
        let answer =
            answer.map_err(|error| refusal(error, skew)).and_then(|answer| given(answer.credentials));
        Answered { answer, skew }
    }

    async fn session_token(
        &self,
        caller: Caller<'_>,
        call: &SessionToken,
        code: &MfaCode,
    ) -> Answered<TemporaryCredentials> {
        let (client, connector) = self.client(caller, tries(Some(code)));
        let answer = client
            .get_session_token()
            .duration_seconds(seconds(call.duration))
            .serial_number(call.serial.as_str())
            .token_code(code.expose_secret())
            .send()
            .await;
        let skew = connector.skew();
        let answer =
            answer.map_err(|error| refusal(error, skew)).and_then(|answer| given(answer.credentials));
        Answered { answer, skew }
    }
}

fn filled<T>(items: impl Iterator<Item = T>) -> Option<Vec<T>> {
    let items: Vec<T> = items.collect();
    (!items.is_empty()).then_some(items)
}

fn seconds(duration: SessionDuration) -> i32 {
    // No duration is longer than half a day.
    i32::try_from(duration.seconds()).unwrap_or(i32::MAX)
}

/// What STS gave, in our types; the SDK's own copy is wiped.
fn given(credentials: Option<aws_sdk_sts::types::Credentials>) -> Result<TemporaryCredentials, Refusal> {
    let Some(mut given) = credentials else { return Err(Refusal::NotAws { status: 200 }) };
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

/// Tells apart how a call ended.
pub(super) fn refusal<E>(error: SdkError<E>, skew: Option<SignedDuration>) -> Refusal
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Refusal::Timeout,
        SdkError::DispatchFailure(failure) => {
            failure.as_connector_error().and_then(|error| obstacle_of(error)).unwrap_or_else(unmade)
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
pub(super) fn obstacle_of(error: &(dyn StdError + 'static)) -> Option<Refusal> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(unreached) = error.downcast_ref::<Unreached>() {
            return Some(Refusal::Unreached(unreached.clone()));
        }
        if let Some(setting) = error.downcast_ref::<Setting>() {
            return Some(Refusal::Setting(setting.clone()));
        }
        cause = error.source();
    }
    None
}

fn unmade() -> Refusal {
    Refusal::Local("a request to STS could not be made".to_owned())
}

#[cfg(test)]
mod tests;
