//! The whole outside, told how to behave.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use async_trait::async_trait;
use jiff::SignedDuration;
use tokio::sync::Semaphore;
use url::Url;

use super::*;
use crate::assume::MfaCode;
use crate::browser::BrowserName;
use crate::chain::{AssumeRole, SessionToken};
use crate::console::Exchange;
use crate::failure::Refusal;
use crate::ports::{
    Answered, Browser, Caller, Clipboard, Clock, CodeCommand, Desktop, Iam, KeyState, Keychain,
    KeychainError, OwnKey, Profiles, Resolved, Signin, Sts,
};
use crate::profiles::ProfileName;
use crate::secret::{AccessKey, AccessKeyId, Credentials, ExposeSecret, SecretString, TemporaryCredentials};
use crate::setup::IamCall;
use crate::view::{Identity, WindowName};

/// The whole outside, in memory.
pub(crate) struct World {
    pub(super) items: Mutex<HashMap<String, Vec<u8>>>,
    pub(super) now: AtomicI64,
    pub(super) steady: AtomicU64,
    /// By how much AWS's clock is ahead of ours.
    pub(super) skew: AtomicI64,
    pub(super) assumed: AtomicUsize,
    /// STS answers as often as this has permits.
    pub(crate) sts_gate: Semaphore,
    /// It says who somebody is as often as this has permits.
    pub(super) identity_gate: Semaphore,
    pub(crate) refuse: Mutex<Option<Refusal>>,
    /// How long a session the role allows, in seconds.
    pub(super) allows: AtomicI64,
    /// What was asked for, in seconds.
    pub(super) durations: Mutex<Vec<i64>>,
    pub(super) exchanged: Mutex<Vec<String>>,
    pub(super) refuse_duration: bool,
    pub(super) opened: Mutex<Vec<Url>>,
    pub(super) browser_fails: bool,
    pub(super) clipboard: Mutex<Option<String>>,
    pub(crate) notices: Mutex<Vec<Notice>>,
    pub(super) settings: Mutex<Vec<Settings>>,
    /// What STS was asked for, by the role's name.
    pub(super) calls: Mutex<Vec<String>>,
    pub(super) has_windows: std::sync::atomic::AtomicBool,
    /// The keychain, which waits for the person while it is locked.
    pub(super) locked: (Mutex<bool>, Condvar),
    /// How the next contents are written into it, one after the other; well where nothing is said.
    pub(super) writes: Mutex<VecDeque<Writes>>,
    /// The user's keys in IAM.
    pub(super) keys: Mutex<Vec<OwnKey>>,
    pub(super) iam: IamIs,
    /// What was made in IAM.
    pub(super) in_iam: Mutex<Vec<IamCall>>,
    /// How IAM refuses a call, by its name.
    pub(super) refuse_iam: Mutex<HashMap<&'static str, Refusal>>,
    /// A region whose STS does not work.
    pub(super) out_of_order: Option<&'static str>,
}

/// How the keychain writes a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writes {
    /// As it is.
    Well,
    /// Something else.
    Garbled,
    /// As it is, but long after anybody waits for it.
    Late,
    /// Not at all.
    Never,
}

/// How IAM takes calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IamIs {
    /// It does as it is asked.
    Willing,
    /// It does so only for who has proven a second factor.
    WantingFactor,
    /// It never answers.
    Hanging,
}

impl Default for World {
    fn default() -> Self {
        World {
            items: Mutex::default(),
            now: AtomicI64::new(1_700_000_000),
            steady: AtomicU64::new(5_000),
            skew: AtomicI64::new(0),
            assumed: AtomicUsize::new(0),
            sts_gate: Semaphore::new(1000),
            identity_gate: Semaphore::new(1000),
            refuse: Mutex::default(),
            allows: AtomicI64::new(43_200),
            durations: Mutex::default(),
            exchanged: Mutex::default(),
            refuse_duration: false,
            opened: Mutex::default(),
            browser_fails: false,
            clipboard: Mutex::default(),
            notices: Mutex::default(),
            settings: Mutex::default(),
            calls: Mutex::default(),
            has_windows: true.into(),
            locked: (Mutex::new(false), Condvar::new()),
            writes: Mutex::default(),
            keys: Mutex::default(),
            iam: IamIs::Willing,
            in_iam: Mutex::default(),
            refuse_iam: Mutex::default(),
            out_of_order: None,
        }
    }
}

impl World {
    pub(super) fn lock_keychain(&self, locked: bool) {
        *self.locked.0.lock().unwrap() = locked;
        self.locked.1.notify_all();
    }
}

impl Keychain for World {
    fn read(&self, item: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        let (locked, unlocked) = &self.locked;
        drop(unlocked.wait_while(locked.lock().unwrap(), |locked| *locked).unwrap());
        Ok(self.items.lock().unwrap().get(item).cloned())
    }
    fn write(&self, item: &str, bytes: &[u8]) -> Result<(), KeychainError> {
        let bytes = match self.writes.lock().unwrap().pop_front().unwrap_or(Writes::Well) {
            Writes::Well => bytes,
            Writes::Garbled => b"garbled",
            Writes::Late => {
                std::thread::sleep(Duration::from_millis(5_400));
                bytes
            }
            Writes::Never => return Err(KeychainError::Broken),
        };
        self.items.lock().unwrap().insert(item.into(), bytes.into());
        Ok(())
    }
    fn remove(&self, item: &str) -> Result<bool, KeychainError> {
        Ok(self.items.lock().unwrap().remove(item).is_some())
    }
    fn is_locked(&self) -> Result<bool, KeychainError> {
        Ok(*self.locked.0.lock().unwrap())
    }
}

#[async_trait]
impl Sts for World {
    async fn caller_identity(&self, _: Caller<'_>) -> Answered<Identity> {
        self.identity_gate.acquire().await.unwrap().forget();
        let answer = match self.refuse.lock().unwrap().clone() {
            Some(refusal) => Err(refusal),
            None => Ok(Identity {
                account: "111122223333".parse().unwrap(),
                arn: "arn:aws:iam::111122223333:user/ada".parse().unwrap(),
            }),
        };
        Answered { answer, skew: Some(self.skew()) }
    }

    async fn assume_role(
        &self,
        caller: Caller<'_>,
        call: &AssumeRole,
        code: Option<&MfaCode>,
    ) -> Answered<TemporaryCredentials> {
        self.calls.lock().unwrap().push(call.role.to_string());
        if self.out_of_order == Some(caller.region.as_str()) {
            let refusal = Refusal::Service {
                status: 503,
                code: "ServiceUnavailable".into(),
                message: String::new(),
                skew: None,
            };
            return Answered { answer: Err(refusal), skew: None };
        }
        match caller.credentials {
            Credentials::LongTerm(key) => assert_eq!(key.secret().expose_secret(), SECRET),
            Credentials::Temporary(session) => {
                assert_eq!(session.secret_access_key.expose_secret(), SESSION_SECRET);
            }
        }
        if call.mfa.is_some()
            && let Some(refusal) = World::wrong(code)
        {
            return Answered { answer: Err(refusal), skew: Some(self.skew()) };
        }
        let number = self.assumed.fetch_add(1, Ordering::SeqCst);
        self.sts_gate.acquire().await.unwrap().forget();
        if let Some(refusal) = self.refuse.lock().unwrap().clone() {
            return Answered { answer: Err(refusal), skew: Some(self.skew()) };
        }
        let seconds = i64::from(call.duration.seconds());
        self.durations.lock().unwrap().push(seconds);
        if seconds > self.allows.load(Ordering::SeqCst) {
            let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
            let (code, message) = ("ValidationError".into(), message.into());
            let refusal = Refusal::Service { status: 400, code, message, skew: None };
            return Answered { answer: Err(refusal), skew: Some(self.skew()) };
        }
        let answer = Ok(TemporaryCredentials {
            access_key_id: format!("ASIA{number}"),
            secret_access_key: SESSION_SECRET.into(),
            session_token: "token".into(),
            expires: Clock::now(self) + SignedDuration::from_secs(seconds) + self.skew(),
        });
        Answered { answer, skew: Some(self.skew()) }
    }

    async fn session_token(
        &self,
        _: Caller<'_>,
        call: &SessionToken,
        code: &MfaCode,
    ) -> Answered<TemporaryCredentials> {
        self.calls.lock().unwrap().push("session token".into());
        let answer = match World::wrong(Some(code)) {
            Some(refusal) => Err(refusal),
            None => Ok(TemporaryCredentials {
                access_key_id: "ASIAMFA".into(),
                secret_access_key: SESSION_SECRET.into(),
                session_token: "token".into(),
                expires: Clock::now(self)
                    + SignedDuration::from_secs(call.duration.seconds().into())
                    + self.skew(),
            }),
        };
        Answered { answer, skew: Some(self.skew()) }
    }
}

impl World {
    /// AWS takes one code only.
    fn wrong(code: Option<&MfaCode>) -> Option<Refusal> {
        if code.is_some_and(|code| code.expose_secret() == RIGHT_CODE) {
            return None;
        }
        let message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        let (code, message) = ("AccessDenied".into(), message.into());
        Some(Refusal::Service { status: 403, code, message, skew: None })
    }
}

impl World {
    fn factor_of(&self, caller: &Caller<'_>) -> Result<(), Refusal> {
        let is_proven = matches!(caller.credentials, Credentials::Temporary(_));
        if is_proven || self.iam != IamIs::WantingFactor {
            return Ok(());
        }
        let message = "User is not authorized with an explicit deny in an identity-based policy".into();
        Err(Refusal::Service { status: 403, code: "AccessDenied".into(), message, skew: None })
    }
}

#[async_trait]
impl Iam for World {
    async fn own_keys(&self, caller: Caller<'_>) -> Result<Vec<OwnKey>, Refusal> {
        if self.iam == IamIs::Hanging {
            std::future::pending::<()>().await;
        }
        self.factor_of(&caller)?;
        Ok(self.keys.lock().unwrap().clone())
    }
    async fn create_key(&self, caller: Caller<'_>) -> Result<AccessKey, Refusal> {
        self.factor_of(&caller)?;
        let id: AccessKeyId = "AKIANEWKEYNEWKEY2222".parse().unwrap();
        self.keys.lock().unwrap().push(OwnKey {
            id: id.clone(),
            made: Clock::now(self),
            state: KeyState::Active,
        });
        Ok(AccessKey::new(id, SECRET.into()).unwrap())
    }
    async fn deactivate_key(&self, caller: Caller<'_>, id: &AccessKeyId) -> Result<(), Refusal> {
        self.factor_of(&caller)?;
        if let Some(refusal) = self.refuse_iam.lock().unwrap().get("UpdateAccessKey") {
            return Err(refusal.clone());
        }
        let mut keys = self.keys.lock().unwrap();
        keys.iter_mut().filter(|key| key.id == *id).for_each(|key| key.state = KeyState::Inactive);
        Ok(())
    }
    async fn delete_key(&self, caller: Caller<'_>, id: &AccessKeyId) -> Result<(), Refusal> {
        self.factor_of(&caller)?;
        self.keys.lock().unwrap().retain(|key| key.id != *id);
        Ok(())
    }
    async fn make(&self, _: Caller<'_>, call: &IamCall) -> Result<(), Refusal> {
        if let Some(refusal) = self.refuse_iam.lock().unwrap().get(call.action()) {
            return Err(refusal.clone());
        }
        self.in_iam.lock().unwrap().push(call.clone());
        Ok(())
    }
    async fn undo(&self, _: Caller<'_>, call: &IamCall) -> Result<(), Refusal> {
        self.in_iam.lock().unwrap().retain(|other| other != call);
        Ok(())
    }
}

#[async_trait]
impl Profiles for World {
    async fn resolve(&self, _: &ProfileName) -> Result<Resolved, Failure> {
        let key = AccessKey::new("AKIAIOSFODNN7EXAMPLE".parse().unwrap(), SECRET.into()).unwrap();
        Ok(Resolved { credentials: Credentials::LongTerm(key), region: None, expires: None, role: None })
    }
}

#[async_trait]
impl CodeCommand for World {
    async fn code(&self, command: &[String]) -> Result<SecretString, Failure> {
        Ok(command.last().cloned().unwrap_or_default().into())
    }
}

#[async_trait]
impl Signin for World {
    async fn exchange(&self, exchange: &Exchange) -> Result<SecretString, Refusal> {
        let body = exchange.body.expose_secret().to_owned();
        let refused = self.refuse_duration && body.contains("SessionDuration");
        self.exchanged.lock().unwrap().push(body);
        if refused {
            return Err(Refusal::Service {
                status: 400,
                code: String::new(),
                message: String::new(),
                skew: None,
            });
        }
        Ok(r#"{"SigninToken":"canary-signin-token"}"#.to_owned().into())
    }
}

#[async_trait]
impl Browser for World {
    fn known(&self) -> Vec<BrowserName> {
        vec!["firefox".parse().unwrap()]
    }

    async fn open(&self, address: &Url, chosen: Option<&BrowserName>) -> Result<(), Failure> {
        if let Some(gone) = chosen.filter(|chosen| chosen.as_str() != "firefox") {
            return Err(Failure::browser_gone(gone.as_str()));
        }
        self.opened.lock().unwrap().push(address.clone());
        if self.browser_fails { Err(Failure::browser_not_started("it is not there")) } else { Ok(()) }
    }
}

impl Clipboard for World {
    fn copy(&self, text: &SecretString) -> Result<(), Failure> {
        *self.clipboard.lock().unwrap() = Some(text.expose_secret().to_owned());
        Ok(())
    }
    fn clear_if_ours(&self) {
        *self.clipboard.lock().unwrap() = None;
    }
    fn is_ours(&self) -> bool {
        self.clipboard.lock().unwrap().is_some()
    }
}

impl Desktop for World {
    fn notify(&self, notice: Notice) {
        self.notices.lock().unwrap().push(notice);
    }
    fn show(&self, window: WindowName, _activation: Option<&str>) -> Result<(), Failure> {
        if window == WindowName::Prompt && self.has_windows.load(Ordering::SeqCst) {
            return Ok(());
        }
        Err(Failure::no_desktop())
    }
    fn settings(&self, settings: &Settings) {
        self.settings.lock().unwrap().push(settings.clone());
    }
}

/// Ports that all lead to the same world.
pub(super) fn ports(world: &Arc<World>) -> Ports {
    Ports {
        clock: world.clone(),
        keychain: world.clone(),
        sts: world.clone(),
        signin: world.clone(),
        iam: world.clone(),
        profiles: world.clone(),
        codes: world.clone(),
        browser: world.clone(),
        clipboard: world.clone(),
        desktop: world.clone(),
    }
}
