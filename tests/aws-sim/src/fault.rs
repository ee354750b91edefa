//! Faults on request: what goes wrong between a program and AWS, made to happen.

use serde::Deserialize;

use crate::encoding::request_id;
use crate::http::Answer;
use crate::journal::CallKind;
use crate::{page, wire};

/// Something that is to go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Fault {
    /// Which part of AWS it befalls.
    pub target: FaultTarget,
    /// Only this action (`AssumeRole`, `getSigninToken`, …); every one when absent.
    #[serde(default)]
    pub action: Option<String>,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How often; until cleared when absent.
    #[serde(default)]
    pub times: Option<u32>,
}

/// Which part of AWS a fault befalls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultTarget {
    /// STS.
    Sts,
    /// IAM.
    Iam,
    /// The federation endpoint and sign-out.
    Signin,
    /// The access portal of Identity Center.
    Portal,
    /// The metadata service of a virtual machine.
    Metadata,
    /// The console pages.
    Console,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FaultKind {
    /// Too many requests.
    Throttle,
    /// This HTTP status.
    Http {
        /// 400 to 599 make sense.
        status: u16,
    },
    /// This refusal of STS or IAM, as AWS words it.
    Refuse {
        /// 400 or 403, mostly.
        status: u16,
        /// `AccessDenied`, `RegionDisabledException`, …
        code: String,
        /// The sentence; without one the answer has no `Message` at all.
        #[serde(default)]
        message: Option<String>,
    },
    /// A new access key that the rest of AWS does not know yet: so many calls signed with it are refused.
    LateKey {
        /// How many.
        refusals: u32,
    },
    /// The right answer, late.
    Slow {
        /// How late.
        ms: u64,
    },
    /// The connection is closed without an answer.
    Close,
    /// A web page with status 200 where none belongs, as a hotel's network sends it.
    Html,
    /// The right service with a clock that is this far ahead.
    ClockOffset {
        /// Negative: behind.
        seconds: i64,
    },
}

impl Fault {
    /// A fault that happens once.
    pub fn once(target: FaultTarget, kind: FaultKind) -> Self {
        Self { target, action: None, kind, times: Some(1) }
    }

    /// A fault that happens until it is cleared.
    pub fn always(target: FaultTarget, kind: FaultKind) -> Self {
        Self { target, action: None, kind, times: None }
    }
}

/// Finds the first fault that befalls this call, and counts it down.
pub(crate) fn take(faults: &mut Vec<Fault>, kind: CallKind, action: &str) -> Option<FaultKind> {
    let target = match kind {
        CallKind::Sts => FaultTarget::Sts,
        CallKind::Iam => FaultTarget::Iam,
        CallKind::Portal => FaultTarget::Portal,
        CallKind::Metadata => FaultTarget::Metadata,
        CallKind::Signin => FaultTarget::Signin,
        CallKind::Console => FaultTarget::Console,
    };
    let position = faults.iter().position(|fault| {
        let concerned = fault.action.as_deref().is_none_or(|wanted| wanted == action);
        fault.target == target && concerned && fault.times != Some(0)
    })?;
    let found = faults.get_mut(position)?;
    let kind = found.kind.clone();
    if let Some(times) = &mut found.times {
        *times -= 1;
        if *times == 0 {
            faults.remove(position);
        }
    }
    Some(kind)
}

/// The answer of a fault that answers in AWS's place, with the error code for the journal.
pub(crate) fn answer(kind: &FaultKind, part: CallKind) -> Option<(Answer, String)> {
    let query_protocol = matches!(part, CallKind::Sts | CallKind::Iam);
    let (status, code, sentence) = match kind {
        FaultKind::Slow { .. }
        | FaultKind::Close
        | FaultKind::ClockOffset { .. }
        | FaultKind::LateKey { .. } => return None,
        FaultKind::Refuse { status, code, message } => {
            let answer = if query_protocol {
                wire::error_answer(part, *status, code, message.as_deref(), &request_id())
            } else {
                Answer::html(*status, page::bad_request(*status, message.as_deref().unwrap_or(code)))
            };
            return Some((answer, code.clone()));
        }
        FaultKind::Html => return Some((Answer::html(200, page::captive_portal()), "Html".into())),
        FaultKind::Throttle if query_protocol => (400, "Throttling", "Rate exceeded"),
        FaultKind::Throttle => (429, "Throttling", "Too Many Requests"),
        FaultKind::Http { status: 503 } => (503, "ServiceUnavailable", "Service Unavailable"),
        FaultKind::Http { status: status @ 500..=599 } => {
            (*status, "InternalFailure", "We encountered an internal error. Please try again.")
        }
        FaultKind::Http { status } => (*status, "SimulatedFault", "A fault asked for of the simulator"),
    };
    let answer = if query_protocol {
        wire::error_answer(part, status, code, Some(sentence), &request_id())
    } else {
        Answer::html(status, page::bad_request(status, sentence))
    };
    Some((answer, code.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_from_json_as_people_write_it() {
        let fault: Fault = serde_json::from_str(
            r#"{"target":"sts","action":"AssumeRole","kind":"slow","ms":500,"times":2}"#,
        )
        .unwrap();
        assert_eq!(fault.kind, FaultKind::Slow { ms: 500 });
        let fault: Fault = serde_json::from_str(
            r#"{"target":"sts","kind":"refuse","status":403,"code":"RegionDisabledException","times":1}"#,
        )
        .unwrap();
        let refusal =
            FaultKind::Refuse { status: 403, code: "RegionDisabledException".into(), message: None };
        assert_eq!(fault, Fault::once(FaultTarget::Sts, refusal));
        let fault: Fault =
            serde_json::from_str(r#"{"target":"signin","kind":"clock-offset","seconds":-60}"#).unwrap();
        assert_eq!(fault, Fault::always(FaultTarget::Signin, FaultKind::ClockOffset { seconds: -60 }));
    }

    #[test]
    fn a_fault_happens_as_often_as_was_asked_and_only_to_its_target() {
        let mut faults = vec![Fault {
            action: Some("AssumeRole".into()),
            ..Fault::once(FaultTarget::Sts, FaultKind::Close)
        }];
        assert_eq!(take(&mut faults, CallKind::Signin, "AssumeRole"), None);
        assert_eq!(take(&mut faults, CallKind::Sts, "GetCallerIdentity"), None);
        assert_eq!(take(&mut faults, CallKind::Sts, "AssumeRole"), Some(FaultKind::Close));
        assert_eq!(take(&mut faults, CallKind::Sts, "AssumeRole"), None);
    }
}
