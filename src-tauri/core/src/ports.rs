//! What is outside the process, as small traits: the only way in for time, keychain, AWS, browser and clipboard.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::arn::{Region, RoleArn};
use crate::assume::MfaCode;
use crate::browser::BrowserName;
use crate::catalog::Settings;
use crate::chain::{AssumeRole, SessionToken};
use crate::console::{Endpoint, Exchange, HostChoice};
use crate::failure::{Failure, Refusal};
use crate::moment::{Moment, Steady};
use crate::profiles::ProfileName;
use crate::secret::{AccessKey, AccessKeyId, Credentials, SecretString, TemporaryCredentials};
use crate::setup::IamCall;
use crate::view::{Identity, Notice, PromptView, WindowName};

/// Everything that is outside, held by value.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where secrets rest.
    pub keychain: Arc<dyn Keychain>,
    /// AWS's Security Token Service.
    pub sts: Arc<dyn Sts>,
    /// AWS's sign-in endpoint.
    pub signin: Arc<dyn Signin>,
    /// AWS's Identity and Access Management.
    pub iam: Arc<dyn Iam>,
    /// The AWS CLI's profiles.
    pub profiles: Arc<dyn Profiles>,
    /// What gives an MFA code in the person's place.
    pub codes: Arc<dyn CodeCommand>,
    /// The person's browser.
    pub browser: Arc<dyn Browser>,
    /// The clipboard.
    pub clipboard: Arc<dyn Clipboard>,
    /// The desktop around us, where there is one.
    pub desktop: Arc<dyn Desktop>,
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The moment it is now.
    fn now(&self) -> Timestamp;
    /// What a clock says that nobody can set and that goes on while the computer sleeps.
    fn steady(&self) -> Steady;
    /// Both at once.
    fn moment(&self) -> Moment {
        Moment { wall: self.now(), steady: self.steady() }
    }
}

/// The OS credential store. Its calls block, sometimes for ever: [`crate::keychain`] gives each a deadline.
pub trait Keychain: Send + Sync {
    /// The bytes of an item; `None` where there is none.
    fn read(&self, item: &str) -> Result<Option<Vec<u8>>, KeychainError>;
    /// Writes an item, in place of one that is there.
    fn write(&self, item: &str, bytes: &[u8]) -> Result<(), KeychainError>;
    /// Removes an item; says whether there was one.
    fn remove(&self, item: &str) -> Result<bool, KeychainError>;
    /// Whether it is locked, so that a call may be waiting for the person at its prompt.
    fn is_locked(&self) -> Result<bool, KeychainError>;
    /// The names of our items in an unlocked keychain, without a look into any and without a prompt; `None` where the
    /// keychain cannot tell.
    fn items(&self) -> Result<Option<Vec<String>>, KeychainError> {
        Ok(None)
    }
}

/// Why a keychain did not do as it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeychainError {
    /// None is there.
    Absent,
    /// It is locked and stayed so.
    Locked,
    /// It said no, or the person did.
    Denied,
    /// It did not answer in time.
    Hung,
    /// It failed in another way.
    Broken,
}

impl From<KeychainError> for Failure {
    fn from(error: KeychainError) -> Failure {
        match error {
            KeychainError::Absent => Failure::keychain_absent(),
            KeychainError::Locked => Failure::keychain_locked(),
            KeychainError::Denied => Failure::keychain_denied(),
            KeychainError::Hung => Failure::keychain_hung(),
            KeychainError::Broken => Failure::keychain_broken(),
        }
    }
}

/// All tries of a call to AWS take no longer together.
pub const AWS_DEADLINE: Duration = Duration::from_secs(15);

/// How a call to STS ended, and what its answer tells about our clock.
#[derive(Clone, Debug)]
pub struct Answered<T> {
    /// What was asked for, or how it was refused.
    pub answer: Result<T, Refusal>,
    /// AWS's clock less ours, where the answer had a date.
    pub skew: Option<SignedDuration>,
}

/// Who calls AWS, and where.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// What signs the call.
    pub credentials: &'a Credentials,
    /// Whose endpoint is asked.
    pub region: &'a Region,
    /// A source's own endpoint, in place of AWS's.
    pub endpoint: Option<&'a Endpoint>,
    /// Which of AWS's hosts, where the source has none of its own.
    pub hosts: HostChoice,
    /// All tries take no longer together.
    pub within: Duration,
}

/// AWS's Security Token Service. Each call is bounded by what its caller allows.
#[async_trait]
pub trait Sts: Send + Sync {
    /// Who the credentials belong to; needs no permission.
    async fn caller_identity(&self, caller: Caller<'_>) -> Answered<Identity>;
    /// Temporary credentials of a role. `code` goes with a call that names a device. A call with a code is sent once only: a
    /// code is good once.
    async fn assume_role(
        &self,
        caller: Caller<'_>,
        call: &AssumeRole,
        code: Option<&MfaCode>,
    ) -> Answered<TemporaryCredentials>;
    /// Temporary credentials of the caller, with what the code proves. It is sent once only.
    async fn session_token(
        &self,
        caller: Caller<'_>,
        call: &SessionToken,
        code: &MfaCode,
    ) -> Answered<TemporaryCredentials>;
}

/// A user's own access keys in IAM, and the roles that it may make. Each call is bounded by what its caller allows.
#[async_trait]
pub trait Iam: Send + Sync {
    /// The caller's keys.
    async fn own_keys(&self, caller: Caller<'_>) -> Result<Vec<OwnKey>, Refusal>;
    /// Another key for the caller.
    async fn create_key(&self, caller: Caller<'_>) -> Result<AccessKey, Refusal>;
    /// Switches a key of the caller off.
    async fn deactivate_key(&self, caller: Caller<'_>, id: &AccessKeyId) -> Result<(), Refusal>;
    /// Deletes a key of the caller.
    async fn delete_key(&self, caller: Caller<'_>, id: &AccessKeyId) -> Result<(), Refusal>;
    /// Makes a role, or gives it a policy.
    async fn make(&self, caller: Caller<'_>, call: &IamCall) -> Result<(), Refusal>;
    /// Takes back what such a call did.
    async fn undo(&self, caller: Caller<'_>, call: &IamCall) -> Result<(), Refusal>;
}

/// An access key as IAM lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnKey {
    /// Its id.
    pub id: AccessKeyId,
    /// When it was made.
    pub made: Timestamp,
    /// Whether it works.
    pub state: KeyState,
}

/// Whether a key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It does.
    Active,
    /// It is switched off.
    Inactive,
}

/// Profiles of the AWS CLI's files, resolved by the SDK.
#[async_trait]
pub trait Profiles: Send + Sync {
    /// What a profile signs with now.
    async fn resolve(&self, profile: &ProfileName) -> Result<Resolved, Failure>;
}

/// What a profile came to.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// What it signs with.
    pub credentials: Credentials,
    /// Its region, where it has one.
    pub region: Option<Region>,
    /// When the credentials end, where that is told.
    pub expires: Option<Timestamp>,
    /// The role that it is, where the files name it.
    pub role: Option<RoleArn>,
}

/// The command that gives an MFA code in the person's place.
#[async_trait]
pub trait CodeCommand: Send + Sync {
    /// Runs a program with its arguments, without a shell, and gives the one line that it prints. It has 30 seconds.
    async fn code(&self, command: &[String]) -> Result<SecretString, Failure>;
}

/// AWS's sign-in endpoint. Each call is bounded by [`AWS_DEADLINE`].
#[async_trait]
pub trait Signin: Send + Sync {
    /// Posts the exchange; gives the answer's body, or how it was refused. Follows no redirect.
    async fn exchange(&self, exchange: &Exchange) -> Result<SecretString, Refusal>;
}

/// The person at a terminal.
pub trait Prompt: Send + Sync {
    /// Asks, and waits for as long as it takes; `None` where the person says no.
    fn answer(&self, prompt: &PromptView) -> Option<SecretString>;
}

/// The person's browser.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Sends the browser to an address that holds no secret. Returns once it is known to have started, or why not.
    ///
    /// `chosen` is the browser that the person wants; the system's own where `None`. One that is gone is a failure that says so.
    async fn open(&self, address: &Url, chosen: Option<&BrowserName>) -> Result<(), Failure>;

    /// The browsers that the system knows of, by name.
    fn known(&self) -> Vec<BrowserName>;
}

/// The clipboard. Its calls block for a moment.
pub trait Clipboard: Send + Sync {
    /// Puts text there, marked so that histories skip it, and reads it back.
    fn copy(&self, text: &SecretString) -> Result<(), Failure>;
    /// Takes the text off again, if the clipboard still holds what was last copied here.
    fn clear_if_ours(&self);
    /// Whether the clipboard still holds what was last copied here.
    fn is_ours(&self) -> bool;
}

/// The desktop around the agent.
pub trait Desktop: Send + Sync {
    /// Tells the person something where they are not looking at a window of ours.
    fn notify(&self, notice: Notice);
    /// Shows a window in front. `activation` is what the desktop gave to whoever asked, to be let in front with.
    fn show(&self, window: WindowName, activation: Option<&str>) -> Result<(), Failure>;
    /// Takes the settings, first at the start and then whenever they have changed.
    fn settings(&self, settings: &Settings);
}

/// No desktop: notices go to the log, windows cannot be shown.
#[derive(Debug)]
pub struct NoDesktop;

impl Desktop for NoDesktop {
    fn notify(&self, notice: Notice) {
        tracing::info!(title = notice.title, "notice");
    }

    fn show(&self, _window: WindowName, _activation: Option<&str>) -> Result<(), Failure> {
        Err(Failure::no_desktop())
    }

    fn settings(&self, _settings: &Settings) {}
}
