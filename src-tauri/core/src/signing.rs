//! What a source signs with: its key in the keychain, or what its profile comes to now.

use crate::catalog::{Name, SourceKind};
use crate::failure::Failure;
use crate::keychain::{BoundedKeychain, SourceKey};
use crate::ports::Profiles;
use crate::secret::Credentials;

/// Reads what the keychain holds for a source, and gives what it signs with. `waiting` is called if the keychain asks the
/// person.
pub(crate) async fn of_source(
    keychain: &BoundedKeychain,
    profiles: &dyn Profiles,
    (name, kind): (&Name, &SourceKind),
    waiting: impl FnOnce() + Send,
) -> Result<(SourceKey, Credentials), Failure> {
    match kind {
        SourceKind::AccessKey(_) => {
            let kept = keychain.read(name, waiting).await?;
            let key = kept.key.clone().ok_or_else(|| Failure::key_missing(name.as_str()))?;
            Ok((kept, Credentials::LongTerm(key)))
        }
        SourceKind::Profile(profile) => {
            let kept = keychain.read_if_there(name, waiting).await?;
            Ok((kept, profiles.resolve(profile).await?.credentials))
        }
    }
}
