//! `GetSessionToken`: temporary credentials of a user, with or without a second factor.

use jiff::Timestamp;

use crate::caller::{Caller, Means, spend_code};
use crate::clock::later;
use crate::http::Form;
use crate::parameters::{Parameters, SERIAL_NUMBER, TOKEN_CODE};
use crate::refusal::Refusal;
use crate::session::{Origin, Session};
use crate::world::World;

/// Issues the credentials. No permission is needed; a long-term key is.
pub(super) fn get_session_token(
    world: &mut World,
    form: &Form,
    caller: &Caller,
    now: Timestamp,
) -> Result<String, Refusal> {
    let mut parameters = Parameters::of(form);
    let duration = parameters.duration(129_600, 43_200);
    let serial = parameters.optional("SerialNumber", &SERIAL_NUMBER);
    let code = parameters.optional("TokenCode", &TOKEN_CODE);
    parameters.finish()?;
    if !matches!(caller.means, Means::LongTerm) {
        return Err(Refusal::SessionCredentials("GetSessionToken"));
    }
    let mfa_at = match (serial, code) {
        (None, None) => None,
        (serial, code) => {
            spend_code(world, caller, serial.unwrap_or_default(), code.unwrap_or_default(), now)?;
            Some(now)
        }
    };
    let session =
        Session::issue(caller.principal.clone(), Origin::SessionToken { mfa_at }, later(now, duration));
    let answer = super::credentials(&session);
    world.sessions.insert(session.key_id.clone(), session);
    Ok(answer)
}
