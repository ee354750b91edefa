//! What goes in and what comes out: an [`Intent`] asks, an [`Outcome`] answers, a [`Snapshot`] shows.
//!
//! A snapshot and everything that a window can receive is `Serialize` and has no field that could hold a secret.
//! A window sends only [`WindowIntent`]s, none of which is answered with one.

mod answer;
mod change;
mod guide;
mod import;
mod intent;
mod journal;
mod notice;
mod outcome;
mod prompt;
mod roles;
mod shortcut;
mod snapshot;
mod sources;
mod window;

pub use answer::Answer;
pub use change::{Shown, SnapshotChange};
pub use guide::{
    CallView, CallersPartView, GuideNotes, GuideStep, GuideView, LineView, MadeView, ParameterView,
    PolicyView, SketchView, SourceNotes, WrittenPart, WrittenView,
};
pub use import::{
    FieldView, FindKind, FindState, FindView, FindsView, ImportIntent, ImportedView, LeftView, LookIn,
    PassedView,
};
pub use intent::{Identity, Intent, NewKey, NewSource, OpenConsole, Read, SetupIntent};
pub use journal::EntryView;
pub use notice::{Notice, Urgency};
pub use outcome::Outcome;
pub use prompt::{Entered, PromptView, QuestionView, StepAccount};
pub use roles::{AccountWords, ManyRoles, RolesIntent};
pub use shortcut::{SWITCHER_COMMAND, ShortcutView};
pub use snapshot::{AccountView, Activity, ConsoleView, RoleView, SessionView, Snapshot, SourceView, Status};
pub use sources::{EnteredKey, KeyView, ProfileView};
pub use window::{WindowIntent, WindowName, WindowReply};
