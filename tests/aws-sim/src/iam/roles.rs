//! Roles as IAM makes them: created, given policies, looked at, and taken away.

use jiff::Timestamp;

use crate::authorization::Denial;
use crate::caller::Caller;
use crate::clock::iso;
use crate::data::{Account, Role, role_id};
use crate::http::{Form, Request};
use crate::parameters::{POLICY, POLICY_ARN, Parameters, ROLE_NAME};
use crate::policy::{Policy, Question, Verdict};
use crate::refusal::Refusal;
use crate::wire::element;
use crate::world::World;

/// How often a new role is refused before the news of it has spread; in AWS that takes some seconds.
const LATE: u32 = 2;

/// What can be asked about a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Create,
    Attach,
    Detach,
    Get,
    Delete,
}

impl Deed {
    pub(super) fn of(action: &str) -> Option<Deed> {
        Some(match action {
            "CreateRole" => Deed::Create,
            "AttachRolePolicy" => Deed::Attach,
            "DetachRolePolicy" => Deed::Detach,
            "GetRole" => Deed::Get,
            "DeleteRole" => Deed::Delete,
            _ => return None,
        })
    }

    fn action(self) -> &'static str {
        match self {
            Deed::Create => "iam:CreateRole",
            Deed::Attach => "iam:AttachRolePolicy",
            Deed::Detach => "iam:DetachRolePolicy",
            Deed::Get => "iam:GetRole",
            Deed::Delete => "iam:DeleteRole",
        }
    }
}

/// What a call asks for, within the schema.
struct Wish<'a> {
    name: &'a str,
    trust: &'a str,
    longest: i64,
    policy: &'a str,
}

pub(super) fn answer(
    world: &mut World,
    request: &Request,
    caller: &Caller,
    deed: Deed,
    now: Timestamp,
) -> Result<String, Refusal> {
    let form = request.form();
    let wish = read(&form, deed)?;
    let account = world.data.account_with_id(&caller.principal.account).cloned();
    let account = account.ok_or_else(|| Refusal::NoSuchRole(wish.name.into()))?;
    let arn = arn(world, &account, wish.name);
    permit(world, request, caller, deed, &arn, now)?;
    if deed == Deed::Create {
        return create(world, &account, &wish, now);
    }
    let role = world.data.role_mut(&arn).ok_or_else(|| Refusal::NoSuchRole(wish.name.into()))?;
    match deed {
        Deed::Create | Deed::Get => {}
        Deed::Attach => {
            if !crate::managed::is_aws_managed(wish.policy) || !crate::managed::exists(wish.policy) {
                return Err(Refusal::NoSuchPolicy(wish.policy.into()));
            }
            if !role.attached.iter().any(|there| there == wish.policy) {
                role.attached.push(wish.policy.to_owned());
            }
            return Ok(String::new());
        }
        Deed::Detach => {
            let place = role.attached.iter().position(|there| there == wish.policy);
            let place = place.ok_or_else(|| Refusal::NoSuchPolicy(wish.policy.into()))?;
            role.attached.remove(place);
            return Ok(String::new());
        }
        Deed::Delete => {
            if !role.attached.is_empty() {
                return Err(Refusal::RoleInUse);
            }
            world.data.roles.retain(|role| role.name != wish.name || role.account != account.name);
            return Ok(String::new());
        }
    }
    Ok(described(world, &arn, now))
}

fn read(form: &Form, deed: Deed) -> Result<Wish<'_>, Refusal> {
    let mut parameters = Parameters::of(form);
    let name = parameters.required("RoleName", &ROLE_NAME);
    let mut wish = Wish { name, trust: "", longest: 3600, policy: "" };
    match deed {
        Deed::Create => {
            wish.trust = parameters.required("AssumeRolePolicyDocument", &POLICY);
            wish.longest = parameters.longest_session();
        }
        Deed::Attach | Deed::Detach => wish.policy = parameters.required("PolicyArn", &POLICY_ARN),
        Deed::Get | Deed::Delete => {}
    }
    parameters.finish()?;
    Ok(wish)
}

/// The ARN of the account's role of that name, whatever its path; of one that is not there, without a path.
fn arn(world: &World, account: &Account, name: &str) -> String {
    let there = world.data.roles.iter().find(|role| role.name == name && role.account == account.name);
    there.map_or_else(
        || format!("arn:{}:iam::{}:role/{name}", account.partition, account.id),
        |role| world.data.role_arn(role),
    )
}

fn permit(
    world: &World,
    request: &Request,
    caller: &Caller,
    deed: Deed,
    resource: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    let (asker, context) = (caller.principal.asker(), caller.context(request, false, now));
    let question = Question { asker: &asker, action: deed.action(), resource, context: &context };
    let denied = |denial| Refusal::Denied {
        caller: caller.principal.arn.clone(),
        action: deed.action(),
        resource: resource.to_owned(),
        denial,
    };
    match caller.identity_policy(world).map_or(Verdict::Silent, |policy| policy.as_identity(&question)) {
        Verdict::Allowed if caller.within_session_policies(&question) => Ok(()),
        Verdict::Allowed => Err(denied(Denial::BySession)),
        Verdict::Denied => Err(denied(Denial::ByIdentity)),
        Verdict::Silent | Verdict::AllowedToAccount => Err(denied(Denial::NoIdentityPolicy)),
    }
}

fn create(world: &mut World, account: &Account, wish: &Wish<'_>, now: Timestamp) -> Result<String, Refusal> {
    let same = |role: &Role| role.account == account.name && role.name.eq_ignore_ascii_case(wish.name);
    if world.data.roles.iter().any(same) {
        return Err(Refusal::RoleExists(wish.name.into()));
    }
    let trust = Policy::from_json(wish.trust).map_err(|_| Refusal::MalformedPolicy)?;
    // IAM looks for whoever a trust policy names, as far as this is of an account that it has.
    for principal in trust.principals() {
        let of_ours = world.data.accounts.iter().any(|each| principal.contains(&format!(":{}:", each.id)));
        let is_user = principal.contains(":user/");
        if of_ours && is_user && world.data.user_with_arn(principal).is_none() {
            return Err(Refusal::InvalidPrincipal(principal.to_owned()));
        }
    }
    let role = Role {
        name: wish.name.to_owned(),
        account: account.name.clone(),
        path: "/".to_owned(),
        max_session_seconds: wish.longest,
        trust,
        policy: None,
        attached: Vec::new(),
    };
    let arn = world.data.role_arn(&role);
    world.data.roles.push(role);
    world.late_roles.insert(arn.clone(), LATE);
    Ok(described(world, &arn, now))
}

fn described(world: &World, arn: &str, made: Timestamp) -> String {
    let Some(role) = world.data.role(arn) else { return String::new() };
    format!(
        "    <Role>\n{}{}{}{}{}{}    </Role>\n",
        element("Path", &role.path),
        element("RoleName", &role.name),
        element("RoleId", &role_id(arn)),
        element("Arn", arn),
        element("CreateDate", &iso(made)),
        element("MaxSessionDuration", &role.max_session_seconds.to_string()),
    )
}
