//! What other tools keep on this computer: the AWS CLI's files, and aws-vault's keys by name. Reading, and nothing else: no
//! command of theirs is run and nobody is asked, but by the keychain for a key that was chosen.

use super::keychain::aws_vault;
use super::profiles::files::{self, Files};
use crate::failure::Failure;
use crate::import::{Finds, Profiles, ReadFile, vaulted, vaulted_key};
use crate::profiles::{FileKind, ProfileFile, ProfileName};
use crate::secret::AccessKey;

/// What they have, and what of it could not be read: the rest is read none the less.
pub fn finds() -> (Finds, Vec<Failure>) {
    let mut trouble = Vec::new();
    let profiles = profiles(&mut trouble);
    let items = aws_vault::items().unwrap_or_else(|why| {
        trouble.push(Failure::vault_unseen(why));
        None
    });
    (profiles.and_vaulted(vaulted(items.unwrap_or_default())).finds(), trouble)
}

/// The profiles of the AWS CLI alone. The first file that cannot be read is told.
pub(crate) fn profiles_alone() -> Result<Finds, Failure> {
    let mut trouble = Vec::new();
    let found = profiles(&mut trouble).finds();
    trouble.into_iter().next().map_or(Ok(found), Err)
}

/// The key that aws-vault keeps for a profile; the system may ask the person first.
pub fn key_of_vault(profile: &ProfileName) -> Result<AccessKey, Failure> {
    let item = aws_vault::content(profile.as_str()).map_err(Failure::vault_unseen)?;
    vaulted_key(profile, &item.ok_or_else(|| Failure::vaulted_foreign(profile.as_str()))?)
}

fn profiles(trouble: &mut Vec<Failure>) -> Profiles {
    let Files { config, credentials } = Files::of_this_computer();
    let mut read = Vec::new();
    for (path, kind) in [(config, FileKind::Config), (credentials, FileKind::Credentials)] {
        match files::read(&path) {
            Ok(Some(text)) => read.push(ReadFile { path, file: ProfileFile::read(&text, kind) }),
            Ok(None) => {}
            Err(failure) => trouble.push(failure),
        }
    }
    Profiles::of(read)
}
