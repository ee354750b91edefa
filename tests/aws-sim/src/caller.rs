//! Who signed the request, checked in AWS's order: scope, key and token, expiry, the issuing role, signature.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::clock::seconds_between;
use crate::data::Secret;
use crate::http::Request;
use crate::journal::CallerKind;
use crate::managed;
use crate::policy::{Policy, Question, Verdict};
use crate::refusal::Refusal;
use crate::session::{Origin, Principal, SessionPolicies};
use crate::sigv4::Authorization;
use crate::world::{KeyUse, World};

/// The one who signed, and with what.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) principal: Principal,
    pub(crate) means: Means,
    pub(crate) key_id: String,
    pub(crate) source_identity: Option<String>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) transitive_tags: Vec<(String, String)>,
    pub(crate) policies: SessionPolicies,
}

/// What the request was signed with.
#[derive(Clone, Debug)]
pub(crate) enum Means {
    /// A user's own key.
    LongTerm,
    /// `GetSessionToken` credentials, and when their second factor was given.
    SessionToken { mfa_at: Option<Timestamp> },
    /// A role's credentials.
    Role,
    /// The credentials of the role of a virtual machine.
    Instance,
}

impl Caller {
    /// What the journal calls the caller.
    pub(crate) fn kind(&self) -> CallerKind {
        match self.means {
            Means::LongTerm => CallerKind::User,
            Means::SessionToken { mfa_at: None } => CallerKind::Session,
            Means::SessionToken { mfa_at: Some(_) } => CallerKind::MfaSession,
            Means::Role => CallerKind::Role,
            Means::Instance => CallerKind::Instance,
        }
    }

    /// The condition keys that depend on the caller alone, in lower case. `fresh_code` says that a code came with this request.
    pub(crate) fn context(
        &self,
        request: &Request,
        fresh_code: bool,
        now: Timestamp,
    ) -> HashMap<String, String> {
        let principal_arn = self.principal.role_arn.clone().unwrap_or_else(|| self.principal.arn.clone());
        let mut context = HashMap::from([
            ("aws:principalarn".to_owned(), principal_arn),
            ("aws:principalaccount".to_owned(), self.principal.account.clone()),
            ("aws:sourceip".to_owned(), request.source_ip.to_string()),
        ]);
        context.extend(self.principal.user_name.clone().map(|name| ("aws:username".to_owned(), name)));
        for (key, value) in &self.tags {
            context.insert(format!("aws:principaltag/{}", key.to_lowercase()), value.clone());
        }
        // A second factor reaches as far as the session it was given for, and not through a role that the session assumes.
        let mfa_age = match self.means {
            _ if fresh_code => Some(0),
            Means::SessionToken { mfa_at } => mfa_at.map(|given| seconds_between(given, now)),
            Means::LongTerm | Means::Role | Means::Instance => None,
        };
        context.extend(mfa_age.map(|age| ("aws:multifactorauthage".to_owned(), age.to_string())));
        // A long-term key without a code leaves the key out altogether; temporary credentials always carry it.
        let temporary = !matches!(self.means, Means::LongTerm);
        if mfa_age.is_some() || temporary {
            context.insert("aws:multifactorauthpresent".to_owned(), mfa_age.is_some().to_string());
        }
        context
    }

    /// The permission policy of the user or of the role behind the session.
    pub(crate) fn identity_policy<'a>(&self, world: &'a World) -> Option<&'a Policy> {
        let data = &world.data;
        match &self.principal.role_arn {
            Some(arn) => data.role(arn).and_then(|role| role.policy.as_ref()),
            None => data.user_with_arn(&self.principal.arn).and_then(|user| user.policy.as_ref()),
        }
    }

    /// Whether the session policies leave room for what is asked. Without any there is nothing to stay within; with several, one
    /// that allows is enough and one that denies wins ("Session policies" of the IAM user guide).
    pub(crate) fn within_session_policies(&self, question: &Question<'_>) -> bool {
        let inline = self.policies.inline.as_deref().and_then(|text| Policy::from_json(text).ok());
        let named = self.policies.arns.iter().map(|arn| managed::policy(arn));
        let verdict = inline.into_iter().chain(named).map(|policy| policy.as_identity(question)).max();
        verdict.is_none_or(|verdict| verdict == Verdict::Allowed)
    }
}

/// Establishes the caller of a service, or refuses.
pub(crate) fn identify(
    world: &mut World,
    request: &Request,
    service: &str,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let authorization = Authorization::of(request)?;
    authorization.check_scope(service)?;
    let (caller, secret) = holder(world, &authorization.key_id, request.header("x-amz-security-token"), now)?;
    authorization.check(request, secret.reveal(), now)?;
    if matches!(caller.means, Means::LongTerm) {
        // A new key reaches the rest of AWS a little later than IAM ("eventual consistency" in the IAM user guide).
        if let Some(refusals) = world.late_keys.get_mut(&caller.key_id).filter(|refusals| **refusals > 0) {
            *refusals -= 1;
            return Err(Refusal::InvalidToken);
        }
        let used = KeyUse { when: now, service: service.into(), region: authorization.region };
        world.last_uses.insert(caller.key_id.clone(), used);
    }
    Ok(caller)
}

/// Whose the key is, and the secret that must have signed.
fn holder(
    world: &World,
    key_id: &str,
    token: Option<String>,
    now: Timestamp,
) -> Result<(Caller, Secret), Refusal> {
    let data = &world.data;
    if let Some((user, key)) = data.key(key_id) {
        // A token beside a long-term key means the two were mixed up.
        if !key.active || token.is_some() {
            return Err(Refusal::InvalidToken);
        }
        let account = data.account_of(&user.account).id;
        let caller = Caller {
            principal: Principal::user(&account, data.user_arn(user), &user.name),
            means: Means::LongTerm,
            key_id: key_id.into(),
            source_identity: None,
            tags: Vec::new(),
            transitive_tags: Vec::new(),
            policies: SessionPolicies::default(),
        };
        return Ok((caller, key.secret.clone()));
    }
    let session = world.sessions.get(key_id).ok_or(Refusal::InvalidToken)?;
    if token.as_deref() != Some(session.token.reveal()) {
        return Err(Refusal::InvalidToken);
    }
    if session.expires <= now {
        return Err(Refusal::Expired);
    }
    let still_there = match &session.principal.role_arn {
        Some(role) => data.role(role).is_some(),
        None => data.user_with_arn(&session.principal.arn).is_some(),
    };
    if !still_there {
        return Err(Refusal::InvalidToken);
    }
    let means = match session.origin {
        Origin::SessionToken { mfa_at } => Means::SessionToken { mfa_at },
        Origin::FirstRole | Origin::ChainedRole => Means::Role,
        Origin::Instance => Means::Instance,
    };
    let caller = Caller {
        principal: session.principal.clone(),
        means,
        key_id: key_id.into(),
        source_identity: session.source_identity.clone(),
        tags: session.tags.clone(),
        transitive_tags: session.transitive_tags.clone(),
        policies: session.policies.clone(),
    };
    Ok((caller, session.secret.clone()))
}

/// Checks a one-time code and spends it. The device must be the calling user's own.
pub(crate) fn spend_code(
    world: &mut World,
    caller: &Caller,
    serial: &str,
    code: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let owned = world.data.user_with_arn(&caller.principal.arn);
    let device = owned
        .filter(|user| world.data.mfa_serial(user).as_deref() == Some(serial))
        .and_then(|user| user.mfa.as_ref());
    let seed = device.and_then(|device| crate::encoding::base32_decode(device.seed.reveal()));
    let Some(seed) = seed else { return Err(Refusal::WrongDevice) };
    let step = crate::totp::matching_step(&seed, code, now).ok_or(Refusal::WrongCode)?;
    // A code that was accepted once is a wrong one from then on ("MFA device status" of the IAM user guide).
    if world.spent_codes.insert((serial.into(), step)) { Ok(()) } else { Err(Refusal::WrongCode) }
}
