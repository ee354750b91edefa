//! Profiles of the AWS CLI's files, resolved by the SDK's own parser and providers. Requests go out through our own
//! HTTPS, files are read with a bound, and a profile's command is run by us: it can neither hang the agent nor outlive its time.

pub mod files;
mod process;
mod refused;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region as SdkRegion};
use aws_credential_types::Credentials as SdkCredentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::section::EnvConfigSections;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_types::os_shim_internal::{Env, Fs};
use jiff::{SignedDuration, Timestamp};

use self::files::Files;
use super::https::Https;
use super::sts::connector::Connector;
use super::sts::{FIRST_WAIT, TRIES};
use crate::arn::{Region, RoleArn};
use crate::failure::Failure;
use crate::ports::{AWS_DEADLINE, Clock, Profiles, Resolved};
use crate::profiles::{Base, ProfileName, Texts, Way, way_of};
use crate::secret::{AccessKey, Credentials, TemporaryCredentials};

/// Metadata are next to us, or not there.
const INSTANCE_DEADLINE: Duration = Duration::from_secs(6);
/// A session of which nobody tells the end is taken to last this long; then the profile is asked again. It may end before, and
/// then AWS says so.
const UNTOLD: SignedDuration = SignedDuration::from_mins(15);

/// The profiles of this computer.
pub struct AwsProfiles {
    https: Arc<Https>,
    clock: Arc<dyn Clock>,
    /// The files; where the environment says, if `None`.
    files: Option<Files>,
}

impl AwsProfiles {
    /// The profiles in the files that the environment names, or in their usual place.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        AwsProfiles::over(Arc::default(), clock)
    }

    pub(super) fn over(https: Arc<Https>, clock: Arc<dyn Clock>) -> Self {
        AwsProfiles { https, clock, files: None }
    }
}

#[async_trait]
impl Profiles for AwsProfiles {
    async fn resolve(&self, profile: &ProfileName) -> Result<Resolved, Failure> {
        let files = self.files.clone().unwrap_or_else(Files::of_this_computer);
        let texts = tokio::task::spawn_blocking(move || files.read());
        let texts = texts.await.map_err(|_| Failure::internal("the profiles' files were not read"))??;
        let sources = texts.for_the_sdk();
        let sections =
            Sections::parse(&sources).await.ok_or_else(|| Failure::profile_failed(profile.as_str()))?;
        let way = way_of(&sections, profile)?;
        let region = region(&sections, profile.as_str()).or_else(|| region(&sections, &way.begins));
        if let Base::WebIdentity { token_file } = &way.base {
            files::check_token(&way.begins, token_file.as_ref()).await?;
        }
        let asking = Asking {
            profile,
            way: &way,
            connector: Connector::new(self.https.clone(), self.clock.clone()),
            region: region
                .clone()
                .or_else(region_of_environment)
                .unwrap_or_else(|| usual_region(&sections, &way)),
        };
        let found = asking.credentials(sources).await?;
        let now = self.clock.now();
        let expires = found.expiry().and_then(|ends| Timestamp::try_from(ends).ok());
        if expires.is_some_and(|ends| ends <= now) {
            return Err(refused::ended(profile.as_str(), &way));
        }
        let credentials = credentials(&found, expires.unwrap_or(now + UNTOLD))
            .ok_or_else(|| Failure::profile_implausible(profile.as_str()))?;
        let role = way.steps.last().and_then(|step| step.role_arn.parse().ok());
        Ok(Resolved { credentials, region, expires, role })
    }
}

/// One profile on its way to credentials.
struct Asking<'a> {
    profile: &'a ProfileName,
    way: &'a Way,
    connector: Connector,
    region: Region,
}

impl Asking<'_> {
    async fn credentials(&self, sources: EnvConfigFiles) -> Result<SdkCredentials, Failure> {
        let name = self.profile.as_str();
        if let Base::Process(command) = &self.way.base {
            let begun = process::credentials(&self.way.begins, command).await?;
            let roles = tokio::time::timeout(AWS_DEADLINE, self.through_roles(sources, begun)).await;
            return self.judged(roles, AWS_DEADLINE);
        }
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&self.configuration())
            .profile_files(sources)
            .profile_name(name)
            .build();
        let within = match self.way.base {
            Base::Instance | Base::Container if self.way.steps.is_empty() => INSTANCE_DEADLINE,
            _ => AWS_DEADLINE,
        };
        let found = tokio::time::timeout(within, provider.provide_credentials()).await;
        self.judged(found, within)
    }

    fn judged(
        &self,
        found: Result<Result<SdkCredentials, CredentialsError>, tokio::time::error::Elapsed>,
        within: Duration,
    ) -> Result<SdkCredentials, Failure> {
        match found {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => {
                Err(refused::refusal(self.profile.as_str(), self.way, &error, self.connector.status()))
            }
            Err(_) => Err(refused::too_late(self.profile.as_str(), self.way, within)),
        }
    }

    /// The roles of the way, one after the other.
    async fn through_roles(
        &self,
        sources: EnvConfigFiles,
        begun: SdkCredentials,
    ) -> Result<SdkCredentials, CredentialsError> {
        if self.way.steps.is_empty() {
            return Ok(begun);
        }
        // As for any other profile: the files may name hosts of their own.
        let shared = aws_config::defaults(BehaviorVersion::latest())
            .profile_files(sources)
            .profile_name(self.profile.as_str())
            .region(SdkRegion::new(self.region.to_string()))
            .http_client(self.connector.clone())
            .sleep_impl(TokioSleep::new())
            .time_source(SystemTimeSource::new())
            .retry_config(retries())
            .timeout_config(TimeoutConfig::builder().operation_timeout(AWS_DEADLINE).build())
            .no_credentials()
            .load()
            .await;
        let mut held = begun;
        for step in &self.way.steps {
            let mut role = AssumeRoleProvider::builder(&step.role_arn).configure(&shared);
            if let Some(id) = &step.external_id {
                role = role.external_id(id);
            }
            if let Some(name) = &step.session_name {
                role = role.session_name(name);
            }
            held = role.build_from_provider(held).await.provide_credentials().await?;
        }
        Ok(held)
    }

    fn configuration(&self) -> ProviderConfig {
        ProviderConfig::empty()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_region(Some(SdkRegion::new(self.region.to_string())))
            .with_http_client(self.connector.clone())
            .with_sleep_impl(TokioSleep::new())
            .with_time_source(SystemTimeSource::new())
            .with_retry_config(retries())
            .with_timeout_config(TimeoutConfig::builder().operation_timeout(AWS_DEADLINE).build())
    }
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(FIRST_WAIT)
}

/// What the SDK's parser makes of the files.
struct Sections(EnvConfigSections);

impl Sections {
    /// The texts are in memory, so neither the environment nor a file is asked.
    async fn parse(files: &EnvConfigFiles) -> Option<Sections> {
        let source = aws_runtime::env_config::source::load(&Env::real(), &Fs::real(), files).await.ok()?;
        EnvConfigSections::parse(source).ok().map(Sections)
    }
}

impl Texts for Sections {
    fn has(&self, profile: &str) -> bool {
        self.0.get_profile(profile).is_some()
    }

    fn get(&self, profile: &str, key: &str) -> Option<&str> {
        self.0.get_profile(profile)?.get(key)
    }

    fn has_session(&self, name: &str) -> bool {
        self.0.sso_session(name).is_some()
    }
}

fn region(sections: &Sections, profile: &str) -> Option<Region> {
    sections.get(profile, "region")?.parse().ok()
}

fn region_of_environment() -> Option<Region> {
    ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(|name| std::env::var(name).ok()?.parse().ok())
}

/// The default region of the partition that the way's roles are in.
fn usual_region(sections: &Sections, way: &Way) -> Region {
    let role = way
        .steps
        .first()
        .map(|step| step.role_arn.as_str())
        .or_else(|| sections.get(&way.begins, "role_arn"));
    let partition = role.and_then(|arn| arn.parse::<RoleArn>().ok()).map(|arn| arn.partition());
    partition.unwrap_or(crate::arn::Partition::Aws).default_region()
}

/// The SDK's credentials as ours; `None` where they are none.
fn credentials(found: &SdkCredentials, expires: Timestamp) -> Option<Credentials> {
    let secret = found.secret_access_key().to_owned().into();
    match found.session_token() {
        Some(token) if !token.is_empty() => Some(Credentials::Temporary(TemporaryCredentials {
            access_key_id: found.access_key_id().to_owned(),
            secret_access_key: secret,
            session_token: token.to_owned().into(),
            expires,
        })),
        Some(_) | None => {
            let id = found.access_key_id().parse().ok()?;
            AccessKey::new(id, secret).ok().map(Credentials::LongTerm)
        }
    }
}

/// A moment as the SDK has it; nothing ends before 1970.
fn as_sdk(moment: Timestamp) -> SystemTime {
    let since = Duration::from_secs(moment.as_second().try_into().unwrap_or_default());
    SystemTime::UNIX_EPOCH + since
}

impl files::Contents {
    /// The texts, as the SDK takes them: it reads no file itself.
    fn for_the_sdk(&self) -> EnvConfigFiles {
        EnvConfigFiles::builder()
            .with_contents(EnvConfigFileKind::Config, self.config.as_str())
            .with_contents(EnvConfigFileKind::Credentials, self.credentials.as_str())
            .build()
    }
}

#[cfg(all(test, unix))]
mod tests;
