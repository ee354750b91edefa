//! Everything the simulator remembers while it runs.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use crate::clock::iso;
use crate::data::{Data, Secret};
use crate::fault::Fault;
use crate::journal::{Call, ConsoleVisit};
use crate::session::{Principal, Session, SessionPolicies};

/// The state behind the port: the data, and what has come of it since the start.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) data: Data,
    /// `http://127.0.0.1:<port>`.
    pub(crate) base_url: String,
    /// Temporary credentials by their key id.
    pub(crate) sessions: HashMap<String, Session>,
    /// Device serial numbers with the windows whose code was already accepted.
    pub(crate) spent_codes: HashSet<(String, i64)>,
    /// Sign-in tokens not used yet.
    pub(crate) signin_tokens: HashMap<String, SigninToken>,
    /// Every access key that IAM made since the start, with the name of its user: deleting it does not make its secret public.
    pub(crate) made_keys: Vec<(String, Secret)>,
    /// The tokens that the metadata service gave out.
    pub(crate) metadata_tokens: HashSet<String>,
    /// When a long-term key was last used, by its id.
    pub(crate) last_uses: HashMap<String, KeyUse>,
    /// How often a new key will still be refused before the news of it has spread, by its id.
    pub(crate) late_keys: HashMap<String, u32>,
    /// How often a new role will still be refused before the news of it has spread, by its ARN.
    pub(crate) late_roles: HashMap<String, u32>,
    /// Every sign-in token there ever was, used or not.
    pub(crate) issued_tokens: Vec<Secret>,
    /// Browsers by the value of their cookie.
    pub(crate) browsers: HashMap<String, Vec<ConsoleSession>>,
    /// How many logins there have been.
    pub(crate) logins: u64,
    pub(crate) faults: Vec<Fault>,
    pub(crate) calls: Vec<Call>,
}

/// The latest use of a long-term key.
#[derive(Clone, Debug)]
pub(crate) struct KeyUse {
    pub(crate) when: Timestamp,
    pub(crate) service: String,
    pub(crate) region: String,
}

/// What a sign-in token stands for.
#[derive(Clone, Debug)]
pub(crate) struct SigninToken {
    pub(crate) principal: Principal,
    pub(crate) policies: SessionPolicies,
    pub(crate) issued: Timestamp,
    pub(crate) lifetime: Lifetime,
}

/// How long the console session will last.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lifetime {
    /// As long as the credentials.
    Until(Timestamp),
    /// So many seconds from the login.
    Seconds(i64),
}

/// Somebody signed in to the console.
#[derive(Clone, Debug)]
pub(crate) struct ConsoleSession {
    /// Which login it came of, counted from the start.
    pub(crate) number: u64,
    pub(crate) principal: Principal,
    pub(crate) policies: SessionPolicies,
    pub(crate) expires: Timestamp,
    pub(crate) paths: Vec<String>,
}

impl World {
    pub(crate) fn new(data: Data, base_url: String) -> Self {
        Self {
            data,
            base_url,
            sessions: HashMap::new(),
            spent_codes: HashSet::new(),
            made_keys: Vec::new(),
            metadata_tokens: HashSet::new(),
            last_uses: HashMap::new(),
            late_keys: HashMap::new(),
            late_roles: HashMap::new(),
            signin_tokens: HashMap::new(),
            issued_tokens: Vec::new(),
            browsers: HashMap::new(),
            logins: 0,
            faults: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// Whether an address is on this simulator, by either of the names a browser may know it by.
    pub(crate) fn is_own(&self, address: &url::Url) -> bool {
        let port = self.base_url.rsplit(':').next().unwrap_or_default();
        let origin = address.origin().ascii_serialization();
        address.username().is_empty()
            && (origin == self.base_url || origin == format!("http://localhost:{port}"))
    }

    /// The cookie's name holds the port, because browsers share cookies between the ports of a host.
    pub(crate) fn cookie_name(&self) -> String {
        format!("aws-sim-{}", self.base_url.rsplit(':').next().unwrap_or_default())
    }

    /// The name of the account with these twelve digits.
    pub(crate) fn account_name(&self, id: &str) -> String {
        self.data.account_with_id(id).map(|account| account.name.clone()).unwrap_or_default()
    }

    /// The console sessions of every browser that has not signed out, in the order of their logins.
    pub(crate) fn console_visits(&self, now: Timestamp) -> Vec<ConsoleVisit> {
        let visit = |session: &ConsoleSession| ConsoleVisit {
            identity: session.principal.short_name().into(),
            account: session.principal.account.clone(),
            account_name: self.account_name(&session.principal.account),
            policies: session.policies.names(),
            read_only: session.policies.is_read_only(),
            expires: iso(session.expires),
            live: session.expires > now,
            paths: session.paths.clone(),
        };
        let mut sessions: Vec<&ConsoleSession> = self.browsers.values().flatten().collect();
        sessions.sort_by_key(|session| session.number);
        sessions.into_iter().map(visit).collect()
    }
}
