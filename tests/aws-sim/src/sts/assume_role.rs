//! `AssumeRole`: the parameters, the second factor, the policies, the durations, and the session that comes of it.

use std::collections::HashMap;

use jiff::Timestamp;

use super::credentials;
use crate::authorization::{Denial, authorize};
use crate::caller::{Caller, Means, spend_code};
use crate::clock::later;
use crate::data::Role;
use crate::http::{Form, Request};
use crate::managed;
use crate::parameters::{
    EXTERNAL_ID, POLICY, POLICY_ARN, Parameters, ROLE_ARN, SERIAL_NUMBER, SESSION_NAME, SOURCE_IDENTITY,
    TAG_KEY, TAG_VALUE, TOKEN_CODE,
};
use crate::policy::{Policy, Question};
use crate::refusal::Refusal;
use crate::session::{Origin, Principal, Session, SessionPolicies};
use crate::wire::element;
use crate::world::World;

/// The longest session one gets with temporary credentials, and the default.
const ONE_HOUR: i64 = 3600;
/// How much there is room for in a session token, counted in the plain text of session policies and tags. The STS model speaks of 2,048
/// characters for the policies, and of a packed form that it does not publish for all of it.
const ROOM: usize = 2048;

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
    policy_arns: Vec<&'a str>,
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
    check_policies(&wish)?;
    check_tags(&wish, caller)?;
    // A source identity that was set once stays through a whole chain ("Monitor and control actions taken with assumed roles" of
    // the IAM user guide).
    if caller.source_identity.is_some()
        && wish.source_identity.is_some_and(|wanted| caller.source_identity.as_deref() != Some(wanted))
    {
        return Err(Refusal::SourceIdentitySet);
    }
    let with_code = wish.serial.is_some() || wish.code.is_some();
    if with_code {
        spend_code(world, caller, wish.serial.unwrap_or_default(), wish.code.unwrap_or_default(), now)?;
    }
    // What IAM has just made, the rest of AWS does not know at once.
    if let Some(refusals) = world.late_roles.get_mut(wish.role_arn).filter(|refusals| **refusals > 0) {
        *refusals -= 1;
        return Err(Refusal::Denied {
            caller: caller.principal.arn.clone(),
            action: "sts:AssumeRole",
            resource: wish.role_arn.into(),
            denial: Denial::Unsaid,
        });
    }
    let context = context(&wish, request, caller, with_code, now);
    let role = permitted_role(world, &wish, caller, &context)?;
    if wish.duration > role.max_session_seconds {
        return Err(Refusal::MaxSession);
    }
    // The role of a virtual machine is no link of a chain ("Role chaining" of the IAM user guide); GetSessionToken credentials are.
    let chained = match caller.means {
        Means::LongTerm | Means::Instance => false,
        Means::SessionToken { .. } | Means::Role => true,
    };
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
    let handed_on = |(key, _): &&(String, String)| {
        wish.transitive_keys.iter().any(|named| named.to_lowercase() == key.to_lowercase())
    };
    session.transitive_tags =
        caller.transitive_tags.iter().chain(wish.tags.iter().filter(handed_on)).cloned().collect();
    session.policies = SessionPolicies {
        inline: wish.policy.map(str::to_owned),
        arns: wish.policy_arns.iter().map(ToString::to_string).collect(),
    };
    let answer = answer(&session)?;
    world.sessions.insert(session.key_id.clone(), session);
    Ok(answer)
}

/// Refuses session policies that are none, or that belong to nobody who could give them.
fn check_policies(wish: &Wish<'_>) -> Result<(), Refusal> {
    if let Some(policy) = wish.policy {
        Policy::from_json(policy).map_err(|_| Refusal::MalformedPolicy)?;
    }
    // "The policies must exist in the same account as the role" (the STS model). In which words the others are refused is not known.
    let account = wish.role_arn.split(':').nth(4).unwrap_or_default();
    let own = |arn: &&&str| managed::is_aws_managed(arn) || arn.split(':').nth(4) == Some(account);
    match wish.policy_arns.iter().find(|arn| !own(arn)) {
        None => Ok(()),
        Some(arn) => Err(Refusal::ForeignPolicy((*arn).to_owned())),
    }
}

/// Keys are told apart without regard to letter case, a transitive key is one of the tags, and a tag that was handed on cannot be
/// set anew ("Pass session tags in AWS STS" of the IAM user guide).
fn check_tags(wish: &Wish<'_>, caller: &Caller) -> Result<(), Refusal> {
    let keys: Vec<String> = wish.tags.iter().map(|(key, _)| key.to_lowercase()).collect();
    if keys.iter().enumerate().any(|(index, key)| keys[..index].contains(key)) {
        return Err(Refusal::DuplicateTags);
    }
    if wish.transitive_keys.iter().any(|key| !keys.contains(&key.to_lowercase())) {
        return Err(Refusal::TransitiveKeyWithoutTag);
    }
    if caller.transitive_tags.iter().any(|(key, _)| keys.contains(&key.to_lowercase())) {
        return Err(Refusal::TransitiveTagSet);
    }
    Ok(())
}

fn answer(session: &Session) -> Result<String, Refusal> {
    let mut answer = format!(
        "    <AssumedRoleUser>\n  {}  {}    </AssumedRoleUser>\n{}",
        element("AssumedRoleId", &session.principal.unique_id),
        element("Arn", &session.principal.arn),
        credentials(session)
    );
    let policies = &session.policies;
    let policy_size = policies.inline.as_ref().map_or(0, |text| text.chars().count())
        + policies.arns.iter().map(String::len).sum::<usize>();
    let tag_size = session.tags.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
    let percent = ((policy_size + tag_size) * 100).div_ceil(ROOM);
    if percent > 100 {
        let what = match (policy_size, tag_size) {
            (0, _) => "session tags",
            (_, 0) => "session policy",
            _ => "session policy and session tags",
        };
        return Err(Refusal::PackedPolicy(what, percent));
    }
    if percent > 0 {
        answer += &element("PackedPolicySize", &percent.to_string());
    }
    if let Some(identity) = &session.source_identity {
        answer += &element("SourceIdentity", identity);
    }
    Ok(answer)
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
            parameters.not_reserved(&format!("tags.{}.member.key", index + 1), key);
            ((*key).to_owned(), value.to_owned())
        })
        .collect();
    let transitive_keys: Vec<String> =
        form.list("TransitiveTagKeys", "").into_iter().map(str::to_owned).collect();
    parameters.at_most("Tags", tags.len(), 50);
    parameters.at_most("TransitiveTagKeys", transitive_keys.len(), 50);
    let policy_arns = form.list("PolicyArns", ".arn");
    parameters.at_most("PolicyArns", policy_arns.len(), 10);
    for (arn, index) in policy_arns.iter().zip(1..) {
        parameters.check(&format!("policyArns.{index}.member.arn"), arn, &POLICY_ARN);
    }
    for (key, index) in transitive_keys.iter().zip(1..) {
        parameters.check(&format!("transitiveTagKeys.{index}.member"), key, &TAG_KEY);
    }
    let wish = Wish {
        role_arn: parameters.required("RoleArn", &ROLE_ARN),
        session_name: parameters.required("RoleSessionName", &SESSION_NAME),
        duration: parameters.duration(43_200, ONE_HOUR),
        external_id: parameters.optional("ExternalId", &EXTERNAL_ID),
        serial: parameters.optional("SerialNumber", &SERIAL_NUMBER),
        code: parameters.optional("TokenCode", &TOKEN_CODE),
        source_identity: parameters.optional("SourceIdentity", &SOURCE_IDENTITY),
        policy: parameters.optional("Policy", &POLICY),
        policy_arns,
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
    let mut context = caller.context(request, with_code, now);
    let mut set = |key: String, value: Option<&str>| {
        if let Some(value) = value {
            context.insert(key, value.to_owned());
        }
    };
    set("sts:rolesessionname".into(), Some(wish.session_name));
    set("sts:externalid".into(), wish.external_id);
    set("sts:sourceidentity".into(), wish.source_identity.or(caller.source_identity.as_deref()));
    for (key, value) in &wish.tags {
        set(format!("aws:requesttag/{}", key.to_lowercase()), Some(value));
    }
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
        resource: wish.role_arn.into(),
        denial,
    };
    let Some(role) = data.role(wish.role_arn) else { return Err(denied("sts:AssumeRole", Denial::Unsaid)) };
    let identity = caller.identity_policy(world);
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
        // A trust policy that names the role counts among what a session of it may do, so a session policy narrows that too.
        if !caller.within_session_policies(&question) {
            return Err(denied(action, Denial::BySession));
        }
    }
    Ok(role.clone())
}
