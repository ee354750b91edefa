//! Who signed the request, checked in AWS's order: scope, key and token, expiry, the issuing role, signature.

use jiff::Timestamp;

use super::refusal::Refusal;
use crate::data::Secret;
use crate::http::Request;
use crate::session::{Origin, Principal};
use crate::sigv4::Authorization;
use crate::world::World;

/// The one who signed, and with what.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) principal: Principal,
    pub(super) means: Means,
    pub(super) source_identity: Option<String>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) transitive_tags: Vec<(String, String)>,
}

/// What the request was signed with.
#[derive(Clone, Debug)]
pub(super) enum Means {
    /// A user's own key.
    LongTerm,
    /// `GetSessionToken` credentials, and when their second factor was given.
    SessionToken { mfa_at: Option<Timestamp> },
    /// A role's credentials.
    Role,
}

/// Establishes the caller, or refuses.
pub(super) fn identify(world: &World, request: &Request, now: Timestamp) -> Result<Caller, Refusal> {
    let authorization = Authorization::of(request)?;
    authorization.check_scope()?;
    let (caller, secret) = holder(world, &authorization.key_id, request.header("x-amz-security-token"), now)?;
    authorization.check(request, secret.reveal(), now)?;
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
            source_identity: None,
            tags: Vec::new(),
            transitive_tags: Vec::new(),
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
    };
    let caller = Caller {
        principal: session.principal.clone(),
        means,
        source_identity: session.source_identity.clone(),
        tags: session.tags.clone(),
        transitive_tags: session.transitive_tags.clone(),
    };
    Ok((caller, session.secret.clone()))
}

/// Checks a one-time code and spends it. The device must be the calling user's own.
pub(super) fn spend_code(
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
    if world.spent_codes.insert((serial.into(), step)) { Ok(()) } else { Err(Refusal::WrongCode) }
}
