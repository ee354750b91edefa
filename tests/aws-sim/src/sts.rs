//! STS: who is asking, which action, and the XML around the answer.

mod assume_role;
mod caller;
mod parameters;
mod refusal;
mod session_token;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::clock::iso;
use crate::encoding::{escape, request_id};
use crate::http::{Answer, Request};
use crate::journal::Call;
use crate::session::Session;
use crate::world::World;
use refusal::Refusal;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Answers one call, and notes in the journal's entry what it was about.
pub(crate) fn answer(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Answer {
    let request_id = request_id();
    match act(world, request, now, call) {
        Ok(result) => {
            let action = &call.action;
            let body = format!(
                "<{action}Response xmlns=\"{NAMESPACE}\">\n  <{action}Result>\n{result}  </{action}Result>\n  \
                 <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n</{action}Response>\n"
            );
            Answer::new(200, "text/xml", body).with("x-amzn-requestid", request_id)
        }
        Err(refusal) => {
            let (status, code) = refusal.status_and_code();
            call.error = Some(code.into());
            error_answer(status, code, &refusal.to_string(), &request_id)
        }
    }
}

/// The envelope of an error.
pub(crate) fn error_answer(status: u16, code: &str, message: &str, request_id: &str) -> Answer {
    let kind = if status >= 500 { "Receiver" } else { "Sender" };
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>{kind}</Type>\n    <Code>{code}</Code>\n    \
         <Message>{}</Message>\n  </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n",
        escape(message)
    );
    Answer::new(status, "text/xml", body).with("x-amzn-requestid", request_id)
}

/// The inside of a successful answer.
fn act(world: &mut World, request: &Request, now: Timestamp, call: &mut Call) -> Result<String, Refusal> {
    let form = request.form();
    call.role = form.get("RoleArn").map(str::to_owned);
    call.session_name = form.get("RoleSessionName").map(str::to_owned);
    call.duration = form.get("DurationSeconds").map(str::to_owned);
    let caller = caller::identify(world, request, now)?;
    call.caller = Some(caller.principal.arn.clone());
    match form.get("Action") {
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

fn element(name: &str, text: &str) -> String {
    format!("    <{name}>{}</{name}>\n", escape(text))
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
