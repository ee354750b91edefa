//! Questions to the person as they are shown, and what they enter, which travels inward only.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::AccountView;
use crate::assume::Access;
use crate::failure::Failure;
use crate::secret::{ExposeSecret, SecretString};

/// A question to the person. It says nothing of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct PromptView {
    /// Names it in answers.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: u64,
    /// The role that waits for it, or the source whose keys do.
    pub role: String,
    /// The source whose own keys it is about, where it is about no role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub keys_of: Option<String>,
    /// The role's account.
    pub account: AccountView,
    /// The source that the role begins at.
    pub source: String,
    /// What is asked.
    pub question: QuestionView,
    /// What was wrong with the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub again: Option<Failure>,
    /// The program that wants the role, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub program: Option<String>,
}

/// A step on the way to a role, for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct StepAccount {
    /// The role.
    pub role: String,
    /// Its account.
    pub account: AccountView,
}

/// What a question is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum QuestionView {
    /// Nothing that Guise is answered: the keychain is locked, and asks in a dialog of its own.
    Keychain,
    /// The six digits that a device shows.
    MfaCode {
        /// The device's own name.
        device: String,
        /// Its ARN or serial number.
        serial: String,
    },
    /// Whether production is meant.
    Production {
        /// How much of the role.
        access: Access,
        /// Whether its credentials are given out; else its console opens.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        credentials: bool,
        /// The policy that narrows it, where that is not one of AWS's own that only reads.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        narrowed_by: Option<String>,
        /// The roles on the way where mistakes hurt, each with its account; nothing narrows a step.
        #[serde(default)]
        through: Vec<StepAccount>,
        /// Whether mistakes with the role itself hurt.
        itself: bool,
        /// How long the session will last, as a person says it.
        lasts: String,
        /// The word that has to be typed; a click is enough where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, ts(optional))]
        word: Option<String>,
    },
}

/// What a person entered, on its way inward: from a window or a terminal to the agent, and never back. It is written out for
/// that way only.
#[derive(Clone)]
pub struct Entered(pub SecretString);

impl fmt::Debug for Entered {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Entered(…)")
    }
}

impl PartialEq for Entered {
    fn eq(&self, other: &Entered) -> bool {
        self.0.expose_secret() == other.0.expose_secret()
    }
}

impl Eq for Entered {}

impl Serialize for Entered {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.0.expose_secret())
    }
}

impl<'de> Deserialize<'de> for Entered {
    fn deserialize<D: Deserializer<'de>>(text: D) -> Result<Self, D::Error> {
        Ok(Entered(String::deserialize(text)?.into()))
    }
}
