//! What a profile comes to: the profile where its credentials begin, and the roles from there to it. By the rules of the AWS
//! SDKs, and before anything is run or asked.

use super::{MOST_STEPS, ProfileName, calls_guise};
use crate::failure::Failure;

/// The texts of profiles, wherever they come from.
pub trait Texts {
    /// Whether there is such a profile.
    fn has(&self, profile: &str) -> bool;
    /// What a key of a profile is set to.
    fn get(&self, profile: &str, key: &str) -> Option<&str>;
    /// Whether there is such a sign-in to an Identity Center.
    fn has_session(&self, name: &str) -> bool;
}

/// The way from what a profile begins with to what it signs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The profile where the credentials begin.
    pub begins: String,
    /// What they begin with.
    pub base: Base,
    /// The roles that are assumed from there, the first one first.
    pub steps: Vec<Step>,
}

/// What the credentials of a profile begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A key in the file.
    Key,
    /// A command.
    Process(String),
    /// A token in a file, for `sts:AssumeRoleWithWebIdentity`.
    WebIdentity {
        /// The file.
        token_file: String,
    },
    /// The AWS CLI's sign-in to an Identity Center.
    IdentityCenter,
    /// The AWS CLI's own sign-in, `aws login`.
    Login,
    /// Variables of the agent's environment.
    Environment,
    /// The metadata of the EC2 instance that this computer is.
    Instance,
    /// The endpoint of the container that this computer is.
    Container,
}

/// A role that a profile assumes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The profile that says so.
    pub profile: String,
    /// The role, as it stands there.
    pub role_arn: String,
    /// What the owner of a role in another account demands.
    pub external_id: Option<String>,
    /// What CloudTrail shows.
    pub session_name: Option<String>,
}

/// The way of a profile. Refused is what never ends, what is not whole, what asks for an MFA code, which the SDK cannot, and
/// what would ask Guise.
pub fn way_of(texts: &dyn Texts, asked: &ProfileName) -> Result<Way, Failure> {
    let mut seen: Vec<&str> = Vec::new();
    let mut steps = Vec::new();
    let mut at = asked.as_str();
    if !texts.has(at) {
        return Err(Failure::unknown_profile(at));
    }
    let begins = loop {
        if !texts.has(at) {
            let from = seen.last().copied().unwrap_or(asked.as_str());
            return Err(Failure::unknown_source_profile(from, at));
        }
        if seen.contains(&at) {
            seen.push(at);
            return Err(Failure::profiles_loop(&seen.join(" → ")));
        }
        if seen.len() == MOST_STEPS {
            return Err(Failure::profile_chain_too_long(asked.as_str(), MOST_STEPS));
        }
        seen.push(at);
        let get = |key| texts.get(at, key);
        // Behind the first profile, a key of its own comes before a role.
        let by_key = seen.len() > 1 && has_key(texts, at);
        let (Some(role_arn), None, false) = (get("role_arn"), get("web_identity_token_file"), by_key) else {
            break if by_key { (at, Base::Key) } else { (at, base(texts, at)?) };
        };
        if let Some(serial) = get("mfa_serial") {
            return Err(Failure::profile_needs_mfa(at, serial));
        }
        steps.push(Step {
            profile: at.to_owned(),
            role_arn: role_arn.to_owned(),
            external_id: get("external_id").map(str::to_owned),
            session_name: get("role_session_name").map(str::to_owned),
        });
        match (get("source_profile"), get("credential_source")) {
            (Some(_), Some(_)) => {
                return Err(Failure::profile_incomplete(
                    at,
                    "it has both `source_profile` and `credential_source`",
                ));
            }
            (None, None) => {
                return Err(Failure::profile_incomplete(
                    at,
                    "it has a role, but neither `source_profile` nor `credential_source`",
                ));
            }
            (Some(source), None) if source == at => break (at, base(texts, at)?),
            (Some(source), None) => at = source,
            (None, Some(_)) => break (at, base(texts, at)?),
        }
    };
    steps.reverse();
    let (begins, base) = begins;
    if let Base::Process(command) = &base
        && calls_guise(command)
    {
        return Err(Failure::profile_calls_guise(asked.as_str(), begins));
    }
    Ok(Way { begins: begins.to_owned(), base, steps })
}

fn has_key(texts: &dyn Texts, profile: &str) -> bool {
    ["aws_access_key_id", "aws_secret_access_key"].iter().all(|key| texts.get(profile, key).is_some())
}

/// What a profile's credentials begin with, in the order in which the SDKs look.
fn base(texts: &dyn Texts, profile: &str) -> Result<Base, Failure> {
    let get = |key| texts.get(profile, key);
    if let Some(source) = get("credential_source") {
        return match source.to_ascii_lowercase().as_str() {
            "environment" => Ok(Base::Environment),
            "ec2instancemetadata" => Ok(Base::Instance),
            "ecscontainer" => Ok(Base::Container),
            _ => Err(Failure::profile_incomplete(
                profile,
                "its `credential_source` is none of Environment, Ec2InstanceMetadata and EcsContainer",
            )),
        };
    }
    if let Some(token_file) = get("web_identity_token_file") {
        if get("role_arn").is_none() {
            return Err(Failure::profile_incomplete(profile, "it has an identity token, but no `role_arn`"));
        }
        return Ok(Base::WebIdentity { token_file: token_file.to_owned() });
    }
    let of_identity_center =
        ["sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"];
    if of_identity_center.iter().any(|key| get(key).is_some()) {
        return identity_center(texts, profile);
    }
    if get("login_session").is_some() {
        return Ok(Base::Login);
    }
    if let Some(command) = get("credential_process") {
        return Ok(Base::Process(command.to_owned()));
    }
    if has_key(texts, profile) {
        return Ok(Base::Key);
    }
    let what = match (get("aws_access_key_id"), get("aws_secret_access_key")) {
        (Some(_), None) => "it has an access key's id without its secret",
        (None, Some(_)) => "it has a secret access key without its id",
        (Some(_) | None, _) => "it says nothing about credentials",
    };
    Err(Failure::profile_incomplete(profile, what))
}

fn identity_center(texts: &dyn Texts, profile: &str) -> Result<Base, Failure> {
    let has = |key| texts.get(profile, key).is_some();
    let whole = has("sso_account_id") && has("sso_role_name");
    if !whole {
        return Err(Failure::profile_incomplete(
            profile,
            "it signs in to an Identity Center, but lacks `sso_account_id` or `sso_role_name`",
        ));
    }
    match texts.get(profile, "sso_session") {
        Some(session) if !texts.has_session(session) => {
            Err(Failure::profile_incomplete(profile, "its `sso_session` names no section of that name"))
        }
        Some(_) if has("sso_start_url") || has("sso_region") => Err(Failure::profile_incomplete(
            profile,
            "`sso_start_url` and `sso_region` belong into the section that its `sso_session` names",
        )),
        None if !has("sso_start_url") || !has("sso_region") => Err(Failure::profile_incomplete(
            profile,
            "it signs in to an Identity Center, but lacks `sso_start_url` or `sso_region`",
        )),
        Some(_) | None => Ok(Base::IdentityCenter),
    }
}

#[cfg(test)]
mod tests;
