//! What a window may ask and what it is told: the part of an [`Intent`] and its end that can hold no secret.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::roles::{AccountWords, names};
use super::{
    Answer, Entered, EnteredKey, GuideNotes, ImportIntent, Intent, LookIn, ManyRoles, NewSource, OpenConsole,
    Read, RolesIntent, SetupIntent, WrittenPart,
};
use crate::assume::Access;
use crate::catalog::{Change, RoleChange, SourceChange};
use crate::console::Endpoints;
use crate::failure::Failure;
use crate::import::KeysGo;
use crate::role_entry::RoleEntry;
use crate::setup::RoleForm;

/// A window that the desktop can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(rename_all = "kebab-case")]
pub enum WindowName {
    /// Sources, roles and live sessions.
    Manager,
    /// One field to find a role with, and its keys.
    Switcher,
    /// What the person is asked on the way to a role.
    Prompt,
    /// The way from an IAM user to a role that works.
    Guide,
}

impl WindowName {
    /// Every window that there is.
    pub const ALL: [WindowName; 4] =
        [WindowName::Manager, WindowName::Switcher, WindowName::Prompt, WindowName::Guide];

    /// The name on the command line and in capabilities.
    pub const fn as_str(self) -> &'static str {
        match self {
            WindowName::Manager => "manager",
            WindowName::Switcher => "switcher",
            WindowName::Prompt => "prompt",
            WindowName::Guide => "guide",
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
        /// How to write them, by the name of a format; as the settings say where absent.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        format: Option<String>,
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
    /// Open the page again that a session's console was last opened at.
    OpenPage {
        /// The session's id.
        session: String,
    },
    /// End a session.
    EndSession {
        /// The session's id.
        session: String,
    },
    /// Put a role among the favourites, or take it out.
    SetFavourite {
        /// The role's name.
        role: String,
        /// Whether it is one.
        favourite: bool,
    },
    /// End every session.
    EndAllSessions,
    /// Assume a role anew, though its session is live.
    RenewSession {
        /// The role's name.
        role: String,
        /// How much of the role.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<Access>"))]
        access: Access,
    },
    /// Change a setting.
    Set {
        /// Its name.
        setting: String,
        /// Its value as it is typed; empty for the usual one.
        value: String,
    },
    /// Tell the last lines of the journal, the newest first.
    ReadJournal {
        /// How many at most.
        last: u32,
    },
    /// Tell how this computer is, with account ids and names masked.
    ReadDiagnostics,
    /// Tell the profiles of the AWS CLI that can be a source.
    ReadProfiles,
    /// Tell what can be brought in, and what it would change.
    LookForImport {
        /// A text to look in, on its way inward; where other tools keep theirs on this computer where absent.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, type = "string"))]
        text: Option<Entered>,
        /// Whether to look where it was last looked.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        again: bool,
        /// What the text is called; empty for one that was pasted.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<String>"))]
        called: String,
        /// What assumes roles that do not say; empty for nothing.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<String>"))]
        source: String,
        /// Whether keys go into the keychain.
        move_keys: bool,
    },
    /// The same in a file that the person chooses. The page is given neither its path nor its text.
    LookInFile {
        /// Whether keys go into the keychain.
        move_keys: bool,
    },
    /// Bring in what was chosen of what was last told.
    Import {
        /// Which telling it was.
        #[cfg_attr(test, ts(type = "number"))]
        number: u64,
        /// What was chosen.
        chosen: Vec<String>,
        /// Whether what is here and differs is changed.
        replace: bool,
    },
    /// Give the catalog as a text.
    ExportCatalog,
    /// Write the catalog into a file that the person chooses.
    SaveCatalog,
    /// Tell the keys of a source's user.
    SourceKeys {
        /// The source's name.
        source: String,
    },
    /// Change a source; what is empty is taken away.
    EditSource {
        /// The source's name.
        source: String,
        /// The MFA device of its user.
        mfa_serial: String,
        /// The region for its roles where they have none.
        region: String,
    },
    /// Put a new key in the place of a source's.
    RotateSource {
        /// The source's name.
        source: String,
    },
    /// Delete the key that a rotation left, if it is switched off.
    DeleteOldKey {
        /// The source's name.
        source: String,
    },
    /// Take a source out of the keychain and the catalog.
    RemoveSource {
        /// The source's name.
        source: String,
    },
    /// Stop something that was asked for and is under way, if it can be stopped without harm.
    Cancel {
        /// What it was called when it was asked for.
        #[cfg_attr(test, ts(type = "number"))]
        ask: u64,
    },
    /// Verify and keep a new source: an access key, or a profile of the AWS CLI. Where AWS is asked is not a window's to say.
    AddSource {
        /// Its name.
        name: String,
        /// What it signs with.
        key: EnteredKey,
        /// The MFA device of its user; empty for none.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<String>"))]
        mfa_serial: String,
        /// The region for its roles where they have none; empty for none.
        #[serde(default)]
        #[cfg_attr(test, ts(optional, as = "Option<String>"))]
        region: String,
    },
    /// Ask AWS who a source is.
    TestSource {
        /// The source's name.
        source: String,
    },
    /// Say what is wrong with a role that is being written, and which calls it would make.
    CheckRole {
        /// The role as it is typed.
        form: Box<RoleEntry>,
        /// The role that it changes, as it was before; a new one where absent.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        before: Option<Box<RoleEntry>>,
    },
    /// Give a role as it would be typed.
    RoleEntry {
        /// The role's name.
        role: String,
    },
    /// Save a role that was written.
    SaveRole {
        /// The role as it is typed.
        form: Box<RoleEntry>,
        /// The role that it changes, as it was before; a new one where absent. What is the same in both stays as it has become
        /// meanwhile.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        before: Option<Box<RoleEntry>>,
    },
    /// Change roles alike: all of them or none.
    EditRoles {
        /// Their names.
        roles: Vec<String>,
        /// What to change.
        change: Box<ManyRoles>,
    },
    /// Forget roles: all of them or none.
    RemoveRoles {
        /// Their names.
        roles: Vec<String>,
    },
    /// Put favourites in this order.
    OrderFavourites {
        /// Their names.
        roles: Vec<String>,
    },
    /// Say something else about an account: what is absent stays, what is empty is taken away.
    EditAccount {
        /// The twelve digits.
        account: String,
        /// What to say.
        change: AccountWords,
    },
    /// Take an edit back.
    Undo {
        /// Its number.
        #[cfg_attr(test, ts(type = "number"))]
        undo: u64,
    },
    /// Tell where the setup guide stands.
    Guide {
        /// What was typed since; what there was stays where absent.
        #[serde(default)]
        #[cfg_attr(test, ts(optional = nullable))]
        notes: Option<Box<GuideNotes>>,
    },
    /// Make a role in IAM, or what is missing of it.
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
    /// Put something that is written about a role on the clipboard.
    CopyWritten {
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
    /// Nothing more is wanted of this window. It goes by itself.
    Leave,
    /// Whether what was typed would be lost with this window: then it asks before it closes.
    Unsaved {
        /// Whether it would.
        unsaved: bool,
    },
    /// Show another window.
    ShowWindow {
        /// Which.
        window: WindowName,
    },
}

/// What a window does without the agent.
fn by_itself() -> Result<Intent, Failure> {
    Err(Failure::internal("a window leaves by itself"))
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
            WindowIntent::CopyCredentials { role, format, access } => Intent::CopyCredentials {
                role: role.parse()?,
                format: format.map(|format| format.parse()).transpose()?,
                access,
            },
            WindowIntent::AnswerPrompt { prompt, answer } => Intent::AnswerPrompt { prompt, answer },
            WindowIntent::DismissPrompt { prompt } => Intent::DismissPrompt { prompt },
            WindowIntent::CopySigninUrl { session } => Intent::CopySigninUrl { session },
            WindowIntent::OpenPage { session } => Intent::OpenPage { session },
            WindowIntent::EndSession { session } => Intent::EndSession { session },
            WindowIntent::SetFavourite { role, favourite } => Intent::EditRole {
                role: role.parse()?,
                change: Box::new(RoleChange { favourite: Some(favourite), ..RoleChange::default() }),
            },
            WindowIntent::EndAllSessions => Intent::EndAllSessions,
            WindowIntent::RenewSession { role, access } => {
                Intent::RenewSession { role: role.parse()?, access }
            }
            WindowIntent::Set { setting, value } => Intent::Set { setting: setting.parse()?, value },
            WindowIntent::ReadJournal { last } => Intent::Read(Read::Journal { last }),
            WindowIntent::ReadDiagnostics => Intent::Read(Read::Diagnostics),
            WindowIntent::ReadProfiles => Intent::Read(Read::Profiles),
            WindowIntent::LookForImport { text, again, called, source, move_keys } => {
                let place = LookIn::entered(text, again, called);
                let keys = if move_keys { KeysGo::IntoTheKeychain } else { KeysGo::Nowhere };
                Intent::Import(ImportIntent::Look { place, source: parsed(&source)?, keys })
            }
            WindowIntent::Import { number, chosen, replace } => {
                Intent::Import(ImportIntent::Apply { number, chosen, replace })
            }
            WindowIntent::ExportCatalog => Intent::Import(ImportIntent::Export),
            WindowIntent::SourceKeys { source } => Intent::SourceKeys { source: source.parse()? },
            WindowIntent::EditSource { source, mfa_serial, region } => Intent::EditSource {
                source: source.parse()?,
                change: SourceChange {
                    region: Change::read(Some(region.trim().to_owned()))?,
                    mfa_serial: Change::read(Some(mfa_serial.trim().to_owned()))?,
                },
                mfa_process: Change::Keep,
            },
            WindowIntent::RotateSource { source } => Intent::RotateSource { source: source.parse()? },
            WindowIntent::DeleteOldKey { source } => Intent::DeleteOldKey { source: source.parse()? },
            WindowIntent::RemoveSource { source } => Intent::RemoveSource { source: source.parse()? },
            WindowIntent::Cancel { .. } | WindowIntent::LookInFile { .. } | WindowIntent::SaveCatalog => {
                return Err(Failure::internal("a window's own matter was asked of all"));
            }
            WindowIntent::AddSource { name, key, mfa_serial, region } => {
                Intent::AddSource(Box::new(NewSource {
                    name: name.parse()?,
                    key: key.try_into()?,
                    mfa_serial: parsed(&mfa_serial)?,
                    mfa_process: Vec::new(),
                    region: parsed(&region)?,
                    endpoints: Endpoints::default(),
                }))
            }
            WindowIntent::TestSource { source } => Intent::TestSource { source: source.parse()? },
            WindowIntent::CheckRole { form, before } => Intent::Roles(RolesIntent::Check { form, before }),
            WindowIntent::RoleEntry { role } => Intent::Roles(RolesIntent::Form { role: role.parse()? }),
            WindowIntent::SaveRole { form, before } => Intent::Roles(RolesIntent::Save { form, before }),
            WindowIntent::EditRoles { roles, change } => Intent::Roles(RolesIntent::Change {
                roles: names(&roles)?,
                change: Box::new((*change).try_into()?),
            }),
            WindowIntent::RemoveRoles { roles } => {
                Intent::Roles(RolesIntent::Remove { roles: names(&roles)? })
            }
            WindowIntent::OrderFavourites { roles } => {
                Intent::Roles(RolesIntent::OrderFavourites { roles: names(&roles)? })
            }
            WindowIntent::EditAccount { account, change } => {
                Intent::Roles(RolesIntent::Account { account: account.parse()?, change: change.try_into()? })
            }
            WindowIntent::Undo { undo } => Intent::Roles(RolesIntent::Undo { undo }),
            WindowIntent::Guide { notes } => Intent::Setup(SetupIntent::Guide { notes }),
            WindowIntent::MakeRole { form } => Intent::Setup(SetupIntent::Make { form }),
            WindowIntent::UnmakeRole { form } => Intent::Setup(SetupIntent::Unmake { form }),
            WindowIntent::TryRole { form } => Intent::Setup(SetupIntent::Try { form }),
            WindowIntent::CopyWritten { form, part } => Intent::Setup(SetupIntent::Copy { form, part }),
            WindowIntent::OpenIamPage { form } => Intent::Setup(SetupIntent::OpenIamPage { form }),
            WindowIntent::ShowWindow { window } => Intent::ShowWindow(window),
            WindowIntent::Leave | WindowIntent::Unsaved { .. } => return by_itself(),
        })
    }
}

/// What stands in a field that may be empty.
fn parsed<T: FromStr<Err = Failure>>(text: &str) -> Result<Option<T>, Failure> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.parse()).transpose()
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
    /// Done, and this is what was asked for.
    Told {
        /// What was asked for.
        answer: Answer,
    },
    /// Not done.
    Failed {
        /// Why not, and what to do.
        failure: Failure,
    },
}
