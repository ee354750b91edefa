//! What is asked of the catalog's roles, accounts and favourites, and how that is typed into a window.

use serde::{Deserialize, Serialize};

use crate::arn::AccountId;
use crate::catalog::{AccountChange, Assumer, Change, Name, RoleChange};
use crate::failure::Failure;
use crate::role_entry::RoleEntry;

/// What a person wants of the catalog's roles and accounts.
#[derive(Clone, Debug)]
pub enum RolesIntent {
    /// Say what is wrong with a form, and the plan that it makes.
    Check {
        /// The form.
        form: Box<RoleEntry>,
        /// The form of the role that it changes, as it was before; a new role where `None`.
        before: Option<Box<RoleEntry>>,
    },
    /// Give the form of a role.
    Form {
        /// The role's name.
        role: Name,
    },
    /// Save a form.
    Save {
        /// The form.
        form: Box<RoleEntry>,
        /// The form of the role that it changes, as it was before; a new role where `None`. What is the same in both stays as
        /// it has become meanwhile.
        before: Option<Box<RoleEntry>>,
    },
    /// Change roles alike.
    Change {
        /// Their names.
        roles: Vec<Name>,
        /// What to change.
        change: Box<RoleChange>,
    },
    /// Forget roles.
    Remove {
        /// Their names.
        roles: Vec<Name>,
    },
    /// Put favourites in an order.
    OrderFavourites {
        /// Their names.
        roles: Vec<Name>,
    },
    /// Change what is said about an account.
    Account {
        /// The account.
        account: AccountId,
        /// What to change.
        change: AccountChange,
    },
    /// Take an edit back.
    Undo {
        /// Its number, from [`super::Answer::Undoable`].
        undo: u64,
    },
}

/// The same change of many roles, as it is typed: what is absent stays, and an empty text takes a setting away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/", optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct ManyRoles {
    /// Another source.
    pub source: Option<String>,
    /// Another role that assumes them.
    pub via: Option<String>,
    /// Another region.
    pub region: Option<String>,
    /// Another page.
    pub destination: Option<String>,
    /// Another session name.
    pub session_name: Option<String>,
    /// Another duration.
    pub duration: Option<String>,
    /// Another way of MFA.
    pub mfa: Option<String>,
    /// `yes`, `no`, or by the rule for production where it is empty.
    pub read_only: Option<String>,
    /// Whether mistakes with them hurt.
    pub production: Option<bool>,
    /// Whether they stand at the top of the tray.
    pub favourite: Option<bool>,
}

impl TryFrom<ManyRoles> for RoleChange {
    type Error = Failure;

    fn try_from(typed: ManyRoles) -> Result<RoleChange, Failure> {
        let assumed_by = match (trimmed(typed.source), trimmed(typed.via)) {
            (Some(_), Some(_)) => return Err(Failure::two_assumers("each role")),
            (Some(source), None) => Some(Assumer::Source(source.parse()?)),
            (None, Some(via)) => Some(Assumer::Role(via.parse()?)),
            (None, None) => None,
        };
        let read_only = match typed.read_only.as_deref() {
            None => Change::Keep,
            Some("") => Change::Clear,
            Some("yes") => Change::Set(true),
            Some("no") => Change::Set(false),
            Some(other) => return Err(Failure::malformed_setting("read-only", other, "yes or no")),
        };
        Ok(RoleChange {
            assumed_by,
            region: Change::read(trimmed(typed.region))?,
            destination: Change::read(trimmed(typed.destination))?,
            session_name: Change::read(trimmed(typed.session_name))?,
            duration: Change::read(trimmed(typed.duration))?,
            mfa: Change::read(trimmed(typed.mfa))?,
            read_only,
            production: typed.production,
            favourite: typed.favourite,
            ..RoleChange::default()
        })
    }
}

fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
}

/// Names, as a window has them.
pub(super) fn names(all: &[String]) -> Result<Vec<Name>, Failure> {
    all.iter().map(|name| name.parse()).collect()
}

/// What to say about an account, as it is typed: what is absent stays, and an empty text takes a word away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/", optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct AccountWords {
    /// The person's name for it.
    pub name: Option<String>,
    /// Its colour.
    pub colour: Option<String>,
    /// What it is for.
    pub environment: Option<String>,
    /// Whether mistakes there hurt.
    pub production: Option<bool>,
}

impl TryFrom<AccountWords> for AccountChange {
    type Error = Failure;

    fn try_from(typed: AccountWords) -> Result<AccountChange, Failure> {
        Ok(AccountChange {
            name: Change::read(trimmed(typed.name))?,
            colour: Change::read(trimmed(typed.colour))?,
            environment: Change::read(trimmed(typed.environment))?,
            production: typed.production,
        })
    }
}
