//! What a person or a program wants done, and what it takes.

use crate::arn::{AccountId, PrincipalArn, Region};
use crate::assume::{Access, MfaSerial};
use crate::catalog::{Change, Name, RoleChange, Setting, SourceChange};
use crate::console::{Destination, Endpoints};
use crate::output::Format;
use crate::profiles::ProfileName;
use crate::secret::AccessKey;
use crate::setup::RoleForm;

use super::{Entered, GuideNotes, ImportIntent, RolesIntent, WindowName, WrittenPart};

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
    /// Assume a role, so that it is seen whether that works; the session stays here.
    Assume {
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
    /// Open the page again that a session's console was last opened at.
    OpenPage {
        /// The session's id, from [`SessionView::id`].
        session: String,
    },
    /// Forget a session and open the console's sign-out page if the console was opened with it.
    EndSession {
        /// The session's id, from [`SessionView::id`].
        session: String,
    },
    /// Forget every session, and open the console's sign-out page if the console was opened with any.
    EndAllSessions,
    /// Assume a role anew, though its session is live.
    RenewSession {
        /// The role's name.
        role: Name,
        /// How much of the role.
        access: Access,
    },
    /// Change a setting.
    Set {
        /// Which.
        setting: Setting,
        /// Its value as it is typed; empty for the usual one.
        value: String,
    },
    /// Tell something that is read, not done.
    Read(Read),
    /// Tell what can be brought in, or bring it in.
    Import(ImportIntent),
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
    /// Change a role of the catalog.
    EditRole {
        /// The role's name.
        role: Name,
        /// What to change.
        change: Box<RoleChange>,
    },
    /// Change the catalog's roles and accounts, or say what would come of it.
    Roles(RolesIntent),
    /// Something on the way to a role that is to be.
    Setup(SetupIntent),
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

/// What the setup guide wants done.
#[derive(Clone, Debug)]
pub enum SetupIntent {
    /// Tell where it stands.
    Guide {
        /// What was typed since; what there was stays where `None`.
        notes: Option<Box<GuideNotes>>,
    },
    /// Make the role in IAM, or what is missing of it.
    Make {
        /// The role.
        form: Box<RoleForm>,
    },
    /// Take out of IAM what this agent made of the role.
    Unmake {
        /// The role.
        form: Box<RoleForm>,
    },
    /// Keep the role in the catalog, and assume it.
    Try {
        /// The role.
        form: Box<RoleForm>,
    },
    /// Put something that is written about the role on the clipboard. None of it is a secret.
    Copy {
        /// The role.
        form: Box<RoleForm>,
        /// What.
        part: WrittenPart,
    },
    /// Open IAM's own page for a new role in the browser.
    OpenIamPage {
        /// The role.
        form: Box<RoleForm>,
    },
}

/// Something to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// The last lines of the journal, the newest first.
    Journal {
        /// How many at most.
        last: u32,
    },
    /// What `guise doctor --mask` says.
    Diagnostics,
    /// The profiles of the AWS CLI that can be a source.
    Profiles,
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
