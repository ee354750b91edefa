//! `AssumeRoleWithWebIdentity`: a token of an identity provider in place of a signature.

use std::collections::HashMap;

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use super::credentials;
use crate::clock::later;
use crate::http::Form;
use crate::parameters::{Parameters, ROLE_ARN, SESSION_NAME, WEB_TOKEN};
use crate::policy::{Asker, Question, Verdict};
use crate::refusal::Refusal;
use crate::session::{Origin, Principal, Session};
use crate::wire::element;
use crate::world::World;

/// Issues credentials of a role that trusts the provider. Nobody has to sign ("does not require the use of AWS security
/// credentials", the STS model).
pub(super) fn assume_role_with_web_identity(
    world: &mut World,
    form: &Form,
    now: Timestamp,
) -> Result<String, Refusal> {
    let mut parameters = Parameters::of(form);
    let role_arn = parameters.required("RoleArn", &ROLE_ARN);
    let session_name = parameters.required("RoleSessionName", &SESSION_NAME);
    let token = parameters.required("WebIdentityToken", &WEB_TOKEN);
    let duration = parameters.duration(43_200, 3600);
    parameters.finish()?;
    let provider = world.data.web_identity.as_ref().ok_or(Refusal::IdentityToken)?;
    if !bool::from(provider.token.reveal().as_bytes().ct_eq(token.as_bytes())) {
        return Err(Refusal::IdentityToken);
    }
    let asker = Asker { account: String::new(), arn: provider.provider.clone(), role_arn: None };
    let context = HashMap::from([("sts:rolesessionname".to_owned(), session_name.to_owned())]);
    let action = "sts:AssumeRoleWithWebIdentity";
    let question = Question { asker: &asker, action, resource: role_arn, context: &context };
    let role = world.data.role(role_arn).filter(|role| role.trust.as_trust(&question) == Verdict::Allowed);
    let role = role.ok_or(Refusal::NotForWebIdentity)?;
    if duration > role.max_session_seconds {
        return Err(Refusal::MaxSession);
    }
    let account = world.data.account_of(&role.account);
    let principal = Principal::role(&account.id, &account.partition, role_arn, &role.name, session_name);
    let session = Session::issue(principal, Origin::FirstRole, later(now, duration));
    let answer = format!(
        "    <AssumedRoleUser>\n  {}  {}    </AssumedRoleUser>\n{}{}{}",
        element("AssumedRoleId", &session.principal.unique_id),
        element("Arn", &session.principal.arn),
        credentials(&session),
        element("SubjectFromWebIdentityToken", "ada"),
        element("Provider", &asker.arn),
    );
    world.sessions.insert(session.key_id.clone(), session);
    Ok(answer)
}
