//! Bringing in what other tools know: what was found in a text, and what would change. Pure: a text is data, no command of it is
//! run, nobody is asked, and what it says about endpoints, commands and codes sets nothing of ours.

mod assumer;
mod difference;
mod extension;
mod link;
mod naming;
mod offer;
mod profile;
mod told;
mod vault;

pub use assumer::{KeysGo, MadeOf, ProfilesAre, WantedSource, Wishes, assumer, check_way, source};
pub use difference::{Difference, FieldChange, difference};
pub use extension::read_extension;
pub(crate) use link::partition_of_signin;
pub use link::read_links;
pub use offer::{Brought, Differing, Done, Offer, bringing, offers};
pub use profile::{Profiles, ReadFile};
pub use told::{against, new_source};
pub use vault::{vaulted, vaulted_key};

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::arn::{Region, RoleArn};
use crate::assume::{ExternalId, MfaSerial, SessionNameTemplate, SourceIdentity, TagKey, Tags};
use crate::catalog::{Assumer, Name, Role};
use crate::console::Destination;
use crate::profiles::ProfileName;
use crate::secret::{AccessKeyId, SecretString};
use crate::session::SessionDuration;

/// No more entries are looked at in one text.
pub const MOST_ENTRIES: usize = 5_000;

/// What stands in what was read.
#[derive(Debug, Default)]
pub struct Finds {
    /// Roles that can become ours.
    pub roles: Vec<FoundRole>,
    /// Keys in plain text.
    pub keys: Vec<FoundKey>,
    /// Profiles that sign in to an Identity Center.
    pub centers: Vec<FoundProfile>,
    /// Profiles of another kind that can be a source.
    pub others: Vec<FoundProfile>,
    /// The profiles whose keys aws-vault keeps; only their names are known.
    pub vaulted: Vec<VaultedKey>,
    /// What was passed over, and why. Nothing is lost without a word.
    pub passed: Vec<Passed>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line.
    pub line: usize,
}

/// A role.
#[derive(Clone, Debug)]
pub struct FoundRole {
    /// What it would be called here.
    pub name: Name,
    /// Where it stands.
    pub place: Place,
    /// The role in IAM.
    pub arn: RoleArn,
    /// What assumes it there.
    pub by: FoundBy,
    /// Its region.
    pub region: Option<Region>,
    /// What its owner demands.
    pub external_id: Option<ExternalId>,
    /// How long its sessions last.
    pub duration: Option<SessionDuration>,
    /// What CloudTrail shows.
    pub session_name: Option<SessionNameTemplate>,
    /// The MFA device.
    pub mfa_serial: Option<MfaSerial>,
    /// Who stands behind the chain.
    pub source_identity: Option<SourceIdentity>,
    /// Session tags.
    pub tags: Tags,
    /// Those of them that go on along the chain.
    pub transitive_tags: BTreeSet<TagKey>,
    /// The page that it opens.
    pub destination: Option<Destination>,
    /// What it says that sets nothing of ours.
    pub notes: Vec<String>,
}

/// What assumes a role that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// A profile that has credentials.
    Profile(ProfileName),
    /// Another role that was found.
    Role(Name),
    /// Its own profile, which has both the role and a key.
    OwnKey(ProfileName),
    /// Whoever is signed in to the console: it does not say.
    Anybody,
}

/// A key in plain text.
#[derive(Clone, Debug)]
pub struct FoundKey {
    /// The profile that has it.
    pub profile: ProfileName,
    /// Its id.
    pub id: AccessKeyId,
    /// The secret.
    pub secret: SecretString,
    /// Whether it is a session's, which ends by itself and belongs nowhere.
    pub temporary: bool,
    /// The region of its profile.
    pub region: Option<Region>,
    /// The MFA device of its profile.
    pub mfa_serial: Option<MfaSerial>,
    /// The lines that can go once the key is in the keychain, each with its key's name.
    pub lines: Vec<(Place, &'static str)>,
}

/// A key that aws-vault keeps, and what its profile says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VaultedKey {
    /// The profile that it is for.
    pub profile: ProfileName,
    /// The region of its profile.
    pub region: Option<Region>,
    /// The MFA device of its profile.
    pub mfa_serial: Option<MfaSerial>,
}

/// A profile that can be a source as it is.
#[derive(Clone, Debug)]
pub struct FoundProfile {
    /// Its name.
    pub profile: ProfileName,
    /// What it is, in a few words.
    pub what: String,
    /// Whether a command of the file gives its credentials.
    pub is_command: bool,
    /// Where it begins.
    pub place: Place,
}

/// What was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Where.
    pub place: Place,
    /// What is in its way; it holds no secret and no command.
    pub why: String,
}

impl FoundRole {
    fn new(name: Name, place: Place, arn: RoleArn, by: FoundBy) -> FoundRole {
        FoundRole {
            name,
            place,
            arn,
            by,
            region: None,
            external_id: None,
            duration: None,
            session_name: None,
            mfa_serial: None,
            source_identity: None,
            tags: Tags::new(),
            transitive_tags: BTreeSet::new(),
            destination: None,
            notes: Vec::new(),
        }
    }

    /// The role as the catalog has it, assumed by this.
    pub fn as_role(&self, assumed_by: Assumer) -> Role {
        Role {
            region: self.region.clone(),
            external_id: self.external_id.clone(),
            duration: self.duration,
            session_name: self.session_name.clone(),
            mfa_serial: self.mfa_serial.clone(),
            source_identity: self.source_identity.clone(),
            tags: self.tags.clone(),
            transitive_tags: self.transitive_tags.clone(),
            destination: self.destination.clone(),
            ..Role::new(self.arn.clone(), assumed_by)
        }
    }
}

impl Finds {
    /// A role by the name that it would have.
    pub fn role(&self, name: &str) -> Option<&FoundRole> {
        self.roles.iter().find(|role| role.name.as_str() == name)
    }

    /// The roles of these names, and those that they are assumed by, each after what it is assumed by.
    pub fn in_order<'a>(&'a self, names: &[Name]) -> Vec<&'a FoundRole> {
        let mut order: Vec<&FoundRole> = Vec::new();
        for name in names {
            let mut way = Vec::new();
            let mut at = self.role(name.as_str());
            while let Some(role) = at {
                let known = |each: &&FoundRole| each.name == role.name;
                if way.iter().any(known) || order.iter().any(known) {
                    break;
                }
                way.push(role);
                at = match &role.by {
                    FoundBy::Role(by) => self.role(by.as_str()),
                    FoundBy::Profile(_) | FoundBy::OwnKey(_) | FoundBy::Anybody => None,
                };
            }
            order.extend(way.into_iter().rev());
        }
        order
    }
}

/// Reads a text of a kind that it tells itself: profiles, the extension's settings, or switch-role links.
pub fn read_any(text: &str, file: PathBuf) -> Finds {
    use crate::profiles::{FileKind, ProfileFile};
    if text.contains("switchrole?") {
        return read_links(text, &file);
    }
    let read = ProfileFile::read(text, FileKind::Config);
    let keys = |wanted: &[&str]| {
        text.lines().filter_map(|line| line.split_once('=')).any(|(key, _)| wanted.contains(&key.trim()))
    };
    if keys(&["role_name", "target_role_name", "aws_account_alias", "color", "image"]) {
        return read_extension(text, &file);
    }
    let of_profiles = !read.sections.is_empty() && text.contains("[profile ")
        || text.contains("[sso-session ")
        || text.contains("[default]");
    let kind = if !of_profiles || keys(&["aws_secret_access_key"]) && !text.contains("[profile ") {
        FileKind::Credentials
    } else {
        FileKind::Config
    };
    Profiles::of(vec![ReadFile { path: file, file: ProfileFile::read(text, kind) }]).finds()
}

#[cfg(test)]
mod tests;
