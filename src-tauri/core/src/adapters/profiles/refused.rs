//! Why a profile came to no credentials, told apart by what it begins with and by what answered. The texts of the SDK's errors
//! are not read: they change, and some hold what a command printed.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;

use crate::adapters::sts::{obstacle_of, said};
use crate::failure::{Failure, Refusal, classify_caller_identity};
use crate::profiles::{Base, Way};

/// The failure that a person reads for an error of the SDK. `status` is that of the last answer, if anything answered.
pub(super) fn refusal(profile: &str, way: &Way, error: &CredentialsError, status: Option<u16>) -> Failure {
    let error: &(dyn Error + 'static) = error;
    if let Some((code, message)) = said(error) {
        return match way.base {
            Base::WebIdentity { .. } if way.steps.is_empty() => {
                Failure::profile_token_refused(profile, &code, &message)
            }
            _ => Failure::profile_role_refused(profile, &code, &message),
        };
    }
    match (&way.base, obstacle_of(error)) {
        // What is not there is not reached.
        (Base::Instance, _) => Failure::profile_no_instance(profile),
        (Base::Container, _) => Failure::profile_no_container(profile),
        (_, Some(refusal)) => classify_caller_identity(&refusal, profile),
        (Base::IdentityCenter, None) => match status {
            Some(403 | 404) => Failure::profile_not_assigned(&way.begins),
            Some(status) if status == 429 || status >= 500 => unavailable(profile, status),
            Some(_) | None => Failure::profile_signed_out(&way.begins),
        },
        (Base::Login, None) => match status {
            Some(status) if status == 429 || status >= 500 => unavailable(profile, status),
            Some(_) | None => Failure::profile_logged_out(&way.begins),
        },
        (Base::Environment, None) => Failure::profile_environment_empty(profile),
        (Base::Key | Base::Process(_) | Base::WebIdentity { .. }, None) => match status {
            Some(status) if status >= 500 => unavailable(profile, status),
            Some(_) | None => Failure::profile_failed(profile),
        },
    }
}

/// Nothing came in time.
pub(super) fn too_late(profile: &str, way: &Way, within: Duration) -> Failure {
    match way.base {
        Base::Instance => Failure::profile_no_instance(profile),
        Base::Container => Failure::profile_no_container(profile),
        _ => Failure::profile_timeout(profile, within.as_secs()),
    }
}

/// What came had ended already.
pub(super) fn ended(profile: &str, way: &Way) -> Failure {
    match way.base {
        Base::Process(_) => Failure::profile_process_failed(&way.begins, "gave credentials that have ended"),
        _ => Failure::profile_failed(profile),
    }
}

fn unavailable(profile: &str, status: u16) -> Failure {
    let code = if status == 429 { "TooManyRequestsException" } else { "ServiceUnavailable" };
    let refusal = Refusal::Service { status, code: code.to_owned(), message: String::new(), skew: None };
    classify_caller_identity(&refusal, profile)
}
