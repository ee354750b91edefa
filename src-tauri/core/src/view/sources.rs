//! Sources and what they are made of, as a window is told of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Entered, NewKey};
use crate::failure::Failure;
use crate::secret::AccessKey;

use crate::ports::{KeyState, OwnKey};

/// A profile of the AWS CLI that can be a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct ProfileView {
    /// Its name.
    pub name: String,
    /// What it is, in a few words.
    pub what: String,
}

/// An access key of a user, as IAM lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct KeyView {
    /// Its id, which is no secret.
    pub id: String,
    /// When it was made.
    #[cfg_attr(test, ts(type = "string"))]
    pub made: Timestamp,
    /// Whether it is switched on.
    pub active: bool,
}

impl From<OwnKey> for KeyView {
    fn from(key: OwnKey) -> KeyView {
        KeyView { id: key.id.as_str().to_owned(), made: key.made, active: key.state == KeyState::Active }
    }
}

/// What a new source signs with, as it was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum EnteredKey {
    /// A long-term access key.
    AccessKey {
        /// Its id, which is no secret.
        id: String,
        /// Its secret, on its way inward.
        #[cfg_attr(test, ts(type = "string"))]
        secret: Entered,
    },
    /// A profile.
    Profile {
        /// Its name.
        name: String,
    },
}

impl TryFrom<EnteredKey> for NewKey {
    type Error = Failure;

    fn try_from(entered: EnteredKey) -> Result<NewKey, Failure> {
        Ok(match entered {
            EnteredKey::AccessKey { id, secret } => {
                NewKey::AccessKey(AccessKey::new(id.trim().parse()?, secret.0)?)
            }
            EnteredKey::Profile { name } => NewKey::Profile(name.parse()?),
        })
    }
}
