//! What would assume a role that was found: a source or role that is here, or one that has to be added first.

use super::offer::moved_mark;
use super::{Finds, FoundBy, FoundKey, FoundRole};
use crate::catalog::{Assumer, Catalog, Name, SourceKind};
use crate::failure::Failure;
use crate::profiles::ProfileName;

/// How the person wants things brought in.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// What assumes roles that do not say.
    pub source: Option<Name>,
    /// What becomes of keys in plain text.
    pub keys: KeysGo,
    /// Where profiles were read from.
    pub profiles: ProfilesAre,
}

/// What becomes of keys in plain text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeysGo {
    /// They stay, and their profile is the source.
    #[default]
    Nowhere,
    /// Into the keychain.
    IntoTheKeychain,
}

/// Where profiles were read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProfilesAre {
    /// Where the AWS CLI and the agent read them.
    #[default]
    Usual,
    /// In a file that neither reads.
    Elsewhere,
}

/// A source that is wanted, and how it is made where it is not here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedSource {
    /// Its name here.
    pub name: Name,
    /// What it is made of.
    pub from: Option<MadeOf>,
}

/// What a new source is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MadeOf {
    /// The key of a profile, which moves.
    Key(ProfileName),
    /// The key that aws-vault keeps for a profile.
    Vaulted(ProfileName),
    /// The profile as it is.
    Profile(ProfileName),
}

/// Refuses a role that goes through another, where the one of that name here is not the one that is meant.
pub fn check_way(finds: &Finds, catalog: &Catalog, role: &FoundRole) -> Result<(), Failure> {
    let FoundBy::Role(by) = &role.by else { return Ok(()) };
    let meant = finds.role(by.as_str()).map(|found| &found.arn);
    match (catalog.roles.get(by), meant) {
        (Some(here), Some(meant)) if here.arn != *meant => {
            Err(Failure::import_other_way(role.name.as_str(), by.as_str()))
        }
        _ => Ok(()),
    }
}

/// What would assume a role; the source comes first where it has to be made.
pub fn assumer(
    finds: &Finds,
    catalog: &Catalog,
    role: &FoundRole,
    wishes: &Wishes,
) -> Result<(Assumer, Option<WantedSource>), Failure> {
    if moved_mark(catalog.roles.get(&role.name), &role.arn) {
        return Err(Failure::import_moves_mark(role.name.as_str()));
    }
    let wanted = match &role.by {
        FoundBy::Role(by) => return Ok((Assumer::Role(by.clone()), None)),
        FoundBy::Profile(profile) => source(finds, catalog, profile, wishes)?,
        FoundBy::OwnKey(profile) => {
            let wanted = source(finds, catalog, profile, wishes)?;
            // The profile as it is would be the role already.
            if matches!(wanted.from, Some(MadeOf::Profile(_))) {
                return Err(Failure::import_key_needed(profile.as_str()));
            }
            wanted
        }
        FoundBy::Anybody => {
            let mut all = catalog.sources.keys();
            let only = all.next().filter(|_| all.next().is_none());
            let name = wishes.source.as_ref().or(only);
            let name = name.ok_or_else(|| Failure::import_source_needed(role.name.as_str()))?;
            catalog.source(name)?;
            WantedSource { name: name.clone(), from: None }
        }
    };
    Ok((Assumer::Source(wanted.name.clone()), Some(wanted)))
}

/// The source that a profile is, or would be.
pub fn source(
    finds: &Finds,
    catalog: &Catalog,
    profile: &ProfileName,
    wishes: &Wishes,
) -> Result<WantedSource, Failure> {
    let key = finds.keys.iter().find(|key| key.profile == *profile);
    if key.is_none() && finds.vaulted.iter().any(|key| key.profile == *profile) {
        return vaulted(catalog, profile, wishes);
    }
    let here = catalog.sources.iter().find(|(_, source)| match &source.kind {
        SourceKind::AccessKey(id) => key.is_some_and(|key| key.id == *id),
        SourceKind::Profile(name) => name == profile && wishes.profiles == ProfilesAre::Usual,
    });
    let moves = |key: &FoundKey| wishes.keys == KeysGo::IntoTheKeychain && !key.temporary;
    // A key that is to move is not left behind because its profile is a source already.
    let by_key =
        |name: &Name| catalog.sources.get(name).is_some_and(|source| source.access_key_id().is_some());
    if let Some((name, _)) = here
        && (by_key(name) || !key.is_some_and(moves))
    {
        return Ok(WantedSource { name: name.clone(), from: None });
    }
    let name: Name = profile.as_str().parse()?;
    if catalog.has_source(&name) {
        return Err(Failure::import_source_taken(name.as_str()));
    }
    let is_command = finds.others.iter().any(|found| found.profile == *profile && found.is_command);
    if is_command && !key.is_some_and(moves) {
        return Err(Failure::import_runs_command(profile.as_str()));
    }
    let from = match (key.filter(|key| moves(key)), wishes.profiles) {
        (Some(_), _) => MadeOf::Key(profile.clone()),
        (None, ProfilesAre::Usual) => MadeOf::Profile(profile.clone()),
        (None, ProfilesAre::Elsewhere) => return Err(Failure::import_profile_elsewhere(profile.as_str())),
    };
    Ok(WantedSource { name, from: Some(from) })
}

/// The source that a profile is whose key aws-vault keeps. The key's id is not known before it is read, so that a source of the
/// profile's name with a key of its own is taken to have it.
fn vaulted(catalog: &Catalog, profile: &ProfileName, wishes: &Wishes) -> Result<WantedSource, Failure> {
    let name: Name = profile.as_str().parse()?;
    let from = match catalog.sources.get(&name) {
        Some(source) if source.access_key_id().is_some() => None,
        Some(_) => return Err(Failure::import_source_taken(name.as_str())),
        None if catalog.has_source(&name) => return Err(Failure::import_source_taken(name.as_str())),
        None if wishes.keys == KeysGo::Nowhere => {
            return Err(Failure::import_vaulted_key_needed(profile.as_str()));
        }
        None => Some(MadeOf::Vaulted(profile.clone())),
    };
    Ok(WantedSource { name, from })
}
