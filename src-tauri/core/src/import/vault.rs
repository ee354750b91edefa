//! aws-vault's items in the keychain: which of them are keys, and what a key's item holds. It names an item of a key by the profile
//! that the key is for, and those of sessions and tokens in its own ways.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::MOST_ENTRIES;
use crate::failure::Failure;
use crate::profiles::ProfileName;
use crate::secret::{AccessKey, AccessKeyId, SecretString};

/// No item of a key is larger.
const LARGEST: usize = 64 * 1024;

/// The profiles whose keys are there, by the items' names.
pub fn vaulted(items: Vec<String>) -> Vec<ProfileName> {
    let keys = items.into_iter().take(MOST_ENTRIES).filter(|item| !is_other(item));
    let mut profiles: Vec<ProfileName> = keys.filter_map(|item| item.parse().ok()).collect();
    profiles.sort();
    profiles.dedup();
    profiles
}

/// Whether an item is a session's (its kind, profile and device, and when it ends) or a token's of an Identity Center.
fn is_other(item: &str) -> bool {
    let is_session = item.rsplit_once([',', ':']).is_some_and(|(before, end)| {
        !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()) && before.contains([',', ':'])
    });
    is_session || item.starts_with("oidc:") || item.starts_with("session")
}

/// The key in an item of that profile's. On some systems it stands in the item as it is, on others in a wrapper with its name.
pub fn vaulted_key(profile: &ProfileName, item: &[u8]) -> Result<AccessKey, Failure> {
    let foreign = || Failure::vaulted_foreign(profile.as_str());
    if item.len() > LARGEST {
        return Err(foreign());
    }
    let inner = serde_json::from_slice::<Wrapper>(item).ok().map(|wrapper| Zeroizing::new(wrapper.data));
    let value = match &inner {
        Some(data) => Zeroizing::new(aws_smithy_types::base64::decode(data.as_str()).map_err(|_| foreign())?),
        None => Zeroizing::new(item.to_vec()),
    };
    let value: Value = serde_json::from_slice(&value).map_err(|_| foreign())?;
    let secret: SecretString = value.secret.into();
    let id: AccessKeyId = value.id.parse().map_err(|_| foreign())?;
    if !id.is_long_term() || value.token.is_some_and(|token| !Zeroizing::new(token).is_empty()) {
        return Err(Failure::temporary_access_key());
    }
    AccessKey::new(id, secret)
}

#[derive(Deserialize)]
struct Wrapper {
    #[serde(rename = "Data")]
    data: String,
}

#[derive(Deserialize)]
struct Value {
    #[serde(rename = "AccessKeyID")]
    id: String,
    #[serde(rename = "SecretAccessKey")]
    secret: String,
    #[serde(rename = "SessionToken")]
    token: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Code;

    const VALUE: &str = r#"{"AccessKeyID":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY","SessionToken":"","ProviderName":""}"#;

    #[test]
    fn keys_are_told_from_sessions_and_tokens_by_their_items_names() {
        let items = [
            "work",
            "acme/prod.admin",
            "work",
            "a,b",
            "sts.GetSessionToken,d29yaw,YXJuOmF3czppYW0,1764000000",
            "session,d29yaw,bWZh,1764000000",
            "session:work:mfa:1764000000",
            "oidc:https://acme.awsapps.com/start",
            "evil\u{202e}",
            "",
        ];
        let profiles = vaulted(items.map(str::to_owned).into());
        let names: Vec<&str> = profiles.iter().map(ProfileName::as_str).collect();
        assert_eq!(names, ["a,b", "acme/prod.admin", "work"]);
    }

    #[test]
    fn a_key_is_read_bare_and_wrapped_and_nothing_else_is() {
        let work: ProfileName = "work".parse().unwrap();
        let wrapped =
            format!(r#"{{"Key":"work","Data":"{}","Label":""}}"#, aws_smithy_types::base64::encode(VALUE));
        for item in [VALUE, &wrapped] {
            assert_eq!(vaulted_key(&work, item.as_bytes()).unwrap().id().as_str(), "AKIAIOSFODNN7EXAMPLE");
        }
        let session = VALUE.replace("\"SessionToken\":\"\"", "\"SessionToken\":\"x\"");
        assert!(vaulted_key(&work, session.as_bytes()).is_err());
        for item in ["", "{}", "[]", r#"{"Data":"!"}"#, r#"{"Data":""}"#, &VALUE[..40]] {
            let failure = vaulted_key(&work, item.as_bytes()).unwrap_err();
            assert_eq!(failure.code, Code::KeychainBroken, "{item}");
        }
    }
}
