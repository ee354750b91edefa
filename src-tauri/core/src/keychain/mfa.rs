//! A source's MFA session in the keychain: it cost the person a code, so it outlives the agent.

use jiff::Timestamp;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{BoundedKeychain, object, read_items, remove_items, write_and_read_back};
use crate::catalog::Name;
use crate::failure::Failure;
use crate::ports::Keychain;
use crate::secret::{ExposeSecret, TemporaryCredentials};
use crate::session::SessionKey;

/// An MFA session as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct KeptSession {
    /// What shaped it. Another source of the name, or another device, has another.
    pub(crate) key: SessionKey,
    pub(crate) credentials: TemporaryCredentials,
}

/// What becomes of a session that is another than the one that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// It goes: one that is of use comes in its place.
    TakenOut,
    /// It stays: somebody only looks.
    Left,
}

/// The item of a source's MFA session.
pub(super) fn item(source: &Name) -> String {
    format!("mfa/{source}")
}

impl BoundedKeychain {
    /// The MFA session of a source, if one of that key is kept and has not ended at `now`.
    pub(crate) async fn mfa_session(
        &self,
        source: &Name,
        key: &SessionKey,
        now: Timestamp,
        others: Others,
        waiting: impl FnOnce() + Send,
    ) -> Result<Option<KeptSession>, Failure> {
        let (name, key) = (item(source), key.clone());
        let read = move |keychain: &dyn Keychain| {
            let Some(bytes) = read_items(keychain, &name)? else { return Ok(None) };
            let kept = decode(&bytes).filter(|kept| kept.key == key && kept.credentials.expires > now);
            if kept.is_none() && others == Others::TakenOut {
                remove_items(keychain, &name)?;
            }
            Ok(kept)
        };
        self.keychain.call(waiting, read, |_| ()).await
    }

    /// Keeps an MFA session, in place of one that is there.
    pub(crate) async fn keep_mfa_session(
        &self,
        source: &Name,
        session: &KeptSession,
        waiting: impl FnOnce() + Send,
    ) -> Result<(), Failure> {
        let (name, late, bytes) = (item(source), item(source), encode(session));
        let write = move |keychain: &dyn Keychain| {
            write_and_read_back(keychain, &name, &bytes)
                .map_or_else(|lost| lost.error.map_or(Ok(false), Err), |()| Ok(true))
        };
        let kept = self.keychain.call(waiting, write, move |keychain| {
            let _ = remove_items(keychain, &late);
        });
        let kept = kept.await?;
        if kept { Ok(()) } else { Err(Failure::keychain_readback(source.as_str())) }
    }

    /// Takes the MFA session of a source out, if that asks nothing of the person.
    pub(crate) async fn drop_mfa_session(&self, source: &Name) {
        if !self.keychain.is_locked().await.is_ok_and(|locked| !locked) {
            return;
        }
        let name = item(source);
        let removed = self.keychain.call(|| (), move |keychain| remove_items(keychain, &name), |_| ()).await;
        if let Err(failure) = removed {
            tracing::warn!(code = ?failure.code, "an MFA session that has ended stays in the keychain");
        }
    }
}

fn encode(session: &KeptSession) -> Zeroizing<Vec<u8>> {
    let credentials = &session.credentials;
    object(&[
        ("key", Some(&session.key.0)),
        ("access_key_id", Some(&credentials.access_key_id)),
        ("secret_access_key", Some(credentials.secret_access_key.expose_secret())),
        ("session_token", Some(credentials.session_token.expose_secret())),
        ("expires", Some(&credentials.expires.to_string())),
    ])
}

fn decode(bytes: &[u8]) -> Option<KeptSession> {
    #[derive(Deserialize)]
    struct Stored {
        key: String,
        access_key_id: String,
        secret_access_key: String,
        session_token: String,
        expires: Timestamp,
    }
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    Some(KeptSession {
        key: SessionKey(stored.key),
        credentials: TemporaryCredentials {
            access_key_id: stored.access_key_id,
            secret_access_key: stored.secret_access_key.into(),
            session_token: stored.session_token.into(),
            expires: stored.expires,
        },
    })
}
