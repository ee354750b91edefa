//! What is outside the process, as small traits: the only way in for time, keychain, AWS, browser and clipboard.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::arn::Region;
use crate::catalog::Settings;
use crate::chain::Plan;
use crate::console::{Endpoint, Exchange};
use crate::failure::{Failure, Refusal};
use crate::moment::{Moment, Steady};
use crate::secret::{AccessKey, SecretString, TemporaryCredentials};
use crate::view::{Identity, Notice, WindowName};

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

/// AWS's Security Token Service. Each call is bounded by [`AWS_DEADLINE`].
#[async_trait]
pub trait Sts: Send + Sync {
    /// Who the key belongs to; needs no permission.
    async fn caller_identity(
        &self,
        key: &AccessKey,
        region: &Region,
        endpoint: Option<&Endpoint>,
    ) -> Answered<Identity>;
    /// Temporary credentials of the plan's role.
    async fn assume_role(
        &self,
        key: &AccessKey,
        plan: &Plan,
        endpoint: Option<&Endpoint>,
    ) -> Answered<TemporaryCredentials>;
}

/// AWS's sign-in endpoint. Each call is bounded by [`AWS_DEADLINE`].
#[async_trait]
pub trait Signin: Send + Sync {
    /// Posts the exchange; gives the answer's body, or how it was refused. Follows no redirect.
    async fn exchange(&self, exchange: &Exchange) -> Result<SecretString, Refusal>;
}

/// The person's browser.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Sends the browser to an address that holds no secret. Returns once it is known to have started, or why not.
    async fn open(&self, address: &Url) -> Result<(), Failure>;
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
    /// Shows a window in front.
    fn show(&self, window: WindowName) -> Result<(), Failure>;
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

    fn show(&self, _window: WindowName) -> Result<(), Failure> {
        Err(Failure::no_desktop())
    }

    fn settings(&self, _settings: &Settings) {}
}
