//! What happened, for tests and for people to read. No secret, token or code ever enters it.

use serde::Serialize;

/// Which part of AWS was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CallKind {
    /// STS.
    Sts,
    /// IAM.
    Iam,
    /// The federation endpoint and sign-out.
    Signin,
    /// The access portal of Identity Center.
    Portal,
    /// The metadata service of a virtual machine.
    Metadata,
    /// A console page.
    Console,
}

/// What kind of credentials a call was signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallerKind {
    /// A user's own access key.
    User,
    /// `GetSessionToken` credentials without a second factor.
    Session,
    /// `GetSessionToken` credentials with one.
    MfaSession,
    /// A role's credentials.
    Role,
    /// The credentials of a virtual machine's role.
    Instance,
}

/// One call, as far as it was understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Call {
    /// When, by the simulator's clock: `2026-01-02T03:04:05Z`.
    pub time: String,
    /// Which part of AWS.
    pub kind: CallKind,
    /// `AssumeRole`, `CreateAccessKey`, `getSigninToken`, `login`, or for the console and the like the path.
    pub action: String,
    /// The region the call was signed for.
    pub region: Option<String>,
    /// Who asked, once that was established.
    pub caller: Option<String>,
    /// With what kind of credentials, once that was established.
    pub caller_kind: Option<CallerKind>,
    /// The id of the key that signed.
    pub signed_by: Option<String>,
    /// The id of the key that IAM made or was asked about.
    pub access_key: Option<String>,
    /// The role asked for.
    pub role: Option<String>,
    /// The session name asked for.
    pub session_name: Option<String>,
    /// `DurationSeconds` or `SessionDuration`, as it was sent.
    pub duration: Option<String>,
    /// The external id sent along.
    pub external_id: Option<String>,
    /// The serial number sent along.
    pub serial: Option<String>,
    /// Whether a one-time code was sent along.
    pub with_code: bool,
    /// The inline session policy.
    pub policy: Option<String>,
    /// The managed session policies.
    pub policy_arns: Vec<String>,
    /// The session tags, `key=value`, in the order they were sent.
    pub tags: Vec<String>,
    /// The keys of the tags that go on to the next role.
    pub transitive_tags: Vec<String>,
    /// The source identity.
    pub source_identity: Option<String>,
    /// Where the call came from.
    pub source_ip: String,
    /// The HTTP status answered; 0 when the connection was closed without an answer.
    pub status: u16,
    /// The error code of STS or IAM, or a word for what the sign-in endpoint refused.
    pub error: Option<String>,
}

impl Call {
    pub(crate) fn new(kind: CallKind, action: impl Into<String>) -> Self {
        Self {
            time: String::new(),
            kind,
            action: action.into(),
            region: None,
            caller: None,
            caller_kind: None,
            signed_by: None,
            access_key: None,
            role: None,
            session_name: None,
            duration: None,
            external_id: None,
            serial: None,
            with_code: false,
            policy: None,
            policy_arns: Vec::new(),
            tags: Vec::new(),
            transitive_tags: Vec::new(),
            source_identity: None,
            source_ip: String::new(),
            status: 0,
            error: None,
        }
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            CallKind::Sts => "sts",
            CallKind::Iam => "iam",
            CallKind::Signin => "signin",
            CallKind::Portal => "portal",
            CallKind::Metadata => "metadata",
            CallKind::Console => "console",
        };
        write!(formatter, "{} {:>3} {kind:<7} {}", self.time, self.status, self.action)?;
        let list = |items: &[String]| (!items.is_empty()).then(|| items.join(","));
        let details = [
            ("by", &self.caller),
            ("role", &self.role),
            ("session", &self.session_name),
            ("duration", &self.duration),
            ("external id", &self.external_id),
            ("serial", &self.serial),
            ("policy", &self.policy),
            ("policies", &list(&self.policy_arns)),
            ("tags", &list(&self.tags)),
            ("transitive", &list(&self.transitive_tags)),
            ("source identity", &self.source_identity),
            ("key", &self.access_key),
            ("refused:", &self.error),
        ];
        for (word, value) in details {
            if let Some(value) = value {
                write!(formatter, " {word} {value}")?;
            }
        }
        Ok(())
    }
}

/// One console session and where it has been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConsoleVisit {
    /// `assumed-role/Role/session`.
    pub identity: String,
    /// Twelve digits.
    pub account: String,
    /// The account's name in the data.
    pub account_name: String,
    /// The names of the session policies that narrow it.
    pub policies: Vec<String>,
    /// Whether those leave nothing but reading.
    pub read_only: bool,
    /// When the console session ends.
    pub expires: String,
    /// Whether it still lasts by the simulator's clock.
    pub live: bool,
    /// Paths visited, with their queries, in order.
    pub paths: Vec<String>,
}
