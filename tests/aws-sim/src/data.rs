//! What the simulator knows: accounts, users, keys, devices and roles, read from one TOML file.

use std::collections::HashSet;
use std::fmt;

use jiff::Timestamp;
use serde::Deserialize;

use crate::encoding::{base32_decode, stable_id};
use crate::policy::{Policy, PolicyError};

/// The committed data file: two small companies' worth of accounts to try Guise on.
pub const TUTORIAL: &str = include_str!("../tutorial.toml");

/// Everything the simulator is told before it starts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The region a console page is in when its address names none.
    #[serde(default = "default_region")]
    pub region: String,
    /// The access token of Identity Center that the access portal takes.
    #[serde(default)]
    pub portal_token: Option<Secret>,
    /// The identity provider whose token opens the roles that trust it.
    #[serde(default)]
    pub web_identity: Option<WebIdentity>,
    /// The ARN of the role that the metadata service hands out credentials of.
    #[serde(default)]
    pub instance_role: Option<String>,
    /// Whether the browser's console holds up to five identities at once instead of one.
    #[serde(default)]
    pub multi_session: bool,
    /// The accounts, `[[account]]` in the file.
    #[serde(default, rename = "account")]
    pub accounts: Vec<Account>,
    /// The IAM users, `[[user]]` in the file.
    #[serde(default, rename = "user")]
    pub users: Vec<User>,
    /// The roles, `[[role]]` in the file.
    #[serde(default, rename = "role")]
    pub roles: Vec<Role>,
}

/// An identity provider, with the one token that it gave out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebIdentity {
    /// The provider's ARN, which trust policies name.
    pub provider: String,
    /// The token.
    pub token: Secret,
}

/// One AWS account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Twelve digits.
    pub id: String,
    /// The name users and roles refer to it by, shown on the console page.
    pub name: String,
    /// `aws` unless the account is in China, `GovCloud` or the like.
    #[serde(default = "default_partition")]
    pub partition: String,
}

/// One IAM user.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The user's name, without its path.
    pub name: String,
    /// The name of the account it belongs to.
    pub account: String,
    /// The path in its ARN.
    #[serde(default = "default_path")]
    pub path: String,
    /// Its long-term access keys.
    #[serde(default)]
    pub keys: Vec<AccessKey>,
    /// What its identity policy allows; nothing when absent.
    pub policy: Option<Policy>,
    /// Its virtual MFA device.
    pub mfa: Option<MfaDevice>,
}

/// One long-term access key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// The key's id, `AKIA…`.
    pub id: String,
    /// The secret that signs with it.
    pub secret: Secret,
    /// Whether it may be used.
    #[serde(default = "default_true")]
    pub active: bool,
    /// When it was made.
    #[serde(default = "default_created")]
    pub created: Timestamp,
}

/// One virtual MFA device.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MfaDevice {
    /// The last part of its serial number `arn:aws:iam::<account>:mfa/<name>`.
    pub name: String,
    /// The seed in base32, as an authenticator app would be given it.
    pub seed: Secret,
}

/// One role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The role's name, without its path.
    pub name: String,
    /// The name of the account it belongs to.
    pub account: String,
    /// The path in its ARN.
    #[serde(default = "default_path")]
    pub path: String,
    /// The longest session it gives, 3600 to 43200.
    #[serde(default = "default_max_session")]
    pub max_session_seconds: i64,
    /// Who may assume it.
    pub trust: Policy,
    /// What a session of it is allowed to assume in turn; nothing when absent.
    pub policy: Option<Policy>,
    /// The ARNs of the managed policies that it was given.
    #[serde(default)]
    pub attached: Vec<String>,
}

/// A simulated secret. It is worth nothing, and is kept out of logs all the same, so that a test that looks for leaks finds none here.
#[derive(Clone, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret in clear, for a test that signs with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Why the data cannot be used.
#[derive(Debug)]
pub enum DataError {
    /// The file is not TOML of the right shape; the text says where.
    Syntax(String),
    /// An account's id is not twelve digits.
    AccountId(String),
    /// A user or role belongs to an account the file does not define.
    UnknownAccount {
        /// The user or role.
        owner: String,
        /// The account it names.
        account: String,
    },
    /// Two things have the same name.
    Duplicate(String),
    /// A name, path or key id has characters AWS would not take.
    Name(String),
    /// A role's longest session is outside 3600 to 43200 seconds.
    MaxSession(String),
    /// An MFA seed is not base32.
    MfaSeed(String),
    /// A policy cannot be read.
    Policy(PolicyError),
    /// No role has this ARN.
    UnknownRole(String),
    /// No user has this name.
    UnknownUser(String),
}

impl fmt::Display for DataError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(text) => write!(formatter, "the data file cannot be read: {text}"),
            Self::AccountId(id) => write!(formatter, "the account id `{id}` is not twelve digits"),
            Self::UnknownAccount { owner, account } => {
                write!(formatter, "`{owner}` is in the account `{account}`, which the file does not define")
            }
            Self::Duplicate(what) => write!(formatter, "{what} is defined twice"),
            Self::Name(what) => write!(formatter, "{what} has characters or a length AWS does not take"),
            Self::MaxSession(role) => {
                write!(formatter, "`max_session_seconds` of the role `{role}` is not between 3600 and 43200")
            }
            Self::MfaSeed(user) => write!(formatter, "the MFA seed of `{user}` is not base32"),
            Self::Policy(error) => write!(formatter, "the policy cannot be read: {error}"),
            Self::UnknownRole(arn) => write!(formatter, "there is no role `{arn}`"),
            Self::UnknownUser(name) => write!(formatter, "there is no user `{name}` with an MFA device"),
        }
    }
}

impl std::error::Error for DataError {}

impl From<PolicyError> for DataError {
    fn from(error: PolicyError) -> Self {
        Self::Policy(error)
    }
}

impl Data {
    /// Reads and checks a data file.
    pub fn from_toml(text: &str) -> Result<Self, DataError> {
        let data: Self =
            toml_edit::de::from_str(text).map_err(|error| DataError::Syntax(error.to_string()))?;
        data.check()?;
        Ok(data)
    }

    /// The committed tutorial accounts.
    ///
    /// # Panics
    ///
    /// Never: a test reads the file.
    pub fn tutorial() -> Self {
        Self::from_toml(TUTORIAL).expect("the tutorial file is correct")
    }

    /// Everything that TOML's own types cannot say.
    fn check(&self) -> Result<(), DataError> {
        let mut seen = HashSet::new();
        let mut unique =
            |what: String| if seen.insert(what.clone()) { Ok(()) } else { Err(DataError::Duplicate(what)) };
        for account in &self.accounts {
            if account.id.len() != 12 || !account.id.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(DataError::AccountId(account.id.clone()));
            }
            unique(format!("the account id `{}`", account.id))?;
            unique(format!("the account `{}`", account.name))?;
        }
        for user in &self.users {
            self.check_owner(&user.name, &user.account, &user.path)?;
            unique(format!("the user `{}` of `{}`", user.name, user.account))?;
            for key in &user.keys {
                let upright = key.id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
                if !upright || !(16..=128).contains(&key.id.len()) || key.secret.reveal().is_empty() {
                    return Err(DataError::Name(format!("the access key `{}`", key.id)));
                }
                unique(format!("the access key `{}`", key.id))?;
            }
            if let Some(device) = &user.mfa {
                if base32_decode(device.seed.reveal()).is_none_or(|seed| seed.is_empty()) {
                    return Err(DataError::MfaSeed(user.name.clone()));
                }
                unique(format!("the MFA device `{}` of `{}`", device.name, user.account))?;
            }
        }
        for role in &self.roles {
            self.check_owner(&role.name, &role.account, &role.path)?;
            // IAM keeps names apart whatever their path and letter case.
            unique(format!("the role `{}` of `{}`", role.name.to_lowercase(), role.account))?;
            if !(3600..=43200).contains(&role.max_session_seconds) {
                return Err(DataError::MaxSession(role.name.clone()));
            }
        }
        Ok(())
    }

    fn check_owner(&self, name: &str, account: &str, path: &str) -> Result<(), DataError> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(word) {
            return Err(DataError::Name(format!("the name `{name}`")));
        }
        if !path.starts_with('/') || !path.ends_with('/') || !path.bytes().all(|byte| byte.is_ascii_graphic())
        {
            return Err(DataError::Name(format!("the path `{path}` of `{name}`")));
        }
        match self.account_named(account) {
            Some(_) => Ok(()),
            None => Err(DataError::UnknownAccount { owner: name.into(), account: account.into() }),
        }
    }

    fn account_named(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The account a user or role belongs to. Loading made sure there is one; data built by hand may lack it.
    pub(crate) fn account_of(&self, name: &str) -> Account {
        self.account_named(name).cloned().unwrap_or_else(|| Account {
            id: "000000000000".into(),
            name: name.into(),
            partition: default_partition(),
        })
    }

    /// The account with these twelve digits.
    pub(crate) fn account_with_id(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The ARN of a user.
    pub fn user_arn(&self, user: &User) -> String {
        let account = self.account_of(&user.account);
        format!("arn:{}:iam::{}:user{}{}", account.partition, account.id, user.path, user.name)
    }

    /// The serial number of a user's MFA device.
    pub fn mfa_serial(&self, user: &User) -> Option<String> {
        let account = self.account_of(&user.account);
        user.mfa
            .as_ref()
            .map(|device| format!("arn:{}:iam::{}:mfa/{}", account.partition, account.id, device.name))
    }

    /// The ARN of a role.
    pub fn role_arn(&self, role: &Role) -> String {
        let account = self.account_of(&role.account);
        format!("arn:{}:iam::{}:role{}{}", account.partition, account.id, role.path, role.name)
    }

    /// The role with this ARN.
    pub fn role(&self, arn: &str) -> Option<&Role> {
        self.roles.iter().find(|role| self.role_arn(role) == arn)
    }

    /// The first user of this name, in whichever account.
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// The user with this ARN.
    pub(crate) fn user_with_arn(&self, arn: &str) -> Option<&User> {
        self.users.iter().find(|user| self.user_arn(user) == arn)
    }

    /// The long-term key with this id, and whose it is.
    pub(crate) fn key(&self, id: &str) -> Option<(&User, &AccessKey)> {
        self.users.iter().find_map(|user| user.keys.iter().find(|key| key.id == id).map(|key| (user, key)))
    }

    /// The user with this ARN, to be changed.
    pub(crate) fn user_with_arn_mut(&mut self, arn: &str) -> Option<&mut User> {
        let position = self.users.iter().position(|user| self.user_arn(user) == arn)?;
        self.users.get_mut(position)
    }

    /// The role with this ARN, to be changed.
    pub(crate) fn role_mut(&mut self, arn: &str) -> Option<&mut Role> {
        let position = self.roles.iter().position(|role| self.role_arn(role) == arn)?;
        self.roles.get_mut(position)
    }

    /// Replaces a role's trust policy.
    pub(crate) fn set_trust(&mut self, arn: &str, trust: Policy) -> Result<(), DataError> {
        let position = self.roles.iter().position(|role| self.role_arn(role) == arn);
        let Some(role) = position.and_then(|index| self.roles.get_mut(index)) else {
            return Err(DataError::UnknownRole(arn.into()));
        };
        role.trust = trust;
        Ok(())
    }
}

/// The `AIDA…` id IAM would have given a user.
pub(crate) fn user_id(arn: &str) -> String {
    stable_id("AIDA", arn)
}

/// The `AROA…` id IAM would have given a role.
pub(crate) fn role_id(arn: &str) -> String {
    stable_id("AROA", arn)
}

fn default_region() -> String {
    "eu-west-1".into()
}

fn default_partition() -> String {
    "aws".into()
}

fn default_path() -> String {
    "/".into()
}

fn default_max_session() -> i64 {
    3600
}

/// The first day of 2025: as good as any for a key that nobody says more about.
fn default_created() -> Timestamp {
    Timestamp::constant(1_735_689_600, 0)
}

fn default_true() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "[[account]]\nid = \"111122223333\"\nname = \"dev\"\n";

    fn refusal(rest: &str) -> String {
        Data::from_toml(&format!("{ACCOUNT}{rest}")).unwrap_err().to_string()
    }

    #[test]
    fn the_tutorial_is_correct_and_its_secrets_look_simulated() {
        let data = Data::tutorial();
        assert!(data.user("ada").unwrap().policy.is_none());
        for key in data.users.iter().flat_map(|user| &user.keys) {
            assert_eq!((key.id.len(), key.secret.reveal().len()), (20, 40), "{}", key.id);
            assert!(key.id.contains("SIMULATED") && key.secret.reveal().contains("SIMULATED"));
        }
        assert!(data.role("arn:aws:iam::111122223333:role/team/ops/Deploy").is_some());
    }

    #[test]
    fn a_wrong_file_is_refused_with_a_sentence_that_names_the_culprit() {
        assert!(
            refusal("[[user]]\nname = \"ada\"\naccount = \"prod\"")
                .contains("`ada` is in the account `prod`")
        );
        assert!(refusal("[[user]]\nname = \"a b\"\naccount = \"dev\"").contains("`a b`"));
        assert!(refusal("[[user]]\nname = \"ada\"\naccount = \"dev\"\ncolour = 1").contains("colour"));
        assert!(refusal("[[account]]\nid = \"12\"\nname = \"x\"").contains("twelve digits"));
        let role = "[[role]]\nname = \"R\"\naccount = \"dev\"\ntrust = '{\"Statement\":[]}'\n";
        assert!(refusal(&format!("{role}{role}")).contains("twice"));
        assert!(refusal(&format!("{role}max_session_seconds = 100")).contains("between 3600 and 43200"));
        assert!(refusal("[[role]]\nname = \"R\"\naccount = \"dev\"\ntrust = 'no'").contains("policy"));
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        assert_eq!(format!("{:?}", Secret::from("hunter2".to_owned())), "Secret(…)");
    }
}
