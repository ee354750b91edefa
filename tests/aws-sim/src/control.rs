//! What the people and tests that use the binary may ask of it, JSON under `/_sim/`.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::{Clock, iso};
use crate::fault::Fault;
use crate::http::{Answer, Request};
use crate::policy::Policy;
use crate::world::World;

#[derive(Deserialize)]
struct NewTrust {
    role: String,
    /// The document itself, or its text.
    policy: Value,
}

#[derive(Deserialize)]
struct NewClock {
    offset_seconds: i64,
}

/// Answers one request.
pub(crate) fn answer(world: &mut World, clock: &Clock, request: &Request, now: Timestamp) -> Answer {
    // A web page somewhere else must not turn the knobs of a simulator on this machine.
    if !is_local(world, request) {
        return refusal(403, "the control address answers only to this machine's own name for it");
    }
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/_sim/calls") => Answer::json(200, &json!(world.calls)),
        ("GET", "/_sim/console") => Answer::json(200, &json!(world.console_visits(now))),
        ("GET", "/_sim/clock") => {
            Answer::json(200, &json!({ "now": iso(now), "offset_seconds": clock.offset() }))
        }
        ("POST", "/_sim/clock") => read(request, |wish: NewClock| {
            clock.set_offset(wish.offset_seconds);
            Ok(())
        }),
        ("POST", "/_sim/faults") => read(request, |fault: Fault| {
            world.faults.push(fault);
            Ok(())
        }),
        ("DELETE", "/_sim/faults") => {
            world.faults.clear();
            done()
        }
        ("PUT", "/_sim/trust") => read(request, |wish: NewTrust| {
            let text = wish.policy.as_str().map_or_else(|| wish.policy.to_string(), str::to_owned);
            let trust = Policy::from_json(&text).map_err(|error| error.to_string())?;
            world.data.set_trust(&wish.role, trust).map_err(|error| error.to_string())
        }),
        (_, "/_sim/calls" | "/_sim/console" | "/_sim/clock" | "/_sim/faults" | "/_sim/trust") => {
            refusal(405, "this address does not take that method")
        }
        _ => refusal(404, "there is no such control address"),
    }
}

fn is_local(world: &World, request: &Request) -> bool {
    let own = |text: &str| url::Url::parse(text).is_ok_and(|address| world.is_own(&address));
    let host = request.header("host").unwrap_or_default();
    own(&format!("http://{host}")) && request.header("origin").is_none_or(|origin| own(&origin))
}

fn read<T: for<'a> Deserialize<'a>>(
    request: &Request,
    apply: impl FnOnce(T) -> Result<(), String>,
) -> Answer {
    match serde_json::from_slice(&request.body).map_err(|error| error.to_string()).and_then(apply) {
        Ok(()) => done(),
        Err(sentence) => refusal(400, &sentence),
    }
}

fn done() -> Answer {
    Answer::json(200, &json!({ "ok": true }))
}

fn refusal(status: u16, sentence: &str) -> Answer {
    Answer::json(status, &json!({ "error": sentence }))
}
