//! What a window is told when it asked for something to read.

use serde::{Deserialize, Serialize};

use super::{EntryView, FindsView, GuideView, ImportedView, KeyView, MadeView, ProfileView};
use crate::failure::Failure;
use crate::role_entry::{Checked, RoleEntry};

/// What a window is told when it asked for something to read: plain data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Answer {
    /// Who a source is.
    Identity {
        /// The twelve digits of its account.
        account: String,
        /// Its ARN.
        arn: String,
    },
    /// A role as it would be typed.
    RoleEntry {
        /// The form.
        form: Box<RoleEntry>,
    },
    /// What is to be said of a form.
    RoleChecked {
        /// What is wrong, and the plan.
        checked: Box<Checked>,
    },
    /// The last lines of the journal, the newest first.
    Journal {
        /// The lines.
        entries: Vec<EntryView>,
    },
    /// How this computer is.
    Diagnostics {
        /// In words, with account ids and names masked.
        text: String,
    },
    /// The profiles of the AWS CLI that can be a source.
    Profiles {
        /// By name.
        profiles: Vec<ProfileView>,
    },
    /// What can be brought in.
    Finds {
        /// All of it.
        view: Box<FindsView>,
    },
    /// What became of what was to be brought in.
    Imported {
        /// Each of them.
        imported: Box<ImportedView>,
    },
    /// The catalog, to keep or to give away.
    Catalog {
        /// Its text.
        text: String,
    },
    /// The keys of a source's user.
    Keys {
        /// In IAM's order.
        keys: Vec<KeyView>,
    },
    /// A source has a new key.
    Rotated {
        /// The id of the key that it had.
        old: String,
        /// The id of the key that it has now.
        new: String,
        /// Why the old one is not switched off, where it is not.
        #[cfg_attr(test, ts(optional))]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trouble: Option<Failure>,
    },
    /// An edit that can be taken back for a while.
    Undoable {
        /// What was done.
        message: String,
        /// Names it in [`WindowIntent::Undo`].
        #[cfg_attr(test, ts(type = "number"))]
        undo: u64,
    },
    /// Where the setup guide stands.
    Guide {
        /// All of it.
        view: Box<GuideView>,
    },
    /// A role is in IAM, as far as it came.
    RoleMade {
        /// What is there.
        made: MadeView,
    },
    /// A role can be assumed.
    RoleTried {
        /// Its name in the catalog.
        role: String,
    },
}
