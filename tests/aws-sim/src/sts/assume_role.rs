//! `AssumeRole`: the parameters, the second factor, the policies, the durations, and the session that comes of it.

use std::collections::HashMap;

use jiff::Timestamp;

use super::caller::{Caller, Means, spend_code};
use super::parameters::{
    EXTERNAL_ID, POLICY, Parameters, ROLE_ARN, SERIAL_NUMBER, SESSION_NAME, SOURCE_IDENTITY, TAG_KEY,
    TAG_VALUE, TOKEN_CODE,
};
use super::refusal::Refusal;
use super::{credentials, element};
use crate::authorization::{Denial, authorize};
use crate::clock::{later, seconds_between};
use crate::data::Role;
use crate::http::{Form, Request};
use crate::policy::{Policy, Question};
use crate::session::{Origin, Principal, Session};
use crate::world::World;

/// The longest session one gets with temporary credentials, and the default.
const ONE_HOUR: i64 = 3600;

/// What was asked for, within the schema.
struct Wish<'a> {
    role_arn: &'a str,
    session_name: &'a str,
    duration: i64,
    external_id: Option<&'a str>,
    serial: Option<&'a str>,
    code: Option<&'a str>,
    source_identity: Option<&'a str>,
    policy: Option<&'a str>,
    tags: Vec<(String, String)>,
    transitive_keys: Vec<String>,
}

/// Issues credentials of a role.
pub(super) fn assume_role(
    world: &mut World,
    request: &Request,
    form: &Form,
    caller: &Caller,
    now: Timestamp,
) -> Result<String, Refusal> {
    let wish = read(form)?;
    if let Some(policy) = wish.policy {
        Policy::from_json(policy).map_err(|_| Refusal::MalformedPolicy)?;
    }
    if caller.source_identity.is_some()
        && wish.source_identity.is_some_and(|wanted| caller.source_identity.as_deref() != Some(wanted))
    {
        return Err(Refusal::SourceIdentitySet);
    }
    let with_code = wish.serial.is_some() || wish.code.is_some();
    if with_code {
        spend_code(world, caller, wish.serial.unwrap_or_default(), wish.code.unwrap_or_default(), now)?;
    }
    let context = context(&wish, request, caller, with_code, now);
    let role = permitted_role(world, &wish, caller, &context)?;
    if wish.duration > role.max_session_seconds {
        return Err(Refusal::MaxSession);
    }
    let chained = !matches!(caller.means, Means::LongTerm);
    if chained && wish.duration > ONE_HOUR {
        return Err(Refusal::Chaining);
    }
    let account = world.data.account_of(&role.account);
    let principal =
        Principal::role(&account.id, &account.partition, wish.role_arn, &role.name, wish.session_name);
    let origin = if chained { Origin::ChainedRole } else { Origin::FirstRole };
    let mut session = Session::issue(principal, origin, later(now, wish.duration));
    session.source_identity =
        wish.source_identity.map(str::to_owned).or_else(|| caller.source_identity.clone());
    session.tags = caller.transitive_tags.iter().chain(&wish.tags).cloned().collect();
    let handed_on = |(key, _): &&(String, String)| wish.transitive_keys.contains(key);
    session.transitive_tags =
        caller.transitive_tags.iter().chain(wish.tags.iter().filter(handed_on)).cloned().collect();
    let answer = answer(&session, &wish);
    world.sessions.insert(session.key_id.clone(), session);
    Ok(answer)
}

fn answer(session: &Session, wish: &Wish<'_>) -> String {
    let mut answer = format!(
        "    <AssumedRoleUser>\n  {}  {}    </AssumedRoleUser>\n{}",
        element("AssumedRoleId", &session.principal.unique_id),
        element("Arn", &session.principal.arn),
        credentials(session)
    );
    if wish.policy.is_some() || !session.tags.is_empty() {
        // AWS packs in a way it does not publish; the size of the plain text is of the same order.
        let plain = wish.policy.map_or(0, str::len)
            + session.tags.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
        answer += &element("PackedPolicySize", &(plain * 100 / 2048).clamp(1, 100).to_string());
    }
    if let Some(identity) = &session.source_identity {
        answer += &element("SourceIdentity", identity);
    }
    answer
}

fn read(form: &Form) -> Result<Wish<'_>, Refusal> {
    let mut parameters = Parameters::of(form);
    let keys = form.list("Tags", ".Key");
    let tags: Vec<(String, String)> = keys
        .iter()
        .enumerate()
        .map(|(index, key)| {
            let value = form.get(&format!("Tags.member.{}.Value", index + 1)).unwrap_or_default();
            parameters.check(&format!("tags.{}.member.key", index + 1), key, &TAG_KEY);
            parameters.check(&format!("tags.{}.member.value", index + 1), value, &TAG_VALUE);
            ((*key).to_owned(), value.to_owned())
        })
        .collect();
    let transitive_keys: Vec<String> =
        form.list("TransitiveTagKeys", "").into_iter().map(str::to_owned).collect();
    parameters.at_most("Tags", tags.len(), 50);
    parameters.at_most("TransitiveTagKeys", transitive_keys.len(), 50);
    parameters.at_most("PolicyArns", form.list("PolicyArns", ".arn").len(), 10);
    let wish = Wish {
        role_arn: parameters.required("RoleArn", &ROLE_ARN),
        session_name: parameters.required("RoleSessionName", &SESSION_NAME),
        duration: parameters.duration(43_200, ONE_HOUR),
        external_id: parameters.optional("ExternalId", &EXTERNAL_ID),
        serial: parameters.optional("SerialNumber", &SERIAL_NUMBER),
        code: parameters.optional("TokenCode", &TOKEN_CODE),
        source_identity: parameters.optional("SourceIdentity", &SOURCE_IDENTITY),
        policy: parameters.optional("Policy", &POLICY),
        tags,
        transitive_keys,
    };
    parameters.finish()?;
    if !is_iam_arn(wish.role_arn) {
        return Err(Refusal::InvalidArn(wish.role_arn.into()));
    }
    Ok(wish)
}

/// The front of an ARN of IAM. Whether it is a role, and whether there is one, AWS does not tell.
fn is_iam_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts[..] else { return false };
    arn == "arn"
        && partition.starts_with("aws")
        && service == "iam"
        && region.is_empty()
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && resource.contains('/')
}

/// The condition keys of this request, in lower case.
fn context(
    wish: &Wish<'_>,
    request: &Request,
    caller: &Caller,
    with_code: bool,
    now: Timestamp,
) -> HashMap<String, String> {
    let mut context = HashMap::from([
        (
            "aws:principalarn".to_owned(),
            caller.principal.role_arn.clone().unwrap_or_else(|| caller.principal.arn.clone()),
        ),
        ("aws:principalaccount".to_owned(), caller.principal.account.clone()),
        ("aws:sourceip".to_owned(), request.source_ip.to_string()),
        ("sts:rolesessionname".to_owned(), wish.session_name.to_owned()),
    ]);
    let mut set = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            context.insert(key.to_lowercase(), value);
        }
    };
    set("aws:username", caller.principal.user_name.clone());
    set("sts:externalid", wish.external_id.map(str::to_owned));
    set(
        "sts:sourceidentity",
        wish.source_identity.map(str::to_owned).or_else(|| caller.source_identity.clone()),
    );
    for (key, value) in &wish.tags {
        set(&format!("aws:requesttag/{key}"), Some(value.clone()));
    }
    for (key, value) in &caller.tags {
        set(&format!("aws:principaltag/{key}"), Some(value.clone()));
    }
    // A long-term key without a code leaves the key out altogether; temporary credentials always carry it.
    let mfa_age = match caller.means {
        _ if with_code => Some(0),
        Means::SessionToken { mfa_at } => mfa_at.map(|given| seconds_between(given, now)),
        Means::LongTerm | Means::Role => None,
    };
    set("aws:multifactorauthage", mfa_age.map(|age| age.to_string()));
    let temporary = !matches!(caller.means, Means::LongTerm);
    set(
        "aws:multifactorauthpresent",
        (mfa_age.is_some() || temporary).then(|| mfa_age.is_some().to_string()),
    );
    context
}

/// The role, if the caller may assume it. A role that does not exist is refused in the same words.
fn permitted_role(
    world: &World,
    wish: &Wish<'_>,
    caller: &Caller,
    context: &HashMap<String, String>,
) -> Result<Role, Refusal> {
    let data = &world.data;
    let denied = |action: &'static str, denial: Denial| Refusal::Denied {
        caller: caller.principal.arn.clone(),
        action,
        role: wish.role_arn.into(),
        denial,
    };
    let Some(role) = data.role(wish.role_arn) else { return Err(denied("sts:AssumeRole", Denial::Unsaid)) };
    let identity = match &caller.principal.role_arn {
        Some(arn) => data.role(arn).and_then(|role| role.policy.as_ref()),
        None => data.user_with_arn(&caller.principal.arn).and_then(|user| user.policy.as_ref()),
    };
    let role_account = data.account_of(&role.account).id;
    let tagged = !wish.tags.is_empty() || !caller.transitive_tags.is_empty();
    let identified = wish.source_identity.is_some() || caller.source_identity.is_some();
    let actions =
        [("sts:AssumeRole", true), ("sts:TagSession", tagged), ("sts:SetSourceIdentity", identified)];
    let asker = caller.principal.asker();
    for action in actions.into_iter().filter_map(|(action, needed)| needed.then_some(action)) {
        let question = Question { asker: &asker, action, resource: wish.role_arn, context };
        authorize(&role.trust, identity, &role_account, &question)
            .map_err(|denial| denied(action, denial))?;
    }
    Ok(role.clone())
}
