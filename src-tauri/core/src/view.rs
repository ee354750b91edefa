//! What goes in and what comes out: an [`Intent`] asks, an [`Outcome`] answers, a [`Snapshot`] shows.
//!
//! A snapshot and everything that a window can receive is `Serialize` and has no field that could hold a secret.
//! A window sends only [`WindowIntent`]s, none of which is answered with one.

mod outcome;
mod prompt;

pub use outcome::Outcome;
pub use prompt::{Entered, PromptView, QuestionView};

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::arn::{AccountId, PrincipalArn, Region};
use crate::assume::{Access, MfaSerial};
use crate::catalog::{Change, Name, SourceChange, Unusable};
use crate::console::{Destination, Endpoints};
use crate::failure::Failure;
use crate::output::Format;
use crate::profiles::ProfileName;
use crate::secret::AccessKey;

/// Something a person or a program wants done.
#[derive(Clone, Debug)]
pub enum Intent {
    /// Open the console as a role in the browser.
    OpenConsole(OpenConsole),
    /// Give the address that signs the browser in, for `guise console --print`.
    SigninUrl(OpenConsole),
    /// Give the temporary credentials of a role, for `guise credentials` and tools.
    Credentials {
        /// The role's name.
        role: Name,
        /// How much of it.
        access: Access,
    },
    /// Put the temporary credentials of a role on the clipboard.
    CopyCredentials {
        /// The role's name.
        role: Name,
        /// How to write them; the setting where `None`.
        format: Option<Format>,
        /// How much of the role.
        access: Access,
    },
    /// Put a fresh sign-in address of a live session on the clipboard.
    CopySigninUrl {
        /// The session's id, from [`SessionView::id`].
        session: String,
    },
    /// Forget a session and open the console's sign-out page if the console was opened with it.
    EndSession {
        /// The session's id, from [`SessionView::id`].
        session: String,
    },
    /// Verify and keep a new source.
    AddSource(Box<NewSource>),
    /// Ask AWS who a source is.
    TestSource {
        /// The source's name.
        source: Name,
    },
    /// Change a source.
    EditSource {
        /// The source's name.
        source: Name,
        /// What to change in the catalog.
        change: SourceChange,
        /// Another command for MFA codes, which is kept in the keychain.
        mfa_process: Change<Vec<String>>,
    },
    /// Tell the keys of a source's user.
    SourceKeys {
        /// The source's name.
        source: Name,
    },
    /// Put a new key in the place of a source's.
    RotateSource {
        /// The source's name.
        source: Name,
    },
    /// Delete the key that a rotation left, if it is switched off.
    DeleteOldKey {
        /// The source's name.
        source: Name,
    },
    /// Take a source out of the keychain and the catalog.
    RemoveSource {
        /// The source's name.
        source: Name,
    },
    /// Show a window in front.
    ShowWindow(WindowName),
    /// Answer a question; one that is no longer there needs no answer.
    AnswerPrompt {
        /// The question's id, from [`PromptView::id`].
        prompt: u64,
        /// What the person entered; empty where a click was asked for.
        answer: Entered,
    },
    /// Say no to a question.
    DismissPrompt {
        /// The question's id.
        prompt: u64,
    },
}

/// A role's console, asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenConsole {
    /// The role's name.
    pub role: Name,
    /// The page; the role's own where `None`.
    pub destination: Option<Destination>,
    /// The region; the role's own where `None`.
    pub region: Option<Region>,
    /// How much of the role.
    pub access: Access,
}

/// What a new source signs with.
#[derive(Clone, Debug)]
pub enum NewKey {
    /// A long-term key, for the keychain.
    AccessKey(AccessKey),
    /// A profile of the AWS CLI.
    Profile(ProfileName),
}

/// A source that a person adds: its key and, for simulators and private partitions, where it is used.
#[derive(Clone, Debug)]
pub struct NewSource {
    /// The name in the catalog.
    pub name: Name,
    /// What it signs with.
    pub key: NewKey,
    /// The MFA device of its user.
    pub mfa_serial: Option<MfaSerial>,
    /// The program, and its arguments, that gives an MFA code in the person's place.
    pub mfa_process: Vec<String>,
    /// The region for its roles where they have none.
    pub region: Option<Region>,
    /// Base addresses in place of AWS's own.
    pub endpoints: Endpoints,
}

/// Who holds a key, as `sts:GetCallerIdentity` tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub account: AccountId,
    /// The user or role.
    pub arn: PrincipalArn,
}

/// A window that the desktop can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WindowName {
    /// Sources, roles and live sessions.
    Manager,
    /// What the person is asked on the way to a role.
    Prompt,
}

impl WindowName {
    /// The name on the command line and in capabilities.
    pub const fn as_str(self) -> &'static str {
        match self {
            WindowName::Manager => "manager",
            WindowName::Prompt => "prompt",
        }
    }
}

/// What a window may ask: the part of [`Intent`] whose answer can hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "intent", rename_all = "kebab-case", deny_unknown_fields)]
pub enum WindowIntent {
    /// Open the console as a role in the browser.
    OpenConsole {
        /// The role's name.
        role: String,
        /// A service, a path or a console address; the role's own page where absent.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        destination: Option<String>,
        /// How much of the role; what it says itself where absent.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<Access>"))]
        access: Access,
    },
    /// Put a role's temporary credentials on the clipboard.
    CopyCredentials {
        /// The role's name.
        role: String,
        /// How much of the role.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<Access>"))]
        access: Access,
    },
    /// Answer a question.
    AnswerPrompt {
        /// The question's id.
        #[cfg_attr(test, ts(type = "number"))]
        prompt: u64,
        /// What was entered; empty where a click is enough.
        #[cfg_attr(test, ts(type = "string"))]
        answer: Entered,
    },
    /// Say no to a question.
    DismissPrompt {
        /// The question's id.
        #[cfg_attr(test, ts(type = "number"))]
        prompt: u64,
    },
    /// Put a fresh sign-in address of a live session on the clipboard.
    CopySigninUrl {
        /// The session's id.
        session: String,
    },
    /// End a session.
    EndSession {
        /// The session's id.
        session: String,
    },
}

impl TryFrom<WindowIntent> for Intent {
    type Error = Failure;

    fn try_from(asked: WindowIntent) -> Result<Intent, Failure> {
        Ok(match asked {
            WindowIntent::OpenConsole { role, destination, access } => Intent::OpenConsole(OpenConsole {
                access,
                role: role.parse()?,
                destination: destination.map(|page| page.parse()).transpose()?,
                region: None,
            }),
            WindowIntent::CopyCredentials { role, access } => {
                Intent::CopyCredentials { role: role.parse()?, format: None, access }
            }
            WindowIntent::AnswerPrompt { prompt, answer } => Intent::AnswerPrompt { prompt, answer },
            WindowIntent::DismissPrompt { prompt } => Intent::DismissPrompt { prompt },
            WindowIntent::CopySigninUrl { session } => Intent::CopySigninUrl { session },
            WindowIntent::EndSession { session } => Intent::EndSession { session },
        })
    }
}

/// How a window's intent ended, in words that it may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum WindowReply {
    /// Done.
    Done {
        /// What to tell the person; empty where the screen shows it already.
        message: String,
    },
    /// Not done.
    Failed {
        /// Why not, and what to do.
        failure: Failure,
    },
}

/// Everything that can be shown, at one moment. A value: two that are equal look alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct Snapshot {
    /// The version of the agent.
    pub version: String,
    /// The Guise home, where one was set: a demonstration or a test, not the person's own.
    pub home: Option<String>,
    /// The state that the icon shows.
    pub status: Status,
    /// Every source, by name.
    pub sources: Vec<SourceView>,
    /// Every role, by name.
    // Shared from one snapshot to the next: there can be thousands, and something happens to few.
    #[serde(with = "shared")]
    #[cfg_attr(test, ts(as = "Vec<RoleView>"))]
    pub roles: Vec<Arc<RoleView>>,
    /// Names of the roles last opened, latest first.
    pub recents: Vec<String>,
    /// Live sessions, latest first.
    pub sessions: Vec<SessionView>,
    /// What the person is asked, the oldest question first.
    pub prompts: Vec<PromptView>,
    /// Whether the keychain is locked and its prompt waits for the person, on behalf of a source.
    pub waiting_for_keychain: bool,
    /// Sources and roles that stand in the catalog and cannot be used.
    pub unusable: Vec<Unusable>,
    /// What is wrong as a whole, such as a catalog that does not parse.
    pub trouble: Vec<Failure>,
}

/// What the tray's icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nothing is live.
    Idle,
    /// Something is under way.
    Working,
    /// At least one session is live.
    Live,
    /// A session of a production account is live.
    Production,
    /// The last thing asked for failed, or something is wrong as a whole.
    Trouble,
}

/// An account as shown: its name, where the person gave one, and how dangerous it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct AccountView {
    /// The person's name for it, else the twelve digits in groups.
    pub name: String,
    /// The twelve digits.
    pub id: String,
    /// Whether the person marked it as production.
    pub production: bool,
}

/// A source as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct SourceView {
    /// The name in the catalog.
    pub name: String,
    /// Who it is.
    pub arn: String,
    /// Its account.
    pub account: AccountView,
    /// The region for its roles where they have none.
    pub region: Option<String>,
    /// The id of its access key, not a secret; `None` where it is a profile.
    pub access_key_id: Option<String>,
    /// The profile of the AWS CLI, where it is one.
    pub profile: Option<String>,
    /// The MFA device of its user.
    pub mfa_serial: Option<String>,
}

/// A role as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own on the screen, and all go together"
)]
pub struct RoleView {
    /// The name in the catalog.
    pub name: String,
    /// The role's ARN.
    pub arn: String,
    /// Its account.
    pub account: AccountView,
    /// The source that assumes it.
    pub source: String,
    /// The region of its console.
    pub region: String,
    /// The page that opens; empty for the console's home.
    pub destination: String,
    /// The role that assumes it, where it is a step of a chain.
    pub via: Option<String>,
    /// Whether it stands at the top of the tray.
    pub favourite: bool,
    /// Whether mistakes with it hurt: its account is production, or it is itself.
    pub production: bool,
    /// Whether it is narrowed to reading where nothing else is asked for.
    pub read_only: bool,
    /// Whether something may be asked on the way: a code, or whether production is meant.
    pub asks: bool,
    /// What is happening with it.
    pub activity: Activity,
    /// Why its last session is shorter than it says, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub shortened: Option<Failure>,
}

/// Roles as if nothing were shared.
mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::RoleView;

    pub(super) fn serialize<S: Serializer>(roles: &[Arc<RoleView>], out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq(roles.iter().map(AsRef::as_ref))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(text: D) -> Result<Vec<Arc<RoleView>>, D::Error> {
        Vec::<RoleView>::deserialize(text).map(|roles| roles.into_iter().map(Arc::new).collect())
    }
}

/// What is happening with a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Activity {
    /// Nothing.
    Idle,
    /// The keychain is locked, and its prompt waits for the person.
    WaitingForKeychain,
    /// A question is before the person.
    Asking {
        /// Its id among [`Snapshot::prompts`].
        #[cfg_attr(test, ts(type = "number"))]
        prompt: u64,
    },
    /// AWS is being asked.
    SigningIn,
    /// The last attempt failed.
    Failed {
        /// Why, and what to do.
        failure: Failure,
    },
}

/// A live session as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct SessionView {
    /// Names the session in intents. Not a secret and not the cache key.
    pub id: String,
    /// The role's name in the catalog when it was assumed.
    pub role: String,
    /// Its account.
    pub account: AccountView,
    /// The session's name, as CloudTrail shows it.
    pub session_name: String,
    /// Whether it is production.
    pub production: bool,
    /// Whether it is narrowed to reading; never [`Access::Usual`].
    pub access: Access,
    /// When it was assumed.
    #[cfg_attr(test, ts(type = "string"))]
    pub since: Timestamp,
    /// When its credentials end.
    #[cfg_attr(test, ts(type = "string"))]
    pub expires: Timestamp,
    /// Until when the console that was opened with it stays signed in; `None` where none was opened.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub console_until: Option<Timestamp>,
}

/// Something to tell the person where they are not looking at a window of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The short line.
    pub title: String,
    /// The rest; may be empty.
    pub body: String,
    /// How much it matters.
    pub urgency: Urgency,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It goes away by itself.
    Passing,
    /// Something did not work.
    Failed,
}
