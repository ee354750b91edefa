//! Temporary credentials: what was issued, to whom, and what it remembers.

use jiff::Timestamp;

use crate::data::{Secret, role_id, user_id};
use crate::encoding::{random_base64, random_id};
use crate::managed;
use crate::policy::Asker;

/// Who signs a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Principal {
    /// Twelve digits.
    pub(crate) account: String,
    /// The user's ARN or the `assumed-role` ARN.
    pub(crate) arn: String,
    /// `AIDA…`, or `AROA…:<session name>`.
    pub(crate) unique_id: String,
    /// The role behind an assumed-role session.
    pub(crate) role_arn: Option<String>,
    /// The user's name, when it is a user.
    pub(crate) user_name: Option<String>,
}

impl Principal {
    /// A user.
    pub(crate) fn user(account: &str, arn: String, name: &str) -> Self {
        Self {
            account: account.into(),
            unique_id: user_id(&arn),
            arn,
            role_arn: None,
            user_name: Some(name.into()),
        }
    }

    /// A session of a role. Its ARN leaves out the role's path.
    pub(crate) fn role(account: &str, partition: &str, role_arn: &str, role: &str, session: &str) -> Self {
        Self {
            account: account.into(),
            arn: format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}"),
            unique_id: format!("{}:{session}", role_id(role_arn)),
            role_arn: Some(role_arn.into()),
            user_name: None,
        }
    }

    /// The principal as policies name it.
    pub(crate) fn asker(&self) -> Asker {
        Asker { account: self.account.clone(), arn: self.arn.clone(), role_arn: self.role_arn.clone() }
    }

    /// `assumed-role/Role/session` or `user/name`: the ARN without its front.
    pub(crate) fn short_name(&self) -> &str {
        self.arn.rsplit(':').next().unwrap_or(&self.arn)
    }
}

/// How a session came to be, which decides what it may do.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// `GetSessionToken`, and when a second factor was given, if it was.
    SessionToken { mfa_at: Option<Timestamp> },
    /// `AssumeRole` signed with a user's own key.
    FirstRole,
    /// `AssumeRole` signed with temporary credentials.
    ChainedRole,
    /// The role of a virtual machine, handed out by its metadata service.
    Instance,
}

/// What a session was narrowed by when its role was assumed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionPolicies {
    /// The document given with the call.
    pub(crate) inline: Option<String>,
    /// The managed policies named by the call.
    pub(crate) arns: Vec<String>,
}

impl SessionPolicies {
    /// The names a person knows them by.
    pub(crate) fn names(&self) -> Vec<String> {
        let inline = self.inline.as_ref().map(|_| "a policy of this session".to_owned());
        self.arns.iter().map(|arn| managed::name(arn).to_owned()).chain(inline).collect()
    }

    /// Whether AWS's own read-only policy is all there is. Several session policies add up, so another beside it may let more in.
    pub(crate) fn is_read_only(&self) -> bool {
        self.inline.is_none()
            && !self.arns.is_empty()
            && self.arns.iter().all(|arn| managed::is_read_only(arn))
    }
}

/// One set of temporary credentials.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) key_id: String,
    pub(crate) secret: Secret,
    pub(crate) token: Secret,
    pub(crate) expires: Timestamp,
    pub(crate) principal: Principal,
    pub(crate) origin: Origin,
    pub(crate) source_identity: Option<String>,
    /// Session tags that go along when the session assumes the next role.
    pub(crate) transitive_tags: Vec<(String, String)>,
    /// All session tags.
    pub(crate) tags: Vec<(String, String)>,
    /// What narrows it.
    pub(crate) policies: SessionPolicies,
}

impl Session {
    /// Issues credentials.
    pub(crate) fn issue(principal: Principal, origin: Origin, expires: Timestamp) -> Self {
        Self {
            key_id: random_id("ASIA"),
            secret: random_base64(40).into(),
            // Real tokens begin with one of a few prefixes and are some hundreds of characters long.
            token: format!("IQoJSIMULATED{}", random_base64(411)).into(),
            expires,
            principal,
            origin,
            source_identity: None,
            transitive_tags: Vec::new(),
            tags: Vec::new(),
            policies: SessionPolicies::default(),
        }
    }
}
