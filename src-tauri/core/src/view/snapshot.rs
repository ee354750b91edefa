//! Everything that can be shown, at one moment.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{PromptView, ShortcutView};
use crate::arn::AccountId;
use crate::assume::Access;
use crate::catalog::{Catalog, Colour, SettingView, Unusable};
use crate::failure::Failure;

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
    /// Names of the favourites, in the person's order.
    #[serde(default)]
    pub favourites: Vec<String>,
    /// Names of the roles last opened, latest first.
    pub recents: Vec<String>,
    /// Names of the roles that were used, what is used most and latest first.
    #[serde(default)]
    pub most_used: Vec<String>,
    /// Pages of the console that were asked for by themselves, the latest first.
    #[serde(default)]
    pub recent_pages: Vec<String>,
    /// Live sessions, latest first.
    pub sessions: Vec<SessionView>,
    /// What the person is asked, the oldest question first.
    pub prompts: Vec<PromptView>,
    /// Whether the keychain is locked and its prompt waits for the person, on behalf of a source.
    pub waiting_for_keychain: bool,
    /// Sources and roles that stand in the catalog and cannot be used.
    pub unusable: Vec<Unusable>,
    /// What opens the switcher from wherever the person is.
    #[serde(default)]
    pub shortcut: ShortcutView,
    /// What is wrong as a whole, such as a catalog that does not parse.
    pub trouble: Vec<Failure>,
    /// How Guise behaves, and what can be chosen.
    #[serde(default)]
    pub settings: Vec<SettingView>,
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
    /// Its colour, where the person gave it one; else it follows from the digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub colour: Option<Colour>,
    /// What it is for, in the person's own word; `production` is said by its own mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub environment: Option<String>,
}

impl AccountView {
    /// An account as the catalog knows it; `production` is a mark of its own, so it is not shown as an environment too.
    pub(crate) fn of(catalog: &Catalog, id: &AccountId) -> Self {
        let known = catalog.accounts.get(id);
        AccountView {
            name: known.and_then(|account| account.name.clone()).unwrap_or_else(|| id.grouped()),
            id: id.to_string(),
            production: known.is_some_and(|account| account.production),
            colour: known.and_then(|account| account.colour),
            environment: known
                .and_then(|account| account.environment.as_ref())
                .filter(|environment| !environment.is_production())
                .map(ToString::to_string),
        }
    }
}

impl Snapshot {
    /// What a setting is now, as it is typed.
    pub fn setting(&self, setting: crate::catalog::Setting) -> Option<&str> {
        let named = self.settings.iter().find(|view| view.name == setting.name());
        named.map(|view| view.value.as_str())
    }
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
    /// The roles on the way where mistakes hurt, which nothing narrows; the role itself is not among them.
    #[serde(default)]
    pub through_production: Vec<String>,
    /// What policies can tell its sessions apart by, as `KEY=VALUE`.
    #[serde(default)]
    pub tags: Vec<String>,
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
pub(super) mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::RoleView;

    pub(in crate::view) fn serialize<S: Serializer>(
        roles: &[Arc<RoleView>],
        out: S,
    ) -> Result<S::Ok, S::Error> {
        out.collect_seq(roles.iter().map(AsRef::as_ref))
    }

    pub(in crate::view) fn deserialize<'de, D: Deserializer<'de>>(
        text: D,
    ) -> Result<Vec<Arc<RoleView>>, D::Error> {
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
    /// The console that was opened with it, while that stays signed in.
    pub console: Option<ConsoleView>,
}

/// A console that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, export_to = "../../../ui/src/generated/"))]
pub struct ConsoleView {
    /// The page that it was opened at, as it was asked for; empty for the console's own first page.
    pub page: String,
    /// The region that it was opened in.
    pub region: String,
    /// When it was opened last.
    #[cfg_attr(test, ts(type = "string"))]
    pub opened: Timestamp,
    /// Until when it stays signed in.
    #[cfg_attr(test, ts(type = "string"))]
    pub until: Timestamp,
}
