//! IAM, as far as a user's own access keys and MFA devices go, and the roles that it may make.

mod roles;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::authorization::Denial;
use crate::caller::{self, Caller, Means};
use crate::clock::iso;
use crate::data::{AccessKey, User};
use crate::encoding::{random_base64, random_id};
use crate::http::{Answer, Form, Request};
use crate::journal::Call;
use crate::parameters::{ACCESS_KEY_ID, KEY_STATUS, Parameters, USER_NAME};
use crate::policy::{Question, Verdict};
use crate::refusal::Refusal;
use crate::sigv4::Authorization;
use crate::wire::{self, element};
use crate::world::World;

/// How many access keys a user has at most ("IAM and STS quotas" of the IAM user guide).
const MOST_KEYS: usize = 2;

/// Answers one call, and notes in the journal's entry what it was about.
pub(crate) fn answer(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    let outcome = act(world, request, now, call);
    wire::answer(outcome, call)
}

/// Writes down what is asked for.
pub(crate) fn note(request: &Request, form: &Form, call: &mut Call) {
    if let Ok(authorization) = Authorization::of(request) {
        call.region = Some(authorization.region);
        call.signed_by = Some(authorization.key_id);
    }
    call.access_key = form.get("AccessKeyId").map(str::to_owned);
}

/// What a call asks for, within the schema.
struct Wish<'a> {
    user_name: Option<&'a str>,
    key_id: Option<&'a str>,
    active: bool,
}

/// The inside of a successful answer.
fn act(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Result<String, Refusal> {
    let form = request.form();
    let caller = caller::identify(world, request, "iam", now)?;
    call.caller = Some(caller.principal.arn.clone());
    call.caller_kind = Some(caller.kind());
    // "You cannot call any IAM API operations unless MFA authentication information is included in the request" (GetSessionToken in
    // the STS model). IAM does not say so; it calls the token invalid.
    if matches!(caller.means, Means::SessionToken { mfa_at: None }) {
        return Err(Refusal::InvalidToken);
    }
    if let Some(deed) = form.get("Action").and_then(roles::Deed::of) {
        return roles::answer(world, request, &caller, deed, now);
    }
    let action = match form.get("Action") {
        None => return Err(Refusal::MissingAction),
        Some("CreateAccessKey") => "iam:CreateAccessKey",
        Some("ListAccessKeys") => "iam:ListAccessKeys",
        Some("UpdateAccessKey") => "iam:UpdateAccessKey",
        Some("DeleteAccessKey") => "iam:DeleteAccessKey",
        Some("GetAccessKeyLastUsed") => "iam:GetAccessKeyLastUsed",
        Some("ListMFADevices") => "iam:ListMFADevices",
        Some(other) => {
            let version = form.get("Version").unwrap_or_default();
            return Err(Refusal::UnknownAction(other.into(), version.into()));
        }
    };
    let wish = read(&form, action)?;
    let user_arn = permitted_user(world, request, &caller, action, &wish, now)?;
    match action {
        "iam:CreateAccessKey" => create(world, &user_arn, now, call),
        "iam:ListAccessKeys" => list(world, &user_arn),
        "iam:UpdateAccessKey" => change(world, &user_arn, &wish, Change::Activity),
        "iam:DeleteAccessKey" => change(world, &user_arn, &wish, Change::Deletion),
        "iam:GetAccessKeyLastUsed" => last_used(world, &user_arn, &wish),
        _ => devices(world, &user_arn),
    }
}

fn read<'a>(form: &'a Form, action: &str) -> Result<Wish<'a>, Refusal> {
    let mut parameters = Parameters::of(form);
    let user_name = parameters.optional("UserName", &USER_NAME);
    let (key_id, active) = match action {
        "iam:UpdateAccessKey" => {
            let key_id = parameters.required("AccessKeyId", &ACCESS_KEY_ID);
            let status = parameters.required("Status", &KEY_STATUS);
            parameters.one_of("status", status, &["Active", "Inactive"]);
            (Some(key_id), status == "Active")
        }
        "iam:DeleteAccessKey" | "iam:GetAccessKeyLastUsed" => {
            (Some(parameters.required("AccessKeyId", &ACCESS_KEY_ID)), false)
        }
        _ => (None, false),
    };
    parameters.finish()?;
    Ok(Wish { user_name, key_id, active })
}

/// The ARN of the user that the call is about, if the caller may do this to it. The simulator lets nobody look at others.
fn permitted_user(
    world: &World,
    request: &Request,
    caller: &Caller,
    action: &'static str,
    wish: &Wish<'_>,
    now: Timestamp,
) -> Result<String, Refusal> {
    let own = world.data.user_with_arn(&caller.principal.arn);
    let name = match (wish.user_name, own) {
        (Some(name), _) => name,
        (None, Some(user)) => user.name.as_str(),
        // A session of a role is nobody's own ("If you do not specify a user name" of the IAM reference).
        (None, None) => {
            return Err(Refusal::Invalid(vec![
                "Must specify userName when calling with non-User credentials".into(),
            ]));
        }
    };
    let partition = caller.principal.arn.split(':').nth(1).unwrap_or_default();
    let resource = match own {
        Some(user) if user.name == name => world.data.user_arn(user),
        Some(_) | None => format!("arn:{partition}:iam::{}:user/{name}", caller.principal.account),
    };
    let (asker, context) = (caller.principal.asker(), caller.context(request, false, now));
    let question = Question { asker: &asker, action, resource: &resource, context: &context };
    let denied = |denial| Refusal::Denied {
        caller: caller.principal.arn.clone(),
        action,
        resource: format!("user {name}"),
        denial,
    };
    match caller.identity_policy(world).map_or(Verdict::Silent, |policy| policy.as_identity(&question)) {
        Verdict::Allowed if !caller.within_session_policies(&question) => {
            return Err(denied(Denial::BySession));
        }
        Verdict::Allowed => {}
        Verdict::Denied => return Err(denied(Denial::ByIdentity)),
        Verdict::Silent | Verdict::AllowedToAccount => return Err(denied(Denial::NoIdentityPolicy)),
    }
    match own {
        Some(user) if user.name == name => Ok(resource),
        Some(_) | None => Err(Refusal::NoSuchUser(name.into())),
    }
}

fn user<'a>(world: &'a World, arn: &str) -> Result<&'a User, Refusal> {
    world.data.user_with_arn(arn).ok_or_else(|| Refusal::NoSuchUser(arn.into()))
}

fn create(world: &mut World, user_arn: &str, now: Timestamp, call: &mut Call) -> Result<String, Refusal> {
    let user = world.data.user_with_arn_mut(user_arn).ok_or_else(|| Refusal::NoSuchUser(user_arn.into()))?;
    if user.keys.len() >= MOST_KEYS {
        return Err(Refusal::KeyLimit);
    }
    let key =
        AccessKey { id: random_id("AKIA"), secret: random_base64(40).into(), active: true, created: now };
    let answer = format!(
        "    <AccessKey>\n{}{}  </AccessKey>\n",
        description(&user.name, &key),
        element("SecretAccessKey", key.secret.reveal())
    );
    call.access_key = Some(key.id.clone());
    world.made_keys.push((user.name.clone(), key.secret.clone()));
    user.keys.push(key);
    Ok(answer)
}

fn list(world: &World, user_arn: &str) -> Result<String, Refusal> {
    let user = user(world, user_arn)?;
    let members: String = user
        .keys
        .iter()
        .map(|key| format!("    <member>\n{}    </member>\n", description(&user.name, key)))
        .collect();
    Ok(format!(
        "    <AccessKeyMetadata>\n{members}    </AccessKeyMetadata>\n{}",
        element("IsTruncated", "false")
    ))
}

fn description(user: &str, key: &AccessKey) -> String {
    element("UserName", user)
        + &element("AccessKeyId", &key.id)
        + &element("Status", if key.active { "Active" } else { "Inactive" })
        + &element("CreateDate", &iso(key.created))
}

/// What becomes of a key.
enum Change {
    Activity,
    Deletion,
}

fn change(world: &mut World, user_arn: &str, wish: &Wish<'_>, change: Change) -> Result<String, Refusal> {
    let id = wish.key_id.unwrap_or_default();
    let user = world.data.user_with_arn_mut(user_arn).ok_or_else(|| Refusal::NoSuchUser(user_arn.into()))?;
    let position = user.keys.iter().position(|key| key.id == id);
    let position = position.ok_or_else(|| Refusal::NoSuchKey(id.into()))?;
    match change {
        Change::Activity => user.keys[position].active = wish.active,
        Change::Deletion => {
            user.keys.remove(position);
        }
    }
    Ok(String::new())
}

fn last_used(world: &World, user_arn: &str, wish: &Wish<'_>) -> Result<String, Refusal> {
    let user = user(world, user_arn)?;
    let id = wish.key_id.unwrap_or_default();
    if !user.keys.iter().any(|key| key.id == id) {
        return Err(Refusal::NoSuchKey(id.into()));
    }
    // A key that was never used has no date, and `N/A` for the rest (the IAM model).
    let last = match world.last_uses.get(id) {
        Some(last) => {
            element("LastUsedDate", &iso(last.when))
                + &element("ServiceName", &last.service)
                + &element("Region", &last.region)
        }
        None => element("ServiceName", "N/A") + &element("Region", "N/A"),
    };
    Ok(element("UserName", &user.name)
        + &format!("    <AccessKeyLastUsed>\n{last}    </AccessKeyLastUsed>\n"))
}

fn devices(world: &World, user_arn: &str) -> Result<String, Refusal> {
    let user = user(world, user_arn)?;
    let member = world.data.mfa_serial(user).map(|serial| {
        format!(
            "    <member>\n{}{}{}    </member>\n",
            element("UserName", &user.name),
            element("SerialNumber", &serial),
            element("EnableDate", "2025-01-01T00:00:00Z")
        )
    });
    Ok(format!(
        "    <MFADevices>\n{}    </MFADevices>\n{}",
        member.unwrap_or_default(),
        element("IsTruncated", "false")
    ))
}
