//! What a source signs with: its key in the keychain, or what its profile comes to now.

use crate::arn::PrincipalArn;
use crate::catalog::{Name, SourceKind};
use crate::failure::Failure;
use crate::keychain::{BoundedKeychain, SourceKey};
use crate::ports::Profiles;
use crate::secret::Credentials;

/// Reads what the keychain holds for a source, and gives what it signs with. `waiting` is called if the keychain asks the
/// person. A profile that has become another role than `known` is refused: it may be anybody.
pub(crate) async fn of_source(
    keychain: &BoundedKeychain,
    profiles: &dyn Profiles,
    (name, kind): (&Name, &SourceKind),
    known: Option<&PrincipalArn>,
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
            let resolved = profiles.resolve(profile).await?;
            if let (Some(known), Some(role)) = (known, &resolved.role)
                && !known.is_session_of(role)
            {
                return Err(Failure::profile_is_another(
                    name.as_str(),
                    &known.to_string(),
                    &role.to_string(),
                ));
            }
            Ok((kept, resolved.credentials))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::arn::{PrincipalArn, RoleArn};

    #[test]
    fn a_session_is_of_its_role_whatever_it_is_called() {
        let session = |text: &str| text.parse::<PrincipalArn>().unwrap();
        let role: RoleArn = "arn:aws:iam::444455556666:role/team/Admin".parse().unwrap();
        let ours = session("arn:aws:sts::444455556666:assumed-role/Admin/one");
        assert!(
            ours.is_session_of(&role)
                && ours.is_same(&session("arn:aws:sts::444455556666:assumed-role/Admin/two"))
        );
        for other in [
            "arn:aws:sts::444455556666:assumed-role/Other/one",
            "arn:aws:sts::111122223333:assumed-role/Admin/one",
            "arn:aws:iam::444455556666:user/Admin",
        ] {
            assert!(!session(other).is_session_of(&role) && !session(other).is_same(&ours), "{other}");
        }
    }
}
