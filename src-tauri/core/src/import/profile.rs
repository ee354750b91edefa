//! What the AWS CLI's files hold for us: roles, keys in plain text, and profiles that can be sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::naming::Naming;
use super::{Finds, FoundBy, FoundKey, FoundProfile, FoundRole, Passed, Place, VaultedKey};
use crate::assume::{TagKey, read_tag};
use crate::catalog::Name;
use crate::failure::{Failure, shown};
use crate::profiles::{Entry, ProfileFile, ProfileName, SectionKind, Texts, Value, calls_guise};
use crate::secret::AccessKeyId;

/// What a profile is whose credentials a command gives.
const COMMAND: &str = "credentials of a command";

/// A file that was read.
#[derive(Debug)]
pub struct ReadFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub file: ProfileFile,
}

/// The profiles of some files together: of a key that is set twice the last one counts, and a later file comes before an
/// earlier one.
#[derive(Debug, Default)]
pub struct Profiles {
    by_name: BTreeMap<String, Profile>,
    sessions: BTreeSet<String>,
    /// Those whose keys aws-vault keeps.
    vaulted: Vec<ProfileName>,
    passed: Vec<Passed>,
}

/// A profile, from wherever its lines are.
#[derive(Debug, Default)]
struct Profile {
    place: Option<Place>,
    entries: BTreeMap<String, (Entry, Place)>,
}

/// What a role's profile may say without our taking it up, and without a word: it is not about the role.
const NOT_ABOUT_THE_ROLE: [&str; 8] = [
    "output",
    "cli_pager",
    "cli_auto_prompt",
    "cli_timestamp_format",
    "cli_history",
    "retry_mode",
    "max_attempts",
    "defaults_mode",
];
const TAKEN_UP: [&str; 10] = [
    "role_arn",
    "source_profile",
    "region",
    "external_id",
    "duration_seconds",
    "role_session_name",
    "mfa_serial",
    "source_identity",
    "session_tags",
    "transitive_session_tags",
];

impl Profiles {
    /// The profiles of these files.
    pub fn of(files: Vec<ReadFile>) -> Profiles {
        let mut all = Profiles::default();
        for ReadFile { path, file } in files {
            let place = |line| Place { file: path.clone(), line };
            all.passed.extend(
                file.problems
                    .iter()
                    .map(|problem| Passed { place: place(problem.line), why: problem.what.to_owned() }),
            );
            for section in file.sections {
                match section.kind {
                    SectionKind::Profile => {
                        let profile = all.by_name.entry(section.name).or_default();
                        profile.place.get_or_insert_with(|| place(section.line));
                        for entry in section.entries {
                            let at = place(entry.line);
                            profile.entries.insert(entry.key.clone(), (entry, at));
                        }
                    }
                    SectionKind::SsoSession => {
                        all.sessions.insert(section.name);
                    }
                    SectionKind::Other => {}
                }
            }
        }
        all
    }

    /// The same, with the profiles whose keys aws-vault keeps.
    #[must_use]
    pub fn and_vaulted(self, vaulted: Vec<ProfileName>) -> Profiles {
        Profiles { vaulted, ..self }
    }

    /// What they hold.
    pub fn finds(self) -> Finds {
        let mut finds = Finds::default();
        let names = self.names();
        for (text, profile) in &self.by_name {
            let Some(place) = profile.place.clone() else { continue };
            let mut pass = |why: String| finds.passed.push(Passed { place: place.clone(), why });
            let Ok(name) = text.parse::<ProfileName>() else {
                pass("a profile's name cannot be used".into());
                continue;
            };
            let key = key(&name, profile);
            let is_role = self.is_role(text);
            if let Some(command) = command(profile)
                && calls_guise(command)
            {
                pass(format!("profile `{}` asks Guise for credentials already", shown(text)));
            } else if is_role {
                match names.get(text.as_str()) {
                    None => pass(format!("the name of profile `{}` cannot be one here", shown(text))),
                    Some(role) => match self.role(role, &name, profile, &place, &names, self.has_key(text)) {
                        Ok(role) => finds.roles.push(role),
                        Err(why) => pass(format!("profile `{}`: {why}", shown(text))),
                    },
                }
            } else if self.get(text, "sso_account_id").is_some() || self.get(text, "sso_session").is_some() {
                let get = |key| self.get(text, key).map_or_else(|| "?".into(), shown);
                let what = format!("{} in account {}", get("sso_role_name"), get("sso_account_id"));
                finds.centers.push(FoundProfile {
                    profile: name.clone(),
                    what,
                    is_command: false,
                    place: place.clone(),
                });
            } else if let Some(what) = self.other(text, profile) {
                finds.others.push(FoundProfile {
                    profile: name.clone(),
                    what: what.into(),
                    is_command: what == COMMAND,
                    place: place.clone(),
                });
            }
            match key {
                Some(Ok(key)) => finds.keys.push(key),
                Some(Err(why)) => {
                    finds.passed.push(Passed { place, why: format!("profile `{}`: {why}", shown(text)) });
                }
                None => {}
            }
        }
        let vaulted = |profile: &ProfileName| {
            let get = |key| self.get(profile.as_str(), key);
            VaultedKey {
                profile: profile.clone(),
                region: get("region").and_then(|text| text.parse().ok()),
                mfa_serial: get("mfa_serial").and_then(|text| text.parse().ok()),
            }
        };
        finds.vaulted = self.vaulted.iter().map(vaulted).collect();
        finds.passed.extend(self.passed);
        finds
    }

    /// Whether it is a role that Guise can assume itself: from another profile, or from a key of its own.
    fn is_role(&self, profile: &str) -> bool {
        let get = |key| self.get(profile, key);
        get("role_arn").is_some()
            && get("source_profile").is_some()
            && get("web_identity_token_file").is_none()
    }

    /// What the roles would be called.
    fn names(&self) -> BTreeMap<&str, Name> {
        let mut naming = Naming::default();
        let roles = self.by_name.keys().filter(|profile| self.is_role(profile));
        roles.filter_map(|profile| Some((profile.as_str(), naming.name(profile)?))).collect()
    }

    fn other(&self, name: &str, profile: &Profile) -> Option<&'static str> {
        let get = |key| self.get(name, key);
        if get("role_arn").is_some() && get("web_identity_token_file").is_some() {
            Some("a role by an identity token")
        } else if get("role_arn").is_some() && get("credential_source").is_some() {
            Some("a role of this computer's own")
        } else if get("login_session").is_some() {
            Some("a sign-in of aws login")
        } else {
            command(profile).map(|_| COMMAND)
        }
    }

    fn role(
        &self,
        name: &Name,
        profile: &ProfileName,
        entries: &Profile,
        place: &Place,
        names: &BTreeMap<&str, Name>,
        has_key: bool,
    ) -> Result<FoundRole, String> {
        let get = |key| self.get(profile.as_str(), key);
        let arn = get("role_arn").unwrap_or_default();
        let arn = arn.parse().map_err(|failure: Failure| failure.message)?;
        let source = get("source_profile").unwrap_or_default();
        let by = if source == profile.as_str() {
            if !has_key {
                return Err("it is its own `source_profile`, and has no key".into());
            }
            FoundBy::OwnKey(profile.clone())
        } else if !self.has(source) && !self.is_vaulted(source) {
            return Err(format!("its `source_profile`, `{}`, is not there", shown(source)));
        } else if self.goes_round(profile.as_str()) {
            return Err("its `source_profile` leads back to it".into());
        } else if let Some(role) = names.get(source).filter(|_| !self.has_key(source)) {
            FoundBy::Role(role.clone())
        } else {
            FoundBy::Profile(source.parse().map_err(|failure: Failure| failure.message)?)
        };
        let mut role = FoundRole::new(name.clone(), place.clone(), arn, by);
        let mut notes = Vec::new();
        role.region = read(get("region"), "its region", &mut notes);
        role.external_id = read(get("external_id"), "its external id", &mut notes);
        role.session_name = read(get("role_session_name"), "its session name", &mut notes);
        role.mfa_serial = read(get("mfa_serial"), "its MFA device", &mut notes);
        role.source_identity = read(get("source_identity"), "its source identity", &mut notes);
        // Bare digits here; our own way of writing durations is none of theirs.
        let seconds = get("duration_seconds");
        let digits = seconds.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        if seconds.is_some() && digits.is_none() {
            notes.push("its duration is nothing that AWS takes, and is left out".to_owned());
        }
        role.duration = read(digits, "its duration", &mut notes);
        for tag in get("session_tags")
            .into_iter()
            .flat_map(|tags| tags.split(','))
            .filter(|tag| !tag.trim().is_empty())
        {
            match read_tag(tag.trim()) {
                Ok((key, value)) => {
                    role.tags.insert(key, value);
                }
                Err(_) => notes.push("one of its session tags is none, and is left out".to_owned()),
            }
        }
        for key in get("transitive_session_tags")
            .into_iter()
            .flat_map(|keys| keys.split(','))
            .map(str::trim)
            .filter(|key| !key.is_empty())
        {
            // AWS passes on no tag that the session does not have.
            match key.parse::<TagKey>() {
                Ok(key) if role.tags.contains_key(&key) => {
                    role.transitive_tags.insert(key);
                }
                Ok(_) | Err(_) => {
                    notes.push("one of its transitive tags is none that it has, and is left out".to_owned());
                }
            }
        }
        for key in entries.entries.keys().map(String::as_str) {
            let known =
                TAKEN_UP.contains(&key) || NOT_ABOUT_THE_ROLE.contains(&key) || key.starts_with("aws_");
            if !known {
                notes.push(format!("its `{}` sets nothing here", shown(key)));
            }
        }
        role.notes = notes;
        Ok(role)
    }

    fn has_key(&self, profile: &str) -> bool {
        let has = |key| self.by_name.get(profile).is_some_and(|profile| profile.entries.contains_key(key));
        (has("aws_access_key_id") && has("aws_secret_access_key")) || self.is_vaulted(profile)
    }

    fn is_vaulted(&self, profile: &str) -> bool {
        self.vaulted.iter().any(|each| each.as_str() == profile)
    }

    fn goes_round(&self, profile: &str) -> bool {
        let mut seen = vec![profile];
        let mut at = profile;
        while let Some(next) = self.get(at, "source_profile").filter(|next| *next != at && self.is_role(at)) {
            if seen.contains(&next) || seen.len() > crate::profiles::MOST_STEPS {
                return true;
            }
            seen.push(next);
            at = next;
        }
        false
    }
}

impl Texts for Profiles {
    fn has(&self, profile: &str) -> bool {
        self.by_name.contains_key(profile)
    }

    fn get(&self, profile: &str, key: &str) -> Option<&str> {
        self.by_name.get(profile)?.entries.get(key)?.0.value.text()
    }

    fn has_session(&self, name: &str) -> bool {
        self.sessions.contains(name)
    }
}

fn command(profile: &Profile) -> Option<&str> {
    match &profile.entries.get("credential_process")?.0.value {
        Value::Command(command) => Some(command),
        Value::Text(_) | Value::Secret(_) => None,
    }
}

/// A value as ours, or a note that it is left out.
fn read<T: std::str::FromStr>(text: Option<&str>, what: &str, notes: &mut Vec<String>) -> Option<T> {
    let read = text?.parse();
    if read.is_err() {
        notes.push(format!("{what} is nothing that AWS takes, and is left out"));
    }
    read.ok()
}

/// The key of a profile; a reason where there are the lines of one, but no key.
fn key(name: &ProfileName, profile: &Profile) -> Option<Result<FoundKey, String>> {
    const ID: &str = "aws_access_key_id";
    const SECRET: &str = "aws_secret_access_key";
    const TOKEN: &str = "aws_session_token";
    let (id, _) = profile.entries.get(ID)?;
    let Some((Entry { value: Value::Secret(secret), .. }, _)) = profile.entries.get(SECRET) else {
        return Some(Err("it has an access key's id without its secret".into()));
    };
    let text = |key: &str| profile.entries.get(key).and_then(|(entry, _)| entry.value.text());
    let Some(id) = id.value.text().and_then(|text| text.parse::<AccessKeyId>().ok()) else {
        return Some(Err("its access key's id is none".into()));
    };
    let line = |key: &'static str| profile.entries.get(key).map(|(_, place)| (place.clone(), key));
    Some(Ok(FoundKey {
        profile: name.clone(),
        temporary: profile.entries.contains_key(TOKEN) || !id.is_long_term(),
        id,
        secret: secret.clone(),
        region: text("region").and_then(|text| text.parse().ok()),
        mfa_serial: text("mfa_serial").and_then(|text| text.parse().ok()),
        lines: [ID, SECRET, TOKEN].into_iter().filter_map(line).collect(),
    }))
}
