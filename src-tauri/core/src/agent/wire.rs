//! What is said over the socket. Here, and in no other type, a secret can be written out: for the one caller who asked.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::assume::Access;
use crate::catalog::{Change, SourceChange};
use crate::console::{Endpoint, Endpoints};
use crate::failure::Failure;
use crate::secret::{AccessKey, ExposeSecret, SecretString};
use crate::setup::RoleForm;
use crate::view::{
    Entered, Intent, NewKey, NewSource, OpenConsole, PromptView, SetupIntent, ShortcutView, WindowName,
};

/// The agent's first frame.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hello {
    /// The protocol's version.
    pub guise: u32,
    /// The program's version.
    pub version: String,
    /// What the agent can show.
    pub kind: Kind,
    /// What opens the switcher; an older agent does not say.
    #[serde(default)]
    pub shortcut: ShortcutView,
}

/// What an agent can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It has a tray and windows.
    Desktop,
    /// It has neither.
    Trayless,
}

/// The caller's first frame.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Call {
    /// The protocol's version of the caller.
    pub(super) guise: u32,
    /// Whether the caller's person can be asked at its own terminal.
    #[serde(default)]
    pub(super) terminal: bool,
    /// What the desktop gave the caller to bring a window to the front with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) activation: Option<String>,
    pub(super) request: Request,
}

/// What a caller says while its request is under way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Word {
    /// The answer to a question.
    Answer { prompt: u64, answer: Entered },
    /// The person said no.
    Dismiss { prompt: u64 },
}

/// What a caller may ask.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Request {
    /// Open the console in the browser.
    OpenConsole(Page),
    /// Give the sign-in address.
    SigninUrl(Page),
    /// Give credentials in a format.
    Credentials {
        /// The role's name.
        role: String,
        /// How much of it.
        #[serde(default)]
        access: Access,
        /// A name of [`crate::output::Format`].
        format: String,
    },
    /// Verify and keep a source.
    AddSource(Box<SourceAdded>),
    /// Ask AWS who a source is.
    TestSource {
        /// Its name.
        source: String,
    },
    /// Change a source. What is absent stays, what is empty is taken away.
    EditSource {
        /// Its name.
        source: String,
        /// Another region.
        region: Option<String>,
        /// Another MFA device.
        mfa_serial: Option<String>,
        /// Another command for MFA codes.
        mfa_process: Option<Vec<String>>,
    },
    /// Tell the keys of a source's user.
    SourceKeys {
        /// Its name.
        source: String,
    },
    /// Put a new key in the place of a source's.
    RotateSource {
        /// Its name.
        source: String,
    },
    /// Delete the key that a rotation left.
    DeleteOldKey {
        /// Its name.
        source: String,
    },
    /// Remove a source.
    RemoveSource {
        /// Its name.
        source: String,
    },
    /// Make a role in IAM.
    MakeRole {
        /// The role.
        form: Box<RoleForm>,
    },
    /// Take out of IAM what was made of a role.
    UnmakeRole {
        /// The role.
        form: Box<RoleForm>,
    },
    /// Keep a role in the catalog, and assume it.
    TryRole {
        /// The role.
        form: Box<RoleForm>,
    },
    /// Show a window.
    ShowWindow {
        /// Which.
        window: WindowName,
    },
    /// Finish and end, so that another agent can begin. Every version understands this.
    MakeWay,
}

/// A role's console.
#[derive(Debug, Serialize, Deserialize)]
pub struct Page {
    /// The role's name.
    pub role: String,
    /// A service, path or address.
    pub destination: Option<String>,
    /// A region.
    pub region: Option<String>,
    /// How much of the role.
    #[serde(default)]
    pub access: Access,
}

/// A source to be added.
#[derive(Debug, Serialize, Deserialize)]
pub struct SourceAdded {
    name: String,
    /// With its secret; absent where it is a profile.
    access_key_id: Option<String>,
    secret_access_key: Option<Plain>,
    profile: Option<String>,
    mfa_serial: Option<String>,
    #[serde(default)]
    mfa_process: Vec<String>,
    region: Option<String>,
    sts_endpoint: Option<String>,
    signin_endpoint: Option<String>,
    console_endpoint: Option<String>,
}

impl From<&NewSource> for SourceAdded {
    fn from(source: &NewSource) -> SourceAdded {
        let text = |endpoint: &Option<Endpoint>| endpoint.as_ref().map(ToString::to_string);
        let (id, secret, profile) = match &source.key {
            NewKey::AccessKey(key) => {
                (Some(key.id().as_str().to_owned()), Some(Plain(key.secret().clone())), None)
            }
            NewKey::Profile(profile) => (None, None, Some(profile.to_string())),
        };
        SourceAdded {
            name: source.name.to_string(),
            access_key_id: id,
            secret_access_key: secret,
            profile,
            mfa_serial: source.mfa_serial.as_ref().map(ToString::to_string),
            mfa_process: source.mfa_process.clone(),
            region: source.region.as_ref().map(ToString::to_string),
            sts_endpoint: text(&source.endpoints.sts),
            signin_endpoint: text(&source.endpoints.signin),
            console_endpoint: text(&source.endpoints.console),
        }
    }
}

impl TryFrom<SourceAdded> for NewSource {
    type Error = Failure;

    fn try_from(source: SourceAdded) -> Result<NewSource, Failure> {
        let endpoint =
            |what: &str, text: Option<String>| text.map(|text| Endpoint::parse(what, &text)).transpose();
        let key = match (source.access_key_id, source.secret_access_key, source.profile) {
            (Some(id), Some(secret), None) => NewKey::AccessKey(AccessKey::new(id.parse()?, secret.0)?),
            (None, None, Some(profile)) => NewKey::Profile(profile.parse()?),
            _ => return Err(Failure::internal("a source is neither a key nor a profile")),
        };
        Ok(NewSource {
            name: source.name.parse()?,
            key,
            mfa_serial: source.mfa_serial.map(|text| text.parse()).transpose()?,
            mfa_process: source.mfa_process,
            region: source.region.map(|text| text.parse()).transpose()?,
            endpoints: Endpoints {
                sts: endpoint("sts", source.sts_endpoint)?,
                signin: endpoint("signin", source.signin_endpoint)?,
                console: endpoint("console", source.console_endpoint)?,
            },
        })
    }
}

impl Request {
    /// The intent that it means; `None` for what the server does itself.
    pub(super) fn intent(self) -> Result<Option<Intent>, Failure> {
        Ok(Some(match self {
            Request::OpenConsole(page) => Intent::OpenConsole(page.try_into()?),
            Request::SigninUrl(page) => Intent::SigninUrl(page.try_into()?),
            Request::Credentials { role, access, .. } => Intent::Credentials { role: role.parse()?, access },
            Request::AddSource(source) => Intent::AddSource(Box::new((*source).try_into()?)),
            Request::TestSource { source } => Intent::TestSource { source: source.parse()? },
            Request::EditSource { source, region, mfa_serial, mfa_process } => Intent::EditSource {
                source: source.parse()?,
                change: SourceChange { region: Change::read(region)?, mfa_serial: Change::read(mfa_serial)? },
                mfa_process: match mfa_process {
                    None => Change::Keep,
                    Some(command) if command.is_empty() => Change::Clear,
                    Some(command) => Change::Set(command),
                },
            },
            Request::SourceKeys { source } => Intent::SourceKeys { source: source.parse()? },
            Request::RotateSource { source } => Intent::RotateSource { source: source.parse()? },
            Request::DeleteOldKey { source } => Intent::DeleteOldKey { source: source.parse()? },
            Request::RemoveSource { source } => Intent::RemoveSource { source: source.parse()? },
            Request::MakeRole { form } => Intent::Setup(SetupIntent::Make { form }),
            Request::UnmakeRole { form } => Intent::Setup(SetupIntent::Unmake { form }),
            Request::TryRole { form } => Intent::Setup(SetupIntent::Try { form }),
            Request::ShowWindow { window } => Intent::ShowWindow(window),
            Request::MakeWay => return Ok(None),
        }))
    }

    /// The role that it is about, for its progress.
    pub(super) fn role(&self) -> Option<String> {
        match self {
            Request::OpenConsole(page) | Request::SigninUrl(page) => Some(page.role.clone()),
            Request::Credentials { role, .. } => Some(role.clone()),
            Request::AddSource(_)
            | Request::TestSource { .. }
            | Request::EditSource { .. }
            | Request::SourceKeys { .. }
            | Request::RotateSource { .. }
            | Request::DeleteOldKey { .. }
            | Request::RemoveSource { .. }
            | Request::MakeRole { .. }
            | Request::UnmakeRole { .. }
            | Request::TryRole { .. }
            | Request::ShowWindow { .. }
            | Request::MakeWay => None,
        }
    }
}

impl Request {
    /// The source whose keys it is about, for which a code may be asked.
    pub(super) fn keys_of(&self) -> Option<String> {
        match self {
            Request::RotateSource { source } | Request::DeleteOldKey { source } => Some(source.clone()),
            Request::OpenConsole(_)
            | Request::SigninUrl(_)
            | Request::Credentials { .. }
            | Request::AddSource(_)
            | Request::TestSource { .. }
            | Request::EditSource { .. }
            | Request::SourceKeys { .. }
            | Request::RemoveSource { .. }
            | Request::MakeRole { .. }
            | Request::UnmakeRole { .. }
            | Request::TryRole { .. }
            | Request::ShowWindow { .. }
            | Request::MakeWay => None,
        }
    }
}

impl TryFrom<Page> for OpenConsole {
    type Error = Failure;

    fn try_from(page: Page) -> Result<OpenConsole, Failure> {
        Ok(OpenConsole {
            role: page.role.parse()?,
            destination: page.destination.map(|text| text.parse()).transpose()?,
            region: page.region.map(|text| text.parse()).transpose()?,
            access: page.access,
        })
    }
}

/// The agent's frames after its first.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reply {
    /// It is still under way.
    Progress {
        /// The keychain waits for the person.
        waiting_for_keychain: bool,
        /// What the person should know although all goes well.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Failure>,
    },
    /// The person is asked something, at the caller's terminal.
    Ask(Box<PromptView>),
    /// A question was answered elsewhere, or is no longer asked.
    TakenBack { prompt: u64 },
    /// It is done.
    Done(Said),
    /// It is not.
    Failed(Failure),
}

/// How a request ended when it ended well.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub(super) enum Said {
    /// Nothing more to say.
    Done,
    /// A secret that was asked for: credentials in a format, or a sign-in address.
    Secret { text: Plain, expires: Option<Timestamp> },
    /// Who a source is.
    Identity { account: String, arn: String },
    /// Keys of a user: id, when it was made, whether it works.
    Keys { keys: Vec<(String, Timestamp, bool)> },
    /// A source has a new key.
    Rotated { old: String, new: String, trouble: Option<Failure> },
    /// An old key is deleted.
    KeyDeleted { id: String },
    /// A role is in IAM, all of it or not.
    RoleMade { whole: bool, trouble: Option<Failure> },
    /// A role can be assumed; its name in the catalog.
    RoleTried { role: String },
    /// The source is gone.
    SourceRemoved { needed_by: Vec<String>, key_removed: bool },
}

/// A secret on its way over the socket, to the process that asked for it.
pub(super) struct Plain(pub(super) SecretString);

impl fmt::Debug for Plain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Plain(…)")
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Plain(String::deserialize(deserializer)?.into()))
    }
}
