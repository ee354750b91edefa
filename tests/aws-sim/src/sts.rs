//! STS: who is asking, and for which action.

mod assume_role;
mod session_token;
#[cfg(test)]
mod tests;
mod web_identity;

use jiff::Timestamp;

use crate::caller;
use crate::clock::iso;
use crate::http::{Answer, Form, Request};
use crate::journal::Call;
use crate::refusal::Refusal;
use crate::session::Session;
use crate::sigv4::Authorization;
use crate::wire::{self, element};
use crate::world::World;

/// Answers one call, and notes in the journal's entry what it was about.
pub(crate) fn answer(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    let outcome = act(world, request, now, call);
    wire::answer(outcome, call)
}

/// The inside of a successful answer.
fn act(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Result<String, Refusal> {
    let form = request.form();
    if form.get("Action") == Some("AssumeRoleWithWebIdentity") {
        return web_identity::assume_role_with_web_identity(world, &form, now);
    }
    let caller = caller::identify(world, request, "sts", now)?;
    call.caller = Some(caller.principal.arn.clone());
    call.caller_kind = Some(caller.kind());
    match form.get("Action") {
        // No policy can take this one away (the STS model).
        Some("GetCallerIdentity") => Ok(element("Arn", &caller.principal.arn)
            + &element("UserId", &caller.principal.unique_id)
            + &element("Account", &caller.principal.account)),
        Some("AssumeRole") => assume_role::assume_role(world, request, &form, &caller, now),
        Some("GetSessionToken") => session_token::get_session_token(world, &form, &caller, now),
        Some(other) => {
            Err(Refusal::UnknownAction(other.into(), form.get("Version").unwrap_or_default().into()))
        }
        None => Err(Refusal::MissingAction),
    }
}

/// Writes down what is asked for, so that a call that is never answered is in the journal as fully as one that is.
pub(crate) fn note(request: &Request, form: &Form, call: &mut Call) {
    let text = |name: &str| form.get(name).map(str::to_owned);
    let list = |name: &str, suffix: &str| form.list(name, suffix).into_iter().map(str::to_owned).collect();
    if let Ok(authorization) = Authorization::of(request) {
        call.region = Some(authorization.region);
        call.signed_by = Some(authorization.key_id);
    }
    call.role = text("RoleArn");
    call.session_name = text("RoleSessionName");
    call.duration = text("DurationSeconds");
    call.external_id = text("ExternalId");
    call.serial = text("SerialNumber");
    call.with_code = form.get("TokenCode").is_some();
    call.policy = text("Policy");
    call.policy_arns = list("PolicyArns", ".arn");
    call.transitive_tags = list("TransitiveTagKeys", "");
    call.source_identity = text("SourceIdentity");
    let keys = form.list("Tags", ".Key").into_iter().zip(1..);
    call.tags = keys
        .map(|(key, index)| {
            let value = form.get(&format!("Tags.member.{index}.Value")).unwrap_or_default();
            format!("{key}={value}")
        })
        .collect();
}

fn credentials(session: &Session) -> String {
    format!(
        "    <Credentials>\n      <AccessKeyId>{}</AccessKeyId>\n      <SecretAccessKey>{}</SecretAccessKey>\n      \
         <SessionToken>{}</SessionToken>\n      <Expiration>{}</Expiration>\n    </Credentials>\n",
        session.key_id,
        session.secret.reveal(),
        session.token.reveal(),
        iso(session.expires)
    )
}
